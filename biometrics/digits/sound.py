"""A bounded memory of sound. A challenge's facts come after the sound that they concern."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.views import SpeechView
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.segments import PAUSE, SPEECH
from biometrics.voice.vad import VAD_FRAME
from fraudmodel.signals import Span

KEPT_S: Final = 45.0


@dataclass(frozen=True, slots=True)
class Sound:
    """A stretch of media from ``start``: ``samples`` (n,) at 16 kHz, silence where media are lost; ``speech`` (n / 512,) probability.

    ``lost`` is the share that never arrived, 0..1.
    """

    start: float
    samples: Samples
    speech: NDArray[np.float32]
    lost: float

    @property
    def spoken(self) -> Samples:
        """Samples of the frames that are speech, joined."""
        return np.asarray(self._frames[self.speech >= SPEECH].ravel())

    @property
    def noise_power(self) -> float | None:
        """Mean square of the background (median over its frames); None where less than a quarter of a second was heard."""
        powers = np.mean(np.square(self._frames[self.speech < PAUSE], dtype=np.float64), axis=1)
        powers = powers[powers > 0.0]
        return float(np.median(powers)) if len(powers) >= 8 else None

    @property
    def _frames(self) -> Samples:
        return self.samples.reshape(-1, VAD_FRAME)


class SoundMemory:
    """Remembers the last three quarters of a minute of a session's sound."""

    def __init__(self) -> None:
        self._views: deque[SpeechView] = deque()

    def push(self, view: SpeechView) -> None:
        """Remember one hop."""
        self._views.append(view)
        while self._views[0].span.end < view.t - KEPT_S:
            self._views.popleft()

    def since(self, t: float) -> float:
        """``t``, or when the sound began where that is later."""
        return max(t, self._views[0].span.start) if self._views else t

    def during(self, span: Span) -> Sound | None:
        """What was heard, laid out on the clock in whole frames of 32 ms; None where nothing was."""
        views = [view for view in self._views if view.span.overlaps(span)]
        if not views:
            return None
        count = max(int(span.duration_s * SAMPLE_RATE_HZ) // VAD_FRAME, 1)
        samples, speech = np.zeros(count * VAD_FRAME, np.float32), np.zeros(count, np.float32)
        heard = np.zeros(count * VAD_FRAME, np.bool_)
        for view in views:
            at = round((view.span.start - span.start) * SAMPLE_RATE_HZ)
            lay(samples, at, view.samples)
            lay(heard, at, np.ones(len(view.samples), np.bool_))
            # The grids of frames differ by less than one: the later takes the greater.
            lay(speech, round(at / VAD_FRAME), view.speech)
        return Sound(span.start, samples, speech, 1.0 - float(heard.mean()))


def lay(
    onto: NDArray[np.float32] | NDArray[np.bool_], at: int, what: NDArray[np.float32] | NDArray[np.bool_]
) -> None:
    """Copy ``what`` to index ``at``, as far as it fits."""
    first, last = max(at, 0), min(at + len(what), len(onto))
    if first < last:
        onto[first:last] = what[first - at : last - at]
