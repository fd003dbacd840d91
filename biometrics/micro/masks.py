"""What disturbs the measuring of a face for a moment, and which regions: blinks, speech, key frames, lost media, jerks, jumps of light.

A disturbed region is not judged, neither for a movement nor for rest. Samples are held back until what is said of them has arrived: a
blink reaches backwards, and the sound of a moment is heard after it was seen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.micro.align import Aligned
from biometrics.micro.baseline import Flags
from biometrics.micro.motion import Shifts
from biometrics.micro.regions import IS_LOWER, IS_UPPER
from biometrics.views import FaceView

HELD_S: Final = 1.0
"""How long samples wait for what is heard of them: hops of sound last half a second."""
BLINK_S: Final = 0.1
MOMENT_S: Final = 0.045
"""About one frame: key frames and jerks reach that far."""
SPEECH_S: Final = 0.25
CLOSED: Final = 0.72
"""Of the usual opening of the eyes, below which they are closing: landmarks say so, late and sometimes not at all."""
EYES_CHANGED: Final = 0.4
"""Share of their contrast by which the eyes change from one frame to the next when lids or gaze jump."""
JERK_DEG_S: Final = 40.0
JERK_S: Final = 0.13
LIGHT: Final = 0.04
"""Share by which the face becomes brighter or darker from one picture to the next when the light, not the face, has changed."""
SPEAKS: Final = 0.5
_USUAL = 90
_EYES = (((159, 145), (158, 153), (160, 144), (33, 133)), ((386, 374), (385, 380), (387, 373), (362, 263)))
_WORD_S = 512 / 16_000

_NOTHING: Flags = np.zeros_like(IS_UPPER)
_EVERYTHING: Flags = np.ones_like(IS_UPPER)


def opening(points: NDArray[np.floating]) -> float:
    """Height over width of the eye that is less open (the eye aspect ratio of Soukupova & Cech 2016), by landmarks (478, 2)."""
    return min(_ratio(points, eye) for eye in _EYES)


def _ratio(points: NDArray[np.floating], eye: tuple[tuple[int, int], ...]) -> float:
    *heights, width = (float(np.hypot(*(points[a] - points[b]))) for a, b in eye)
    return sum(heights) / (len(heights) * max(width, 1e-6))


@dataclass(frozen=True, slots=True)
class Sample:
    """Where the regions were, and which of them were ``disturbed`` (12,)."""

    shifts: Shifts
    disturbed: Flags


@dataclass(frozen=True, slots=True)
class _Disturbance:
    start: float
    end: float
    regions: Flags


class Masks:
    """Holds one session's samples back until it is known what disturbed them."""

    def __init__(self) -> None:
        self._waiting: deque[Shifts] = deque()
        self._known: deque[_Disturbance] = deque()
        self._openings: deque[float] = deque(maxlen=_USUAL)
        self._silences: deque[tuple[float, float]] = deque()
        self._heads: deque[Aligned] = deque()
        self._last: Aligned | None = None

    def push(self, view: FaceView, aligned: Aligned, shifts: Shifts) -> list[Sample]:
        """Take a frame's sample; give those that have waited long enough."""
        self._known += self._seen(view, aligned, shifts)
        self._last = aligned
        self._waiting.append(shifts)
        return self._due(view.t)

    def blind(self, t: float) -> list[Sample]:
        """A moment at which nothing can be seen; give the samples that have waited long enough."""
        self._known.append(_Disturbance(t - MOMENT_S, t + MOMENT_S, _EVERYTHING))
        return self._due(t)

    def learn(self, values: Mapping[str, Any]) -> None:
        """What was heard from ``from_s`` to ``to_s``: a fact of the topic "speech"."""
        start, words = float(values["from_s"]), values["speech"]
        for k, spoken in enumerate(words):
            begin = start + k * _WORD_S
            end = min(begin + _WORD_S, float(values["to_s"]))
            if spoken >= SPEAKS:
                continue
            if self._silences and abs(self._silences[-1][1] - begin) < 1e-3:
                begin = self._silences.pop()[0]
            self._silences.append((begin, end))
        while self._silences and self._silences[0][1] < start - 10.0:
            self._silences.popleft()

    def rest(self) -> list[Sample]:
        """What is still held back, at the end of media."""
        return [self._released(self._waiting.popleft()) for _ in range(len(self._waiting))]

    def _due(self, now: float) -> list[Sample]:
        due: list[Sample] = []
        while self._waiting and self._waiting[0].t <= now - HELD_S:
            due.append(self._released(self._waiting.popleft()))
        while self._known and self._known[0].end < now - 2.0 * HELD_S:
            self._known.popleft()
        return due

    def _released(self, shifts: Shifts) -> Sample:
        disturbed = _NOTHING if self._silent(shifts.t) else IS_LOWER
        for known in self._known:
            if known.start <= shifts.t <= known.end:
                disturbed = disturbed | known.regions
        return Sample(shifts, disturbed)

    def _silent(self, t: float) -> bool:
        return any(start <= t - SPEECH_S and t + SPEECH_S <= end for start, end in self._silences)

    def _seen(self, view: FaceView, aligned: Aligned, shifts: Shifts) -> Iterator[_Disturbance]:
        t, last = view.t, self._last
        if self._closing(aligned) or shifts.eyes > EYES_CHANGED:
            yield _Disturbance(t - BLINK_S, t + BLINK_S, IS_UPPER)
        if (
            view.frame.keyframe
            or view.frame.lost_s > 0.0
            or self._jerks(aligned)
            or (last is not None and aligned.unbroken and _flashes(last, aligned))
        ):
            yield _Disturbance(t - MOMENT_S, t + MOMENT_S, _EVERYTHING)

    def _jerks(self, aligned: Aligned) -> bool:
        """Whether the head turned faster than `JERK_DEG_S` over the last `JERK_S`: from frame to frame landmarks tremble more than that."""
        if not aligned.unbroken:
            self._heads.clear()
        self._heads.append(aligned)
        while len(self._heads) > 2 and self._heads[1].t <= aligned.t - JERK_S:
            self._heads.popleft()
        first = self._heads[0]
        return aligned.t - first.t >= JERK_S / 2 and turn_deg(first, aligned) > JERK_DEG_S * (
            aligned.t - first.t
        )

    def _closing(self, aligned: Aligned) -> bool:
        now = opening(aligned.points)
        self._openings.append(now)
        return now < CLOSED * float(np.median(self._openings))


def turn_deg(before: Aligned, after: Aligned) -> float:
    """The angle between two heads."""
    one, _ = cv2.Rodrigues(before.place.turn)
    other, _ = cv2.Rodrigues(after.place.turn)
    cosine = (float(np.sum(one * other)) - 1.0) / 2.0
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _flashes(before: Aligned, after: Aligned) -> bool:
    one, other = float(before.grey.mean()), float(after.grey.mean())
    return abs(other - one) > LIGHT * max(one, 1.0)
