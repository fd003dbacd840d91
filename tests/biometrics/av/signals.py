"""A mouth and a sound that share their syllables, as far as a test asks, with a known offset between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from biometrics.av.timeline import RATE_HZ

Floats = NDArray[np.float64]


def syllables(seconds: float, seed: int) -> Floats:
    """(n,) how far something is open, at `RATE_HZ`: noise between 1 and 6 Hz, as syllables are; standard deviation 1."""
    rng = np.random.default_rng(seed)
    band = butter(2, (1.0, 6.0), btype="bandpass", fs=RATE_HZ, output="sos")
    noise = sosfiltfilt(band, rng.normal(size=round(seconds * RATE_HZ)))
    return np.asarray(noise / noise.std())


def tracks(seconds: float, coupling: float, late_s: float = 0.0, seed: int = 1) -> tuple[Floats, Floats]:
    """Sound and mouth (n,), correlated by ``coupling``, the sound ``late_s`` after the mouth."""
    margin_s = 2.0
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ + margin_s
    grid = np.arange(round((seconds + 2 * margin_s) * RATE_HZ)) / RATE_HZ
    shared, own, other = (syllables(seconds + 2 * margin_s, 10 * seed + k) for k in range(3))
    share = np.sqrt(coupling), np.sqrt(1.0 - coupling)
    mouth = share[0] * np.interp(t, grid, shared) + share[1] * np.interp(t, grid, own)
    sound = share[0] * np.interp(t - late_s, grid, shared) + share[1] * np.interp(t - late_s, grid, other)
    return sound, mouth
