"""What a picture's motion looks like, small enough to remember for a whole session.

A talking head before the same wall looks the same all day, so whole pictures do not tell a repeated stretch from an
honest one (a 64-bit hash of them differs by some six bits either way). What never repeats by itself is how it moves: each
picture is kept as the luma of 6 x 8 areas without their mean, on a grid of 25 places a second, and stretches are compared
relative to how much they vary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
SLOT_HZ: Final = 25
ROWS, COLUMNS = 6, 8
AREAS: Final = ROWS * COLUMNS
STRIDE: Final = 5
"""Every fifth place is compared: five times a second."""
LENGTH: Final = 13
"""Places in a compared stretch: 2.4 s from the first to the last."""
LEAST_PLACES: Final = 10
"""So many of them must be known of a stretch, and of two that are compared both: a lost packet leaves two or three empty."""
REACH: Final = (LENGTH - 1) * STRIDE
LONGEST_S: Final = 600.0
_WIDEST_PX: Final = 240
_HOLD: Final = 6
"""A picture stands for the empty places after it, up to a quarter second: a slow camera, not a gap."""


def luma_of(image: Image) -> Bytes:
    """The luma (H, W) of a picture (H, W, 3) BGR."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def small(luma: Bytes) -> Bytes:
    """A luma picture halved until it is at most 240 px wide: exact means of 2 x 2, cheap at any size."""
    while luma.shape[1] > _WIDEST_PX and luma.shape[0] > 1:
        size = (luma.shape[1] // 2, luma.shape[0] // 2)
        luma = np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)
    return luma


def areas(luma: Bytes) -> Floats:
    """(48,) mean luma of each area, less the picture's own: brighter or darker as a whole makes no difference."""
    found = cv2.resize(luma.astype(np.float32), (COLUMNS, ROWS), interpolation=cv2.INTER_AREA).reshape(-1)
    return np.asarray(found - found.mean(), np.float32)


class MotionTrack:
    """The session's last ten minutes as (n, 48) areas by place, with how much each stretch that ends there varies, a place."""

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        self.capacity = int(longest_s * SLOT_HZ)
        self._areas = np.full((2 * self.capacity, AREAS), np.nan, np.float32)
        self._squares = np.full(2 * self.capacity, np.nan, np.float32)
        self._energy = np.full(2 * self.capacity, np.nan, np.float32)
        self._first = 0
        self._count = 0

    def push(self, t: float, found: Floats) -> Sequence[int]:
        """Put areas at the place of ``t`` s; gives how far back from it each place lies that is now to be compared, oldest first."""
        place = round(t * SLOT_HZ)
        if self._count == 0:
            self._first = place
        end = self._first + self._count
        if place < end:
            return ()
        self._append(place - end, found)
        back = range(place % STRIDE, min(place - end + 1, LENGTH * STRIDE), STRIDE)
        return tuple(reversed(back))

    def _append(self, missing: int, found: Floats) -> None:
        """Fill the places before it, by the last picture or as unknown, then this one."""
        missing = min(missing, self.capacity)
        for k in range(missing + 1):
            if self._count == 2 * self.capacity:
                self._halve()
            at = self._count
            if k == missing:
                self._areas[at] = found
            elif missing <= _HOLD and at:
                self._areas[at] = self._areas[at - 1]
            else:
                self._areas[at] = np.nan
            self._squares[at] = self._areas[at] @ self._areas[at]
            self._count += 1
            self._energy[at] = self._energy_at(at)

    def _energy_at(self, at: int) -> float:
        if at < REACH:
            return float("nan")
        stretch = self._areas[at - REACH : at + 1 : STRIDE]
        known = stretch[np.isfinite(stretch[:, 0])]
        if len(known) < LEAST_PLACES:
            return float("nan")
        away = known - known.mean(axis=0)
        return float(np.vdot(away, away)) / len(known)

    def _halve(self) -> None:
        for array in (self._areas, self._squares, self._energy):
            array[: self.capacity] = array[self.capacity :]
        self._first += self._count - self.capacity
        self._count = self.capacity

    def distances(self, back: int) -> Floats:
        """(lags,) squared distance of the place ``back`` before the latest to each earlier one; index = lag in places."""
        begin, end = self._window(back)
        before, latest = self._areas[begin:end], self._areas[end - 1]
        # Not BLAS: its threads cost more than this product.
        found = self._squares[begin:end] + self._squares[end - 1] - 2.0 * np.einsum("ij,j->i", before, latest)
        return np.asarray(np.maximum(found, 0.0)[::-1], np.float32)

    def energies(self, back: int) -> Floats:
        """(lags,) how much the stretch varies, a known place, that ends so many places before the one ``back`` before the latest."""
        begin, end = self._window(back)
        return self._energy[begin:end][::-1]

    def stretches(self, back: NDArray[np.int64]) -> Floats:
        """(..., 13, 48) the stretches that end so many places, (...), before the latest; not finite where nothing is known."""
        last = self._count - 1 - back
        return np.asarray(self._areas[last[..., np.newaxis] + np.arange(-REACH, 1, STRIDE)])

    def _window(self, back: int) -> tuple[int, int]:
        end = self._count - back
        return max(0, end - self.capacity), end
