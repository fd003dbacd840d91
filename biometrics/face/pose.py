"""Which way a head is turned: a rigid fit of MediaPipe's canonical face to the landmarks (Kabsch 1976, weighted).

Points, weights and coordinates are those of MediaPipe's own face geometry (Apache-2.0, its metadata of canonical face
and Procrustes basis; cm, x to the person's left, y up, z to the camera).
"""

from __future__ import annotations

from math import asin, atan2, degrees

import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Landmarks
from biometrics.views import HeadPose

_BASIS = np.array(
    [  # landmark, weight, x, y, z
        [4, 0.070910, 0.0000, -0.4632, 7.5866],
        [6, 0.032100, 0.0000, 2.4733, 5.7886],
        [10, 0.008447, 0.0000, 8.2618, 4.4815],
        [33, 0.058724, -4.4459, 2.6640, 3.1734],
        [54, 0.007667, -6.2793, 6.6154, 1.4259],
        [67, 0.009078, -3.5240, 8.0060, 3.7292],
        [117, 0.009792, -5.2587, 0.9458, 2.9743],
        [119, 0.014565, -3.3007, 0.8616, 3.8728],
        [121, 0.018591, -1.8207, 1.4680, 4.2241],
        [127, 0.005198, -7.7431, 2.3650, -2.0052],
        [129, 0.120625, -1.7858, -0.9783, 4.8505],
        [132, 0.005560, -7.2709, -2.8909, -2.2525],
        [133, 0.053286, -1.8564, 2.5852, 3.7579],
        [136, 0.066890, -5.0853, -7.1786, 0.7147],
        [143, 0.014817, -6.4076, 2.2360, 1.5608],
        [147, 0.014263, -6.2349, -1.9444, 1.6635],
        [198, 0.025462, -1.2468, 0.2303, 5.6810],
        [205, 0.047252, -3.8329, -1.5373, 4.1377],
        [263, 0.058724, 4.4459, 2.6640, 3.1734],
        [284, 0.007667, 6.2793, 6.6154, 1.4259],
        [297, 0.009078, 3.5240, 8.0060, 3.7292],
        [346, 0.009792, 5.2587, 0.9458, 2.9743],
        [348, 0.014565, 3.3007, 0.8616, 3.8728],
        [350, 0.018591, 1.8207, 1.4680, 4.2241],
        [356, 0.005198, 7.7431, 2.3650, -2.0052],
        [358, 0.120625, 1.7858, -0.9783, 4.8505],
        [361, 0.005560, 7.2709, -2.8909, -2.2525],
        [362, 0.053286, 1.8564, 2.5852, 3.7579],
        [365, 0.066890, 5.0853, -7.1786, 0.7147],
        [372, 0.014817, 6.4076, 2.2360, 1.5608],
        [376, 0.014263, 6.2349, -1.9444, 1.6635],
        [420, 0.025462, 1.2468, 0.2303, 5.6810],
        [425, 0.047252, 3.8329, -1.5373, 4.1377],
    ]
)
POINTS: NDArray[np.intp] = _BASIS[:, 0].astype(np.intp)
"""The landmarks that move with the skull rather than with the mimic muscles."""
CANONICAL: NDArray[np.float64] = _BASIS[:, 2:]
"""(33, 3): where those landmarks lie on a face that looks into the camera."""
WEIGHTS: NDArray[np.float64] = _BASIS[:, 1] / _BASIS[:, 1].sum()


def head_pose(landmarks: Landmarks) -> HeadPose:
    """Yaw, pitch and roll of a face from its 478 landmarks, relative to the line of sight."""
    return angles(rotation(landmarks[POINTS].astype(np.float64) * (1.0, -1.0, -1.0)))


def rotation(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The (3, 3) rotation that turns `CANONICAL` into ``points`` (33, 3; y up, z to the camera, any scale and place)."""
    centred = points - WEIGHTS @ points
    canonical = CANONICAL - WEIGHTS @ CANONICAL
    u, _, v = np.linalg.svd((centred * WEIGHTS[:, np.newaxis]).T @ canonical)
    upright = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ v))])
    return np.asarray(u @ upright @ v)


def angles(turn: NDArray[np.float64]) -> HeadPose:
    """Split a rotation into yaw about the vertical, then pitch, then roll about the line of the nose."""
    forward = turn[:, 2]
    return HeadPose(
        yaw_deg=degrees(atan2(forward[0], forward[2])),
        pitch_deg=degrees(asin(float(np.clip(forward[1], -1.0, 1.0)))),
        roll_deg=degrees(atan2(-turn[1, 0], turn[1, 1])),
    )
