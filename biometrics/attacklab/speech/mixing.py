"""Another person in the same room: throughout, or a few words now and then."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import fftconvolve

from biometrics.attacklab.speech.rooms import decaying, drawn_shoebox
from biometrics.attacklab.speech.waves import PEAK, Floats, active_rms
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

_RAMP: Final = 160


def over(samples: Samples, other: Samples, below_db: float, rng: np.random.Generator) -> Samples:
    """The other talks all the time, ``below_db`` under the applicant (the SNR), in a room of mirror sources."""
    return mixed(samples, _in(drawn_shoebox(rng), repeated(other, len(samples))), below_db)


def in_bursts(samples: Samples, other: Samples, below_db: float, rng: np.random.Generator) -> Samples:
    """The other puts in a few words of 0.8 to 2 s every 1 to 3 s, ``below_db`` under the applicant, in a room of decaying noise."""
    said = repeated(other, len(samples)) * _bursts(len(samples), rng)
    return mixed(samples, _in(decaying(float(rng.uniform(0.3, 0.6)), 0.0, rng), said), below_db)


def mixed(samples: Samples, other: Floats, below_db: float) -> Samples:
    """Samples and ``other``, both (n,), the latter's active level ``below_db`` under that of the former."""
    level, own = active_rms(samples), active_rms(other)
    gain = level / own * 10 ** (-below_db / 20) if own > 0.0 else 0.0
    both = samples + gain * other
    return np.asarray(both * min(1.0, PEAK / max(float(np.abs(both).max(initial=0.0)), 1e-9)), np.float32)


def repeated(other: Samples, length: int) -> Floats:
    """Somebody's words, from the beginning again where they end; silence where there are none."""
    if not len(other):
        return np.zeros(length)
    return np.resize(np.asarray(other, np.float64), length)


def _in(room: Floats, samples: Floats) -> Floats:
    return np.asarray(fftconvolve(samples, room)[: len(samples)])


def _bursts(length: int, rng: np.random.Generator) -> Floats:
    """1 where the other talks, (length,), with ramps of 10 ms."""
    talks = np.zeros(length)
    at = 0
    while at < length:
        end = at + round(float(rng.uniform(0.8, 2.0)) * SAMPLE_RATE_HZ)
        talks[at:end] = 1.0
        at = end + round(float(rng.uniform(1.0, 3.0)) * SAMPLE_RATE_HZ)
    return np.asarray(uniform_filter1d(talks, _RAMP))
