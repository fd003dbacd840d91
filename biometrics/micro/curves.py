"""The regions' ways on an even grid of time, from samples that come when frames do."""

from __future__ import annotations

from math import ceil, floor
from typing import Final

import numpy as np

from biometrics.micro.baseline import RATE_HZ, Flags, Floats
from biometrics.micro.motion import Shifts
from biometrics.micro.regions import NAMES

COLUMNS: Final = 2 * len(NAMES) + 6
"""x and y of each region, then the skull's place."""


class Curves:
    """One unbroken run. Sample ``k`` lies at ``time(k)``; what lies between two frames is on the line between them."""

    def __init__(self) -> None:
        self._rows: list[Floats] = []
        self._disturbed: list[Flags] = []
        self._first = self._dropped = 0
        self._last: tuple[float, Floats, Flags] | None = None

    def __len__(self) -> int:
        """How many samples there have been, the forgotten ones included."""
        return self._dropped + len(self._rows)

    def time(self, sample: float) -> float:
        """Seconds of media."""
        return (self._first + sample) / RATE_HZ

    def push(self, shifts: Shifts, disturbed: Flags) -> None:
        """Take where the regions are at the next frame, and which of them were ``disturbed`` (12,)."""
        row = np.concatenate([shifts.shift.ravel(), shifts.pose])
        if self._last is None:
            self._first = ceil(shifts.t * RATE_HZ)
        else:
            t0, row0, disturbed0 = self._last
            for grid in range(
                max(ceil(t0 * RATE_HZ), self._first + len(self)), floor(shifts.t * RATE_HZ) + 1
            ):
                share = min(max((grid / RATE_HZ - t0) / (shifts.t - t0), 0.0), 1.0)
                self._rows.append(row0 + share * (row - row0))
                self._disturbed.append(disturbed0 | disturbed)
        self._last = (shifts.t, row, disturbed)

    def between(self, start: int, end: int) -> tuple[Floats, Flags]:
        """Samples start..end-1: (n, columns), and (n, 12) which were disturbed. They must not be forgotten yet."""
        part = slice(start - self._dropped, end - self._dropped)
        return np.stack(self._rows[part]), np.stack(self._disturbed[part])

    def forget(self, before: int) -> None:
        """Give up the samples before one."""
        count = max(before - self._dropped, 0)
        del self._rows[:count], self._disturbed[:count]
        self._dropped += count
