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
    """Fed the session's areas; looks for the best lag five times a second."""

    def __init__(self) -> None:
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
        if not latest >= _STILL or shortest <= least:
            return None
        apart = np.sum([row[least:shortest] for row in self._rows], axis=0)
        varies = energies[least:]
        known = np.isfinite(apart) & (varies >= _STILL)
        unlike = np.where(known, apart / (varies + latest), np.inf)
        lag = int(np.argmin(unlike))
        if not known[lag]:
            return None
        rms = (latest / (LENGTH * AREAS)) ** 0.5
        return Repeat((lag + least) / SLOT_HZ, float(unlike[lag]), rms)
