"""How many independent trials a table is worth, and so how strong evidence it can ever support."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as f_law

from fraudmodel.calibration import FloatArray
from fraudmodel.datasets import ScoreTable
from fraudmodel.intervals import Estimate, clopper_pearson
from fraudmodel.metrics import Mask, eer, estimate

_LIMIT = 0.95
_UNSHOWN = 0.5
_ONE_SIDED = 0.90
"""Two-sided confidence whose single limits hold with 95 %: 0 errors in N trials then bound the rate by about 3/N."""


def trial_worth(table: ScoreTable, chosen: Mask) -> FloatArray:
    """How much of an independent trial each chosen trial is, 0..1; the weights of the best mean of their scores.

    Comparisons that share a person resemble each other: of n trials of one person with intra-class correlation ICC
    each is worth ``1 / (1 + (n - 1) ICC)`` (Kish 1965), so that somebody with many trials does not drown the others.
    The ICC is taken to be no less than `least_correlation`: a few people cannot show that it is 0.
    A comparison of two people lies in two clusters. The pair of people is tried as the cluster too, and the smaller
    worth counts.
    """
    scores = table.scores[chosen]
    people = [tuple(sorted({table.subjects[i], table.others[i]})) for i in np.flatnonzero(chosen)]
    return np.minimum(_worth(scores, people), _worth(scores, [(pair,) for pair in people]))


def effective_trials(table: ScoreTable, chosen: Mask) -> float:
    """The number of independent trials that the chosen ones are worth together."""
    return float(trial_worth(table, chosen).sum())


def trials_of_rate(hits: FloatArray, subjects: Sequence[str]) -> float:
    """How many independent trials a rate rests on: ``hits`` (n,) 1 where it happened, ``subjects`` in whose trial.

    Where nothing or everything happened the intra-class correlation cannot be estimated; trials of one person are then taken as correlated by
    one half, which lies between independent trials and one a person (decision 10).
    """
    counts = np.unique(np.array(subjects), return_counts=True)[1]
    if np.ptp(hits) == 0.0 or len(counts) == 1:
        return float((counts / (1.0 + (counts - 1.0) * _UNSHOWN)).sum())
    return float(_worth(hits, [(subject,) for subject in subjects]).sum())


def equal_error_rate(table: ScoreTable, *, seed: int = 0) -> Estimate:
    """The EER with the wider of two intervals.

    A bootstrap over people cannot show an error where none was seen. Clopper-Pearson on the number of independent
    trials does: no error in 25 trials leaves an EER of 13 % possible.
    """
    drawn = estimate(eer, table.scores, table.attack, table.draw, seed=seed)
    trials = min(effective_trials(table, chosen) for chosen in (~table.attack, table.attack))
    low, high = clopper_pearson(drawn.value * trials, trials)
    return Estimate(drawn.value, min(low, drawn.low), max(high, drawn.high), drawn.n)


def _worth(scores: FloatArray, clusters: Sequence[tuple[Hashable, ...]]) -> FloatArray:
    names = {name: place for place, name in enumerate(dict.fromkeys(n for trial in clusters for n in trial))}
    trial = np.repeat(np.arange(len(clusters)), [len(names_of) for names_of in clusters])
    cluster = np.array([names[name] for names_of in clusters for name in names_of])
    sizes = np.bincount(cluster).astype(float)
    others: FloatArray = np.bincount(trial, sizes[cluster] - 1.0).astype(np.float64)
    icc = max(intra_class_correlation(scores[trial], cluster), least_correlation(sizes))
    worth: FloatArray = 1.0 / (1.0 + others * icc)
    return worth


def least_correlation(sizes: FloatArray) -> float:
    """The intra-class correlation that clusters of these ``sizes`` cannot exclude, however alike they look.

    The upper 95 % limit (Searle 1971) where the variance between clusters is just what independence gives (F = 1): 0.04 for four
    people with 180 trials each, 0 for clusters of one.
    """
    total, groups = float(sizes.sum()), len(sizes)
    if not 1 < groups < total:
        return 0.0
    ratio = 1.0 / float(f_law.ppf(1.0 - _LIMIT, groups - 1, total - groups))
    return (ratio - 1.0) / (ratio + _typical_size(sizes) - 1.0)


def _typical_size(sizes: FloatArray) -> float:
    total = float(sizes.sum())
    return (total - float((sizes**2).sum()) / total) / (len(sizes) - 1)


def intra_class_correlation(scores: FloatArray, cluster: NDArray[np.int_]) -> float:
    """The one-way ANOVA estimate, kept in 0..1: which part of the scores' variance lies between clusters.

    0 where every score has a cluster to itself; 1 where there is one cluster only, which is one trial.
    """
    sizes = np.bincount(cluster).astype(float)
    total, groups = len(scores), len(sizes)
    if groups == total:
        return 0.0
    if groups == 1:
        return 1.0
    means = np.bincount(cluster, scores) / sizes
    between = float(sizes @ (means - scores.mean()) ** 2) / (groups - 1)
    within = float(((scores - means[cluster]) ** 2).sum()) / (total - groups)
    spread = between + (_typical_size(sizes) - 1.0) * within
    return min(max((between - within) / spread, 0.0), 1.0) if spread > 0.0 else 1.0


def supported_bounds(
    llrs: FloatArray, attack: Mask, bona_fide_effective: float, attack_effective: float
) -> tuple[float, float]:
    """The lowest and highest LLR (nats) that a table supports, whatever a fitted curve extrapolates.

    The highest is log of the best TPR_low / FPR_high over thresholds, each limit Clopper-Pearson with 95 %: with no
    false alarm in N bona fide trials it is about N/3, so 300 trials never support more than a likelihood ratio of
    100. The lowest mirrors it.
    """
    attacks, bona_fide = np.sort(llrs[attack]), np.sort(llrs[~attack])
    highest = _best_ratio(attacks, attack_effective, bona_fide, bona_fide_effective)
    lowest = _best_ratio(-bona_fide[::-1], bona_fide_effective, -attacks[::-1], attack_effective)
    return -max(log(lowest), 0.0), max(log(highest), 0.0)


def _best_ratio(hits: FloatArray, hit_trials: float, alarms: FloatArray, alarm_trials: float) -> float:
    best = 1.0
    for threshold in np.unique(hits):
        hit = 1.0 - np.searchsorted(hits, threshold) / len(hits)
        alarm = 1.0 - np.searchsorted(alarms, threshold) / len(alarms)
        low, _ = clopper_pearson(hit * hit_trials, hit_trials, _ONE_SIDED)
        _, high = clopper_pearson(alarm * alarm_trials, alarm_trials, _ONE_SIDED)
        best = max(best, low / high)
    return best
