"""The oldest vocoder: an all-pole filter, excited by pulses or by noise (Atal & Hanauer 1971)."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.signal import lfilter

from biometrics.attacklab.speech.excitation import excitation
from biometrics.attacklab.speech.lpc import lpc
from biometrics.attacklab.speech.pitch import pitch_of
from biometrics.attacklab.speech.waves import Floats, as_loud, cut, laid
from biometrics.voice.features import Samples

_EMPHASIS: Final = 0.95
_HOP: Final = 160


def lpc_vocoder(samples: Samples, rng: np.random.Generator) -> Samples:
    """Copy synthesis: order 16 to 22, windows of 25 or 32 ms, half the time with breath above 3 to 5 kHz."""
    breath = float(rng.uniform(3000, 5000)) if rng.uniform() < 0.5 else None
    source = excitation(pitch_of(samples), len(samples), rng, breath)
    made = filtered(samples, source, int(rng.integers(16, 23)), int(rng.choice([400, 512])))
    return as_loud(made, samples)


def filtered(samples: Samples, source: Floats, order: int, size: int) -> Floats:
    """``source`` (n,) of unit power through the vocal tract of ``samples`` (n,), anew every 10 ms."""
    emphasised = lfilter([1.0, -_EMPHASIS], [1.0], samples)
    window = np.hanning(size)
    polynomials, gains = lpc(cut(emphasised, size, _HOP) * window, order)
    gains /= np.sqrt(np.mean(window**2))
    # Each piece starts one window early, for the filter to settle.
    pieces = cut(source, 3 * size, _HOP)[:, : 2 * size]
    fade = np.hanning(size) / (0.5 * size / _HOP)
    made = np.stack(
        [
            gain * lfilter([1.0], polynomial, piece)[size:] * fade
            for polynomial, gain, piece in zip(polynomials, gains, pieces, strict=True)
        ]
    )
    return np.asarray(lfilter([1.0], [1.0, -_EMPHASIS], laid(made, _HOP, len(samples))))
