"""Where each part of a face goes, on the grid of the maps: action units by halves, lids, jaw, and what a turning head looks like."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.facs.mesh import Floats, canonical, mirrored
from biometrics.facs.spline import ThinPlate
from biometrics.facs.units import SIDES, UNITS, half
from biometrics.micro.maps import EYE_LINE, INTER_OCULAR, MIDDLE, SIZE

FINE: Final = 2
"""Fields are this much finer than maps."""
GRID: Final = SIZE * FINE
HALVES: Final = tuple((name, side) for name in UNITS for side in SIDES)
"""The halves of the action units, in the order of the fields: left before right."""
HEAD: Final = 6
_LIDS = (159, 386)
_LID_REACH = (0.16, 0.06)
_LIPS_PART = 13
_JAW_SOFT, _JAW_WIDE = 0.03, 0.6
_CONTOUR_SIGMA = 1.8
_RIGHT_CONTOURS: Final = (
    (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
    (70, 63, 105, 66, 107, 46, 53, 52, 65, 55),
    (206, 203, 129, 207, 216),
)
_MIDDLE_CONTOURS: Final = (
    (129, 98, 97, 2, 326, 327, 358, 64, 294, 48, 278),
    (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146, 13, 14),
    (152, 148, 176, 149, 150, 136, 172, 377, 400, 378, 379, 365, 397),
)

Grids = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fields:
    """(n, 2, 56, 56) displacement (right, down): ``halves`` peak at 1; ``head`` (6) shifts, roll, nearer, yaw, pitch; ``lids`` and ``jaw`` (1 each).

    ``contours`` (9, 56, 56), 0..1: where a face has edges, of eyes, brows, folds beside the nose, nose, lips and jaw.
    """

    halves: Grids
    head: Grids
    lids: Grids
    jaw: Grids
    contours: Grids


@cache
def fields() -> Fields:
    """Of MediaPipe's canonical face."""
    points = canonical()
    laid = _Laid(points)
    x, y, z = points[:, 0], points[:, 1], points[:, 2] - points[:, 2].mean()
    none, one = np.zeros(len(points)), np.ones(len(points))
    head = ((one, none), (none, one), (-y, x), (x, y), (z, none), (none, z))
    lids = -np.sum(
        [np.exp(-0.5 * (((points[:, :2] - points[at, :2]) / _LID_REACH) ** 2).sum(1)) for at in _LIDS], axis=0
    )
    below = 1.0 / (1.0 + np.exp(-(points[_LIPS_PART, 1] - y) / _JAW_SOFT))
    jaw = -below * np.exp(-0.5 * (x / _JAW_WIDE) ** 2)
    return Fields(
        halves=np.stack([laid.field(half(name, side, points)) for name, side in HALVES]),
        head=np.stack([laid.field(np.column_stack(part)) for part in head]),
        lids=laid.field(np.column_stack((none, lids)))[np.newaxis],
        jaw=laid.field(np.column_stack((none, jaw)))[np.newaxis],
        contours=_contours(laid.places),
    )


class _Laid:
    """A face's points on the grid. ``places`` (468, 2) x and y there."""

    def __init__(self, points: Floats) -> None:
        unit = INTER_OCULAR * FINE
        middle, eyes = (MIDDLE + 0.5) * FINE - 0.5, (EYE_LINE + 0.5) * FINE - 0.5
        self.places = np.column_stack((middle + points[:, 0] * unit, eyes - points[:, 1] * unit))
        self._plate = ThinPlate(self.places)
        rows, columns = np.mgrid[0:GRID, 0:GRID].astype(np.float64)
        self._at = np.column_stack((columns.ravel(), rows.ravel()))

    def field(self, moved: Floats) -> Grids:
        """(2, 56, 56) of displacements (468, 2) in the face's own frame."""
        dense = self._plate(moved * (1.0, -1.0), self._at)
        return np.asarray(dense.T.reshape(2, GRID, GRID), np.float32)


def _contours(places: Floats) -> Grids:
    left = tuple(tuple(int(mirrored()[point]) for point in line) for line in _RIGHT_CONTOURS)
    rows, columns = np.mgrid[0:GRID, 0:GRID]
    grids = []
    for line in (*_RIGHT_CONTOURS, *left, *_MIDDLE_CONTOURS):
        apart = places[list(line), :, np.newaxis, np.newaxis] - np.stack([columns, rows])
        grids.append(np.exp(-0.5 * (apart**2).sum(axis=1).min(axis=0) / _CONTOUR_SIGMA**2))
    return np.asarray(grids, np.float32)
