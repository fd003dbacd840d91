"""A WebM writer for encoded VP8 and Opus packets on a millisecond clock, crash-safe: what is flushed is whole clusters.

FFmpeg's muxer holds a cluster and its interleaving queue in memory for as long as ten seconds, and cannot be given an
Opus header without an encoder; this writes the few elements that a recording needs. Elements and their order are of
RFC 9559 (Matroska) and RFC 8794 (EBML), the Opus header of RFC 7845.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Final

from interview.media.packets import Packet
from interview.media.side import TAG, WRITER, Side

OPUS_HEAD: Final = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 0, 48_000, 0, 0)
"""Opus in WebRTC: 48 kHz, two channels, no pre-skip because a call has no first sample."""

CLUSTER_MS: Final = 1000
_TRACK: Final = {"video": 1, "audio": 2}
_UNKNOWN_SIZE: Final = b"\x01" + b"\xff" * 7
_INDEX_SPACE: Final = 64  # room kept at the front for the pointer to the cues, which are written last


@dataclass(frozen=True, slots=True)
class Picture:
    """Picture size in the header; VP8 says its own in every keyframe."""

    width_px: int = 640
    height_px: int = 480


def _size(count: int) -> bytes:
    return struct.pack(">Q", count | 1 << 56)


def _element(identity: str, payload: bytes) -> bytes:
    return bytes.fromhex(identity) + _size(len(payload)) + payload


def _unsigned(identity: str, value: int) -> bytes:
    return _element(identity, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _float(identity: str, value: float) -> bytes:
    return _element(identity, struct.pack(">d", value))


def _header() -> bytes:
    return _element(
        "1A45DFA3",
        _unsigned("4286", 1)
        + _unsigned("42F7", 1)
        + _unsigned("42F2", 4)
        + _unsigned("42F3", 8)
        + _element("4282", b"webm")
        + _unsigned("4287", 4)
        + _unsigned("4285", 2),
    )


def _info(duration_ms: float) -> bytes:
    return _element(
        "1549A966",
        _unsigned("2AD7B1", 1_000_000)
        + _element("4D80", WRITER.encode())
        + _element("5741", WRITER.encode())
        + (_float("4489", duration_ms) if duration_ms else _void(18)),
    )


def _tags(side: Side) -> bytes:
    """Whose side this is, as a tag of the whole file (RFC 9559 section 5.1.8)."""
    told = _element("67C8", _element("45A3", TAG.encode()) + _element("4487", side.encode()))
    return _element("1254C367", _element("7373", _element("63C0", b"") + told))


def _void(total: int) -> bytes:
    """An element of exactly ``total`` bytes that readers skip."""
    return _element("EC", bytes(total - 9))


def _tracks(picture: Picture) -> bytes:
    video = _element("E0", _unsigned("B0", picture.width_px) + _unsigned("BA", picture.height_px))
    audio = _element("E1", _float("B5", 48_000.0) + _unsigned("9F", 2))
    opus = _element("63A2", OPUS_HEAD) + _unsigned("56AA", 0) + _unsigned("56BB", 80_000_000)
    return _element("1654AE6B", _entry(1, 1, b"V_VP8", b"", video) + _entry(2, 2, b"A_OPUS", opus, audio))


def _entry(number: int, track_type: int, codec: bytes, extra: bytes, kind: bytes) -> bytes:
    return _element(
        "AE",
        _unsigned("D7", number)
        + _unsigned("73C5", number)
        + _unsigned("9C", 0)
        + _unsigned("83", track_type)
        + _element("86", codec)
        + extra
        + kind,
    )


def _block(packet: Packet, cluster_ms: int) -> bytes:
    head = struct.pack(
        ">BhB", 0x80 | _TRACK[packet.kind], packet.pts_ms - cluster_ms, 0x80 if packet.keyframe else 0
    )
    return _element("A3", head + packet.data)


class WebmWriter:
    """Write packets to an open binary file, which it closes. Nothing but whole clusters reaches it.

    Packets of both kinds may come interleaved in any order within 30 s of each other. ``side`` is written into the header.
    """

    def __init__(self, file: BinaryIO, picture: Picture, side: Side | None = None) -> None:
        self._file = file
        self._picture = picture
        self._side = side
        self._blocks: list[bytes] = []
        self._cluster_ms = 0
        self._cluster_has_keyframe = False
        self._end_ms = 0
        self._cues: list[tuple[int, int]] = []
        self._segment_at = len(_header()) + 12
        try:
            self._begin()
        except OSError:
            with suppress(OSError):
                file.close()
            raise

    def _begin(self) -> None:
        self._file.write(_header() + bytes.fromhex("18538067") + _UNKNOWN_SIZE)
        self._file.write(_void(_INDEX_SPACE) + _info(0.0) + _tracks(self._picture))
        if self._side is not None:
            self._file.write(_tags(self._side))
        self._file.flush()

    def write(self, packet: Packet) -> None:
        """Add a packet. A cluster ends after a second, and before each keyframe so that it can be sought."""
        starts = packet.kind == "video" and packet.keyframe
        if self._blocks and (starts or abs(packet.pts_ms - self._cluster_ms) >= CLUSTER_MS):
            self.flush()
        if not self._blocks:
            self._cluster_ms = packet.pts_ms
        self._cluster_has_keyframe |= starts
        self._blocks.append(_block(packet, self._cluster_ms))
        self._end_ms = max(self._end_ms, packet.pts_ms + (33 if packet.kind == "video" else 20))

    def flush(self) -> None:
        """Hand the cluster so far to the operating system: a killed process loses nothing of it."""
        if not self._blocks:
            return
        if self._cluster_has_keyframe:
            self._cues.append((self._cluster_ms, self._file.tell() - self._segment_at))
        self._file.write(_element("1F43B675", _unsigned("E7", self._cluster_ms) + b"".join(self._blocks)))
        self._file.flush()
        self._blocks.clear()
        self._cluster_has_keyframe = False

    def close(self) -> None:
        """Write the cues, go back to fill in the duration, the size and where the cues are, and close the file."""
        try:
            self.flush()
            self._finish()
        finally:
            self._file.close()

    def _finish(self) -> None:
        cues_at = self._file.tell() - self._segment_at
        if self._cues:
            self._file.write(_element("1C53BB6B", b"".join(_cue(*cue) for cue in self._cues)))
        end = self._file.tell()
        self._file.seek(self._segment_at - 8)
        self._file.write(_size(end - self._segment_at))
        self._file.write(_seek_head(cues_at) if self._cues else _void(_INDEX_SPACE))
        self._file.write(_info(float(self._end_ms)))


def _cue(time_ms: int, position: int) -> bytes:
    return _element(
        "BB", _unsigned("B3", time_ms) + _element("B7", _unsigned("F7", 1) + _unsigned("F1", position))
    )


def _seek_head(cues_at: int) -> bytes:
    seek = _element("4DBB", _element("53AB", bytes.fromhex("1C53BB6B")) + _unsigned("53AC", cues_at))
    head = _element("114D9B74", seek)
    return head + _void(_INDEX_SPACE - len(head))


def picture_of(keyframe: bytes) -> Picture:
    """The size that a VP8 keyframe declares (RFC 6386 section 9.1)."""
    width, height = struct.unpack_from("<HH", keyframe, 6)
    return Picture(width & 0x3FFF, height & 0x3FFF)


def is_keyframe(frame: bytes) -> bool:
    """Whether a VP8 frame is a whole picture (RFC 6386 section 9.1)."""
    return len(frame) >= 10 and not frame[0] & 1 and frame[3:6] == b"\x9d\x01\x2a"
