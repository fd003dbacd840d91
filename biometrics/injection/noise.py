"""Is the face of the same grain as what surrounds it? One that was synthesised small and laid on is smoother.

Grain is what a filter leaves that knows planes and straight edges (Immerkaer 1996), by 8 x 8 blocks of the codec's grid; the
quiet blocks of each region stand for it. Faces are smoother or rougher than walls by themselves, and a codec takes most grain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.injection.motion import Bytes
from biometrics.injection.standstill import Box

BLOCK_PX: Final = 8
LEAST_BLOCKS: Final = 24
"""Blocks of usable light that each region must have."""
FLOOR: Final = 0.35
"""Grain of the surroundings, standard deviation of luma 0..255, below which the codec has taken it."""
_KERNEL: Final = ((1, -2, 1), (-2, 4, -2), (1, -2, 1))
_GAIN: Final = 6.0
"""Standard deviation of white noise of 1 behind the kernel."""
_QUIET: Final = 0.3
_DARK, _BRIGHT = 24.0, 232.0
_INNER: Final = -0.2
_AROUND: Final = 0.25
"""Shares of the face's box by which it is shrunk, and grown, on each side: what lies between belongs to neither."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grain:
    """Of one picture: the standard deviation of the noise in each region's quiet blocks, in levels of luma 0..255."""

    face: float
    around: float

    @property
    def ratio(self) -> float:
        """Natural logarithm of the face's over the surroundings': 0 alike, below 0 the face is smoother."""
        return float(np.log(max(self.face, 1e-3) / max(self.around, 1e-3)))


def grain_of(luma: Bytes, face: Box) -> Grain | None:
    """Of a luma picture (H, W) with a ``face`` (x, y, width, height) as shares of it.

    None where a region has fewer than `LEAST_BLOCKS` blocks of usable light, or the surroundings' grain lies below `FLOOR`.
    """
    rows, columns = (side // BLOCK_PX for side in luma.shape)
    if rows * columns < 2 * LEAST_BLOCKS:
        return None
    means, deviations = _blocks(luma[: rows * BLOCK_PX, : columns * BLOCK_PX])
    lit = (means >= _DARK) & (means <= _BRIGHT)
    inside = lit & _within(luma.shape, face, _INNER)
    outside = lit & ~_within(luma.shape, face, _AROUND)
    if min(inside.sum(), outside.sum()) < LEAST_BLOCKS:
        return None
    around = float(np.quantile(deviations[outside], _QUIET))
    return Grain(float(np.quantile(deviations[inside], _QUIET)), around) if around >= FLOOR else None


def _blocks(luma: Bytes) -> tuple[Floats, Floats]:
    """(rows, columns) mean luma of each block, and the standard deviation of its noise."""
    light = luma.astype(np.float32)
    left = cv2.filter2D(light, cv2.CV_32F, np.array(_KERNEL, np.float32))
    size = (luma.shape[1] // BLOCK_PX, luma.shape[0] // BLOCK_PX)
    means, power = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (light, left * left))
    return np.asarray(means, np.float64), np.sqrt(np.asarray(power, np.float64)) / _GAIN


def _within(size: tuple[int, ...], face: Box, grown: float) -> NDArray[np.bool_]:
    """(rows, columns) whether a block's centre lies in the box, grown by that share of it on each side."""
    left, top, across, down = face
    y, x = ((np.arange(side // BLOCK_PX) + 0.5) * BLOCK_PX / side for side in size)
    columns = (x >= left - grown * across) & (x <= left + (1 + grown) * across)
    rows = (y >= top - grown * down) & (y <= top + (1 + grown) * down)
    return np.asarray(rows[:, np.newaxis] & columns)
