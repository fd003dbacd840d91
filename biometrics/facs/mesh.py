"""The 468 points of a face in its own frame: MediaPipe's canonical face, and any found face turned straight.

A face's own frame has its origin between the eyes, x to the person's left, y up, z to the camera, and the distance between the eye
centres as its unit. ``canonical.npy`` holds the points of MediaPipe's canonical face (Apache-2.0), of which `face.pose` holds some.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Landmarks
from biometrics.face.pose import POINTS, rotation
from biometrics.face.quality import LEFT_EYE, RIGHT_EYE, inter_ocular_px

FACE = 468
"""Landmarks of the skin; the irises follow."""
RIGID = (33, 133, 263, 362, 6, 168, 197, 127, 356, 10)
"""Corners of the eyes, bridge of the nose, temples, top of the forehead: what no action unit moves much."""
Floats = NDArray[np.float64]


@cache
def canonical() -> Floats:
    """(468, 3): the canonical face in its own frame. Symmetric to the bit."""
    points = np.load(Path(__file__).with_name("canonical.npy")).astype(np.float64)
    points = _centred(points)
    points.flags.writeable = False
    return points


@cache
def mirrored() -> NDArray[np.intp]:
    """(468,): the landmark that lies where each one lies in a mirror."""
    points = canonical()
    apart = np.linalg.norm(points[:, np.newaxis] * (-1.0, 1.0, 1.0) - points[np.newaxis], axis=2)
    return np.asarray(apart.argmin(axis=1))


@dataclass(frozen=True, slots=True)
class OwnFrame:
    """A found face turned straight. ``points`` (468, 3) in its own frame; ``to_px`` (2, 3) takes a shift in that frame to the picture, px.

    ``inter_ocular_px`` as measured in the picture.
    """

    points: Floats
    to_px: Floats
    inter_ocular_px: float


def own_frame(landmarks: Landmarks) -> OwnFrame:
    """Turn a face (468 or 478 landmarks, px) straight by the rigid fit of `face.pose`."""
    upright = landmarks[:FACE].astype(np.float64) * (1.0, -1.0, -1.0)
    turn = rotation(upright[POINTS])
    straight = upright @ turn
    unit = _unit(straight)
    return OwnFrame(
        points=_centred(straight),
        to_px=np.diag((1.0, -1.0)) @ turn[:2] * unit,
        inter_ocular_px=inter_ocular_px(landmarks),
    )


def _centred(points: Floats) -> Floats:
    right, left = _eyes(points)
    return np.asarray((points - (right + left) / 2) / _unit(points))


def _unit(points: Floats) -> float:
    right, left = _eyes(points)
    return float(np.linalg.norm(left - right))


def _eyes(points: Floats) -> tuple[Floats, Floats]:
    return points[list(RIGHT_EYE)].mean(axis=0), points[list(LEFT_EYE)].mean(axis=0)
