"""Turns of speech, cut into segments short enough to hold one voice and long enough to tell whose."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.views import SpeechView
from biometrics.voice.features import Samples
from biometrics.voice.segments import SPEECH
from biometrics.voice.vad import FRAME_S, VAD_FRAME
from fraudmodel.signals import Span

SEGMENT_S: Final = 1.0
"""Twice the least, so that two seconds of prompting are two segments: a voiceprint of 1 s costs as much for each second as one of 3 s."""
LEAST_S: Final = 0.8
"""Less speech than this tells no voice from another."""
GAP_S: Final = 0.3
"""A turn ends with a longer pause than this: who speaks next may be somebody else."""
_SILENCE_DB: Final = -100.0


@dataclass(frozen=True, slots=True)
class Segment:
    """Some of one turn. ``samples`` (n,) all of ``span`` at 16 kHz, in one piece; ``speaks`` (n / 512,) which frames are speech."""

    span: Span
    samples: Samples
    speaks: NDArray[np.bool_]

    @property
    def speech(self) -> Samples:
        """The speech alone, (m,)."""
        return self.samples.reshape(-1, VAD_FRAME)[self.speaks].ravel()

    @property
    def speech_s(self) -> float:
        return float(self.speaks.sum()) * FRAME_S

    @property
    def level_db(self) -> float:
        """Level of the speech below full scale, dB."""
        return level_db(self.speech)


def level_db(samples: Samples) -> float:
    """Root mean square below full scale, dB."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return max(_SILENCE_DB, 10 * log10(power)) if power > 0.0 else _SILENCE_DB


@dataclass(slots=True)
class Turns:
    """Cuts segments of 1 s of speech, or what is left of a turn, out of one session's views. Nothing bridges lost media."""

    _start_s: float = 0.0
    _frames: list[Samples] = field(default_factory=list)
    _speaks: list[bool] = field(default_factory=list)
    _pause: int = 0

    def push(self, view: SpeechView) -> list[Segment]:
        """Take one view; give the segments that ended."""
        found = self.end() if view.lost_s > 0 else []
        for index, samples in enumerate(view.samples.reshape(-1, VAD_FRAME)):
            found += self._take(
                view.span.start + index * FRAME_S, samples, bool(view.speech[index] >= SPEECH)
            )
        return found

    def end(self) -> list[Segment]:
        """What is left of the turn, where it is enough to tell a voice."""
        whole = len(self._speaks) - self._pause
        frames, speaks = self._frames[:whole], self._speaks[:whole]
        self._frames, self._speaks, self._pause = [], [], 0
        if sum(speaks) * FRAME_S < LEAST_S:
            return []
        span = Span(self._start_s, self._start_s + whole * FRAME_S)
        return [Segment(span, np.concatenate(frames), np.array(speaks))]

    def _take(self, t: float, samples: Samples, speaks: bool) -> list[Segment]:
        if not self._speaks:
            if not speaks:
                return []
            self._start_s = t
        self._frames.append(samples)
        self._speaks.append(speaks)
        self._pause = 0 if speaks else self._pause + 1
        full = speaks and sum(self._speaks) * FRAME_S >= SEGMENT_S
        return self.end() if full or self._pause * FRAME_S > GAP_S else []
