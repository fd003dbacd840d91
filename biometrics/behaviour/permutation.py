"""How often chance alone sets an answer this far apart: exact tests that assume nothing but that neutral answers can be exchanged.

One question: under the null its answer is one more neutral answer. Each of the n + 1 takes its turn at being compared with the other n,
by the same rule; p is the rank of the question's own among them (Phipson & Smyth 2010; as a conformal p-value, Vovk et al. 2005).
It is never below 1 / (n + 1), and no valid test can give less: n neutral answers hold no more information about one.

All questions together: under the null the labels "neutral" and "to be checked" can be exchanged among all answers. The mean
deviation of the questions is compared with that of every way to put the labels, or of a fixed sample of the ways where there are many.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.behaviour.deviation import Floats, deviations, mean_deviation, spread

EXACT_MOST: Final = 6000
"""So many ways to put the labels are all tried."""
SAMPLED: Final = 1999
"""Of more ways, so many at random, and the one that is: the p-value stays valid (Phipson & Smyth 2010)."""
_SEED: Final = 7
_EQUAL: Final = 1e-9
"""Statistics this near count as equal, which errs on the side of a greater p."""

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Judged:
    """k answers against n neutral ones: ``z`` (k, features), NaN where unknown; ``score`` (k,) their `mean_deviation`; ``p`` (k,) exact;
    ``q`` (k,) adjusted over the k (Benjamini & Hochberg 1995); ``session_p`` of all k together. NaN for answers of too few features."""

    z: Floats
    score: Floats
    p: Floats
    q: Floats
    session_p: float


def judge(neutral: Floats, probes: Floats, floors: Floats) -> Judged:
    """Compare ``probes`` (k, features) with ``neutral`` (n, features) answers, k and n at least 1."""
    z = deviations(probes, spread(neutral, floors))
    score = mean_deviation(z)
    p = np.array([_rank_p(neutral, probe, floors) for probe in probes])
    together = session_p(neutral, probes, floors)
    return Judged(z, score, p, adjusted(p), together)


def adjusted(p: Floats) -> Floats:
    """Benjamini-Hochberg: the least rate of false discoveries at which each of (k,) is one; NaN stays, and is not counted."""
    q = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    ranks = np.arange(1, len(order) + 1)
    steps = p[order] * len(order) / ranks
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q


def session_p(neutral: Floats, probes: Floats, floors: Floats) -> float:
    """The exact p-value of the probes' mean deviation over ways to choose as many of all answers."""
    values = np.concatenate([probes, neutral])
    ways = _ways(len(values), len(probes))
    found = _together(values, ways, floors)
    if np.isnan(found[0]):
        return np.nan
    return float(np.mean(_as_great(found, found[0])))


def _rank_p(neutral: Floats, probe: Floats, floors: Floats) -> float:
    """The p-value of one answer; NaN where it cannot be compared."""
    values = np.concatenate([probe[np.newaxis], neutral])
    places = np.arange(len(values))
    others = np.stack([np.delete(places, place) for place in places])
    found = mean_deviation(deviations(values, spread(values[others], floors)))
    return np.nan if np.isnan(found[0]) else float(np.mean(_as_great(found, found[0])))


def _together(values: Floats, ways: Places, floors: Floats) -> Floats:
    """(ways,) the mean deviation of the chosen answers, ``ways`` (ways, chosen), from all others."""
    chosen = np.zeros((len(ways), len(values)), np.bool_)
    np.put_along_axis(chosen, ways, True, axis=1)
    others = np.nonzero(~chosen)[1].reshape(len(ways), -1)
    of = spread(values[others], floors)
    total, known = np.zeros(len(ways)), np.zeros(len(ways))
    for place in range(ways.shape[1]):
        each = mean_deviation(deviations(values[ways[:, place]], of))
        known += ~np.isnan(each)
        total += np.nan_to_num(each)
    return np.where(known > 0, total / np.maximum(known, 1), np.nan)


def _ways(answers: int, chosen: int) -> Places:
    """(ways, chosen) places; the first row is 0 .. chosen - 1, which is what happened."""
    if comb(answers, chosen) <= EXACT_MOST:
        return np.array(list(combinations(range(answers), chosen)), dtype=np.intp)
    rng = np.random.default_rng(_SEED)
    drawn = np.argsort(rng.random((SAMPLED, answers)), axis=1)[:, :chosen]
    return np.concatenate([np.arange(chosen)[np.newaxis], drawn])


def _as_great(found: Floats, own: float) -> NDArray[np.bool_]:
    """Which are as great as ``own``; what could not be computed counts as greater."""
    return np.asarray(np.isnan(found) | (found >= own - _EQUAL))
