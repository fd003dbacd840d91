"""Pulse signals from mean skin colours: POS, CHROM and LGI, each as its paper has it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

WINDOW_S: Final = 1.6
BAND_HZ: Final = (0.7, 3.0)
"""42 to 180 beats a minute."""
_TINY = 1e-12


def pos(rgb: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """Plane orthogonal to skin (Wang et al. 2017, algorithm 1): (n, ..., 3) linear R, G, B to (n, ...).

    Raises ValueError where there is less than one window of 1.6 s.
    """
    length = round(WINDOW_S * rate_hz)
    _check(rgb, length)
    windows = sliding_window_view(rgb, length, axis=0)
    red, green, blue = np.moveaxis(windows / np.maximum(windows.mean(axis=-1, keepdims=True), _TINY), -2, 0)
    one, other = green - blue, green + blue - 2.0 * red
    ratio = one.std(axis=-1, keepdims=True) / np.maximum(other.std(axis=-1, keepdims=True), _TINY)
    h = one + ratio * other
    h -= h.mean(axis=-1, keepdims=True)
    pulse = np.zeros(rgb.shape[:-1])
    for k in range(length):
        pulse[k : k + len(h)] += h[..., k]
    return pulse


def chrom(rgb: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """Chrominance (de Haan & Jeanne 2013): (n, 3) linear R, G, B to (n,).

    Hann windows of 1.6 s, half overlapping; X and Y are filtered to `BAND_HZ` beforehand, over the whole. Raises
    ValueError where there is less than one window.
    """
    half = round(WINDOW_S * rate_hz / 2)
    length = 2 * half
    _check(rgb, length)
    red, green, blue = (rgb / np.maximum(rgb.mean(axis=0), _TINY)).T
    sos = butter(2, BAND_HZ, "bandpass", fs=rate_hz, output="sos")
    x, y = sosfiltfilt(sos, np.stack([3.0 * red - 2.0 * green, 1.5 * red + green - 1.5 * blue]), axis=1)
    # Periodic, so that half-overlapping windows add up to one.
    hann = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(length) / length)
    pulse = np.zeros(len(rgb))
    for start in range(0, len(rgb) - length + 1, half):
        part = slice(start, start + length)
        alpha = x[part].std() / max(float(y[part].std()), _TINY)
        pulse[part] += hann * (x[part] - alpha * y[part])
    return pulse


def lgi(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Local group invariance (Pilz et al. 2018): (n, 3) linear R, G, B to (n,), the green row beside the main direction."""
    _check(rgb, 3)
    u, _, _ = np.linalg.svd(rgb.T, full_matrices=False)
    main = u[:, 0]
    return np.asarray((rgb - np.outer(rgb @ main, main))[:, 1])


def _check(rgb: NDArray[np.float64], least: int) -> None:
    if rgb.shape[-1] != 3 or len(rgb) < least:
        raise ValueError(f"a pulse signal needs at least {least} samples of R, G, B, got shape {rgb.shape}")
