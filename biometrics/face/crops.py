"""The crop rule of MiniFASNet (Minivision, Silent-Face-Anti-Spoofing, ``src/generate_patches.py``)."""

from __future__ import annotations

import cv2
import numpy as np

from biometrics.face.boxes import Image

SIDE_PX = 80


def context_crop(image: Image, box: tuple[float, float, float, float], scale: float) -> Image:
    """The face with its surroundings, ``scale`` times its box (x, y, width, height), as (80, 80, 3) of a BGR frame."""
    height, width = image.shape[:2]
    left, top, right, bottom = context_box(width, height, box, scale)
    patch = image[top : bottom + 1, left : right + 1]
    return np.asarray(cv2.resize(patch, (SIDE_PX, SIDE_PX)), dtype=np.uint8)


def context_box(
    width: int, height: int, box: tuple[float, float, float, float], scale: float
) -> tuple[int, int, int, int]:
    """First and last column and row of the crop: (left, top, right, bottom), both ends included.

    Grows the box about its centre, less where the frame is too small, then shifts it inside the frame.
    """
    x, y, across, down = box
    scale = min(scale, (width - 1) / across, (height - 1) / down)
    left, right = _inside(x + across / 2, across * scale, width - 1)
    top, bottom = _inside(y + down / 2, down * scale, height - 1)
    return left, top, right, bottom


def _inside(centre: float, length: float, last: int) -> tuple[int, int]:
    start, end = centre - length / 2, centre + length / 2
    if start < 0:
        start, end = 0.0, end - start
    if end > last:
        start, end = start - (end - last), float(last)
    return max(int(start), 0), int(end)
