"""What the facts of any challenge tell: which of its steps were displayed when, and why one that was not done measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.views import Fact
from fraudmodel.signals import Reason

UNDONE: Final[Mapping[str, Reason]] = {
    "refused": Reason.CHALLENGE_REFUSED,
    "spared": Reason.CHALLENGE_SPARED,
    "unseen": Reason.CHALLENGE_UNSEEN,
    "expired": Reason.CHALLENGE_UNSEEN,
    "cancelled": Reason.NOT_CHALLENGED,
}
"""Why a challenge that was not done measures nothing, by how it ended."""


@dataclass(slots=True)
class Displays:
    """The steps of one challenge that its page displayed, by their numbers ``first`` to ``last``."""

    first: int
    last: int
    shown_s: dict[int, float] = field(default_factory=dict)
    timed: bool = True
    """Whether every display was timed by the page, and none by the arrival of its report: that is late, and makes reactions fast."""

    def show(self, fact: Fact) -> None:
        """From a ``show`` fact; one that says nothing usable is passed over, and so is a second one of a step."""
        k, shown_s = fact.values.get("k"), fact.values.get("shown_s")
        if not isinstance(k, int) or not isinstance(shown_s, int | float):
            return
        if self.first <= k <= self.last and 0.0 <= shown_s < inf:
            self.shown_s.setdefault(k, float(shown_s))
            self.timed = self.timed and fact.values.get("clock") != "arrival"

    def laid(self, planned_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) media times of the steps that the plan has at ``planned_s`` (n,): those not reported lie between those that were, as the
        plan has them. Raises ValueError where none was reported."""
        known = sorted(self.shown_s)
        if not known:
            raise ValueError("no display was reported")
        offsets = [self.shown_s[k] - planned_s[k] for k in known]
        at_s = planned_s + np.interp(range(len(planned_s)), known, offsets)
        return np.asarray(np.maximum.accumulate(at_s))
