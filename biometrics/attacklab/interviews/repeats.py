"""How much a long take, made of a short one, repeats itself: nobody honest moves twice in the same way for seconds."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Frames
from biometrics.injection.motion import areas, luma_of, small

_STRETCH_S: Final = 2.4
_LEAST_LAG_S: Final = 1.2
_NOTHING: Final = 1e-6

Floats = NDArray[np.float64]


def motion_of(frames: Frames) -> Floats:
    """(m, 48) mean luma of areas of each frame, as loops are searched in."""
    return np.stack([areas(small(luma_of(np.asarray(image)))) for image in frames]).astype(np.float64)


def least_unlike(seen: Floats, fps: float) -> float:
    """How unlike the two most alike stretches of 2.4 s are of motion (n, 48) at ``fps``: 0 the same .. 1 strangers.

    By squared distance over how much both vary, at every lag from 1.2 s on. 1 where it is too short to repeat itself.
    """
    stretch, least = round(_STRETCH_S * fps), round(_LEAST_LAG_S * fps)
    count = len(seen) - stretch
    if count <= least:
        return 1.0
    squares = (seen * seen).sum(axis=1)
    products = seen @ seen.T
    sums = np.concatenate([np.zeros((1, seen.shape[1])), np.cumsum(seen, axis=0)])
    means = (sums[stretch:] - sums[:-stretch]) / stretch
    varies = _windowed(squares, stretch) / stretch - (means * means).sum(axis=1)
    found = 1.0
    for lag in range(least, count):
        apart = squares[lag:] + squares[:-lag] - 2 * np.diagonal(products, lag)
        both = np.maximum(varies[lag:] + varies[: len(varies) - lag], _NOTHING)
        found = min(found, float((_windowed(apart, stretch) / stretch / both).min()))
    return found


def _windowed(values: Floats, length: int) -> Floats:
    """(n - length + 1,) sums over ``length`` neighbours."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[length:] - total[:-length])
