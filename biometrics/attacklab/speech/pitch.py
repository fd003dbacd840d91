"""The pitch of a voice over time, by autocorrelation (Boersma 1993)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_opening, median_filter

from biometrics.attacklab.speech.waves import Floats, framed
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

HOP: Final = 80
"""Samples between two values: 5 ms."""
LOW_HZ, HIGH_HZ = 65.0, 420.0
_WINDOW: Final = 800
_FFT: Final = 2048
_VOICED: Final = 0.45
_SILENT: Final = 0.03
"""Share of the loudest frames' amplitude below which a frame is silent."""
_OCTAVE_COST: Final = 0.02
_SMOOTH: Final = 5
_SHORTEST: Final = 6
_BLOCK: Final = 2000
"""Frames that are looked at together, 10 s: what they take does not grow with the recording."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """``hz`` (f,) at 0, 5 ms, 10 ms ...: interpolated where there is no voice; ``voiced`` (f,) whether there is."""

    hz: Floats
    voiced: NDArray[np.bool_]

    @property
    def log_mean(self) -> float:
        """Mean of ln Hz over voice; that of 150 Hz where there is none."""
        return float(np.log(self.hz[self.voiced]).mean()) if self.voiced.any() else float(np.log(150.0))

    @property
    def log_deviation(self) -> float:
        """Standard deviation of ln Hz over voice; 0 where there is none."""
        return float(np.log(self.hz[self.voiced]).std()) if self.voiced.any() else 0.0


def pitch_of(samples: Samples) -> Pitch:
    """Track the pitch between 65 and 420 Hz."""
    frames = framed(samples, _WINDOW, HOP)
    blocks = [_periods(frames[at : at + _BLOCK]) for at in range(0, len(frames), _BLOCK)]
    peak, strength, hz = (np.concatenate(each) for each in zip(*blocks, strict=True))
    loud = peak > _SILENT * (np.quantile(peak, 0.95) if len(peak) else 0.0)
    voiced = binary_opening((strength > _VOICED) & loud, np.ones(_SHORTEST))
    return Pitch(_filled(hz, voiced), voiced)


def _periods(frames: Floats) -> tuple[Floats, Floats, Floats]:
    """Of frames (f, window), each by itself: (f,) largest amplitude, strength of the period, and its frequency."""
    level = frames - frames.mean(axis=1, keepdims=True)
    return np.abs(level).max(axis=1), *_best(_autocorrelation(level))


def _autocorrelation(frames: Floats) -> Floats:
    """Of Hann-windowed frames over that of the window, (f, lags)."""
    window = np.hanning(_WINDOW)
    power = np.abs(np.fft.rfft(frames * window, _FFT, axis=1)) ** 2
    own = np.fft.irfft(np.abs(np.fft.rfft(window, _FFT)) ** 2)
    lags = np.fft.irfft(power, axis=1)[:, : _WINDOW // 2]
    level = lags[:, :1]
    return np.asarray(
        np.divide(lags, level, out=np.zeros_like(lags), where=level > 1e-12) * own[0] / own[: _WINDOW // 2]
    )


def _best(lags: Floats) -> tuple[Floats, Floats]:
    """The strongest peak of each frame, short periods preferred a little, and its frequency."""
    first, last = int(SAMPLE_RATE_HZ / HIGH_HZ), int(SAMPLE_RATE_HZ / LOW_HZ)
    at = np.arange(first, last)
    inner = lags[:, first:last]
    peaks = (inner > lags[:, first - 1 : last - 1]) & (inner >= lags[:, first + 1 : last + 1])
    worth = np.where(peaks, inner - _OCTAVE_COST * np.log2(at / first), -1.0)
    best = worth.argmax(axis=1)
    rows = np.arange(len(lags))
    before, middle, after = (lags[rows, at[best] + step] for step in (-1, 0, 1))
    bend = before - 2 * middle + after
    shift = np.divide(0.5 * (before - after), bend, out=np.zeros_like(bend), where=np.abs(bend) > 1e-9)
    found = worth[rows, best] > -1.0
    return np.where(found, middle, 0.0), SAMPLE_RATE_HZ / (at[best] + np.clip(shift, -1, 1))


def _filled(hz: Floats, voiced: NDArray[np.bool_]) -> Floats:
    """Smoothed within voice, interpolated between."""
    known = np.flatnonzero(voiced)
    if not len(known):
        return np.full(len(hz), 150.0)
    whole = np.interp(np.arange(len(hz)), known, median_filter(hz[known], _SMOOTH, mode="nearest"))
    return np.asarray(whole)
