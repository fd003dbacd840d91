"""What held-out people and unseen species say of a fusion, as figures with their intervals over people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from fraudmodel.calibration import FloatArray
from fraudmodel.fusion_protocols import (
    CHALLENGER,
    EXPERT,
    FORCE,
    LINEAR,
    MIXTURE,
    NAIVE,
    HeldOut,
    Unseen,
)
from fraudmodel.fusion_rivals import best_single
from fraudmodel.fusion_unseen import Decision, Family, Species, decide, family_figures, species_figures
from fraudmodel.intervals import Estimate, bootstrap, percentile_interval
from fraudmodel.llr import logit
from fraudmodel.metrics import Mask, cllr, cllr_min, ece
from fraudmodel.sessions import Sessions, shared_weights

BINS = 10
Metric = Callable[[FloatArray, Mask, FloatArray], float]


@dataclass(frozen=True, slots=True)
class Judged:
    """One way of putting signals together: ``excess`` is Cllr above Cllr_min, what calibration alone costs (bit)."""

    name: str
    cllr: Estimate
    cllr_min: Estimate
    excess: Estimate


@dataclass(frozen=True, slots=True)
class Against:
    """How much more Cllr (bit) a rival costs than the mixture, over the same draws of people: better where the interval lies above 0."""

    rival: str
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Reliability:
    """Stated against observed fraud rate in one bin of interviews by their stated one, at some prevalence; ``weight`` of the bin."""

    stated: float
    observed: float
    weight: float


@dataclass(frozen=True, slots=True)
class FusionFigures:
    """Everything measured on one table. ``by_chance`` is the excess (bit) of shifts that are calibrated by construction, on as many interviews:
    Cllr_min is worked out on the very interviews that it is compared with. ``ece`` by prevalence; ``bins`` at the lowest."""

    interviews: int
    bona_fide: int
    fraud: int
    people: int
    best_signal: str
    judged: tuple[Judged, ...]
    by_chance: Estimate
    missing: tuple[Judged, ...]
    against: tuple[Against, ...]
    species: tuple[Species, ...]
    families: tuple[Family, ...]
    decision: Decision | None
    ece: Mapping[float, Estimate]
    bins: tuple[Reliability, ...]

    def as_json(self) -> dict[str, Any]:
        """By name; the worst of missing groups and species by themselves."""
        whole = {each.name: each for each in self.judged}
        return {
            "interviews": self.interviews,
            "bona_fide": self.bona_fide,
            "fraud": self.fraud,
            "people": self.people,
            "best_signal": self.best_signal,
            "cllr_minus_cllr_min": asdict(whole[MIXTURE].excess),
            "cllr_minus_cllr_min_by_chance": asdict(self.by_chance),
            "cllr_minus_cllr_min_worst_group_missing": max(
                (each.excess.value for each in self.missing), default=None
            ),
            "fusions": [asdict(each) for each in self.judged],
            "group_missing": [asdict(each) for each in self.missing],
            "cllr_gain_over": {each.rival: asdict(each.difference) for each in self.against},
            "apcer_at_bpcer_5_unseen_species": [asdict(each) for each in self.species],
            "apcer_at_bpcer_5_unforeseen_family": [asdict(each) for each in self.families],
            "challenger": asdict(self.decision) if self.decision is not None else None,
            "ece_at_prevalence": {f"{prior:g}": asdict(each) for prior, each in self.ece.items()},
            "reliability": [asdict(each) for each in self.bins],
        }


def figures(
    found: HeldOut,
    unseen: Sequence[Unseen],
    unforeseen: Sequence[Unseen],
    shares: Mapping[str, float],
    *,
    prevalences: Sequence[float] = (0.5, 0.005),
    replicates: int = 500,
    seed: int = 0,
) -> FusionFigures:
    """Judge what was held out. ``shares`` of fraud by family weigh frauds, as policy has them."""
    sessions = found.sessions
    measure = _People(sessions, shares, replicates, seed)
    column = best_single(sessions, measure.base)
    totals = {**found.totals, "best_signal": sessions.llrs[:, column]}
    ways = (MIXTURE, FORCE, EXPERT, LINEAR, CHALLENGER, "best_signal", NAIVE)
    return FusionFigures(
        interviews=len(sessions),
        bona_fide=int((~sessions.fraud).sum()),
        fraud=int(sessions.fraud.sum()),
        people=len(sessions.table().everybody),
        best_signal=sessions.kinds[column],
        judged=tuple(measure.judged(way, totals[way]) for way in ways),
        by_chance=by_chance(totals[MIXTURE], min(replicates, 200), seed),
        missing=tuple(measure.judged(name, values) for name, values in found.without.items()),
        against=tuple(
            Against(way, measure.difference(totals[way], totals[MIXTURE]))
            for way in ("best_signal", NAIVE, LINEAR, EXPERT, CHALLENGER)
        ),
        species=species_figures(unseen),
        families=family_figures(unforeseen),
        decision=decide(unseen, replicates, seed) if unseen else None,
        ece={prior: measure.ece(totals[MIXTURE], prior) for prior in prevalences},
        bins=measure.bins(totals[MIXTURE], min(prevalences)),
    )


def by_chance(llrs: FloatArray, draws: int, seed: int = 0) -> Estimate:
    """Cllr above Cllr_min where who is fraud was drawn by the shifts themselves, so that they are calibrated: mean and central 95 % of draws."""
    rng, ones = np.random.default_rng(seed), np.ones(len(llrs))
    found = []
    for _ in range(draws):
        fraud = rng.random(len(llrs)) < expit(llrs)
        found.append(cllr(llrs, fraud, ones) - cllr_min(llrs, fraud, ones))
    known = np.array(found)[np.isfinite(found)]
    if not len(known):
        return Estimate(0.0, 0.0, 0.0, len(llrs))
    return Estimate(float(known.mean()), *percentile_interval(known), len(llrs))


class _People:
    """Metrics of the same interviews over the same draws of their people."""

    def __init__(self, sessions: Sessions, shares: Mapping[str, float], replicates: int, seed: int) -> None:
        self._fraud = sessions.fraud
        self.base = shared_weights(sessions.families, shares)
        self._draw, self._replicates, self._seed = sessions.table().draw, replicates, seed

    def estimate(self, statistic: Callable[[FloatArray], float]) -> Estimate:
        """Of (N,) weights, with its interval."""
        return bootstrap(
            lambda drawn: statistic(drawn * self.base),
            self._draw,
            len(self.base),
            replicates=self._replicates,
            seed=self._seed,
        )

    def judged(self, name: str, llrs: FloatArray) -> Judged:
        """Cllr, its least, and the difference."""
        return Judged(
            name,
            self.estimate(lambda weights: cllr(llrs, self._fraud, weights)),
            self.estimate(lambda weights: cllr_min(llrs, self._fraud, weights)),
            self.estimate(
                lambda weights: cllr(llrs, self._fraud, weights) - cllr_min(llrs, self._fraud, weights)
            ),
        )

    def difference(self, rival: FloatArray, llrs: FloatArray) -> Estimate:
        """What the rival costs more."""
        return self.estimate(
            lambda weights: cllr(rival, self._fraud, weights) - cllr(llrs, self._fraud, weights)
        )

    def ece(self, llrs: FloatArray, prior: float) -> Estimate:
        """Expected calibration error of the probabilities at a prevalence, interviews weighed as if that were the table's."""
        stated = expit(logit(prior) + llrs)
        return self.estimate(lambda weights: ece(stated, self._fraud, self._at(prior, weights), bins=BINS))

    def bins(self, llrs: FloatArray, prior: float) -> tuple[Reliability, ...]:
        """The reliability diagram at a prevalence: bins of equal weight."""
        stated, weights = expit(logit(prior) + llrs), self._at(prior, self.base)
        order = np.argsort(stated, kind="stable")
        place = np.cumsum(weights[order]) - weights[order] / 2.0
        index = np.minimum((place / weights.sum() * BINS).astype(int), BINS - 1)
        rows = []
        for bin_ in range(BINS):
            inside = order[index == bin_]
            if mass := float(weights[inside].sum()):
                observed = float(weights[inside] @ self._fraud[inside]) / mass
                rows.append(Reliability(float(weights[inside] @ stated[inside]) / mass, observed, mass))
        return tuple(rows)

    def _at(self, prior: float, weights: FloatArray) -> FloatArray:
        mass = {bad: float(weights[self._fraud == bad].sum()) for bad in (True, False)}
        if not mass[True] or not mass[False]:
            return np.full(len(weights), np.nan)
        scale = np.where(self._fraud, prior / mass[True], (1.0 - prior) / mass[False])
        return weights * scale
