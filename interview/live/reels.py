"""Where an interview's recordings lie: segments while it runs, one finished file of each side when it ends.

<data>/sessions/<id>/applicant-000.webm ...   a segment for each connection
<data>/sessions/<id>/applicant.webm           the finished recording, on the session's clock
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

from interview.media.recorder import finalise, recover
from interview.session import Side
from interview.store.records import Segment, SessionRecord
from interview.store.repository import Repository

log = logging.getLogger(__name__)

SIDES: Final[tuple[Side, Side]] = ("applicant", "officer")
_GAP_S: Final = 0.5
"""At least so much media time lies between what was recorded before a restart and after it."""


class Reels:
    """The recordings under one folder, and what the store says of them. Blocking; safe for use by several threads."""

    def __init__(self, folder: Path, repository: Repository) -> None:
        self._folder = folder
        self._interviews = repository.interviews
        self._naming = Lock()

    def folder(self, session_id: str) -> Path:
        """Where this interview's files lie."""
        return self._folder / session_id

    def finished(self, session_id: str, side: Side) -> Path | None:
        """The finished recording of one side, or None where there is none."""
        path = self._recording(session_id, side)
        return path if path.is_file() else None

    def media_time(self, record: SessionRecord, now: datetime) -> float:
        """Media time at ``now``, s: 0 as the interview begins, later where it goes on after a restart."""
        started = record.progress.started_at
        ends = [
            end for segment in self._segments(record.id) for _, end in [_extent(segment)] if end is not None
        ]
        if started is None or not ends:
            return 0.0
        return max((now - started).total_seconds(), max(ends) + _GAP_S)

    def note(self, session_id: str, side: Side, t: float) -> None:
        """Name in the store what has begun to be recorded of a side by media time ``t``."""
        with self._naming:
            known = {(s.side, s.index) for s in self._interviews.get(session_id).segments}
            for path in self._of_side(session_id, side):
                index = int(path.stem.rsplit("-", 1)[1])
                if (side, index) not in known:
                    self._interviews.add_segment(session_id, Segment(side, index, path.name, t, None))

    def finish(self, session_id: str) -> None:
        """Make the finished recordings of what was recorded, and store where each segment begins and ends."""
        for side in SIDES:
            self.note(session_id, side, 0.0)
            paths = self._of_side(session_id, side)
            for path in paths:
                self._measure(session_id, side, path)
            if paths:
                finalise(paths, self._recording(session_id, side), side)

    def catch_up(self, session_id: str) -> None:
        """`finish` what was recorded since it was last finished, if anything."""
        for side in SIDES:
            finished = self.finished(session_id, side)
            made = finished.stat().st_mtime_ns if finished is not None else 0
            if any(path.stat().st_mtime_ns > made for path in self._of_side(session_id, side)):
                self.finish(session_id)
                return

    def remove_segments(self, session_id: str) -> None:
        """Free the disk of what the finished recordings hold."""
        for side in SIDES:
            if self.finished(session_id, side) is not None:
                for path in self._of_side(session_id, side):
                    path.unlink()

    def _measure(self, session_id: str, side: Side, path: Path) -> None:
        start, end = _extent(path)
        if start is None or end is None:
            log.warning("session %s: nothing can be read of %s", session_id, path.name)
            return
        index = int(path.stem.rsplit("-", 1)[1])
        self._interviews.end_segment(session_id, Segment(side, index, path.name, start, end))

    def _segments(self, session_id: str) -> Iterator[Path]:
        for side in SIDES:
            yield from self._of_side(session_id, side)

    def _of_side(self, session_id: str, side: Side) -> list[Path]:
        return sorted(self.folder(session_id).glob(f"{side}-*.webm"))

    def _recording(self, session_id: str, side: Side) -> Path:
        return self.folder(session_id) / f"{side}.webm"


def _extent(segment: Path) -> tuple[float | None, float | None]:
    """First and last media time in a segment, s; None where nothing can be read."""
    first: float | None = None
    last: float | None = None
    for packet in recover(segment):
        first = packet.t if first is None else min(first, packet.t)
        last = packet.t if last is None else max(last, packet.t)
    return first, last
