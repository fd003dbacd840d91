"""One head-pose challenge as the session's facts tell it: which arrows were shown when, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Final

import numpy as np

from biometrics.challenges.pose import Direction, PosePlan, pose_plan
from biometrics.views import Fact

LEAST_STEPS: Final = 4


@dataclass(slots=True)
class PoseRun:
    """A challenge under way."""

    challenge: str
    plan: PosePlan
    shown_s: dict[int, float] = field(default_factory=dict)
    ended_s: float | None = None
    timed: bool = True
    """Whether every display was timed by the page, and none by the arrival of its report: that is late, and makes reactions fast."""

    @classmethod
    def begun(cls, fact: Fact) -> PoseRun | None:
        """From a ``begin`` fact; None where it makes no plan."""
        try:
            plan = pose_plan(bytes.fromhex(str(fact.values["seed"])))
        except (KeyError, ValueError):
            return None
        return cls(str(fact.values.get("challenge", "")), plan)

    def show(self, fact: Fact) -> None:
        """From a ``show`` fact; one that says nothing usable is passed over."""
        k, shown_s = fact.values.get("k"), fact.values.get("shown_s")
        if not isinstance(k, int) or not isinstance(shown_s, int | float):
            return
        if 0 <= k < len(self.plan.steps) and 0.0 <= shown_s < inf:
            self.shown_s.setdefault(k, float(shown_s))
            self.timed = self.timed and fact.values.get("clock") != "arrival"

    def whole(self, ended_s: float) -> tuple[tuple[Direction, ...], tuple[float, ...]]:
        """The arrows that were shown to their end, and when each appeared and the last one went.

        Times that were not reported lie between those that were as the plan has them.
        """
        if not self.shown_s:
            return (), ()
        planned = np.concatenate([[0.0], np.cumsum([step.hold_s for step in self.plan.steps])])
        known = sorted(self.shown_s)
        offsets = [self.shown_s[k] - planned[k] for k in known]
        at_s = np.maximum.accumulate(planned + np.interp(range(len(planned)), known, offsets))
        last = known[-1]
        at_s[last + 1] = min(at_s[last + 1], max(ended_s, at_s[last]))
        stayed = at_s[last + 1] - at_s[last] >= self.plan.steps[last].hold_s / 2
        count = last + 1 if stayed else last
        directions = tuple(step.direction for step in self.plan.steps[:count])
        return directions, tuple(max(float(t), 0.0) for t in at_s[: count + 1])
