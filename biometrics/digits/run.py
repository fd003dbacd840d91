"""One spoken-digit challenge as the session's facts tell it: which digits were shown when, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Final

import numpy as np

from biometrics.challenges.digits import DigitsPlan, digits_plan
from biometrics.views import Fact
from fraudmodel.signals import Reason, Span

LEAST_DIGITS: Final = 5
REASONS: Final = {
    "refused": Reason.CHALLENGE_REFUSED,
    "spared": Reason.CHALLENGE_SPARED,
    "unseen": Reason.CHALLENGE_UNSEEN,
    "expired": Reason.CHALLENGE_UNSEEN,
    "cancelled": Reason.NOT_CHALLENGED,
}
"""Why a challenge that was not done measures nothing."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A digit 0..9 and the media time at which it appeared."""

    digit: int
    shown_s: float


@dataclass(slots=True)
class DigitsRun:
    """A challenge under way."""

    challenge: str
    plan: DigitsPlan
    shown_s: dict[int, float] = field(default_factory=dict)
    ended_s: float | None = None
    timed: bool = True
    """Whether every display was timed by the page, and none by the arrival of its report."""

    @classmethod
    def begun(cls, fact: Fact) -> DigitsRun | None:
        """From a ``begin`` fact; None where it makes no plan."""
        try:
            plan = digits_plan(bytes.fromhex(str(fact.values["seed"])))
        except (KeyError, ValueError):
            return None
        return cls(str(fact.values.get("challenge", "")), plan)

    def show(self, fact: Fact) -> None:
        """From a ``show`` fact; one that says nothing usable is passed over."""
        k, shown_s = fact.values.get("k"), fact.values.get("shown_s")
        if not isinstance(k, int) or not isinstance(shown_s, int | float):
            return
        if 0 <= k < len(self.plan.digits) and 0.0 <= shown_s < inf:
            self.shown_s.setdefault(k, float(shown_s))
            self.timed = self.timed and fact.values.get("clock") != "arrival"

    def prompts(self, ended_s: float, hidden: Sequence[Span] = ()) -> tuple[Prompt, ...]:
        """The digits that could be seen for most of their time, in order.

        Times that were not reported lie between those that were, as the plan has them.
        """
        if not self.shown_s:
            return ()
        planned = np.arange(len(self.plan.digits)) * self.plan.period_s
        known = sorted(self.shown_s)
        offsets = [self.shown_s[k] - planned[k] for k in known]
        at_s = np.maximum.accumulate(planned + np.interp(range(len(planned)), known, offsets))
        found = (
            Prompt(int(self.plan.digits[k]), max(float(at_s[k]), 0.0))
            for k in range(known[-1] + 1)
            if ended_s - at_s[k] >= self.plan.period_s / 2
        )
        return tuple(one for one in found if not self._hidden(one.shown_s, hidden))

    def _hidden(self, shown_s: float, hidden: Sequence[Span]) -> bool:
        seen = Span(shown_s, shown_s + self.plan.period_s / 2)
        return any(part.overlaps(seen) for part in hidden)
