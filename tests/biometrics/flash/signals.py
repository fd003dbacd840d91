"""Opponent signals without pictures: noise whose law is known, and light that follows a code."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from biometrics.challenges.flash import PALETTE, steps
from biometrics.flash.trace import RATE_HZ, Series

START_S = 1.0


def shown(chips: int) -> tuple[float, ...]:
    """Each chip's beginning and the last one's end."""
    return tuple(START_S + 0.5 * k for k in range(chips + 1))


def light(
    code: Sequence[int], t: NDArray[np.float64], lag_s: float, edge_s: float = 0.15
) -> NDArray[np.float64]:
    """Opponent light (n, 2) of a code, straight from the palette."""
    red, green, blue = np.array([PALETTE[chip].linear for chip in code]).T
    opponent = np.stack([red - green, blue - (red + green) / 2], axis=1)
    change = steps(shown(len(code)), t - lag_s, edge_s)
    return np.asarray((change[:, :-1] - change[:, 1:]) @ opponent)


def noise(count: int, rng: np.random.Generator, level: float = 0.01) -> NDArray[np.float64]:
    """AR(1) with 0.97 at 25 Hz, as the design's prototype has it."""
    shocks = rng.standard_normal((count + 300, 2)) * np.sqrt(1 - 0.97**2)
    slow = lfilter([1.0], [1.0, -0.97], shocks, axis=0)[300:]
    return np.asarray(level * (slow + 0.3 * rng.standard_normal((count, 2))))


def times(chips: int) -> NDArray[np.float64]:
    """The grid of a challenge with its lead-in."""
    return np.arange(round((START_S + 0.5 * chips) * RATE_HZ) + 1) / RATE_HZ


def a_series(
    face: NDArray[np.float64],
    seen: NDArray[np.bool_] | None = None,
    background: NDArray[np.float64] | None = None,
) -> Series:
    """A series with this face signal (n, 2)."""
    count = len(face)
    return Series(
        t=np.arange(count) / RATE_HZ,
        face=face,
        regions=np.repeat(face[:, np.newaxis], 9, axis=1),
        background=np.zeros((count, 2)) if background is None else background,
        seen=np.ones(count, bool) if seen is None else seen,
        light=np.full((9, 3), 0.3),
        facing=np.linspace(0.5, 1.0, 9),
        clipped=0.0,
    )
