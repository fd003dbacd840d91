"""One spoken-digit challenge as the session's facts tell it: which digits were shown when, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.challenges.digits import DigitsPlan, digits_plan
from biometrics.challenges.displays import Displays
from biometrics.views import Fact
from fraudmodel.signals import Span

LEAST_DIGITS: Final = 5


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
    displays: Displays
    ended_s: float | None = None

    @classmethod
    def begun(cls, fact: Fact) -> DigitsRun | None:
        """From a ``begin`` fact; None where it makes no plan."""
        try:
            plan = digits_plan(bytes.fromhex(str(fact.values["seed"])))
        except (KeyError, ValueError):
            return None
        return cls(str(fact.values.get("challenge", "")), plan, Displays(0, len(plan.digits) - 1))

    def prompts(self, ended_s: float, hidden: Sequence[Span] = ()) -> tuple[Prompt, ...]:
        """The digits that could be seen for most of their time, in order.

        Times that were not reported lie between those that were, as the plan has them.
        """
        if not self.displays.shown_s:
            return ()
        at_s = self.displays.laid(np.arange(len(self.plan.digits), dtype=np.float64) * self.plan.period_s)
        found = (
            Prompt(int(self.plan.digits[k]), max(float(at_s[k]), 0.0))
            for k in range(max(self.displays.shown_s) + 1)
            if ended_s - at_s[k] >= self.plan.period_s / 2
        )
        return tuple(one for one in found if not self._hidden(one.shown_s, hidden))

    def _hidden(self, shown_s: float, hidden: Sequence[Span]) -> bool:
        seen = Span(shown_s, shown_s + self.plan.period_s / 2)
        return any(part.overlaps(seen) for part in hidden)
