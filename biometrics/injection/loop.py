"""Does the picture repeat an earlier stretch of the same session? Found by how it moves, at every lag at once.

For each lag the squared distances of the latest 2.4 s to the stretch that lay so much earlier are summed and divided by
how much the two vary themselves: 1 for strangers, near 0 for a recording played again through the same codec.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.injection.motion import AREAS, LENGTH, SLOT_HZ, Floats, MotionTrack
from fraudmodel.signals import Reason

LEAST_LAG_S: Final = 1.2
"""Shorter loops are still pictures, or a head that shakes."""
STILL_RMS: Final = 0.6
"""Below this much variation of an area's luma (0..255) a stretch is a still scene, which repeats without any loop."""
_STILL: Final = STILL_RMS**2 * LENGTH * AREAS


@dataclass(frozen=True, slots=True)
class Repeat:
    """The lag at which the latest stretch is most like an earlier one, s; ``unlike`` 0 the same .. 1 strangers; ``rms`` motion."""

    lag_s: float
    unlike: float
    rms: float


class LoopSearch:
    """Fed the session's areas; looks for the best lag five times a second.

    ``missing`` says why the latest look had nothing to compare; None where it had.
    """

    def __init__(self) -> None:
        self.missing: Reason | None = Reason.NOT_YET
        self._track = MotionTrack()
        self._rows: deque[Floats] = deque(maxlen=LENGTH)

    def push(self, t: float, found: Floats) -> Repeat | None:
        """Take areas of a picture; give the best repeat where one can be looked for: two stretches with motion, unbroken."""
        best = None
        for back in self._track.push(t, found):
            self._rows.append(self._track.distances(back))
            best = self._best(back) if len(self._rows) == LENGTH else None
        return best

    def _best(self, back: int) -> Repeat | None:
        least = round(LEAST_LAG_S * SLOT_HZ)
        shortest = len(self._rows[0])
        energies = self._track.energies(back)[:shortest]
        latest = float(energies[0])
        self.missing = _obstacle(latest, shortest > least)
        if self.missing is not None:
            return None
        apart = np.sum([row[least:shortest] for row in self._rows], axis=0)
        varies = energies[least:]
        known = np.isfinite(apart) & (varies >= _STILL)
        unlike = np.where(known, apart / (varies + latest), np.inf)
        lag = int(np.argmin(unlike))
        if not known[lag]:
            self.missing = Reason.STILL_SCENE if np.isfinite(varies).any() else Reason.NOT_YET
            return None
        rms = (latest / (LENGTH * AREAS)) ** 0.5
        return Repeat((lag + least) / SLOT_HZ, float(unlike[lag]), rms)


def _obstacle(latest: float, long_enough: bool) -> Reason | None:
    """Why the latest stretch, which varies so much, cannot be compared."""
    if not np.isfinite(latest):
        return Reason.MEDIA_LOST
    if latest < _STILL:
        return Reason.STILL_SCENE
    return None if long_enough else Reason.NOT_YET
