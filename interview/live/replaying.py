"""A movement of a recorded interview shown again, made in the clerk's process."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

import cv2

from biometrics.micro.movement import Movement
from biometrics.micro.replay import COLUMNS, SIZE_PX
from interview.analysis.senses import Parts
from interview.analysis.showing import shown_again
from interview.calls import MovementReplay
from interview.errors import MediaError

_QUALITY: Final = 88
_MOST_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class ShowAgain:
    """A job: the replay, or None where no face is seen in that part of the recording. Raises MediaError where it cannot be read."""

    recording: Path
    movement: Movement

    def __call__(self, parts: Parts, /) -> MovementReplay | None:
        shown = shown_again(self.recording, self.movement, parts)
        if shown is None:
            return None
        written, jpeg = cv2.imencode(".jpg", shown.sheet(), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        if not written:
            raise MediaError("The pictures of this movement could not be written as JPEG.")
        return MovementReplay(
            times=shown.times,
            onset=shown.onset,
            apex=shown.apex,
            offset=shown.offset,
            factor=shown.factor,
            columns=COLUMNS,
            tile_px=SIZE_PX,
            jpeg=jpeg.tobytes(),
        )


class RecentReplays:
    """The last few replays, in memory only: a reviewer goes back and forth, and faces are not to lie about on the disk.

    Safe for use by several threads.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], MovementReplay] = OrderedDict()
        self._lock = Lock()

    def get(self, session_id: str, seq: int) -> MovementReplay | None:
        with self._lock:
            found = self._kept.get((session_id, seq))
            if found is not None:
                self._kept.move_to_end((session_id, seq))
            return found

    def keep(self, session_id: str, seq: int, replay: MovementReplay) -> None:
        with self._lock:
            self._kept[session_id, seq] = replay
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
