"""Does the mouth move while somebody is heard speaking? That of a print or of a mask cannot.

Only moments of speech count, for a listener's mouth is still as well. Whose voice it is does not matter here: whoever
holds a photo up has to answer for it.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from biometrics.face.boxes import Landmarks
from biometrics.views import Face, Fact

LEAST_SPEECH_S = 1.0
LEAST_LOOKS = 8
"""Less speech, or fewer faces during it, and nothing is said."""
FLOOR = 0.002
"""Of a face's height: what the landmarks of a still mouth are off anyway."""
LIVELY = 0.01
"""Of a face's height: whoever speaks opens and closes the lips by more (the quietest 4 s of eight people by 0.011)."""
_MOSTLY = 0.5
"""Share of a stretch that must be speech."""
_KEPT_S = 10.0
_LIPS, _HEIGHT = (0, 17), (10, 152)
"""The lips' outer edges, which a paper mask with too small a hole for the mouth still covers; forehead and chin."""


class MouthWatch:
    """Watches one stretch of time; `take` gives what it showed and begins the next."""

    def __init__(self) -> None:
        self._looks: list[tuple[float, float]] = []
        self._spoken: deque[tuple[float, float, float]] = deque()

    def push(self, t: float, face: Face) -> None:
        """Look at a face."""
        self._looks.append((t, opening(face.landmarks)))

    def hear(self, fact: Fact) -> None:
        """Take a fact of the topic "speech" (`voice.perception.heard`)."""
        values = fact.values
        start, end, spoken_s = (float(values[name]) for name in ("from_s", "to_s", "speech_s"))
        if spoken_s >= _MOSTLY * (end - start):
            self._spoken.append((start, end, spoken_s))
        while self._spoken and self._spoken[0][1] < end - _KEPT_S:
            self._spoken.popleft()

    def take(self) -> float | None:
        """How still the mouth was during speech: 0 where its opening has a standard deviation of `LIVELY` or more, else below
        0, natural log of that deviation over `LIVELY` (with `FLOOR` added to both); None where too little was heard or seen."""
        looks, self._looks = self._looks, []
        if not looks:
            return None
        first, last = looks[0][0], looks[-1][0]
        spoken = [each for each in self._spoken if each[0] < last and each[1] > first]
        openings = [gap for t, gap in looks if any(start <= t < end for start, end, _ in spoken)]
        if sum(seconds for _, _, seconds in spoken) < LEAST_SPEECH_S or len(openings) < LEAST_LOOKS:
            return None
        return min(float(np.log((np.std(openings) + FLOOR) / (LIVELY + FLOOR))), 0.0)


def opening(landmarks: Landmarks) -> float:
    """The distance between the lips' outer edges over the face's height: turning a flat or a rigid face hardly changes it."""
    gap, height = (float(np.linalg.norm(landmarks[a, :2] - landmarks[b, :2])) for a, b in (_LIPS, _HEIGHT))
    return gap / max(height, 1.0)
