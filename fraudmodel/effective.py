"""How many independent trials a table is worth, and so how strong evidence it can ever support."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import log

import numpy as np

from fraudmodel.calibration import FloatArray
from fraudmodel.datasets import ScoreTable
from fraudmodel.intervals import clopper_pearson
from fraudmodel.metrics import Mask

_ONE_SIDED = 0.90
"""Two-sided confidence whose single limits hold with 95 %: 0 errors in N trials then bound the rate by about 3/N."""


def effective_trials(table: ScoreTable, chosen: Mask) -> float:
    """The number of independent trials that the chosen ones are worth: N over Kish's design effect.

    Comparisons that share a person resemble each other. ``1 + (m - 1) ICC`` (Kish 1965), where m is how many trials a
    trial's cluster holds and ICC the intra-class correlation of the scores; a comparison of two people lies in two
    clusters. The pair of people is tried as the cluster too, and the smaller number counts.
    """
    scores = table.scores[chosen]
    people = [tuple(sorted({table.subjects[i], table.others[i]})) for i in np.flatnonzero(chosen)]
    sides = np.array([len(pair) for pair in people])
    members = [person for pair in people for person in pair]
    by_person = design_effect(np.repeat(scores, sides), members, sides=float(sides.mean()))
    by_pair = design_effect(scores, people)
    return len(scores) / max(by_person, by_pair)


def design_effect(scores: FloatArray, clusters: Sequence[Hashable], sides: float = 1.0) -> float:
    """``1 + sides (m - 1) ICC`` with the one-way ANOVA estimate of the ICC, in 0..1; m weighs large clusters."""
    names = {name: index for index, name in enumerate(dict.fromkeys(clusters))}
    index = np.array([names[name] for name in clusters])
    sizes = np.bincount(index).astype(float)
    mean_size = float((sizes**2).sum() / sizes.sum())
    return 1.0 + sides * (mean_size - 1.0) * _intra_class_correlation(scores, index, sizes)


def _intra_class_correlation(scores: FloatArray, index: FloatArray, sizes: FloatArray) -> float:
    total, groups = len(scores), len(sizes)
    if groups == total:
        return 0.0
    if groups == 1:
        return 1.0
    means = np.bincount(index, scores) / sizes
    between = float(sizes @ (means - scores.mean()) ** 2) / (groups - 1)
    within = float(((scores - means[index]) ** 2).sum()) / (total - groups)
    typical = (total - float((sizes**2).sum()) / total) / (groups - 1)
    spread = between + (typical - 1.0) * within
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
