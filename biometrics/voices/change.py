"""When does the voice change? A cumulative sum over the windows of a call (Page 1954, "Continuous inspection schemes").

Each window's distance from the session's own voice becomes an LLR-like drift in nats. Successive windows share half of their speech, so
only part of each counts. The sum never falls below 0, where the voice is the applicant's, and never rises above the alarm, so that
somebody who comes back is heard as soon as somebody who comes. The applicant's own windows take away what a prompter's add: only a voice
that stays makes an alarm.

Measured on the windows of `voices.own`, 10 speakers and 270 changes between them: all are found, after 4 windows (90 %: 5, most: 7), and
no window of the same speaker brings the sum above 0.04. A sum that also forgets a tenth with each window takes 5 (6, 15) and gains nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from biometrics.voices.own import BOUNDARY

SLOPE: Final = 16.0
"""Nats a unit of cosine distance. Own windows (0.24, 0.34 far away) and others' (0.87) lie some 0.1 about their medians, which is worth
four times as much; the rest is left for what was not measured: a cold, another headset, another room."""
MOST: Final = 4.0
"""No window counts for more, either way, nats."""
SHARE: Final = 0.35
"""How much of a window counts beside its neighbours."""
ALARM: Final = 5.0
"""Nats: four windows in a row of a voice that is clearly another."""

Turn = Literal["changed", "back"]
"""What a window settled: the voice is another since ``Step.ago`` windows, or the session's own again."""


@dataclass(frozen=True, slots=True)
class Step:
    """After one window: the sum ``score``, 0..5 nats; what it settled; and how many windows ``ago`` that began, 0 with this one."""

    score: float
    turn: Turn | None
    ago: int


def drift(distance: float) -> float:
    """The evidence of one window that somebody else speaks, -4..4 nats."""
    return max(-MOST, min(MOST, SLOPE * (distance - BOUNDARY)))


class Change:
    """Watches one session's windows, in order."""

    def __init__(self) -> None:
        self._score = 0.0
        self._other = False
        self._ago = 0

    def push(self, distance: float) -> Step:
        """Take the distance of one window."""
        settled = self._score == (ALARM if self._other else 0.0)
        self._ago = 0 if settled else self._ago + 1
        self._score = max(0.0, min(ALARM, self._score + SHARE * drift(distance)))
        return Step(self._score, self._turn(), self._ago)

    def _turn(self) -> Turn | None:
        if self._other and self._score == 0.0:
            self._other = False
            return "back"
        if not self._other and self._score == ALARM:
            self._other = True
            return "changed"
        return None
