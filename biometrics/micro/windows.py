"""Stretches of ten seconds: in which of them brief movements could be seen, and why not in the others."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

from biometrics.micro.baseline import LEAST_S, RATE_HZ
from biometrics.micro.observable import Refusal
from biometrics.micro.spotting import Moment
from fraudmodel.signals import Reason, Span

WINDOW_S: Final = 10.0
LATE_S: Final = 3.0
"""So long after a window all of it has been searched, and its last movement found."""
LEAST_SEEN: Final = 0.3
"""Of a window's time that was searched with the upper face undisturbed: with less, nothing is said of it."""
_SAMPLE_S = 1.0 / RATE_HZ


@dataclass(slots=True)
class Window:
    """What became of the time from ``start`` to ``end`` s: ``frames`` that came, ``judged`` those at which the person's rest was known,
    ``searched`` stretches in which a movement would have been found, and for how long one that was looked for was ``disturbed_s``."""

    start: float
    end: float
    frames: int = 0
    judged: int = 0
    searched: list[Span] = field(default_factory=list)
    disturbed_s: float = 0.0
    observed_s: float = 0.0
    movements: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    details: dict[Reason, str] = field(default_factory=dict)

    def refuse(self, refusal: Refusal) -> None:
        """A frame at which nothing can be seen."""
        self.frames += 1
        self.refused[refusal.reason] += 1
        self.details[refusal.reason] = refusal.detail

    def count(self, known: bool, observed_s: float) -> None:
        """A frame that was measured; ``known`` whether the person's rest is, after ``observed_s`` of it."""
        self.frames += 1
        self.judged += known
        if not known:
            self.observed_s = observed_s

    def search(self, moment: Moment) -> None:
        """A moment in which a movement was looked for; they come in order of time."""
        end = min(moment.t + _SAMPLE_S, self.end)
        if not moment.undisturbed:
            self.disturbed_s += end - moment.t
        elif self.searched and moment.t - self.searched[-1].end < 0.5 * _SAMPLE_S:
            self.searched[-1] = Span(self.searched[-1].start, end)
        else:
            self.searched.append(Span(moment.t, end))

    @property
    def seen(self) -> float:
        """Share of the window's whole time that was searched, 0..1: where no frame came, or a break was near, nobody looked."""
        return sum(each.duration_s for each in self.searched) / (self.end - self.start)

    def verdict(self) -> Refusal | None:
        """Why nothing can be said of this window; None where no movement in it means that there was none to see."""
        if self.refused.total() > 0.5 * self.frames:
            return self._refusal()
        if self.judged < 0.5 * self.frames or not self.frames:
            return Refusal(
                Reason.NOT_YET, f"{int(self.observed_s)} s of this face at rest; {LEAST_S:.0f} are needed"
            )
        return None if self.seen >= LEAST_SEEN else self._unseen()

    def _refusal(self) -> Refusal:
        reason = self.refused.most_common(1)[0][0]
        return Refusal(reason, self.details[reason])

    def _unseen(self) -> Refusal:
        """What most of the time was lost to: disturbances, what was refused (a break each time), or frames that did not come."""
        needed = f"{100.0 * self.seen:.0f} % of the time; {100.0 * LEAST_SEEN:.0f} % are needed"
        if self.disturbed_s >= 0.5 * (1.0 - self.seen) * (self.end - self.start):
            return Refusal(Reason.UNSTEADY, f"undisturbed {needed}")
        if not self.refused:
            return Refusal(Reason.MEDIA_LOST, f"unbroken {needed}")
        refusal = self._refusal()
        detail = f"{refusal.detail}; " if refusal.detail else ""
        return Refusal(refusal.reason, f"{detail}unbroken {needed}")

    def span(self, now: float) -> Span:
        """Its time, as far as media went."""
        return Span(self.start, max(self.start, min(self.end, now)))


class Windows:
    """The windows of one session that are not closed yet, the earliest first."""

    def __init__(self) -> None:
        self._open: deque[Window] = deque()

    def at(self, t: float) -> Window:
        """The window of a moment: frames that were held back lie in an earlier one than the frame that is seen now."""
        if not self._open:
            self._open.append(Window(t, t + WINDOW_S))
        while self._open[-1].end <= t:
            skipped = WINDOW_S * ((t - self._open[-1].end) // WINDOW_S)
            start = self._open[-1].end + skipped
            self._open.append(Window(start, start + WINDOW_S))
        return next((each for each in self._open if each.start <= t < each.end), self._open[0])

    def ended(self, before: float) -> list[Window]:
        """Those that ended before a moment; they are given once."""
        found: list[Window] = []
        while self._open and self._open[0].end <= before:
            found.append(self._open.popleft())
        return found

    def rest(self) -> list[Window]:
        """All that are left."""
        found = list(self._open)
        self._open.clear()
        return found
