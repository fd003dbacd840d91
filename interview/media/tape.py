"""One role's recording as it goes on: packets gathered on the event loop, written by the recorder's thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from interview.media.packets import Packet
from interview.media.recorder import SegmentRecorder
from interview.media.side import Side

_log = logging.getLogger(__name__)


class Tape:
    """A segment file for each connection, ``<role>-000.webm`` and on, in ``folder``. Never blocks the event loop.

    Where the disk refuses, ``error`` says so and the rest of the segment is not recorded; the call goes on.
    """

    def __init__(self, folder: Path, role: Side, files: ThreadPoolExecutor) -> None:
        self._folder = folder
        self._role = role
        self._files = files
        self._recorder: SegmentRecorder | None = None
        self._batch: list[Packet] = []
        self._number = -1
        self._last: Future[None] | None = None
        self.error: str | None = None

    @property
    def segments(self) -> list[Path]:
        """This role's segment files, oldest first, those of an earlier run of the service included."""
        return sorted(self._folder.glob(f"{self._role}-*.webm"))

    def add(self, packet: Packet) -> None:
        """Add a packet; it is safe after the next flush."""
        self._batch.append(packet)

    def flush(self) -> Future[None] | None:
        """Hand the packets so far to the recorder's thread. Gives when they are safe, or None where there were none."""
        if not self._batch:
            return None
        if self._recorder is None:
            self._recorder = SegmentRecorder(self._next(), self._role)
            self.error = None
        batch, self._batch = self._batch, []
        if self.error is not None:
            return None
        return self._submit(self._recorder.write, batch)

    def end_segment(self) -> Future[None] | None:
        """Finish the segment; the next packet begins another. Gives when all that was ever added is in its files."""
        self.flush()
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            self._submit(recorder.close)
        return self._last

    def _submit(self, work: Callable[..., None], *arguments: object) -> Future[None]:
        self._last = self._files.submit(work, *arguments)
        self._last.add_done_callback(self._written)
        return self._last

    def _next(self) -> Path:
        """The file after the last one, begun or only asked for."""
        taken = [int(path.stem.rsplit("-", 1)[1]) for path in self.segments]
        self._number = max([self._number, *taken]) + 1
        return self._folder / f"{self._role}-{self._number:03d}.webm"

    def _written(self, result: Future[None]) -> None:
        error = None if result.cancelled() else result.exception()
        if error is not None:
            self.error = f"The {self._role}'s media could not be recorded: {error}"
            _log.error("recording failed", exc_info=error)
