"""Sound as the energy of a few bands over time: what survives a codec, a loudspeaker and a room."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

STEP: Final = 160
"""Samples between frames: 10 ms."""
STEP_S: Final = STEP / SAMPLE_RATE_HZ
BANDS: Final = 16
_WINDOW: Final = 512
_LOW_HZ, _HIGH_HZ = 200.0, 6000.0
_SILENT: Final = 1e-10

Energies = NDArray[np.float64]


def energies(samples: Samples) -> Energies:
    """Energy in 16 bands from 200 to 6000 Hz, equally wide in mel, every 10 ms: (frames, 16). Less than 32 ms gives none."""
    count = max(0, 1 + (len(samples) - _WINDOW) // STEP)
    if not count:
        return np.zeros((0, BANDS))
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::STEP][:count]
    spectrum = np.fft.rfft(frames * np.hanning(_WINDOW).astype(np.float32), axis=1)
    power: Energies = (spectrum.real**2 + spectrum.imag**2) @ _bank()
    return power / _WINDOW + _SILENT


@cache
def _bank() -> Energies:
    """Which bin belongs to which band, (bins, 16)."""
    hz = np.fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE_HZ)
    mel = 2595 * np.log10(1 + hz / 700)
    low, high = (2595 * np.log10(1 + edge / 700) for edge in (_LOW_HZ, _HIGH_HZ))
    edges = np.linspace(low, high, BANDS + 1)
    place = np.searchsorted(edges, mel, side="right") - 1
    bank = np.zeros((len(hz), BANDS))
    inside = (place >= 0) & (place < BANDS)
    bank[np.flatnonzero(inside), place[inside]] = 1.0
    return bank
