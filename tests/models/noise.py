"""Pseudo-random inputs that are the same on every machine and with every numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def noise(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    """Values spread evenly over [-1, 1), from an integer hash (lowbias32) of their position."""
    value = np.arange(np.prod(shape), dtype=np.uint32) + np.uint32(seed * 0x9E3779B1 & 0xFFFFFFFF)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        value = (value ^ (value >> np.uint32(shift))) * np.uint32(factor)
    value ^= value >> np.uint32(16)
    return (value / 2.0**31 - 1.0).astype(np.float32).reshape(shape)
