"""Does the visible mouth move while the digits are heard? Whoever says a digit opens and closes the mouth for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.av.still import LIVELY
from biometrics.av.timeline import LONGEST_GAP_S
from biometrics.digits.bursts import Burst
from biometrics.digits.sound import KEPT_S
from biometrics.views import Fact
from fraudmodel.signals import Span

BEFORE_S: Final = 0.35
LOOK_S: Final = 1.0
"""A digit is looked at from a third of a second before it is heard, because mouths open before they sound, for a second: as long as
the looks that `LIVELY` was measured on."""
LEAST_SEEN: Final = 4
"""With the mouth in sight on fewer digits, nothing is said of it."""
MOVED: Final = 0.5
"""Share of the digits seen on which the mouth must move."""


@dataclass(frozen=True, slots=True)
class MouthMoved:
    """On how many digits the mouth was in sight all the while, and on how many of those it moved."""

    seen: int
    moved: int

    @property
    def told(self) -> bool:
        """Whether the mouth was in sight on enough of them to say anything."""
        return self.seen >= LEAST_SEEN

    @property
    def still(self) -> bool:
        """Whether this mouth did not say the digits."""
        return self.told and self.moved < MOVED * self.seen


@dataclass(frozen=True, slots=True)
class _Look:
    t: float
    track: int
    opening: float | None


class MouthMemory:
    """Remembers the last three quarters of a minute of a session's mouth."""

    def __init__(self) -> None:
        self._looks: deque[_Look] = deque()

    def learn(self, fact: Fact) -> None:
        """Take a fact of the topic "mouth" (`av.mouth.seen`)."""
        opening = fact.values.get("opening")
        self._looks.append(_Look(fact.t, int(fact.values["track"]), opening))
        while self._looks[0].t < fact.t - KEPT_S:
            self._looks.popleft()

    def moved(self, heard: Iterable[Burst]) -> MouthMoved:
        """What it did on these stretches of speech, one for each digit."""
        motions = [self._motion(burst.start - BEFORE_S) for burst in heard]
        seen = [motion for motion in motions if motion is not None]
        return MouthMoved(len(seen), sum(motion >= LIVELY for motion in seen))

    def _motion(self, start: float) -> float | None:
        """Standard deviation of the opening, eye distances; None unless one face's mouth was in sight all the while."""
        span = Span(max(start, 0.0), max(start, 0.0) + LOOK_S)
        looks = [look for look in self._looks if span.start <= look.t <= span.end]
        openings = [look.opening for look in looks if look.opening is not None]
        times = [span.start, *(look.t for look in looks), span.end]
        is_whole = len(openings) == len(looks) and max(np.diff(times)) <= LONGEST_GAP_S
        if not is_whole or len({look.track for look in looks}) != 1:
            return None
        return float(np.std(openings))
