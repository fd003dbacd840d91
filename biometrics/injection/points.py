"""A layer's score as a sum that a person can take apart: named cues, each worth so many points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LARGEST_SCORE = 8.0


@dataclass(slots=True)
class Tally:
    """Cues and their points: natural-log odds by judgement until calibrated, > 0 more attack-like.

    ``measured`` is what the cues rest on, for the officer and for a later fit; it is worth nothing by itself.
    """

    points: dict[str, float] = field(default_factory=dict)
    measured: dict[str, float] = field(default_factory=dict)

    def add(self, cue: str, points: float) -> None:
        """A cue's points; 0 where it was looked for and not found."""
        self.points[cue] = points

    @property
    def score(self) -> float:
        """The sum of all points, held in -8..8."""
        return min(max(sum(self.points.values()), -LARGEST_SCORE), LARGEST_SCORE)

    def covariates(self) -> Mapping[str, float]:
        """``cue_<name>`` for the points of each cue, and what was measured by its own name."""
        return {**{f"cue_{name}": points for name, points in self.points.items()}, **self.measured}
