"""Spectra of pulse signals: rate, signal-to-noise ratio, and how far two signals beat together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from biometrics.rppg.pulse import BAND_HZ

SEGMENT_S: Final = 10.0
STEP_S: Final = 1.0
NEAR_HZ: Final = 0.1
"""About the rate, and twice that about its double."""
_PADDED = 2048


@dataclass(frozen=True, slots=True)
class Spectra:
    """Short-time spectra of several signals: ``values`` (segments, bins, signals) complex at ``hz`` (bins,)."""

    hz: NDArray[np.float64]
    values: NDArray[np.complex128]

    def power(self, signal: int) -> NDArray[np.float64]:
        """Welch's periodogram (bins,) of one signal."""
        return np.asarray((np.abs(self.values[..., signal]) ** 2).mean(axis=0))


@dataclass(frozen=True, slots=True)
class Beat:
    """The strongest rate of a signal: ``hz``, and ``snr_db`` after de Haan & Jeanne 2013, within `BAND_HZ`."""

    hz: float
    snr_db: float

    @property
    def bpm(self) -> float:
        """Beats a minute."""
        return 60.0 * self.hz


def spectra(signals: NDArray[np.float64], rate_hz: float) -> Spectra:
    """Hann windows of 10 s, or of all where there is less, every second, each without its straight line: (n, k) signals."""
    length = min(round(SEGMENT_S * rate_hz), len(signals))
    parts = sliding_window_view(signals, length, axis=0)[:: max(round(STEP_S * rate_hz), 1)]
    time = np.linspace(-1.0, 1.0, length)
    parts = parts - parts.mean(axis=-1, keepdims=True)
    slope = (parts @ time) / float(time @ time)
    windowed = (parts - slope[..., np.newaxis] * time) * np.hanning(length)
    padded = max(_PADDED, length)
    hz: NDArray[np.float64] = np.asarray(np.fft.rfftfreq(padded, 1.0 / rate_hz), dtype=np.float64)
    values = np.fft.rfft(windowed, padded, axis=-1)
    kept = (hz >= BAND_HZ[0] - NEAR_HZ) & (hz <= BAND_HZ[1] + NEAR_HZ)
    return Spectra(hz[kept], np.moveaxis(values[..., kept], 1, 2))


def beat(found: Spectra, signal: int) -> Beat | None:
    """The strongest rate of one signal; None where it has no power at all."""
    power = found.power(signal)
    inside = (found.hz >= BAND_HZ[0]) & (found.hz <= BAND_HZ[1])
    if float(power[inside].max()) <= 0.0:
        return None
    best = int(np.flatnonzero(inside)[power[inside].argmax()])
    hz = float(found.hz[best] + _offset(power, best) * (found.hz[1] - found.hz[0]))
    return Beat(hz, snr_db(found.hz, power, hz))


def snr_db(hz: NDArray[np.float64], power: NDArray[np.float64], rate_hz: float) -> float:
    """Power near a rate and its double over the rest of `BAND_HZ`, held in -40..40 dB."""
    inside = (hz >= BAND_HZ[0]) & (hz <= BAND_HZ[1])
    beats = (np.abs(hz - rate_hz) <= NEAR_HZ) | (np.abs(hz - 2.0 * rate_hz) <= 2.0 * NEAR_HZ)
    signal, rest = float(power[inside & beats].sum()), float(power[inside & ~beats].sum())
    return float(np.clip(10.0 * np.log10(max(signal, 1e-30) / max(rest, 1e-30)), -40.0, 40.0))


def coherence(found: Spectra, one: int, other: int, rate_hz: float) -> complex:
    """Of two signals near a rate, over segments and bins: magnitude 0..1, and the angle by which ``one`` leads (rad)."""
    near = np.abs(found.hz - rate_hz) <= NEAR_HZ
    a, b = found.values[:, near, one], found.values[:, near, other]
    weight = float(np.sqrt((np.abs(a) ** 2).sum() * (np.abs(b) ** 2).sum()))
    return complex((a * np.conj(b)).sum() / weight) if weight > 0.0 else 0j


def strength(found: Spectra, signal: int, rate_hz: float) -> float:
    """Power of one signal near a rate."""
    near = np.abs(found.hz - rate_hz) <= NEAR_HZ
    return float(found.power(signal)[near].sum())


def _offset(power: NDArray[np.float64], best: int) -> float:
    """Of a parabola's top through three bins, -0.5..0.5."""
    if not 0 < best < len(power) - 1:
        return 0.0
    left, top, right = (float(np.log(max(power[k], 1e-300))) for k in (best - 1, best, best + 1))
    bend = left - 2.0 * top + right
    return 0.0 if bend >= 0.0 else float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5))
