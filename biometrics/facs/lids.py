"""Closing eyes: the upper lid comes down over the eyeball, which stays where it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Landmarks
from biometrics.facs.lattice import Plane
from biometrics.facs.plan import Blink

EYES = (
    ((33, 246, 161, 160, 159, 158, 157, 173, 133), (33, 7, 163, 144, 145, 153, 154, 155, 133)),
    ((362, 398, 384, 385, 386, 387, 388, 466, 263), (362, 382, 381, 380, 374, 373, 390, 249, 263)),
)
"""Upper and lower rim of each eye, from image left to image right."""
_STRETCHED = 1.5
"""The skin that follows the lid: so many openings above it."""
_SHUTS = 0.35
"""Share of a blink in which the lid comes down; it opens more slowly."""


def closure(blinks: tuple[Blink, ...], t: float) -> float:
    """How far the lids are closed at a moment, 0..1."""
    return max((_closed((t - each.t) / each.duration_s + 0.5) for each in blinks), default=0.0)


def _closed(share: float) -> float:
    if not 0.0 < share < 1.0:
        return 0.0
    part = share / _SHUTS if share < _SHUTS else (1.0 - share) / (1.0 - _SHUTS)
    return 0.5 - 0.5 * cos(pi * part)


@dataclass(frozen=True, slots=True)
class Along:
    """Places measured along and across a line from ``start`` in direction ``along``."""

    start: tuple[float, float]
    along: tuple[float, float]

    def measured(self, x: Plane, y: Plane) -> tuple[Plane, Plane]:
        """Distance along the line and below it, px."""
        ax, ay = self.along
        dx, dy = x - self.start[0], y - self.start[1]
        return np.asarray(dx * ax + dy * ay, np.float32), np.asarray(dy * ax - dx * ay, np.float32)

    def back(self, down: Plane) -> tuple[Plane, Plane]:
        """A shift across the line as shifts in x and y."""
        ax, ay = self.along
        return np.asarray(-down * ay, np.float32), np.asarray(down * ax, np.float32)


def line_between(points: NDArray[np.float32]) -> Along:
    """The line from the first to the last of a row of points (n, 2)."""
    apart = points[-1] - points[0]
    length = float(np.linalg.norm(apart))
    return Along(
        (float(points[0, 0]), float(points[0, 1])), (float(apart[0]) / length, float(apart[1]) / length)
    )


class Lid:
    """One eye of a rig. ``box`` (left, top, right, bottom) px that closing it changes."""

    def __init__(self, landmarks: Landmarks, eye: int) -> None:
        rims = [landmarks[list(rim), :2] for rim in EYES[eye]]
        self._line = line_between(rims[0])
        self._rims = [self._line.measured(rim[:, 0], rim[:, 1]) for rim in rims]
        self._fold = _STRETCHED * max(float((self._rims[1][1] - self._rims[0][1]).max()), 1.0)
        both = np.concatenate(rims)
        low, high = both.min(axis=0), both.max(axis=0)
        self.box = (float(low[0]), float(low[1]) - self._fold, float(high[0]), float(high[1]))

    def pulled(self, x: Plane, y: Plane, closed: float) -> tuple[Plane, Plane]:
        """By how much what is seen at each place (h, w) was moved there by the lid: shifts in x and y, px."""
        along, down = self._line.measured(x, y)
        upper, lower = (np.interp(along, *rim).astype(np.float32) for rim in self._rims)
        opening = np.maximum(lower - upper, 0.0)
        edge = upper + closed * opening
        top = upper - self._fold
        stretched = (down - top) * (edge - upper) / (edge - top)
        on_lid = np.clip(edge - down + 0.5, 0.0, 1.0) * (down > top)
        return self._line.back(np.asarray(stretched * on_lid, np.float32))
