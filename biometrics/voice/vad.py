"""Voice activity: Silero VAD over a stream, its recurrent state carried from call to call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biometrics.voice.features import Samples
from models.hub import Model, Rows

VAD_FRAME = 512
"""Samples per speech probability: 32 ms at 16 kHz."""
FRAME_S = VAD_FRAME / 16_000

_CONTEXT = 64
_STATE = (1, 2, 128)


class VoiceActivity:
    """Speech probabilities for one stream. One instance per session.

    Each frame is preceded by the last 64 samples of the one before, as the model was trained.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self.reset()

    def reset(self) -> None:
        """Forget what was heard: after a gap, what follows is not a continuation."""
        self._state: Rows = np.zeros(_STATE, dtype=np.float32)
        self._context = np.zeros(_CONTEXT, dtype=np.float32)

    def __call__(self, samples: Samples) -> NDArray[np.float32]:
        """The probability of speech in each 32 ms of ``samples`` (n,), as (n / 512,). Raises ValueError for a rest."""
        if len(samples) % VAD_FRAME:
            raise ValueError(f"voice activity takes whole frames of {VAD_FRAME} samples, got {len(samples)}")
        frames = samples.reshape(-1, VAD_FRAME)
        return np.fromiter((self._step(frame) for frame in frames), dtype=np.float32, count=len(frames))

    def _step(self, frame: Samples) -> float:
        row = np.concatenate([self._context, frame])[np.newaxis]
        speech, self._state = self._model(row, self._state)
        self._context = frame[-_CONTEXT:].copy()
        return float(speech.ravel()[0])
