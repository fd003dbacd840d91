"""All answers of a session so far, compared: who has enough neutral ones, and which answer lies how far from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from biometrics.behaviour.features import FLOORS, NAMES, Measured, table
from biometrics.behaviour.movements import Movements
from biometrics.behaviour.permutation import judge

LEAST_ANSWERS: Final = 5
LEAST_S: Final = 90.0
"""Of neutral answers, together. From less nobody's habits are known."""
_FLOORS: Final = np.array([FLOORS[name] for name in NAMES])


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many neutral answers there are, and of how many seconds."""

    answers: int
    seconds: float

    @property
    def enough(self) -> bool:
        """Whether a comparison may be made."""
        return self.answers >= LEAST_ANSWERS and self.seconds >= LEAST_S

    def __str__(self) -> str:
        return (
            f"{self.answers} neutral {'answer' if self.answers == 1 else 'answers'} of {self.seconds:.0f} s; "
            f"{LEAST_ANSWERS} of {LEAST_S:.0f} s are needed"
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """One answer against the neutral ones. ``values`` and ``z`` by feature, those that are known; ``probes`` answers are compared in all;
    the rest as in `permutation.Judged`."""

    measured: Measured = field(compare=False)
    score: float
    p: float
    q: float
    session_p: float
    probes: int
    values: Mapping[str, float]
    z: Mapping[str, float]


def baseline_of(measured: Sequence[Measured]) -> Baseline:
    """The neutral answers among those that were measured."""
    neutral = [each.answer.span.duration_s for each in measured if each.answer.role == "baseline"]
    return Baseline(len(neutral), sum(neutral))


def compare(measured: Sequence[Measured], movements: Movements, told_s: float) -> list[Compared]:
    """Every probe of which enough features are known; nothing where the baseline is short or there is no probe. ``told_s`` as in
    `Movements.during`."""
    probes = [place for place, each in enumerate(measured) if each.answer.role == "probe"]
    if not probes or not baseline_of(measured).enough:
        return []
    values = table(measured, movements, told_s)
    neutral = [place for place, each in enumerate(measured) if each.answer.role == "baseline"]
    judged = judge(values[neutral], values[probes], _FLOORS)
    known = [place for place in range(len(probes)) if not np.isnan(judged.p[place])]
    return [
        Compared(
            measured[probes[place]],
            score=float(judged.score[place]),
            p=float(judged.p[place]),
            q=float(judged.q[place]),
            session_p=judged.session_p,
            probes=len(known),
            values=_named(values[probes[place]]),
            z=_named(judged.z[place]),
        )
        for place in known
    ]


def _named(row: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, float]:
    return {name: value for name, value in zip(NAMES, row.tolist(), strict=True) if not np.isnan(value)}
