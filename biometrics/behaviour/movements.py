"""The movements of the face that were spotted, and for how long somebody was looking, kept for a whole session."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from biometrics.micro.told import TOLD_S
from biometrics.views import Fact
from fraudmodel.signals import Span

WATCHED: Final = 0.5
"""Share of an answer that must have been watched: nothing spotted where nobody could look says nothing."""
AROUND_S: Final = 5.0
"""Either side of a movement, so long is taken for watched: the detector looked about it, and says nothing of the rest of its window."""
_MOST, _MOST_STRETCHES = 4000, 8000
"""Between two blinks or turns of the head lies a second or more: two hours have fewer."""


def known_s(span: Span) -> float:
    """When all movements of an answer have been told."""
    return span.end + TOLD_S


@dataclass(frozen=True, slots=True)
class _Moved:
    apex_s: float
    brief: bool
    upper: bool
    asymmetry: float


class Movements:
    """Facts of the topic "movement" (`micro.told`), some seconds late: of a movement, or of a stretch in which none was to be seen."""

    def __init__(self) -> None:
        self._moved: deque[_Moved] = deque(maxlen=_MOST)
        self._watched: deque[tuple[float, float]] = deque(maxlen=_MOST_STRETCHES)

    def learn(self, fact: Fact) -> None:
        """Take a fact."""
        values = fact.values
        if "apex_s" in values:
            side = float(values.get("asymmetry", 0.0))
            moved = _Moved(float(values["apex_s"]), bool(values["brief"]), bool(values["upper"]), side)
            self._moved.append(moved)
            self._watched.append((moved.apex_s - AROUND_S, moved.apex_s + AROUND_S))
        if "watched_from_s" in values:
            self._watched.append((float(values["watched_from_s"]), float(values["watched_to_s"])))

    def during(self, span: Span, told_s: float) -> dict[str, float]:
        """What can be said of an answer: brief movements of the upper face and longer ones a minute, and their mean asymmetry.

        Nothing before all that concerns it has been told: ``told_s`` is up to where the face was seen, and what that gave was told.
        """
        if told_s < known_s(span):
            return {}
        watched_s = self._watched_s(span)
        if watched_s <= 0.0 or watched_s < WATCHED * span.duration_s:
            return {}
        moved = [each for each in self._moved if span.start <= each.apex_s <= span.end]
        found = {
            "brief_upper_per_min": 60.0 * sum(each.brief and each.upper for each in moved) / watched_s,
            "macro_per_min": 60.0 * sum(not each.brief for each in moved) / watched_s,
        }
        if moved:
            found["asymmetry"] = sum(abs(each.asymmetry) for each in moved) / len(moved)
        return found

    def _watched_s(self, span: Span) -> float:
        """Seconds of a span that were watched, each counted once."""
        total, reached = 0.0, span.start
        for start, end in sorted(
            each for each in self._watched if each[0] < span.end and each[1] > span.start
        ):
            begin, stop = max(start, reached), min(end, span.end)
            if stop > begin:
                total, reached = total + stop - begin, stop
        return total
