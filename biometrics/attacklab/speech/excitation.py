"""What a vocal tract is excited by: pulses of the glottis, and noise."""

from __future__ import annotations

import numpy as np

from biometrics.attacklab.speech.pitch import HOP, Pitch
from biometrics.attacklab.speech.waves import Floats
from biometrics.voice.features import SAMPLE_RATE_HZ


def excitation(
    pitch: Pitch, length: int, rng: np.random.Generator, noise_above_hz: float | None = None
) -> Floats:
    """(length,) of unit power: pulses at the pitch where there is voice, noise elsewhere.

    ``noise_above_hz`` mixes noise into voice above that frequency, as breath is; None leaves bare pulses.
    """
    at = np.arange(length) / HOP
    hz = np.interp(at, np.arange(len(pitch.hz)), pitch.hz)
    voice = np.interp(at, np.arange(len(pitch.voiced)), pitch.voiced.astype(float)) > 0.5
    breath = rng.standard_normal(length)
    pulses = pulse_train(hz, voice)
    if noise_above_hz is not None:
        pulses = _below(pulses, noise_above_hz) + breath - _below(breath, noise_above_hz)
    return np.where(voice, pulses, breath)


def pulse_train(hz: Floats, voice: Floats | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    """Unit power: each pulse holds the energy of its period, laid between the two samples about its instant."""
    turns = np.cumsum(np.where(voice, hz, 0.0)) / SAMPLE_RATE_HZ
    whole = np.floor(turns)
    starts = np.flatnonzero(np.diff(whole, prepend=0.0) > 0.0)
    late = (turns[starts] - whole[starts]) * SAMPLE_RATE_HZ / np.maximum(hz[starts], 1.0)
    share = np.clip(late, 0.0, 1.0)
    size = np.sqrt(SAMPLE_RATE_HZ / np.maximum(hz[starts], 1.0))
    found = np.zeros(len(hz))
    found[starts] += size * (1 - share)
    found[np.maximum(starts - 1, 0)] += size * share
    return found


def _below(samples: Floats, hz: float) -> Floats:
    """Without what lies above ``hz``, phases untouched, over half an octave."""
    at = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ)
    edge = np.clip(np.log2(np.maximum(at, 1.0) / hz) / 0.5 + 0.5, 0.0, 1.0)
    gain = np.cos(0.5 * np.pi * edge) ** 2
    return np.asarray(np.fft.irfft(np.fft.rfft(samples) * gain, len(samples)))
