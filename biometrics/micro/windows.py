"""Stretches of ten seconds: in which of them brief movements could be seen, and why not in the others."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

from biometrics.micro.baseline import LEAST_S, Flags
from biometrics.micro.observable import Refusal
from biometrics.micro.regions import IS_UPPER
from fraudmodel.signals import Reason, Span

WINDOW_S: Final = 10.0
LATE_S: Final = 3.0
"""So long after a window its last movement has been found."""
LEAST_SEEN: Final = 0.3
"""Of a window's time in which nothing disturbed the upper face: with less, nothing is said of it."""


@dataclass(slots=True)
class Window:
    """What became of the frames from ``start`` to ``end`` s."""

    start: float
    end: float
    frames: int = 0
    judged: int = 0
    seen: int = 0
    observed_s: float = 0.0
    movements: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    details: dict[Reason, str] = field(default_factory=dict)

    def refuse(self, refusal: Refusal) -> None:
        """A frame at which nothing can be seen."""
        self.frames += 1
        self.refused[refusal.reason] += 1
        self.details[refusal.reason] = refusal.detail

    def count(self, disturbed: Flags, known: bool, observed_s: float) -> None:
        """A frame that was measured; ``known`` whether the person's rest is, after ``observed_s`` of it."""
        self.frames += 1
        self.judged += known
        self.seen += known and not bool(disturbed[IS_UPPER].all())
        if not known:
            self.observed_s = observed_s

    def verdict(self) -> Refusal | None:
        """Why nothing can be said of this window; None where no movement in it means that there was none to see."""
        if self.refused.total() > 0.5 * self.frames:
            reason = self.refused.most_common(1)[0][0]
            return Refusal(reason, self.details[reason])
        if self.judged < 0.5 * self.frames or not self.frames:
            return Refusal(
                Reason.NOT_YET, f"{int(self.observed_s)} s of this face at rest; {LEAST_S:.0f} are needed"
            )
        if self.seen < LEAST_SEEN * self.frames:
            share = 100.0 * self.seen / self.frames
            return Refusal(
                Reason.UNSTEADY,
                f"undisturbed {share:.0f} % of the time; {100.0 * LEAST_SEEN:.0f} % are needed",
            )
        return None

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
