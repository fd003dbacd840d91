"""Error rates, cost of LLRs and calibration of probabilities, each with an interval and its number of trials.

A trial is classified as an attack where its score is at or above the threshold. ``attack`` is a (N,) mask, True for
attack presentations (or non-mated comparisons), ``weights`` (N,) count a trial so many times; classes are always
weighed apart, so their proportion does not matter, except to `ece` and `brier`, which judge probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from fraudmodel.calibration import FloatArray
from fraudmodel.intervals import Estimate, bootstrap, rate

Mask = NDArray[np.bool_]
Metric = Callable[[FloatArray, Mask, FloatArray], float]


@dataclass(frozen=True, slots=True)
class Det:
    """Detection error trade-off: APCER rises and BPCER falls along ascending ``thresholds``."""

    thresholds: FloatArray
    apcer: FloatArray
    bpcer: FloatArray


def apcer(attack_scores: FloatArray, threshold: float) -> Estimate:
    """Share of attack presentations that pass as bona fide (ISO/IEC 30107-3); one species at a time."""
    return rate(int(np.sum(attack_scores < threshold)), len(attack_scores))


def bpcer(bona_fide_scores: FloatArray, threshold: float) -> Estimate:
    """Share of bona fide presentations that are taken for attacks (ISO/IEC 30107-3)."""
    return rate(int(np.sum(bona_fide_scores >= threshold)), len(bona_fide_scores))


def fmr(non_mated_scores: FloatArray, threshold: float) -> Estimate:
    """False match rate: share of non-mated comparisons below the threshold (ISO/IEC 19795-1)."""
    return apcer(non_mated_scores, threshold)


def fnmr(mated_scores: FloatArray, threshold: float) -> Estimate:
    """False non-match rate: share of mated comparisons at or above the threshold (ISO/IEC 19795-1)."""
    return bpcer(mated_scores, threshold)


def iapar(detected: Mask, matched: Mask) -> Estimate:
    """Share of impostor attack presentations that the whole system accepts (ISO/IEC 30107-3:2023).

    Accepted means not ``detected`` as an attack and ``matched`` to the reference.
    """
    return rate(int(np.sum(matched & ~detected)), len(matched))


def apcer_by_species(scores: FloatArray, species: Sequence[str], threshold: float) -> Mapping[str, Estimate]:
    """APCER of each PAI species, the worst first: the worst is the headline."""
    names = np.asarray(species)
    rates = {str(name): apcer(scores[names == name], threshold) for name in np.unique(names)}
    return dict(sorted(rates.items(), key=lambda item: -item[1].value))


def threshold_at_bpcer(bona_fide_scores: FloatArray, highest: float) -> float:
    """The lowest threshold at which the measured BPCER is at most ``highest`` (0..1)."""
    descending = np.sort(bona_fide_scores)[::-1]
    allowed = int(np.floor(highest * len(descending) + 1e-9))
    if allowed >= len(descending):
        return float(descending[-1])
    return float(np.nextafter(descending[allowed], np.inf))


def det(scores: FloatArray, attack: Mask, weights: FloatArray | None = None) -> Det:
    """The trade-off at every distinct score, and beyond the highest."""
    weights = np.ones(len(scores)) if weights is None else weights
    values, index = np.unique(scores, return_inverse=True)
    below = []
    for chosen in (attack, ~attack):
        mass = np.bincount(index[chosen], weights[chosen], minlength=len(values))
        below.append(np.concatenate([[0.0], np.cumsum(mass) / mass.sum()]))
    return Det(np.append(values, np.inf), below[0], 1.0 - below[1])


def eer(scores: FloatArray, attack: Mask, weights: FloatArray) -> float:
    """Equal error rate: where APCER and BPCER cross, linear between operating points."""
    if not _both(attack, weights):
        return np.nan
    curve = det(scores, attack, weights)
    excess = curve.apcer - curve.bpcer
    after = int(np.argmax(excess >= 0.0))
    before = after - 1
    share = -excess[before] / (excess[after] - excess[before])
    return float(curve.apcer[before] + share * (curve.apcer[after] - curve.apcer[before]))


def cllr(llrs: FloatArray, attack: Mask, weights: FloatArray) -> float:
    """Cost of LLRs (nats in, bits out): 0 perfect, 1 as good as saying nothing (Brümmer & du Preez 2006)."""
    if not _both(attack, weights):
        return np.nan
    used = weights > 0.0
    llrs, attack, weights = llrs[used], attack[used], weights[used]
    missed = np.average(np.logaddexp(0.0, -llrs[attack]), weights=weights[attack])
    alarmed = np.average(np.logaddexp(0.0, llrs[~attack]), weights=weights[~attack])
    return float((missed + alarmed) / (2.0 * np.log(2.0)))


def cllr_min(scores: FloatArray, attack: Mask, weights: FloatArray) -> float:
    """The Cllr that the best monotone re-calibration would reach: what discrimination alone costs."""
    if not _both(attack, weights):
        return np.nan
    return cllr(pav_llrs(scores, attack, weights), attack, weights)


def pav_llrs(scores: FloatArray, attack: Mask, weights: FloatArray) -> FloatArray:
    """LLRs (nats) by isotonic regression of the label on the score, classes weighed equally; infinite at the ends."""
    balanced = np.where(attack, weights / weights[attack].sum(), weights / weights[~attack].sum())
    values, index = np.unique(scores, return_inverse=True)
    mass = np.bincount(index, balanced, minlength=len(values))
    attacks = np.bincount(index, balanced * attack, minlength=len(values))
    seen = mass > 0.0
    share = np.zeros(len(values))
    share[seen] = isotonic_regression(attacks[seen] / mass[seen], weights=mass[seen]).x
    with np.errstate(divide="ignore"):
        llrs: FloatArray = (np.log(share) - np.log1p(-np.minimum(share, 1.0)))[index]
    return llrs


def min_dcf(scores: FloatArray, attack: Mask, weights: FloatArray, *, bona_fide_prior: float = 0.01) -> float:
    """The least normalised detection cost over thresholds, both errors costing 1 (NIST SRE 2016, with the prior of VoxCeleb's
    evaluations): 0 perfect, 1 as good as always giving the answer that is cheaper."""
    if not _both(attack, weights):
        return np.nan
    curve = det(scores, attack, weights)
    cost = bona_fide_prior * curve.bpcer + (1.0 - bona_fide_prior) * curve.apcer
    return float(cost.min() / min(bona_fide_prior, 1.0 - bona_fide_prior))


def brier(probabilities: FloatArray, attack: Mask, weights: FloatArray) -> float:
    """Mean squared error of fraud probabilities (0..1)."""
    return float(np.average((probabilities - attack) ** 2, weights=weights))


def ece(probabilities: FloatArray, attack: Mask, weights: FloatArray, *, bins: int = 10) -> float:
    """Expected calibration error: the mean gap between stated and observed fraud rate over bins of equal weight.

    NaN where the weights are none, or sum to 0.
    """
    if not (np.isfinite(weights).all() and weights.sum() > 0.0):
        return np.nan
    order = np.argsort(probabilities, kind="stable")
    mass = np.cumsum(weights[order]) - weights[order] / 2.0
    place = np.minimum((mass / weights.sum() * bins).astype(int), bins - 1)
    gap = weights[order] * (probabilities[order] - attack[order])
    return float(np.abs(np.bincount(place, gap, minlength=bins)).sum() / weights.sum())


def estimate(
    metric: Metric,
    scores: FloatArray,
    attack: Mask,
    draw: Callable[[np.random.Generator], FloatArray] | None = None,
    *,
    replicates: int = 500,
    seed: int = 0,
) -> Estimate:
    """A metric with its bootstrap interval.

    ``draw`` gives re-drawn weights of the trials: `ScoreTable.draw` keeps a subject's trials together. Without it
    trials are taken as independent.
    """

    def independent(rng: np.random.Generator) -> FloatArray:
        return np.bincount(rng.integers(len(scores), size=len(scores)), minlength=len(scores)).astype(float)

    return bootstrap(
        lambda weights: metric(scores, attack, weights),
        draw or independent,
        len(scores),
        replicates=replicates,
        seed=seed,
    )


def _both(attack: Mask, weights: FloatArray) -> bool:
    return bool(weights[attack].sum() > 0.0 and weights[~attack].sum() > 0.0)
