"""One coloured-light challenge as the session's facts tell it: which chips were shown when, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.challenges.flash import LOOKS, FlashPlan, flash_plan
from biometrics.flash.evidence import null_codes
from biometrics.views import Fact

SPENT: Final = (5e-5, 5e-5, 1e-4, 1e-4, 7e-4)
"""p-value below which the code counts as followed, at each of `LOOKS` and at the end: together no more than 1e-3."""
LEAST_CHIPS: Final = LOOKS[0]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the screen had shown: chips ``code``, when each began and the last ended, and from when to when to look."""

    code: tuple[int, ...]
    at_s: tuple[float, ...]
    start: float
    end: float


@dataclass(slots=True)
class FlashRun:
    """A challenge under way."""

    challenge: str
    seed: bytes
    plan: FlashPlan
    shown_s: dict[int, float] = field(default_factory=dict)
    looked: int = 0
    ended_s: float | None = None
    _null: NDArray[np.int8] | None = None

    @classmethod
    def begun(cls, fact: Fact) -> FlashRun | None:
        """From a ``begin`` fact; None where it makes no plan."""
        try:
            seed = bytes.fromhex(str(fact.values["seed"]))
            plan = flash_plan(seed, int(fact.values["chips"]))
        except (KeyError, TypeError, ValueError):
            return None
        return cls(str(fact.values.get("challenge", "")), seed, plan)

    def show(self, fact: Fact) -> None:
        """From a ``show`` fact; one that says nothing usable is passed over."""
        k, shown_s = fact.values.get("k"), fact.values.get("shown_s")
        if not isinstance(k, int) or not isinstance(shown_s, int | float):
            return
        if -1 <= k <= len(self.plan.chips) and 0.0 <= shown_s < inf:
            self.shown_s.setdefault(k, float(shown_s))

    def next_look(self, now: float) -> Shown | None:
        """What a sequential look that is due may look at; each is due once."""
        due = None
        while self.looked < len(LOOKS) and LOOKS[self.looked] < len(self.plan.chips):
            shown = self._shown(LOOKS[self.looked], 0.0)
            if shown is None or now < shown.end:
                break
            due = shown
            self.looked += 1
        return due

    def whole(self) -> Shown | None:
        """All that was shown, with the grey after it; None where no chip was shown to its end."""
        last = max((k for k in self.shown_s if k >= 0), default=-1)
        if last >= len(self.plan.chips):
            over_s = self.plan.tail_s if self.ended_s is None else self.ended_s - self.shown_s[last]
            return self._shown(len(self.plan.chips), min(max(over_s, 0.0), self.plan.tail_s))
        stayed = self.ended_s is None or self.ended_s >= self.shown_s.get(last, 0.0) + self.plan.chip_s
        return self._shown(last + 1 if stayed else last, 0.0)

    @property
    def level(self) -> float:
        """The p-value to stay below at the look that was taken last."""
        return SPENT[max(self.looked - 1, 0)]

    @property
    def null(self) -> NDArray[np.int8]:
        """The codes that were not shown, drawn once."""
        if self._null is None:
            self._null = null_codes(self.seed, len(self.plan.chips))
        return self._null

    def _shown(self, chips: int, tail_s: float) -> Shown | None:
        """The first chips; times that were not reported lie evenly between those that were."""
        known = sorted(k for k in self.shown_s if k >= 0)
        if chips < 1 or not known or known[-1] < chips - 1:
            return None
        times = [self.shown_s[k] for k in known]
        if known[-1] < chips:
            known, times = [*known, chips], [*times, times[-1] + self.plan.chip_s]
        if known[0] > 0:
            known, times = [0, *known], [times[0] - known[0] * self.plan.chip_s, *times]
        at_s = np.maximum.accumulate(np.interp(range(chips + 1), known, times))
        start = self.shown_s.get(-1, float(at_s[0]) - self.plan.lead_s)
        return Shown(
            self.plan.chips[:chips],
            tuple(float(t) for t in at_s),
            max(min(start, float(at_s[0])), 0.0),
            max(float(at_s[-1]) + tail_s, 0.0),
        )
