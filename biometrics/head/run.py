"""One head-pose challenge as the session's facts tell it: which arrows were shown when, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.challenges.displays import Displays
from biometrics.challenges.pose import Direction, PosePlan, pose_plan
from biometrics.views import Fact

LEAST_STEPS: Final = 4


@dataclass(slots=True)
class PoseRun:
    """A challenge under way."""

    challenge: str
    plan: PosePlan
    displays: Displays
    ended_s: float | None = None

    @classmethod
    def begun(cls, fact: Fact) -> PoseRun | None:
        """From a ``begin`` fact; None where it makes no plan."""
        try:
            plan = pose_plan(bytes.fromhex(str(fact.values["seed"])))
        except (KeyError, ValueError):
            return None
        return cls(str(fact.values.get("challenge", "")), plan, Displays(0, len(plan.steps) - 1))

    def whole(self, ended_s: float) -> tuple[tuple[Direction, ...], tuple[float, ...]]:
        """The arrows that were shown to their end, and when each appeared and the last one went.

        Times that were not reported lie between those that were as the plan has them.
        """
        if not self.displays.shown_s:
            return (), ()
        planned_s = np.concatenate([[0.0], np.cumsum([step.hold_s for step in self.plan.steps])])
        at_s = self.displays.laid(planned_s)
        last = max(self.displays.shown_s)
        at_s[last + 1] = min(at_s[last + 1], max(ended_s, at_s[last]))
        stayed = at_s[last + 1] - at_s[last] >= self.plan.steps[last].hold_s / 2
        count = last + 1 if stayed else last
        directions = tuple(step.direction for step in self.plan.steps[:count])
        return directions, tuple(max(float(t), 0.0) for t in at_s[: count + 1])
