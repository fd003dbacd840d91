"""sRGB and linear light (IEC 61966-2-1), and what vision and WCAG make of it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722])
"""Weights of linear R, G, B in relative luminance."""


def linear_light(coded: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB values 0..1 to linear light 0..1."""
    return np.asarray(np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4))


def coded_light(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light 0..1 to sRGB values 0..1."""
    bent = 1.055 * np.maximum(linear, 0.0) ** (1 / 2.4) - 0.055
    return np.asarray(np.where(linear <= 0.0031308, 12.92 * linear, bent))
