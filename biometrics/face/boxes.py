"""Boxes and square regions, in pixels of the frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""(H, W, 3) uint8."""
Landmarks = NDArray[np.float32]
"""(478, 3) float32: x and y in px, z in the same scale and smaller towards the camera; face mesh order, irises last."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle with a detector's confidence, 0..1."""

    x: float
    y: float
    width: float
    height: float
    score: float = 1.0

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, x: float, y: float, scale: float) -> Box:
        """This box scaled, then shifted: from the pixels of a crop to those of the frame it was cut from."""
        return Box(
            x + self.x * scale, y + self.y * scale, self.width * scale, self.height * scale, self.score
        )

    def covered_by(self, other: Box) -> float:
        """Intersection over the smaller of the two areas, 0..1."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        smaller = min(self.width * self.height, other.width * other.height)
        return max(across, 0.0) * max(down, 0.0) / smaller if smaller > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Region:
    """A square of the frame, ``side`` px wide; it may reach over the frame's edge."""

    left: int
    top: int
    side: int

    def crop(self, image: Image, longest_px: int) -> tuple[Image, float]:
        """Cut it out, black beyond the edge, at most ``longest_px`` wide; and how many frame px one crop px spans."""
        height, width = image.shape[:2]
        x0, y0 = max(self.left, 0), max(self.top, 0)
        x1, y1 = min(self.left + self.side, width), min(self.top + self.side, height)
        size = min(self.side, longest_px)
        scale = self.side / size
        crop: Image = np.zeros((size, size, 3), np.uint8)
        if x1 > x0 and y1 > y0:
            inner = _shrunk(image[y0:y1, x0:x1], scale)
            left = min(round((x0 - self.left) / scale), size - inner.shape[1])
            top = min(round((y0 - self.top) / scale), size - inner.shape[0])
            crop[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
        return crop, scale


def _shrunk(image: Image, scale: float) -> Image:
    if scale == 1.0:
        return image
    height, width = image.shape[:2]
    size = (max(floor(width / scale), 1), max(floor(height / scale), 1))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def around(centre: tuple[float, float], side: float) -> Region:
    """The square of ``side`` px about a point."""
    side_px = max(round(side), 1)
    return Region(round(centre[0] - side_px / 2), round(centre[1] - side_px / 2), side_px)


def extent(landmarks: Landmarks) -> Box:
    """The smallest box that holds every landmark."""
    x0, y0 = landmarks[:, :2].min(axis=0)
    x1, y1 = landmarks[:, :2].max(axis=0)
    return Box(float(x0), float(y0), float(x1 - x0), float(y1 - y0))


def distinct(boxes: Iterable[Box], overlap: float = 0.4) -> list[Box]:
    """The best of each heap of boxes over one another, best first (greedy non-maximum suppression)."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: (-box.score, box.x, box.y)):
        if all(box.covered_by(other) <= overlap for other in kept):
            kept.append(box)
    return kept
