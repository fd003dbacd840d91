"""Speech only: the frames with speech, joined into windows long enough for a voiceprint."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

import numpy as np

from biometrics.views import SpeechView
from biometrics.voice.features import Samples
from biometrics.voice.vad import FRAME_S, VAD_FRAME
from fraudmodel.signals import Span

SPEECH = 0.5
"""A frame is speech from this probability on."""
PAUSE = 0.2
"""A frame is background, and tells the noise, below this probability."""
NOISE_MEMORY_S = 10.0
NOISE_FRAMES = 8
"""Fewer frames of background do not tell the noise."""
MAX_AGE_S = 30.0
"""Speech that waited this long for its window to fill is dropped, so that a window is of one short stretch of media."""

T = TypeVar("T")

_STRETCH_GAP_S = 0.3


@dataclass(frozen=True, slots=True)
class SpeechWindow:
    """Joined speech. ``span`` runs from its first to its last frame and ``stretches`` are the pieces in between.

    ``samples`` (n,) float32 at 16 kHz; ``noise_power`` mean square of the background up to its end (the median of its
    frames, so that a breath or a click is not taken for noise), None where too little background was heard; ``lost``
    share of ``span`` that never arrived, 0..1.
    """

    span: Span
    samples: Samples
    stretches: tuple[Span, ...]
    noise_power: float | None
    lost: float

    @property
    def net_speech_s(self) -> float:
        return len(self.samples) / VAD_FRAME * FRAME_S


class SpeechSegments:
    """Cuts windows of ``window_s`` of speech, one every ``hop_s`` of speech, out of one session's views."""

    def __init__(self, window_s: float = 3.0, hop_s: float = 1.5, max_age_s: float = MAX_AGE_S) -> None:
        self._length = _frames(window_s)
        self._hop = _frames(hop_s)
        self._max_age_s = max_age_s
        self._speech: deque[tuple[float, Samples]] = deque()
        self._noise: deque[tuple[float, float]] = deque()
        self._losses: deque[tuple[float, float]] = deque()

    @property
    def held_s(self) -> float:
        """Seconds of speech at hand for the next window."""
        return len(self._speech) * FRAME_S

    def heard_since(self, t: float) -> bool:
        """Whether any speech at hand was heard at or after ``t``."""
        return bool(self._speech) and self._speech[-1][0] >= t

    def push(self, view: SpeechView) -> list[SpeechWindow]:
        """Take one view; give the windows that became full."""
        if view.lost_s > 0:
            self._losses.append((view.span.start, view.lost_s))
        windows = []
        for t, samples, speech in _frames_of(view):
            self._forget(t)
            self._sort_in(t, samples, speech)
            if len(self._speech) == self._length:
                windows.append(self._cut())
        return windows

    def _sort_in(self, t: float, samples: Samples, speech: float) -> None:
        if speech >= SPEECH:
            self._speech.append((t, samples))
        elif speech < PAUSE:
            self._noise.append((t, float(np.mean(np.square(samples, dtype=np.float64)))))

    def _forget(self, t: float) -> None:
        _drop_before(self._speech, t - self._max_age_s)
        _drop_before(self._losses, t - self._max_age_s)
        _drop_before(self._noise, t - NOISE_MEMORY_S)

    def _cut(self) -> SpeechWindow:
        times = [t for t, _ in self._speech]
        span = Span(times[0], times[-1] + FRAME_S)
        lost_s = sum(lost for t, lost in self._losses if span.start < t <= span.end)
        window = SpeechWindow(
            span=span,
            samples=np.concatenate([samples for _, samples in self._speech]),
            stretches=tuple(_stretches(times)),
            noise_power=self._noise_power(),
            lost=min(1.0, lost_s / span.duration_s),
        )
        for _ in range(self._hop):
            self._speech.popleft()
        return window

    def _noise_power(self) -> float | None:
        if len(self._noise) < NOISE_FRAMES:
            return None
        return median(power for _, power in self._noise)


def speech_only(view: SpeechView) -> Samples:
    """The samples of the view's speech frames, joined, (n,)."""
    return view.samples.reshape(-1, VAD_FRAME)[view.speech >= SPEECH].ravel()


def background(view: SpeechView) -> list[float]:
    """The mean square of each frame of the view that is background."""
    frames = view.samples.reshape(-1, VAD_FRAME)[view.speech < PAUSE]
    return [float(power) for power in np.mean(np.square(frames, dtype=np.float64), axis=1)]


def _frames(duration_s: float) -> int:
    return max(1, round(duration_s / FRAME_S))


def _frames_of(view: SpeechView) -> Iterator[tuple[float, Samples, float]]:
    frames = view.samples.reshape(-1, VAD_FRAME)
    for index, (samples, speech) in enumerate(zip(frames, view.speech, strict=True)):
        yield view.span.start + index * FRAME_S, samples, float(speech)


def _drop_before(items: deque[tuple[float, T]], t: float) -> None:
    while items and items[0][0] < t:
        items.popleft()


def _stretches(times: list[float]) -> Iterator[Span]:
    start = previous = times[0]
    for t in times[1:]:
        if t - previous - FRAME_S > _STRETCH_GAP_S:
            yield Span(start, previous + FRAME_S)
            start = t
        previous = t
    yield Span(start, previous + FRAME_S)
