"""A drawn person whose landmarks are known, because they were put there."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Clip
from biometrics.attacklab.heads import EYES, MOUTH, OVAL
from biometrics.attacklab.optics import rotation
from biometrics.face.pose import CANONICAL, POINTS

_MIRROR = (1.0, -1.0, -1.0)


def canonical() -> NDArray[np.float64]:
    """(478, 3) a face that looks into the camera: cm, x right, y down, z away; its rigid points are MediaPipe's own."""
    rng = np.random.default_rng(5)
    angle, reach = rng.uniform(0, 2 * np.pi, 478), np.sqrt(rng.uniform(0, 0.9, 478))
    xy = np.column_stack([7.0 * reach * np.cos(angle), 9.0 * reach * np.sin(angle)])
    _ring(xy, OVAL, (0.0, 0.0), (7.2, 9.3))
    for eye, x in zip(EYES, (-3.2, 3.2), strict=True):
        _ring(xy, eye, (x, -2.6), (1.4, 0.6))
    _ring(xy, MOUTH, (0.0, 4.5), (2.4, 0.8))
    z = 6.0 * ((xy[:, 0] / 7.2) ** 2 + (xy[:, 1] / 9.3) ** 2) - 5.0
    points = np.column_stack([xy, z])
    points[POINTS] = CANONICAL * _MIRROR
    return points


def _ring(
    xy: NDArray[np.float64], outline: tuple[int, ...], middle: tuple[float, float], half: tuple[float, float]
) -> None:
    turn = np.linspace(0, 2 * np.pi, len(outline), endpoint=False) - np.pi / 2
    xy[list(outline)] = np.column_stack(
        [middle[0] + half[0] * np.cos(turn), middle[1] + half[1] * np.sin(turn)]
    )


def landmarks(
    yaw_rad: float = 0.0, scale: float = 6.0, centre: tuple[float, float] = (80.0, 100.0)
) -> NDArray[np.float32]:
    """(478, 3) px of that face, turned."""
    seen = canonical() @ rotation(np.array((0.0, yaw_rad, 0.0))).T * scale
    seen[:, :2] += centre
    return seen.astype(np.float32)


def person(
    name: str, skin: tuple[int, int, int], count: int = 12, size: tuple[int, int] = (200, 160)
) -> Clip:
    """A take of a head that turns slowly, at 15 frames a second."""
    yaw = 0.25 * np.sin(np.arange(count) / 3)
    points = np.stack([landmarks(float(y)) for y in yaw])
    frames = np.stack([_drawn(each, skin, size) for each in points])
    audio = np.sin(np.arange(16000) / 20).astype(np.float32)
    return Clip(frames, 15.0, audio, 16000, name, name, points)


def _drawn(
    points: NDArray[np.float32], skin: tuple[int, int, int], size: tuple[int, int]
) -> NDArray[np.uint8]:
    image = np.full((*size, 3), (120, 90, 60), np.uint8)
    image[::8] = (150, 120, 90)
    cv2.fillPoly(image, [points[list(OVAL), :2].astype(np.int32)], skin)
    for eye in EYES:
        cv2.fillPoly(image, [points[list(eye), :2].astype(np.int32)], (20, 20, 20))
    cv2.fillPoly(image, [points[list(MOUTH), :2].astype(np.int32)], (60, 50, 150))
    return image
