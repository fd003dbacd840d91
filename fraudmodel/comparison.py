"""Champion against challenger: two sets of parameters on the same interviews with known answers, every figure paired.

A difference is the challenger's figure less the champion's on the same draw of people, so that what the interviews have in common cancels out.
What comes of it is a sentence about the evidence. To adopt is a person's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudmodel.assessment import Band, FraudAssessment
from fraudmodel.calibration import FloatArray
from fraudmodel.errors import DatasetError
from fraudmodel.intervals import Estimate, percentile_interval, rate_if_tried
from fraudmodel.metrics import Mask, cllr, cllr_min
from fraudmodel.people import drawn_together
from fraudmodel.ranking import auc
from fraudmodel.recalibration import Recalibration, recalibration
from fraudmodel.rescoring import Candidate, Case, shift

LEAST_OUTCOMES: Final = 10
"""Interviews of either outcome below which nothing is compared."""
REPLICATES: Final = 500
METRICS: Final = {"cllr": cllr, "cllr_min": cllr_min, "auc": auc}


@dataclass(frozen=True, slots=True)
class Decisions:
    """What policy proposes for the interviews of one outcome: the share of each band."""

    fraud: Mapping[Band, Estimate]
    bona_fide: Mapping[Band, Estimate]


@dataclass(frozen=True, slots=True)
class Measured:
    """One candidate's figures. ``cllr_cal`` is Cllr less Cllr_min: what calibration alone costs."""

    name: str
    version: str
    figures: Mapping[str, Estimate]
    slope: Recalibration | None
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both candidates and the paired differences, challenger less champion. ``moved`` counts interviews whose proposal differs."""

    champion: Measured
    challenger: Measured
    differences: Mapping[str, Estimate]
    fraud: int
    bona_fide: int
    people: int
    moved: int

    @property
    def sentence(self) -> str:
        """What the evidence supports, and that a person decides."""
        gain = self.differences["cllr"]
        found = f"Cllr {gain.value:+.4f} bit [{gain.low:+.4f}, {gain.high:+.4f}] on {self.fraud} frauds and {self.bona_fide} bona fide interviews of {self.people} people"
        if gain.high < 0.0:
            return f"The evidence supports {self.challenger.name}: {found}. Whether it is adopted, a person decides."
        if gain.low > 0.0:
            return f"The evidence supports staying with {self.champion.name}: {self.challenger.name} is worse, {found}. A person decides."
        return f"The evidence does not tell the two apart: {found}. There is no ground to adopt {self.challenger.name} yet; a person decides."


def compare(
    champion: Candidate,
    challenger: Candidate,
    cases: Sequence[Case],
    *,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Comparison:
    """Assess every case with both and measure. Raises DatasetError below 10 interviews of either outcome."""
    fraud: Mask = np.array([case.fraud for case in cases], dtype=bool)
    frauds = int(fraud.sum())
    if min(frauds, len(cases) - frauds) < LEAST_OUTCOMES:
        raise DatasetError(
            f"{frauds} frauds and {len(cases) - frauds} bona fide interviews: at least {LEAST_OUTCOMES} of each are needed to compare parameters"
        )
    people = tuple(case.people for case in cases)
    said = [[_said(case.assess(candidate)) for case in cases] for candidate in (champion, challenger)]
    shifts = [np.array([moved for moved, _ in one]) for one in said]
    figures, differences = _figures(shifts, fraud, people, replicates, seed)
    bands = [[band for _, band in one] for one in said]
    first, second = (
        Measured(
            candidate.name,
            candidate.parameters.version,
            figures[place],
            recalibration(shifts[place], fraud, people, seed=seed),
            Decisions(_shares(bands[place], fraud), _shares(bands[place], ~fraud)),
        )
        for place, candidate in enumerate((champion, challenger))
    )
    moved = sum(one != other for one, other in zip(*bands, strict=True))
    everybody = len({person for each in people for person in each})
    return Comparison(first, second, differences, frauds, len(cases) - frauds, everybody, moved)


def _said(assessment: FraudAssessment) -> tuple[float, Band]:
    """What is compared of a whole assessment: L (nats) and what policy proposes. The rest is not kept."""
    return shift(assessment), assessment.band


def _figures(
    shifts: Sequence[FloatArray], fraud: Mask, people: Sequence[tuple[str, ...]], replicates: int, seed: int
) -> tuple[list[dict[str, Estimate]], dict[str, Estimate]]:
    """Each candidate's figures, and the differences, over the same draws of people."""
    draw, rng = drawn_together(people), np.random.default_rng(seed)
    measured = _row(shifts, fraud, np.ones(len(fraud)))
    drawn = [_row(shifts, fraud, draw(rng)) for _ in range(replicates)]
    rows = np.array([row for row in drawn if np.isfinite(row).all()])
    if len(rows) < replicates // 2:
        raise DatasetError("too few people to draw again: most draws lose a whole outcome")
    names = (*METRICS, "cllr_cal")
    figures = [
        {
            name: _estimate(measured[which, place], rows[:, which, place], len(fraud))
            for place, name in enumerate(names)
        }
        for which in (0, 1)
    ]
    differences = {
        name: _estimate(
            measured[1, place] - measured[0, place], rows[:, 1, place] - rows[:, 0, place], len(fraud)
        )
        for place, name in enumerate(names)
    }
    return figures, differences


def _row(shifts: Sequence[FloatArray], fraud: Mask, weights: FloatArray) -> FloatArray:
    """(2, metrics) of both candidates on one draw; the last is Cllr less Cllr_min."""
    values = [[metric(each, fraud, weights) for metric in METRICS.values()] for each in shifts]
    found: FloatArray = np.array([[*row, row[0] - row[1]] for row in values])
    return found


def _estimate(value: float, drawn: FloatArray, n: int) -> Estimate:
    low, high = percentile_interval(drawn)
    return Estimate(float(value), min(low, float(value)), max(high, float(value)), n)


def _shares(bands: Sequence[Band], chosen: Mask) -> dict[Band, Estimate]:
    counted = [band for band, used in zip(bands, chosen, strict=True) if used]
    shares = {band: rate_if_tried(counted.count(band), len(counted)) for band in Band}
    return {band: share for band, share in shares.items() if share is not None}
