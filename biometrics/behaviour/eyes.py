"""How far the eyes are open, and where they look, from the landmarks of one face.

The gaze is that of a webcam: good for how it changes within one person's call, not for what is looked at. It is the direction in the
camera's frame, because what matters is where on the desk the eyes go, whichever way the head helps.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, degrees, dist, hypot, nan, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.views import Face, HeadPose

LEAST_INTER_OCULAR_PX: Final = 40.0
"""In smaller faces an iris is a few pixels wide and its place is a guess."""
_EYES: Final = ((33, 133, (160, 144), (158, 153), 468), (362, 263, (385, 380), (387, 373), 473))
"""Of each eye: the corner on the left of the picture, the one on the right, two pairs of lids, the centre of the iris."""
_WIDTH_MM: Final = 28.0
"""Between the corners of an eye (adults: 26 to 31)."""
_RADIUS_MM: Final = 10.5
"""From the centre of the eye's rotation to the plane of the iris."""
_DEPTH_MM: Final = 5.0
"""How far the corners lie before that centre: a head that turns moves them over the iris."""
TURNED_DEG: Final = 35.0
"""A head turned further hides one eye: it looks where it is turned."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """``opening`` eye aspect ratio, mean of both (Soukupova & Cech 2016), NaN where they are hidden; ``across_deg`` and ``up_deg`` the
    gaze, above 0 to the person's left and up."""

    opening: float
    across_deg: float
    up_deg: float


def eyes_of(face: Face) -> Eyes | None:
    """The eyes of a face; None where they are too small to be read."""
    if face.quality.inter_ocular_px < LEAST_INTER_OCULAR_PX:
        return None
    pose = face.pose
    if abs(pose.yaw_deg) > TURNED_DEG:
        return Eyes(nan, pose.yaw_deg, pose.pitch_deg)
    return _read(face.landmarks, pose)


def _read(points: NDArray[np.float32], pose: HeadPose) -> Eyes:
    turn = radians(pose.roll_deg)
    along, up = (cos(turn), sin(turn)), (sin(turn), -cos(turn))
    opening = across = over = 0.0
    for a, b, first, second, iris in _EYES:
        (ax, ay), (bx, by), (ix, iy) = points[[a, b, iris], :2].tolist()
        width = max(hypot(bx - ax, by - ay), 1e-6)
        lids = [dist(*points[list(pair), :2].tolist()) for pair in (first, second)]
        opening += sum(lids) / (4.0 * width)
        dx, dy = ix - (ax + bx) / 2.0, iy - (ay + by) / 2.0
        whole = width / cos(radians(pose.yaw_deg))
        across += (dx * along[0] + dy * along[1]) / (2.0 * whole)
        over += (dx * up[0] + dy * up[1]) / (2.0 * whole)
    return Eyes(opening, *_direction(across, over, pose))


def _direction(across: float, over: float, pose: HeadPose) -> tuple[float, float]:
    """Degrees, of the iris' distance from the corners' middle in widths of the eye."""
    shifts = (
        _WIDTH_MM * across + _DEPTH_MM * sin(radians(pose.yaw_deg)),
        _WIDTH_MM * over + _DEPTH_MM * sin(radians(pose.pitch_deg)),
    )
    x, y = (degrees(asin(min(max(shift / _RADIUS_MM, -1.0), 1.0))) for shift in shifts)
    return x, y
