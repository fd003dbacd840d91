"""Slow changes of how somebody sits before a camera, or holds it: what keeps a long take of few pictures from moving twice alike."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Frames
from biometrics.attacklab.optics import sway

_SHIFT_PX: Final = (5.0, 3.5)
_ZOOM: Final = 0.005
_ROLL_DEG: Final = 0.5
_BAND_HZ: Final = (0.08, 0.6)

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def posture(t: Floats, size: tuple[int, int], rng: np.random.Generator) -> Floats:
    """(n, 2, 3) where each picture of (height, width) px is moved to at the times ``t`` (n,) s."""
    across, down = (sway(t, rng, _BAND_HZ, rms) for rms in _SHIFT_PX)
    scale = 1.0 + sway(t, rng, _BAND_HZ, _ZOOM)
    turn = np.deg2rad(sway(t, rng, _BAND_HZ, _ROLL_DEG))
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    x, y = size[1] / 2, size[0] / 2
    found = np.empty((len(t), 2, 3))
    found[:, 0, 0], found[:, 0, 1], found[:, 1, 0], found[:, 1, 1] = cos, -sin, sin, cos
    found[:, 0, 2] = x + across - cos * x + sin * y
    found[:, 1, 2] = y + down - sin * x - cos * y
    return found


def seated(frames: Frames, shown: Places, moves: Floats) -> Frames:
    """The frames ``shown`` (n,) of some, each moved by its ``moves`` (n, 2, 3)."""
    height, width = frames.shape[1:3]
    found = np.empty((len(shown), height, width, 3), np.uint8)
    for k, (index, move) in enumerate(zip(shown, moves, strict=True)):
        cv2.warpAffine(
            np.asarray(frames[index]),
            move,
            (width, height),
            found[k],
            cv2.INTER_LINEAR,
            cv2.BORDER_REFLECT_101,
        )
    return found


def points_moved(landmarks: NDArray[np.float32], moves: Floats) -> NDArray[np.float32]:
    """Landmarks (n, k, 3) moved alike."""
    found = landmarks.copy()
    found[..., :2] = (
        np.einsum("nij,nkj->nki", moves[:, :, :2], landmarks[..., :2]) + moves[:, np.newaxis, :, 2]
    )
    return found


def smaller(frames: Frames, by: int) -> Frames:
    """Every frame, so many times smaller each way."""
    size = (frames.shape[2] // by, frames.shape[1] // by)
    return np.stack(
        [cv2.resize(np.asarray(each), size, interpolation=cv2.INTER_AREA) for each in frames]
    ).astype(np.uint8)
