"""Does the mouth move while somebody is heard speaking, and do the lips move as a whole? Those of a print or of a mask cannot.

Only moments of speech count, for a listener's mouth is still as well. Whose voice it is does not matter here: whoever
holds a photo up has to answer for it. Behind a hole that was cut into paper the wearer's lips part, but the printed edges
of the lips around it stay where they are. How far they come along is a regression's slope and no ratio of deviations:
the landmarks' own noise adds to the edges' deviation, and makes a printed edge look alive.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Landmarks
from biometrics.views import Face, Fact

LEAST_SPEECH_S = 1.0
LEAST_LOOKS = 8
"""Less speech, or fewer faces during it, and nothing is said."""
FLOOR = 0.002
"""Of a face's height: what the landmarks of a still mouth are off anyway."""
LIVELY = 0.01
"""Of a face's height: whoever speaks opens and closes the lips by more (the quietest 4 s of eight people by 0.011)."""
PARTING = 0.008
"""Of a face's height: unless the lips' inner edges part by more, nobody can say how much of that the outer ones follow."""
LEAST_PARTING_S = 1.6
LEAST_PARTING_LOOKS = 25
"""From less speech, or fewer faces during it, no slope is taken: one word can spread the lips without parting them (slopes down to 0.12
with 1.2 s of speech; with these limits the least of 180 honest windows of the lab's four test people is 0.63)."""
FOLLOWING = 0.6
"""How far the outer edges of live lips follow the inner ones, as a slope (of 110 honest windows that `training.pad.extract` writes of the
four training people 3 lie below, the least at 0.52)."""
LEAST_FOLLOWING = 0.1
"""Less than this is as little."""
HELD_S = 20.0
"""What a mouth showed when it spoke last goes on counting for so long, while the same face stays in sight: a mask does not come alive
by falling silent, and a light challenge asks for silence."""
LAGGING = 3.0
"""Edges that follow by a third are as dead as those that stand still (log (`FLOOR` / `LIVELY`) is three times log (0.33 / 0.6))."""
LOCAL_S = 0.8
"""Openings are compared with their median over so long, so that a head that turns slowly does not count as speech."""
_MOSTLY = 0.5
"""Share of a stretch that must be speech."""
_KEPT_S = 10.0
_LIPS, _INNER, _HEIGHT = (0, 17), (13, 14), (10, 152)
"""The lips' outer edges, which a paper mask with a hole for the mouth still covers; their inner edges; forehead and chin."""

Floats = NDArray[np.float64]


class MouthWatch:
    """Watches one stretch of time; `take` gives what it showed and begins the next."""

    def __init__(self) -> None:
        self._looks: list[tuple[float, float, float]] = []
        self._tracks: set[int] = set()
        self._known: tuple[float, float, set[int]] | None = None
        self._spoken: deque[tuple[float, float, float]] = deque()

    def push(self, t: float, face: Face) -> None:
        """Look at a face."""
        self._looks.append((t, *openings(face.landmarks)))
        self._tracks.add(face.track)

    def hear(self, fact: Fact) -> None:
        """Take a fact of the topic "speech" (`voice.perception.heard`)."""
        values = fact.values
        start, end, spoken_s = (float(values[name]) for name in ("from_s", "to_s", "speech_s"))
        if spoken_s >= _MOSTLY * (end - start):
            self._spoken.append((start, end, spoken_s))
        while self._spoken and self._spoken[0][1] < end - _KEPT_S:
            self._spoken.popleft()

    def take(self) -> float | None:
        """How rigid the mouth was during speech: 0 for lips that move as a whole, below 0 the more rigid. Where too little was
        heard, what the stretch before said of the same face, for `HELD_S`; None without that, or where too little was seen.

        The lesser of two natural logs, held at 0: of the standard deviation of the outer opening, `FLOOR` added, over `LIVELY`; and,
        where enough was heard and the inner opening moves by `PARTING`, of the slope of the outer opening on the inner one over `FOLLOWING`, which counts
        `LAGGING` times.
        """
        looks, tracks = self._looks, self._tracks
        self._looks, self._tracks = [], set()
        if not looks:
            return None
        found = self._judge(looks)
        if found is None:
            return self._held(looks[0][0], tracks)
        self._known = (looks[-1][0], found, tracks)
        return found

    def _held(self, t: float, tracks: set[int]) -> float | None:
        if self._known is None:
            return None
        at, value, before = self._known
        return value if t - at <= HELD_S and tracks == before and len(tracks) == 1 else None

    def _judge(self, looks: Sequence[tuple[float, float, float]]) -> float | None:
        t, outer, inner = np.array(looks).T
        spoken = [each for each in self._spoken if each[0] < t[-1] and each[1] > t[0]]
        speaking = _within(t, spoken)
        spoken_s, seen = sum(seconds for _, _, seconds in spoken), int(speaking.sum())
        if spoken_s < LEAST_SPEECH_S or seen < LEAST_LOOKS:
            return None
        stillness = float(np.log((np.std(outer[speaking]) + FLOOR) / (LIVELY + FLOOR)))
        if spoken_s < LEAST_PARTING_S or seen < LEAST_PARTING_LOOKS:
            return min(stillness, 0.0)
        return min(stillness, LAGGING * _lag(_local(t, outer)[speaking], _local(t, inner)[speaking]), 0.0)


def openings(landmarks: Landmarks) -> tuple[float, float]:
    """The distances between the lips' outer edges, and between their inner ones, over the face's height: turning a flat or a
    rigid face hardly changes them."""
    outer, inner, height = (
        float(np.linalg.norm(landmarks[a, :2] - landmarks[b, :2])) for a, b in (_LIPS, _INNER, _HEIGHT)
    )
    return outer / max(height, 1.0), inner / max(height, 1.0)


def _within(t: Floats, spoken: Sequence[tuple[float, float, float]]) -> NDArray[np.bool_]:
    """(n,) which of the times lie in speech."""
    inside = np.zeros(len(t), np.bool_)
    for start, end, _ in spoken:
        inside |= (t >= start) & (t < end)
    return inside


def _local(t: Floats, values: Floats) -> Floats:
    """(n,) values less their median over `LOCAL_S` about each."""
    return np.asarray(values - [np.median(values[np.abs(t - at) <= LOCAL_S / 2]) for at in t])


def _lag(outer: Floats, inner: Floats) -> float:
    """Natural log of how far the outer edges follow, over `FOLLOWING`; 0 where the inner ones hardly part. Openings (n,) less their
    local median."""
    if float(np.std(inner)) < PARTING:
        return 0.0
    slope = float(np.dot(outer, inner) / np.dot(inner, inner))
    return float(np.log(max(slope, LEAST_FOLLOWING) / FOLLOWING))
