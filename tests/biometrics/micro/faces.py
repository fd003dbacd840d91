"""Painted faces whose brows move by a known way: a random texture under MediaPipe's canonical landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image, Landmarks
from biometrics.face.perception import describe
from biometrics.facs.mesh import canonical
from biometrics.facs.motion import activation
from biometrics.media import Frame
from biometrics.views import Face, FaceView

INTER_OCULAR_PX = 96.0
SIZE = (480, 640)
LEFT_BROW = (336, 285, 296, 295)
_CENTRE = (320.0, 200.0)
_VARIANTS = 3
_REACH_PX = 16.0


@cache
def landmarks() -> Landmarks:
    """(478, 3): a face that looks into the camera; the irises lie on the corners of the eyes."""
    own = canonical() * (1.0, -1.0, -1.0) * INTER_OCULAR_PX
    points = np.concatenate([own, own[[33] * 10]]) + np.array([*_CENTRE, 0.0])
    return np.asarray(points, dtype=np.float32)


@cache
def textures(noise: float = 2.0) -> tuple[NDArray[np.float32], ...]:
    """The same texture with different sensor noise."""
    rng = np.random.default_rng(4)
    grey = cv2.GaussianBlur(rng.normal(0.0, 1.0, SIZE).astype(np.float32), (0, 0), 3.0)
    base = 120.0 + 40.0 * grey / grey.std()
    return tuple((base + rng.normal(0.0, noise, SIZE)).astype(np.float32) for _ in range(_VARIANTS))


@cache
def picture(variant: int, moved_px: float) -> Image:
    """The face with its left brow lifted."""
    texture = textures()[variant]
    if moved_px:
        x, y = landmarks()[list(LEFT_BROW), :2].mean(axis=0)
        rows, columns = np.mgrid[0 : SIZE[0], 0 : SIZE[1]].astype(np.float32)
        bump = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2.0 * _REACH_PX**2))
        lifted = cv2.remap(texture, columns, rows + np.float32(moved_px) * bump, cv2.INTER_CUBIC)
        texture = np.asarray(lifted, dtype=np.float32)
    grey = np.clip(texture, 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, np.newaxis], 3, axis=2)


@cache
def face() -> Face:
    """Its description."""
    found = describe(picture(0, 0.0), landmarks(), 1)
    return replace(found, box=(200.0, 80.0, 240.0, 300.0))


def views(
    seconds: float,
    movements: Sequence[tuple[float, float, float]] = (),
    amplitude: float = 0.02,
    fps: float = 30.0,
) -> list[FaceView]:
    """A face at rest whose left brow goes up and comes back at each (onset, apex, offset)."""
    found = []
    for k in range(round(seconds * fps)):
        t = k / fps
        far = sum(activation(t, *each) for each in movements) * amplitude * INTER_OCULAR_PX
        frame = Frame(t, k, picture(k % _VARIANTS, round(far, 3)), coded_bytes=6000)
        found.append(FaceView(frame, face(), None, 0, fps))
    return found
