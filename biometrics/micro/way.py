"""Onset, apex and offset of a swing out and back, read off its own curve."""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, pi
from typing import Final

import numpy as np
from scipy.signal import savgol_filter

from biometrics.micro.baseline import Floats

_SMOOTH, _ORDER = 5, 2
_LOW, _HIGH = 0.2, 0.8
_TURNED = 0.2
"""A side ends where the curve has come back up by this share of its height: the next swing has begun."""
_DOWN = 0.4
_LOW_PHASE, _HIGH_PHASE = (acos(1.0 - 2.0 * level) / pi for level in (_LOW, _HIGH))
_SEEK: Final = 3


@dataclass(frozen=True, slots=True)
class Way:
    """Samples (fractions) of ``onset``, ``apex`` and ``offset``; ``height`` at the apex over the higher foot; ``uneven`` by how much its feet differ, as a share of the way to the lower one."""

    onset: float
    apex: float
    offset: float
    height: float
    uneven: float


def way_of(curve: Floats, middle: int, swing: float) -> Way | None:
    """The swing of a curve (n,) about sample ``middle``, where it lies about ``swing`` higher than around; None where it does not come down on both sides.

    Its smoothed course (Savitzky and Golay 1964) between 20 and 80 % of each side is taken for that part of a raised cosine, whose
    ends are onset and offset: feet drown in noise, flanks do not.
    """
    smooth = savgol_filter(curve, _SMOOTH, _ORDER)
    near = slice(max(middle - _SEEK, 0), middle + _SEEK + 1)
    apex = near.start + int(np.argmax(smooth[near]))
    before, after = _side(smooth[apex::-1], swing), _side(smooth[apex:], swing)
    if before is None or after is None:
        return None
    lower, higher = sorted((before.height, after.height))
    return Way(apex - before.length, float(apex), apex + after.length, lower, 1.0 - lower / higher)


@dataclass(frozen=True, slots=True)
class _Side:
    length: float
    height: float


def _side(down: Floats, swing: float) -> _Side | None:
    """A flank, from the apex outwards: down to where it comes up again, after a good part of the swing at the earliest."""
    foot = 0
    for k in range(1, len(down)):
        if down[k] < down[foot]:
            foot = k
        elif down[0] - down[foot] > _DOWN * swing and down[k] > down[foot] + _TURNED * (down[0] - down[foot]):
            break
    height = float(down[0] - down[foot])
    if foot == 0 or height <= 0.0:
        return None
    high, low = (_falls_below(down, down[0] - (1.0 - level) * height) for level in (_HIGH, _LOW))
    phase = (low - high) / (_HIGH_PHASE - _LOW_PHASE)
    return _Side(low + _LOW_PHASE * phase, height)


def _falls_below(down: Floats, level: float) -> float:
    k = int(np.argmax(down < level))
    return k - 1 + float((down[k - 1] - level) / (down[k - 1] - down[k]))
