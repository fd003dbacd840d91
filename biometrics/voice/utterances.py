"""Utterances: runs of speech divided by pauses, each long enough for a voiceprint of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from biometrics.views import SpeechView
from biometrics.voice.features import Samples
from biometrics.voice.segments import SPEECH
from biometrics.voice.vad import FRAME_S, VAD_FRAME

PAUSE_S: Final = 0.3
"""So long without speech divides two utterances."""
SHORTEST_S: Final = 2.0
"""Speech of an utterance, without its pauses. A run with less goes on over the pause after it: a word is too little for a voiceprint."""

_PAUSE_FRAMES: Final = round(PAUSE_S / FRAME_S)
_LEAST_FRAMES: Final = round(SHORTEST_S / FRAME_S)


class Utterances:
    """Cuts one recording's views into utterances of speech-only samples, (n,) each."""

    def __init__(self) -> None:
        self._speech: list[Samples] = []
        self._silent = 0

    def push(self, view: SpeechView) -> Iterator[Samples]:
        """Take a view; give the utterances that a pause ended."""
        for samples, speech in zip(view.samples.reshape(-1, VAD_FRAME), view.speech, strict=True):
            if speech >= SPEECH:
                self._speech.append(samples)
                self._silent = 0
                continue
            self._silent += 1
            if self._silent == _PAUSE_FRAMES and self._is_whole():
                yield self._cut()

    def finish(self) -> Iterator[Samples]:
        """The recording's end: its last utterance. A rest that is too short is left out."""
        if self._is_whole():
            yield self._cut()

    def _is_whole(self) -> bool:
        return len(self._speech) >= _LEAST_FRAMES

    def _cut(self) -> Samples:
        utterance, self._speech = np.concatenate(self._speech), []
        return utterance
