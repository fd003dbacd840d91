"""What a policy would propose for interviews whose answer is known, before it is activated. Nothing is decided by it.

Every interview is assessed by the code that assesses a session, once, at its end: a further check that was proposed on the way and no longer
at the end is not counted. Bona fide interviews and frauds are weighed so that fraud is as frequent as
the prior says; within either class every interview counts the same, so that the mix of families and species is the table's and not the
deployment's. Intervals (95 %) of shares are the wider of a bootstrap over people and Clopper & Pearson's on as many independent trials as
the interviews are worth (`fraudmodel.effective`): where nobody was missed, a bootstrap alone would say that nobody can be. Those of costs are
bootstraps over people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudmodel.assessment import Band, FraudAssessment
from fraudmodel.calibration import FloatArray
from fraudmodel.effective import trials_of_rate
from fraudmodel.errors import DatasetError
from fraudmodel.intervals import Estimate, clopper_pearson, percentile_interval
from fraudmodel.interview_table import BONA_FIDE, InterviewRow
from fraudmodel.metrics import Mask
from fraudmodel.people import drawn_together
from fraudmodel.policy import Costs
from fraudmodel.rescoring import Candidate, of_row

REPLICATES: Final = 500
PER: Final = 1000.0
"""Interviews that a cost is told for."""

Shares = Mapping[Band, Estimate]


@dataclass(frozen=True, slots=True)
class GroupShares:
    """The share of each band among some of the interviews: ``species`` empty for all of a family, ``family`` empty for all frauds."""

    family: str
    species: str
    people: int
    shares: Shares


@dataclass(frozen=True, slots=True)
class Simulated:
    """One policy: ``overall`` shares at the prior, those of each group, and the expected ``cost`` of 1000 interviews."""

    policy: str
    overall: Shares
    groups: tuple[GroupShares, ...]
    cost: Estimate


@dataclass(frozen=True, slots=True)
class Simulation:
    """``policy`` and, where it was compared, ``against``: ``saving`` is what 1000 interviews cost less under the first, on the same draws of
    people and in the first policy's costs; ``moved`` counts interviews whose band differs."""

    policy: Simulated
    against: Simulated | None
    saving: Estimate | None
    moved: int | None
    interviews: int
    frauds: int
    people: int


def cost_of(band: Band, costs: Costs, *, fraud: bool) -> float:
    """What one interview is expected to cost: the measure that its band asks for, and the fraud that slips through it, or whom it wrongs.

    Insufficient evidence is checked further, so it costs what a further check does. An interview that is told to proceed costs nothing
    unless it was a fraud.
    """
    measure, catch = {
        Band.PROCEED: (0.0, 0.0),
        Band.STEP_UP: (costs.step_up, costs.step_up_catch),
        Band.INSUFFICIENT: (costs.step_up, costs.step_up_catch),
        Band.REFER: (costs.referral, costs.referral_catch),
    }[band]
    if fraud:
        return measure + costs.missed_fraud * (1.0 - catch)
    return measure + (costs.false_referral if band is Band.REFER else 0.0)


def simulate(
    candidate: Candidate,
    rows: Sequence[InterviewRow],
    against: Candidate | None = None,
    *,
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Callable[[int], None] = lambda done: None,
) -> Simulation:
    """Assess every row with each candidate, at the first one's prior. Raises DatasetError without interviews of either outcome."""
    fraud: Mask = np.array([row.fraud for row in rows], dtype=bool)
    if not fraud.any() or fraud.all():
        raise DatasetError("a policy is simulated on interviews of both outcomes, and the table has one only")
    sample = _Sample(rows, fraud, candidate.prior, _draws(rows, fraud, replicates, seed))
    costs = candidate.policy.costs
    bands = [_bands(each, rows, progress) for each in (candidate, *([against] if against else []))]
    spent = [
        np.array([_spent(band, costs, row) for band, row in zip(one, rows, strict=True)]) for one in bands
    ]
    first, *others = (
        Simulated(name, sample.overall(each), sample.groups(each), sample.per_thousand(cost))
        for name, each, cost in zip(_names(candidate, against), bands, spent, strict=True)
    )
    everybody = len({person for row in rows for person in (row.subject, row.other)})
    counts = (len(rows), int(fraud.sum()), everybody)
    if not others:
        return Simulation(first, None, None, None, *counts)
    moved = sum(one is not other for one, other in zip(*bands, strict=True))
    return Simulation(first, others[0], sample.per_thousand(spent[1] - spent[0]), moved, *counts)


def _names(candidate: Candidate, against: Candidate | None) -> list[str]:
    return [each.policy.version for each in (candidate, against) if each is not None]


def _bands(candidate: Candidate, rows: Sequence[InterviewRow], progress: Callable[[int], None]) -> list[Band]:
    found: list[Band] = []
    for done, row in enumerate(rows, 1):
        assessment: FraudAssessment = of_row(row)(candidate)
        found.append(assessment.band)
        progress(done)
    return found


