"""Mean colours of skin regions in linear light, with a background control: what remote pulse and coloured light are read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.colour import linear_light
from biometrics.face.boxes import Image, Landmarks
from biometrics.views import FaceView

REGIONS: Final = {
    "forehead_right": (104, 108, 107, 105),
    "forehead_middle": (108, 337, 336, 107),
    "forehead_left": (337, 333, 334, 336),
    "cheek_right_upper": (117, 100, 36, 50),
    "cheek_right_lower": (50, 36, 206, 187),
    "cheek_left_upper": (329, 346, 280, 266),
    "cheek_left_lower": (266, 280, 411, 426),
    "nose": (196, 419, 275, 45),
    "chin": (201, 421, 428, 208),
}
"""Corners of each region in the face mesh, clockwise from the upper left of an upright face; right and left are the person's."""
BACKGROUND: Final = len(REGIONS)
"""Row of the control: what lies beside the head, not of the person."""
ROIS: Final = (*REGIONS, "background")
"""Names of the rows of `RoiMeans.linear`."""

_SIDE = 16
_SAMPLES = _SIDE * _SIDE
_INSET = 0.1
_LEAST_AREA_PX2 = 30.0
_CLEAR_OF_HEAD = 0.3
"""The control keeps this much of the face's width away from the face: hair and shadows move with the head."""
_ABOVE_SHOULDERS = 0.7
_LEAST_BACKGROUND = 12


@dataclass(frozen=True, slots=True)
class RoiMeans:
    """One frame's regions.

    ``t`` s; ``linear`` (10, 3) float64: R, G, B in linear light 0..1 of each of `ROIS`, NaN where a region is turned
    away, too small or outside the frame; ``clipped`` (10,) the share of samples at the sensor's upper end, NaN likewise.
    """

    t: float
    linear: NDArray[np.float64]
    clipped: NDArray[np.float64]

    def mean(self, *names: str) -> NDArray[np.float64]:
        """R, G, B (3,) over the named regions that are visible; NaN where none is."""
        rows = self.linear[[ROIS.index(name) for name in names]]
        seen = np.isfinite(rows[:, 0])
        return np.asarray(rows[seen].mean(axis=0)) if seen.any() else np.full(3, np.nan)


def roi_means(view: FaceView) -> RoiMeans | None:
    """The regions of a view's face; None where it has none. Takes about 0.1 ms, once for each view: meant for every frame."""
    if view.face is None:
        return None
    found: RoiMeans | None = view.derived.get("roi_means")
    if found is None:
        found = view.derived["roi_means"] = means_at(view.frame.image, view.face.landmarks, view.t)
    return found


def means_at(image: Image, landmarks: Landmarks, t: float = 0.0) -> RoiMeans:
    """The regions of a face (478, 3) in a BGR frame."""
    height, width = image.shape[:2]
    corners = landmarks[_CORNERS, :2]
    points = np.concatenate([_WEIGHTS @ corners, _grid(width, height)])
    inside = np.all((points >= 0) & (points <= (width - 1, height - 1)), axis=(1, 2), keepdims=True)[:, 0, 0]
    inside[:BACKGROUND] &= _areas(corners) >= _LEAST_AREA_PX2
    weights = np.full(points.shape[:2], 1.0 / _SAMPLES, np.float32)
    weights[BACKGROUND], inside[BACKGROUND] = _beside(points[BACKGROUND], landmarks)
    coded = np.asarray(
        cv2.remap(image, points[..., 0], points[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )
    linear = (weights[:, np.newaxis] @ cv2.LUT(coded, _LINEAR))[:, 0, ::-1].astype(np.float64)
    over = coded >= _CEILING
    clipped = (weights * (over[..., 0] | over[..., 1] | over[..., 2])).sum(axis=1)
    linear[~inside] = np.nan
    return RoiMeans(t, linear, np.where(inside, clipped, np.nan))


def _areas(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Signed areas (n,) of quadrilaterals (n, 4, 2), px^2: negative where the face has turned one away."""
    one, other = corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]
    return np.asarray((one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / 2)


def _grid(width: int, height: int) -> NDArray[np.float32]:
    """Sample points (1, 256, 2) that stand still in the frame: what the control says must not move with the head."""
    return (_UNIT * np.array([width - 1, height - 1], np.float32))[np.newaxis]


def _beside(points: NDArray[np.float32], landmarks: Landmarks) -> tuple[NDArray[np.float32], bool]:
    """Weights (256,) of the points that lie beside the head and above the shoulders, and whether there are enough."""
    x, y = landmarks[:, 0], landmarks[:, 1]
    left, right, top, bottom = x.min(), x.max(), y.min(), y.max()
    clear, shoulders = _CLEAR_OF_HEAD * (right - left), top + _ABOVE_SHOULDERS * (bottom - top)
    across, down = points[:, 0], points[:, 1]
    chosen = ((across < left - clear) | (across > right + clear)) & (down < shoulders)
    found = int(np.count_nonzero(chosen))
    return (chosen / max(found, 1)).astype(np.float32), found >= _LEAST_BACKGROUND


def lambert(landmarks: Landmarks) -> NDArray[np.float64]:
    """Cosine (9,) between each region's normal and the way to the camera: how a matt surface takes light from there."""
    corners = landmarks[_CORNERS].astype(np.float64)
    normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    return np.asarray(np.maximum(normals[:, 2], 0.0) / np.maximum(np.linalg.norm(normals, axis=1), 1e-9))


def ita_deg(linear: NDArray[np.float64]) -> float:
    """Individual typology angle of skin (R, G, B linear 0..1), degrees: above 55 very light, below -30 dark. NaN from NaN.

    Chardon et al. 1991, under D65. The camera's white balance is in it: it is good for bins, not for a person.
    """
    xyz = _TO_XYZ @ linear / _TO_XYZ.sum(axis=1)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), xyz * 7.787 + 16 / 116)
    lightness, b = 116.0 * y - 16.0, 200.0 * (y - z)
    return float(np.degrees(np.arctan2(lightness - 50.0, b))) if np.isfinite(x) else float("nan")


def _bilinear() -> NDArray[np.float32]:
    """Weights (256, 4) of a quadrilateral's corners at a grid of points inside it."""
    steps = np.linspace(_INSET, 1.0 - _INSET, _SIDE)
    u, v = (grid.ravel() for grid in np.meshgrid(steps, steps))
    return np.stack([(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v], axis=1).astype(np.float32)


_CORNERS = np.array(list(REGIONS.values()))
_WEIGHTS = _bilinear()
_UNIT = np.stack(np.meshgrid(*[np.linspace(0.0, 1.0, _SIDE)] * 2), axis=-1).reshape(-1, 2).astype(np.float32)
_LINEAR = linear_light(np.arange(256) / 255.0).astype(np.float32)
_CEILING = 250
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
