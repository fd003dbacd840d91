"""Recording: one WebM segment for each connection, a finished file when the session ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from interview.errors import MediaError
from interview.media.packets import Packet
from interview.media.recording import read_packets
from interview.media.side import Side
from interview.media.webm import Picture, WebmWriter, picture_of

_WAIT_FOR_PICTURE_MS: Final = 2000


class SegmentRecorder:
    """Write one connection's packets to ``path``, on the session clock. Not thread-safe; the caller writes from one thread.

    The file opens at the first keyframe, or after two seconds of sound alone. Every ``flush`` makes what came before
    safe from a killed process. ``side`` is whose media it is, and the file says so.
    """

    def __init__(self, path: Path, side: Side | None = None) -> None:
        self.path = path
        self._side = side
        self._writer: WebmWriter | None = None
        self._pending: list[Packet] = []

    def write(self, packets: Sequence[Packet]) -> None:
        """Add packets and make them safe. Raises OSError where the disk refuses."""
        for packet in packets:
            self.add(packet)
        if self._writer is not None:
            self._writer.flush()

    def add(self, packet: Packet) -> None:
        """Add a packet, which is safe after the next `write` or a second of media."""
        if self._writer is not None:
            self._writer.write(packet)
            return
        if packet.kind == "video" and not packet.keyframe:
            return
        self._pending.append(packet)
        waited_ms = packet.pts_ms - self._pending[0].pts_ms
        if packet.kind == "video" or waited_ms >= _WAIT_FOR_PICTURE_MS:
            self._open(picture_of(packet.data) if packet.kind == "video" else Picture())

    def _open(self, picture: Picture) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = WebmWriter(self.path.open("wb"), picture, self._side)
        for packet in self._pending:
            self._writer.write(packet)
        self._pending.clear()

    def close(self) -> None:
        """Finish the file, where there is anything in it."""
        if self._writer is None and self._pending:
            self._open(Picture())
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def finalise(segments: Sequence[Path], recording: Path, side: Side | None = None) -> Path | None:
    """Join segments into one seekable file with its duration, in constant memory; None where there is nothing in them.

    Segments are on one clock already, and are read to where a crash cut them. ``recording`` appears whole or not at all, and says
    whose ``side`` it is.
    """
    part = recording.with_suffix(".part")
    recorder = SegmentRecorder(part, side)
    written = False
    for segment in segments:
        for packet in recover(segment):
            recorder.add(packet)
            written = True
    recorder.close()
    if not written:
        return None
    part.replace(recording)
    return recording


def recover(segment: Path) -> Iterator[Packet]:
    """What can be read of a segment that a crash cut short; nothing where not even its header is whole."""
    if not segment.exists() or segment.stat().st_size == 0:
        return
    try:
        yield from read_packets(segment)
    except MediaError:
        return
