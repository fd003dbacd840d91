"""How far one answer lies from others of the same person: robust deviations, feature by feature, and their mean.

Every function here works on many comparisons at once: the permutation test makes thousands of them. A feature that could not be measured
is NaN, and says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CONSISTENT: Final = 1.4826
"""Makes the median absolute deviation a standard deviation where values are normal."""
WINSOR: Final = 3.0
"""No feature counts for more, so that one cannot carry an answer."""
LEAST_VALUES: Final = 5
"""Of a feature among the answers compared with: a spread of fewer means nothing."""
LEAST_FEATURES: Final = 3
"""An answer with fewer is not compared."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """Of each feature over the answers compared with, (..., features): ``centre`` the median, ``scale`` the root sum of squares of
    1.4826 MAD and the feature's floor. NaN where fewer than `LEAST_VALUES` were measured."""

    centre: Floats
    scale: Floats


def spread(values: Floats, floors: Floats) -> Spread:
    """Of ``values`` (..., answers, features), in the features' units, as ``floors`` (features,) are."""
    lines = np.moveaxis(values, -2, -1)
    known = np.sum(~np.isnan(lines), axis=-1)
    centre = _median(lines, known)
    mad = _median(np.abs(lines - centre[..., np.newaxis]), known)
    centre = np.where(known >= LEAST_VALUES, centre, np.nan)
    return Spread(centre, np.hypot(CONSISTENT * mad, floors))


def deviations(values: Floats, of: Spread) -> Floats:
    """(..., features) how many deviations each value lies above (or below, under 0) the centre."""
    return np.asarray((values - of.centre) / of.scale)


def mean_deviation(z: Floats) -> Floats:
    """(...) the mean of winsorised |z| over the features that are known; NaN where fewer than `LEAST_FEATURES` are."""
    size = np.minimum(np.abs(z), WINSOR)
    known = np.sum(~np.isnan(size), axis=-1)
    total = np.nansum(size, axis=-1)
    return np.where(known >= LEAST_FEATURES, total / np.maximum(known, 1), np.nan)


def _median(lines: Floats, known: NDArray[np.int_]) -> Floats:
    """Over the last axis, of the ``known`` values of each line; the others are NaN, which sorting puts last."""
    ordered = np.sort(lines, axis=-1)
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, lines.shape[-1] - 1)
    pairs = (np.take_along_axis(ordered, place[..., np.newaxis], axis=-1) for place in (low, high))
    first, second = (pair[..., 0] for pair in pairs)
    return np.asarray((first + second) / 2.0)
