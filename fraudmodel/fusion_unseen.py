"""What of frauds that nothing had seen comes through, with and without the guard, and whether a challenger does better there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fraudmodel.calibration import FloatArray
from fraudmodel.effective import effective_trials
from fraudmodel.fusion_protocols import CHALLENGER, MIXTURE, UNGUARDED, Unseen
from fraudmodel.intervals import Estimate, bootstrap, clopper_pearson
from fraudmodel.metrics import Mask, cllr, threshold_at_bpcer

BPCER: Final = 0.05


@dataclass(frozen=True, slots=True)
class Species:
    """One species that nothing had seen, at BPCER 5 %: APCER of the mixture, of that without the guard and of the challenger; ``gain`` how much the
    guard takes off it."""

    species: str
    family: str
    apcer: Estimate
    unguarded: Estimate
    challenger: Estimate
    gain: Estimate


@dataclass(frozen=True, slots=True)
class Family:
    """One family that neither data nor structure foresaw, at BPCER 5 %: APCER with the guard, without it, and what that takes off."""

    family: str
    apcer: Estimate
    unguarded: Estimate
    gain: Estimate


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the challenger should be put before people: its Cllr gain (bit) over species that nothing had seen, and whether that excludes 0."""

    gain: Estimate
    adopt: bool


def species_figures(unseen: Sequence[Unseen]) -> tuple[Species, ...]:
    """The worst first."""
    return tuple(sorted(map(_species, unseen), key=lambda each: -each.apcer.value))


def family_figures(unforeseen: Sequence[Unseen]) -> tuple[Family, ...]:
    """The worst first."""
    return tuple(sorted(map(_family, unforeseen), key=lambda each: -each.apcer.value))


def decide(unseen: Sequence[Unseen], replicates: int = 500, seed: int = 0) -> Decision:
    """Compare the challenger with the mixture over species left out: the mean over species of the difference in Cllr, people drawn together."""
    everybody = sorted({who for each in unseen for who in each.sessions.table().everybody})
    place = {name: index for index, name in enumerate(everybody)}
    subjects = [np.array([place[who] for who in each.sessions.subjects]) for each in unseen]
    others = [np.array([place[who] for who in each.sessions.others]) for each in unseen]

    def gain(times: FloatArray) -> float:
        gains = []
        for each, first, second in zip(unseen, subjects, others, strict=True):
            weights = np.where(first == second, times[first], times[first] * times[second])
            fraud = each.sessions.fraud
            gains.append(
                cllr(each.totals[MIXTURE], fraud, weights) - cllr(each.totals[CHALLENGER], fraud, weights)
            )
        known = [value for value in gains if np.isfinite(value)]
        return float(np.mean(known)) if known else np.nan

    def draw(rng: np.random.Generator) -> FloatArray:
        drawn = rng.integers(len(everybody), size=len(everybody))
        return np.bincount(drawn, minlength=len(everybody)).astype(np.float64)

    found = bootstrap(gain, draw, len(everybody), replicates=replicates, seed=seed)
    return Decision(found, found.low > 0.0)


def _species(each: Unseen) -> Species:
    rates = {way: _apcer(each, each.totals[way]) for way in (MIXTURE, UNGUARDED, CHALLENGER)}
    return Species(
        each.species, each.family, rates[MIXTURE], rates[UNGUARDED], rates[CHALLENGER], _gain(each)
    )


def _family(each: Unseen) -> Family:
    rates = {way: _apcer(each, each.totals[way]) for way in (MIXTURE, UNGUARDED)}
    return Family(each.family, rates[MIXTURE], rates[UNGUARDED], _gain(each))


def _gain(each: Unseen) -> Estimate:
    """What the guard takes off the share that is missed."""
    fraud = each.sessions.fraud
    missed = {way: _missed(each, each.totals[way])[fraud] for way in (MIXTURE, UNGUARDED)}
    return _mean(each, missed[UNGUARDED].astype(float) - missed[MIXTURE])


def _missed(each: Unseen, totals: FloatArray) -> Mask:
    return totals < threshold_at_bpcer(totals[~each.sessions.fraud], BPCER)


def _apcer(each: Unseen, totals: FloatArray) -> Estimate:
    """With the Clopper-Pearson interval of the independent trials that the species' interviews are worth."""
    table = each.sessions.table(totals)
    share = float(_missed(each, totals)[table.attack].mean())
    trials = effective_trials(table, table.attack)
    low, high = clopper_pearson(share * trials, trials)
    return Estimate(share, low, high, int(table.attack.sum()))


def _mean(each: Unseen, values: FloatArray) -> Estimate:
    """A mean over the species' interviews, people drawn together."""
    fraud = each.sessions.fraud
    draw = each.sessions.table().draw

    def mean(weights: FloatArray) -> float:
        return float(np.average(values, weights=weights[fraud])) if weights[fraud].any() else np.nan

    return replace(bootstrap(mean, draw, len(fraud), replicates=200), n=int(fraud.sum()))
