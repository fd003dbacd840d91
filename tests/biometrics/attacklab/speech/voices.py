"""Voices with known pitch and resonances, made of pulses and resonators."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from biometrics.attacklab.speech.excitation import pulse_train
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

MAN = ((700.0, 80.0), (1200.0, 90.0), (2600.0, 120.0))
"""Centre and width of resonances, Hz."""


def vowel(
    hz: float | NDArray[np.float64],
    seconds: float = 2.0,
    resonances: tuple[tuple[float, float], ...] = MAN,
    level: float = 0.1,
) -> Samples:
    """An open vowel at a pitch, one for each sample where several are given."""
    count = round(seconds * SAMPLE_RATE_HZ)
    sound = pulse_train(np.broadcast_to(np.asarray(hz, float), count), np.ones(count, bool))
    for centre, width in resonances:
        radius = np.exp(-np.pi * width / SAMPLE_RATE_HZ)
        turn = 2 * radius * np.cos(2 * np.pi * centre / SAMPLE_RATE_HZ)
        sound = lfilter([1 - radius], [1, -turn, radius**2], sound)
    return np.asarray(level * sound / np.sqrt(np.mean(sound**2)), np.float32)


def shifted(factor: float) -> tuple[tuple[float, float], ...]:
    """`MAN` with a vocal tract that much shorter."""
    return tuple((centre * factor, width) for centre, width in MAN)


def spoken(seconds: float, seed: int = 0, hz: float = 130.0, factor: float = 1.0) -> Samples:
    """Something with the rhythm of speech: vowels that wander in pitch, hisses, and pauses."""
    rng = np.random.default_rng(seed)
    parts: list[Samples] = []
    while sum(map(len, parts)) < seconds * SAMPLE_RATE_HZ:
        length = float(rng.uniform(0.15, 0.4))
        glide = np.geomspace(
            hz * rng.uniform(0.85, 1.2), hz * rng.uniform(0.85, 1.2), round(length * SAMPLE_RATE_HZ)
        )
        centres = tuple((centre * factor * rng.uniform(0.8, 1.2), width) for centre, width in MAN)
        hiss = 0.02 * np.diff(rng.standard_normal(round(float(rng.uniform(0.05, 0.12)) * SAMPLE_RATE_HZ) + 1))
        pause = 0.0005 * rng.standard_normal(round(float(rng.uniform(0.02, 0.3)) * SAMPLE_RATE_HZ))
        parts += [vowel(glide, length, centres), hiss.astype(np.float32), pause.astype(np.float32)]
    return np.concatenate(parts)[: round(seconds * SAMPLE_RATE_HZ)]
