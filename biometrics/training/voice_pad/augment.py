"""Varying the log power of speech while a network learns, so that it cannot lean on what tells recordings apart and not machines."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.build.spectral import BINS, FLOOR

FRAMES: Final = 272
"""A part of each window, 2.7 s, begun at a drawn frame: where a window begins tells nothing."""
NOISE_DB: Final = (12.0, 45.0)
NOISY, LIMITED, BANDS_OUT, TIMES_OUT, COLOURED = 0.3, 0.2, 0.4, 0.3, 0.5
"""Shares at full strength."""
_LOUD: Final = 85
LogPower = NDArray[np.float32]


def varied(kept: NDArray[np.float16], strength: float, rng: np.random.Generator) -> LogPower:
    """Log power (N, 257, frames) to (N, 257, 272): a drawn part, with noise, a limit of the band, and bands and times left out.

    ``strength`` 0..1 multiplies how often. Leaving out is SpecAugment's (Park et al. 2019, arXiv:1904.08779).
    """
    return np.stack([_one(window.astype(np.float32), strength, rng) for window in kept])


def _one(window: LogPower, strength: float, rng: np.random.Generator) -> LogPower:
    start = int(rng.integers(window.shape[1] - FRAMES + 1))
    value = window[:, start : start + FRAMES]
    if rng.random() < NOISY * strength:
        value = _with_noise(value, rng)
    if rng.random() < COLOURED:
        value = value + np.cumsum(rng.normal(0.0, 0.06, BINS)).astype(np.float32)[:, np.newaxis]
    if rng.random() < LIMITED * strength:
        value = _limited(value, rng)
    value = value.copy()
    if rng.random() < BANDS_OUT * strength:
        first = int(rng.integers(BINS - 17))
        band = slice(first, first + int(rng.integers(5, 45)))
        value[band] = value[band].mean(1, keepdims=True)
    if rng.random() < TIMES_OUT * strength:
        first = int(rng.integers(FRAMES - 45))
        value[:, first : first + int(rng.integers(5, 40))] = value.mean(1, keepdims=True)
    return value


def _with_noise(value: LogPower, rng: np.random.Generator) -> LogPower:
    """Noise of a drawn tilt; the power of each point of it is exponentially distributed, as noise's is."""
    tilt = (np.maximum(np.arange(BINS), 3) / 40.0) ** rng.uniform(-1.5, 0.3)
    level = np.exp(np.percentile(value, _LOUD)) * 10 ** (-rng.uniform(*NOISE_DB) / 10.0)
    noise = (tilt / tilt.mean() * level)[:, np.newaxis] * rng.exponential(1.0, value.shape)
    return np.asarray(np.log(np.exp(value) + noise), np.float32)


def _limited(value: LogPower, rng: np.random.Generator) -> LogPower:
    """A roll-off above a drawn frequency, down to the floor."""
    first, width = int(rng.integers(130, 250)), int(rng.integers(3, 20))
    loss = np.clip((np.arange(BINS) - first) / width, 0.0, 1.0) * rng.uniform(4.0, 12.0)
    floor = np.log(FLOOR) + rng.normal(0.0, 0.15, value.shape)
    return np.asarray(np.maximum(value - loss[:, np.newaxis], floor), np.float32)
