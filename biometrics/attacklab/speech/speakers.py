"""What a few seconds say of a speaker: pitch and long-term spectral envelope, and how to get from one speaker to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.attacklab.speech.cepstral_vocoder import Voice, analysed, envelope, warped
from biometrics.attacklab.speech.waves import Floats
from biometrics.errors import EvaluationError
from biometrics.voice.features import Samples

LEAST_VOICED_S: Final = 0.5
_HOPS_A_SECOND: Final = 200
_FACTORS: Final = tuple(round(0.80 + 0.02 * step, 2) for step in range(23))
_SPREAD: Final = (0.7, 1.4)
_LOW_BIN, _HIGH_BIN = 13, 320
"""200 to 5000 Hz: where the vocal tract's length shows."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Over voiced frames: ``log_hz`` mean and ``log_hz_deviation`` of ln pitch, ``mean`` and ``deviation`` (order + 1,) of the cepstra."""

    log_hz: float
    log_hz_deviation: float
    mean: Floats
    deviation: Floats


@dataclass(frozen=True, slots=True)
class Path:
    """From one speaker to another: ``ratio`` of the pitches, ``stretch`` of its movements, ``factor`` of the resonances.

    ``shift`` and ``spread`` (order + 1,) of the warped cepstra; the level stays.
    """

    log_hz_from: float
    log_hz_to: float
    stretch: float
    factor: float
    mean: Floats
    shift: Floats
    spread: Floats

    @property
    def ratio(self) -> float:
        return float(np.exp(self.log_hz_to - self.log_hz_from))

    def hz(self, hz: Floats) -> Floats:
        """Another's pitch."""
        return np.asarray(np.exp(self.log_hz_to + self.stretch * (np.log(hz) - self.log_hz_from)))

    def cepstra(self, cepstra: Floats) -> Floats:
        """Another's envelopes, (f, order + 1)."""
        moved = warped(cepstra, self.factor)
        return np.asarray((moved - self.mean) * self.spread + self.mean + self.shift)


def speaker_of(voice: Voice) -> Speaker:
    """Raises EvaluationError for less than half a second of voice."""
    voiced = voice.cepstra[voice.pitch.voiced]
    if len(voiced) < LEAST_VOICED_S * _HOPS_A_SECOND:
        raise EvaluationError(
            f"{len(voiced) / _HOPS_A_SECOND:.2f} s of voice say too little of a speaker: give a recording with {LEAST_VOICED_S:g} s or more"
        )
    return Speaker(voice.pitch.log_mean, voice.pitch.log_deviation, voiced.mean(axis=0), voiced.std(axis=0))


def heard_speaker(samples: Samples) -> Speaker:
    """`speaker_of` what a recording says."""
    return speaker_of(analysed(samples))


def path(source: Speaker, target: Speaker) -> Path:
    """How ``source`` comes to sound like ``target``, as far as means and spreads go."""
    factor = min(_FACTORS, key=lambda each: _apart(warped(source.mean[np.newaxis], each), target.mean))
    mean = warped(source.mean[np.newaxis], factor)[0]
    shift = target.mean - mean
    spread = np.clip(target.deviation / np.maximum(source.deviation, 1e-6), *_SPREAD)
    shift[0], spread[0] = 0.0, 1.0
    stretch = float(np.clip(target.log_hz_deviation / max(source.log_hz_deviation, 1e-3), 0.5, 2.0))
    return Path(source.log_hz, target.log_hz, stretch, factor, mean, shift, spread)


def _apart(cepstra: Floats, other: Floats) -> float:
    gap = (envelope(cepstra) - envelope(other[np.newaxis]))[0, _LOW_BIN:_HIGH_BIN]
    return float(np.var(gap))
