"""The second voice encoder: ECAPA-TDNN with the filterbank that it was trained on, SpeechBrain's ``Fbank``.

That one differs from Kaldi's in every step: a periodic Hamming window about each frame's centre, power in dB held at 80 dB
below its peak, and triangles as wide to the right as to the left.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.voice.embed import Vector, unit
from biometrics.voice.features import FBANK_BINS, SAMPLE_RATE_HZ, Samples
from models.hub import Model

_WINDOW: Final = 400
"""Samples of a frame, 25 ms, and points of its transform."""
_HOP: Final = 160
_FLOOR: Final = 1e-10
_RANGE_DB: Final = 80.0

Floats = NDArray[np.float64]


class EcapaEncoder:
    """Turns speech into a point on the unit sphere, as `embed.VoiceEncoder` does."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def model(self) -> str:
        """The encoder, as templates and observations name it."""
        return str(self._model.id)

    def embed(self, speech: Samples) -> Vector:
        """The voiceprint (d,) of speech-only samples (n,), L2-normalised. Raises ValueError for less than 25 ms."""
        (rows,) = self._model(log_filterbank(speech)[np.newaxis])
        return unit(np.asarray(rows[0], dtype=np.float32))


def log_filterbank(samples: Samples) -> NDArray[np.float32]:
    """SpeechBrain's 80 log filterbank energies in dB, each bin's mean subtracted: (1 + n / 160, 80).

    Raises ValueError for less than 25 ms.
    """
    if len(samples) < _WINDOW:
        raise ValueError(f"a filterbank needs {_WINDOW} samples (25 ms), got {len(samples)}")
    around = np.pad(samples.astype(np.float64), _WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(around, _WINDOW)[::_HOP]
    power = np.abs(np.fft.rfft(frames * _hamming(), axis=1)) ** 2
    level_db = 10.0 * np.log10(np.maximum(power @ _triangles(), _FLOOR))
    level_db = np.maximum(level_db, level_db.max() - _RANGE_DB)
    return np.asarray(level_db - level_db.mean(axis=0), dtype=np.float32)


@cache
def _hamming() -> Floats:
    return np.asarray(0.54 - 0.46 * np.cos(2.0 * np.pi * np.arange(_WINDOW) / _WINDOW))


@cache
def _triangles() -> Floats:
    """(201, 80): how much of each frequency goes into each bin."""
    top = 2595.0 * np.log10(1.0 + SAMPLE_RATE_HZ / 2 / 700.0)
    edges = 700.0 * (10.0 ** (np.linspace(0.0, top, FBANK_BINS + 2) / 2595.0) - 1.0)
    centre, width = edges[1:-1], np.diff(edges)[:-1]
    away = (np.linspace(0.0, SAMPLE_RATE_HZ // 2, _WINDOW // 2 + 1)[:, np.newaxis] - centre) / width
    return np.maximum(1.0 - np.abs(away), 0.0)
