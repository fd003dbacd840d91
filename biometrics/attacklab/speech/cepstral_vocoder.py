"""A vocoder of pitch, spectral envelope and breath, as WORLD and STRAIGHT are: what statistical synthesis and conversion speak through.

The envelope is a smoothed log spectrum as cepstrum (Imai & Abe 1979's true envelope), the filter has minimum phase.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from biometrics.attacklab.speech.excitation import excitation
from biometrics.attacklab.speech.pitch import HOP, Pitch, pitch_of
from biometrics.attacklab.speech.waves import Floats, as_loud, cut, laid
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

_WINDOW: Final = 512
_FFT: Final = 1024
_STEPS: Final = 8
_FLOOR: Final = 1e-7


@dataclass(frozen=True, slots=True)
class Voice:
    """``pitch`` every 5 ms, and ``cepstra`` (f, order + 1) at the same times: of the log magnitude, the rest of it mirrored."""

    pitch: Pitch
    cepstra: Floats


def cepstral_vocoder(samples: Samples, rng: np.random.Generator) -> Samples:
    """Copy synthesis: order 30 to 48, breath above 3 to 6 kHz, the envelope smoothed over up to 35 ms as statistics do."""
    voice = analysed(samples, int(rng.integers(30, 49)))
    width = int(rng.integers(1, 8))
    blurred = np.apply_along_axis(np.convolve, 0, voice.cepstra, np.full(width, 1 / width), "same")
    made = synthesised(replace(voice, cepstra=blurred), len(samples), rng, float(rng.uniform(3000, 6000)))
    return as_loud(made, samples)


def analysed(samples: Samples, order: int = 40) -> Voice:
    """Take speech apart."""
    frames = cut(samples, _WINDOW, HOP) * (np.hanning(_WINDOW) / np.sqrt(np.sum(np.hanning(_WINDOW) ** 2)))
    log = np.log(np.maximum(np.abs(np.fft.rfft(frames, _FFT, axis=1)), _FLOOR))
    return Voice(pitch_of(samples), _true_envelope(log, order))


def synthesised(
    voice: Voice, length: int, rng: np.random.Generator, noise_above_hz: float | None = 4000.0
) -> Floats:
    """Put speech together, (length,)."""
    source = excitation(voice.pitch, length, rng, noise_above_hz)
    frames = cut(source, 2 * HOP, HOP) * (0.5 - 0.5 * np.cos(np.pi * np.arange(2 * HOP) / HOP))
    heard = np.fft.irfft(np.fft.rfft(frames, _FFT, axis=1) * _minimum_phase(voice.cepstra), _FFT, axis=1)
    late = np.zeros((len(heard), 2 * (_FFT - HOP)))
    late[:, _FFT - 2 * HOP : 2 * (_FFT - HOP)] = heard
    return laid(late, HOP, length)


def envelope(cepstra: Floats) -> Floats:
    """Log magnitude (f, bins) of cepstra."""
    order = cepstra.shape[1] - 1
    whole = np.zeros((len(cepstra), _FFT))
    whole[:, : order + 1] = cepstra
    whole[:, _FFT - order :] = cepstra[:, :0:-1]
    return np.asarray(np.fft.rfft(whole, axis=1).real)


def cepstra_of(log: Floats, order: int) -> Floats:
    """The first ``order`` + 1 cepstra of log magnitudes (f, bins)."""
    return np.asarray(np.fft.irfft(log, _FFT, axis=1)[:, : order + 1])


def warped(cepstra: Floats, factor: float) -> Floats:
    """The envelope with every resonance at ``factor`` times its frequency: a shorter vocal tract above 1."""
    log = envelope(cepstra)
    hz = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE_HZ)
    at = np.clip(hz / factor, 0.0, hz[-1]) / hz[1]
    low = np.minimum(at.astype(int), len(hz) - 2)
    moved = log[:, low] * (1 - (at - low)) + log[:, low + 1] * (at - low)
    return cepstra_of(moved, cepstra.shape[1] - 1)


def _true_envelope(log: Floats, order: int) -> Floats:
    """Cepstra of an envelope that lies on the harmonics, not between: raised to the spectrum a few times."""
    target = log
    cepstra = cepstra_of(target, order)
    for _ in range(_STEPS):
        target = np.maximum(target, envelope(cepstra))
        cepstra = cepstra_of(target, order)
    return cepstra


def _minimum_phase(cepstra: Floats) -> np.ndarray[tuple[int, int], np.dtype[np.complex128]]:
    """The filter whose log magnitude the cepstra are, its energy as early as can be (Oppenheim & Schafer)."""
    folded = np.zeros((len(cepstra), _FFT))
    folded[:, 0] = cepstra[:, 0]
    folded[:, 1 : cepstra.shape[1]] = 2 * cepstra[:, 1:]
    return np.asarray(np.exp(np.fft.rfft(folded, axis=1)))
