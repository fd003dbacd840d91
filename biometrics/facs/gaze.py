"""Eyes that look aside: the irises go, the lids' rims stay."""

from __future__ import annotations

from math import cos, pi

import numpy as np

from biometrics.face.boxes import Landmarks
from biometrics.facs.lattice import Plane
from biometrics.facs.lids import EYES, line_between
from biometrics.facs.plan import Glance

_IRISES = ((468, 469, 470, 471, 472), (473, 474, 475, 476, 477))
"""Centre and rim of each iris, the person's right one first."""
_SACCADE_S = 0.05
_SOFT_PX = 1.5
_CARRIED = (1.15, 2.4)
"""So many radii about its centre go with an iris; beyond the second, the white stays."""


def look_at(glances: tuple[Glance, ...], t: float) -> tuple[float, float]:
    """Where the irises are at a moment, inter-ocular distances to the image's right and down."""
    for each in glances:
        share = min(t - each.t, each.t + each.duration_s - t) / _SACCADE_S
        if share > 0.0:
            gone = 0.5 - 0.5 * cos(pi * min(share, 1.0))
            return each.across * gone, each.down * gone
    return 0.0, 0.0


class Iris:
    """One eye's iris. ``box`` (left, top, right, bottom) px that its motion changes."""

    def __init__(self, landmarks: Landmarks, eye: int) -> None:
        rims = [landmarks[list(rim), :2] for rim in EYES[eye]]
        self._line = line_between(rims[0])
        self._rims = [self._line.measured(rim[:, 0], rim[:, 1]) for rim in rims]
        points = landmarks[list(_IRISES[eye]), :2]
        self._centre = (float(points[0, 0]), float(points[0, 1]))
        self._radius = float(np.linalg.norm(points[1:] - points[0], axis=1).mean())
        both = np.concatenate(rims)
        low, high = both.min(axis=0), both.max(axis=0)
        self.box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    def pulled(self, x: Plane, y: Plane, look_px: tuple[float, float]) -> tuple[Plane, Plane]:
        """By how much what is seen at each place (h, w) was moved there by the eye: shifts in x and y, px."""
        along, down = self._line.measured(x, y)
        upper, lower = (np.interp(along, *rim).astype(np.float32) for rim in self._rims)
        inside = np.clip(np.minimum(down - upper, lower - down) / _SOFT_PX, 0.0, 1.0)
        away = np.hypot(x - self._centre[0] - look_px[0], y - self._centre[1] - look_px[1]) / self._radius
        share = np.clip((_CARRIED[1] - away) / (_CARRIED[1] - _CARRIED[0]), 0.0, 1.0)
        weight = inside * share * share * (3 - 2 * share)
        return np.asarray(look_px[0] * weight, np.float32), np.asarray(look_px[1] * weight, np.float32)