def _spent(band: Band, costs: Costs, row: InterviewRow) -> float:
    return cost_of(band, costs, fraud=row.fraud)


def _draws(rows: Sequence[InterviewRow], fraud: Mask, replicates: int, seed: int) -> FloatArray:
    """(B, N) weights of bootstraps over people; draws that lose a whole outcome are drawn again, as often as there are replicates."""
    draw = drawn_together([(row.subject, row.other) for row in rows])
    rng = np.random.default_rng(seed)
    drawn = (draw(rng) for _ in range(2 * replicates))
    kept = [weights for weights in drawn if weights[fraud].sum() > 0.0 and weights[~fraud].sum() > 0.0]
    if len(kept) < replicates:
        raise DatasetError("too few people to draw again: most draws lose a whole outcome")
    return np.array(kept[:replicates])


class _Sample:
    """Interviews, who was in them, and the draws that all figures share, so that differences are paired."""

    def __init__(self, rows: Sequence[InterviewRow], fraud: Mask, prior: float, draws: FloatArray) -> None:
        self._rows, self._fraud, self._prior, self._draws = rows, fraud, prior, draws

    def overall(self, bands: Sequence[Band]) -> Shares:
        """Shares of all interviews, with frauds as frequent as the prior says."""
        return {band: self._share(_is(bands, band)) for band in Band}

    def per_thousand(self, values: FloatArray) -> Estimate:
        """What 1000 interviews come to of ``values`` (N,)."""
        return self._estimate(PER * values)

    def groups(self, bands: Sequence[Band]) -> tuple[GroupShares, ...]:
        """Bona fide interviews, all frauds, each family and each species of it."""
        named = [(row.family, row.species) for row in self._rows]
        chosen: list[tuple[str, str, Mask]] = [(BONA_FIDE, "", ~self._fraud), ("", "", self._fraud)]
        for family in sorted({family for family, _ in named} - {BONA_FIDE}):
            of_family = np.array([one == family for one, _ in named], dtype=bool)
            chosen.append((family, "", of_family))
            chosen += [
                (family, species, np.array([each == (family, species) for each in named], dtype=bool))
                for species in sorted({species for one, species in named if one == family})
            ]
        return tuple(self._group(*each, bands) for each in chosen)

    def _group(self, family: str, species: str, mask: Mask, bands: Sequence[Band]) -> GroupShares:
        people = {
            p for row, used in zip(self._rows, mask, strict=True) if used for p in (row.subject, row.other)
        }
        shares = {band: self._rate(_is(bands, band), mask) for band in Band}
        return GroupShares(family, species, len(people), shares)

    def _share(self, values: FloatArray) -> Estimate:
        """The share at the prior: the interval holds what either outcome's own would allow."""
        drawn = self._estimate(values)
        fraud, bona_fide = self._rate(values, self._fraud), self._rate(values, ~self._fraud)
        low, high = (
            self._prior * getattr(fraud, end) + (1.0 - self._prior) * getattr(bona_fide, end)
            for end in ("low", "high")
        )
        return Estimate(drawn.value, min(low, drawn.low), max(high, drawn.high), drawn.n)

    def _estimate(self, values: FloatArray) -> Estimate:
        """The mean at the prior, with the interval over draws of people."""
        value = float(self._at_prior(values, np.ones((1, len(values))))[0])
        low, high = percentile_interval(self._at_prior(values, self._draws))
        return Estimate(value, min(low, value), max(high, value), len(values))

    def _at_prior(self, values: FloatArray, weights: FloatArray) -> FloatArray:
        """(B,) means of the values (N,) under weights (B, N)."""
        fraud, bona_fide = (
            (weights[:, chosen] @ values[chosen]) / weights[:, chosen].sum(axis=1)
            for chosen in (self._fraud, ~self._fraud)
        )
        mean: FloatArray = self._prior * fraud + (1.0 - self._prior) * bona_fide
        return mean

    def _rate(self, values: FloatArray, mask: Mask) -> Estimate:
        """The share within a group, with the wider of two intervals."""
        value, count = float(values[mask].mean()), int(mask.sum())
        totals = self._draws[:, mask].sum(axis=1)
        drawn = (self._draws[:, mask] @ values[mask])[totals > 0.0] / totals[totals > 0.0]
        subjects = [row.subject for row, used in zip(self._rows, mask, strict=True) if used]
        trials = trials_of_rate(values[mask], subjects)
        exact = clopper_pearson(min(value * trials, trials), trials)
        over_people = percentile_interval(drawn) if len(drawn) else exact
        low, high = (bound((a, b)) for bound, a, b in zip((min, max), exact, over_people, strict=True))
        return Estimate(value, min(low, value), max(high, value), count)


def _is(bands: Sequence[Band], band: Band) -> FloatArray:
    return np.array([each is band for each in bands], dtype=np.float64)
