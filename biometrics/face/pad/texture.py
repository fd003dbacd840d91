"""Local binary patterns of a face (Ojala et al. 2002): how its fine texture is made up, in brightness and in colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image

SIDE_PX = 96
RADII = (1, 2)
NEIGHBOURS = 8
BINS = NEIGHBOURS * (NEIGHBOURS - 1) + 3
"""58 patterns with at most two changes between neighbours, and one bin for all others."""
CHANNELS = 3
LENGTH = BINS * CHANNELS * len(RADII)
"""Numbers of a face's description: Y, Cr and Cb at radius 1, then at radius 2."""

Histogram = NDArray[np.float32]


class TextureAnalyser:
    """Describes faces; its tables are computed once."""

    def __init__(self) -> None:
        self._bins = pattern_bins()
        self._kernels = [[_kernel(radius, k) for k in range(NEIGHBOURS)] for radius in RADII]

    def __call__(self, image: Image, box: tuple[float, float, float, float]) -> Histogram | None:
        """(`LENGTH`,) float32 shares of a face in a BGR frame, each `BINS` summing to 1; None where it lies outside."""
        patch = _cut(image, box)
        if patch is None:
            return None
        planes = cv2.split(cv2.cvtColor(patch, cv2.COLOR_BGR2YCrCb).astype(np.float32))
        found = [self.histogram(np.asarray(plane), index) for index in range(len(RADII)) for plane in planes]
        return np.concatenate(found)

    def histogram(self, plane: NDArray[np.float32], index: int) -> Histogram:
        """(`BINS`,) shares of one plane at ``RADII[index]``, whose border is left out."""
        code = np.zeros(plane.shape, np.uint8)
        for bit, kernel in enumerate(self._kernels[index]):
            neighbour = cv2.filter2D(plane, -1, kernel)
            # A hair's breadth: interpolation between equal values may fall short of them by a rounding.
            code |= (neighbour >= plane - 1e-3).astype(np.uint8) << bit
        edge = RADII[index]
        counts = np.bincount(self._bins[code[edge:-edge, edge:-edge].ravel()], minlength=BINS)
        return np.asarray(counts / counts.sum(), dtype=np.float32)


def pattern_bins() -> NDArray[np.intp]:
    """(256,) the bin of each pattern: uniform patterns in rising order of their code, then one bin for the rest."""
    bins = np.full(1 << NEIGHBOURS, BINS - 1, np.intp)
    uniform = [code for code in range(1 << NEIGHBOURS) if _changes(code) <= 2]
    bins[uniform] = np.arange(len(uniform))
    return bins


def chi_square(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Distance of two descriptions, 0 for equal ones: the sum of (a - b)^2 / (a + b)."""
    return float(np.sum((one - other) ** 2 / (one + other + 1e-6)))


def _changes(code: int) -> int:
    bits = [code >> k & 1 for k in range(NEIGHBOURS)]
    return sum(a != b for a, b in zip(bits, bits[1:] + bits[:1], strict=True))


def _kernel(radius: int, neighbour: int) -> NDArray[np.float32]:
    """Picks the value at one of eight points on a circle, interpolated between four pixels."""
    angle = 2 * np.pi * neighbour / NEIGHBOURS
    x, y = (round(float(v), 9) for v in (radius * np.cos(angle), -radius * np.sin(angle)))
    kernel = np.zeros((2 * radius + 1, 2 * radius + 1), np.float32)
    left, top = int(np.floor(x)), int(np.floor(y))
    for column, row in ((left, top), (left + 1, top), (left, top + 1), (left + 1, top + 1)):
        share = max(1 - abs(x - column), 0) * max(1 - abs(y - row), 0)
        if share > 0:
            kernel[row + radius, column + radius] += share
    return kernel


def _cut(image: Image, box: tuple[float, float, float, float]) -> Image | None:
    x, y, across, down = box
    height, width = image.shape[:2]
    left, right = max(int(x), 0), min(int(x + across) + 1, width)
    top, bottom = max(int(y), 0), min(int(y + down) + 1, height)
    if right <= left or bottom <= top:
        return None
    patch = image[top:bottom, left:right]
    return np.asarray(cv2.resize(patch, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA), dtype=np.uint8)
