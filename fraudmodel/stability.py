"""Has the distribution of a number changed? The population stability index with what chance alone would give.

PSI compares the shares of two samples over the bins of the first one's quantiles: sum (q - p) ln(q / p). Where nothing has changed it is not 0 but
about (1/n + 1/m) times a chi-squared variable of bins - 1 degrees of freedom (Yurdakul 2018, Statistical properties of the population stability
index, Western Michigan University): at 100 and 50 interviews in ten bins it is 0.27 on average, above the usual 0.2. So no index stands alone here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import chdtrc, chndtr, chndtrinc

from fraudmodel.calibration import FloatArray
from fraudmodel.intervals import CONFIDENCE, Estimate

MOST_BINS: Final = 10
LEAST_EACH: Final = 5
"""How many of either sample a bin should hold, for the approximation to hold."""
LEAST_TRIALS: Final = 20
_UNSEEN: Final = 0.5
"""Counted into each bin of either sample, so that an empty one has a finite share (Jeffreys)."""


@dataclass(frozen=True, slots=True)
class Stability:
    """The index with its 95 % interval; ``by_chance`` its mean where nothing has changed, ``p`` how often chance alone reaches it.

    ``bins`` it was counted over, ``reference`` and ``recent`` the people behind either sample.
    """

    psi: Estimate
    by_chance: float
    p: float
    bins: int
    reference: int
    recent: int


def stability(
    reference: FloatArray, recent: FloatArray, *, people: tuple[int, int] | None = None
) -> Stability | None:
    """Compare (n,) values with (m,) later ones; None where there are fewer than 20 of either, or all of the reference are the same.

    ``people`` are how many independent trials either sample is worth (of somebody interviewed three times, one): the number of values where it
    is not given. The interval inverts the non-central chi-squared distribution of the index.
    """
    n, m = people or (len(reference), len(recent))
    if min(n, m) < LEAST_TRIALS:
        return None
    edges = quantile_edges(reference, min(MOST_BINS, min(n, m) // LEAST_EACH))
    if not len(edges):
        return None
    psi = psi_of(counts(reference, edges), counts(recent, edges))
    freedom, scale = float(len(edges)), 1.0 / n + 1.0 / m
    low, high = _noncentral_interval(psi / scale, freedom)
    return Stability(
        psi=Estimate(psi, min(scale * low, psi), max(scale * high, psi), min(n, m)),
        by_chance=scale * freedom,
        p=float(chdtrc(freedom, psi / scale)),
        bins=len(edges) + 1,
        reference=n,
        recent=m,
    )


def quantile_edges(values: FloatArray, bins: int) -> FloatArray:
    """The inner edges of at most ``bins`` bins that hold equal shares of ``values``; fewer where many values are the same."""
    inner = np.quantile(values, np.arange(1, bins) / bins, method="inverted_cdf")
    edges: FloatArray = np.unique(inner)
    # A bin beyond the greatest value would be empty by construction.
    inside: FloatArray = edges[edges < values.max()]
    return inside


def counts(values: FloatArray, edges: FloatArray) -> FloatArray:
    """How many values lie in each bin; one on an edge belongs to the bin below it."""
    places = np.searchsorted(edges, values, side="left")
    found: FloatArray = np.bincount(places, minlength=len(edges) + 1).astype(np.float64)
    return found


def psi_of(reference: FloatArray, recent: FloatArray) -> float:
    """The index of two rows of counts (bins,): 0 where the shares are the same, never below."""
    before, now = (_shares(each) for each in (reference, recent))
    return float(np.sum((now - before) * np.log(now / before)))


def holm(p: FloatArray) -> FloatArray:
    """p values (n,) corrected for having looked n times (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected


def _shares(found: FloatArray) -> FloatArray:
    shares: FloatArray = (found + _UNSEEN) / (found.sum() + _UNSEEN * len(found))
    return shares


def _noncentral_interval(statistic: float, freedom: float) -> tuple[float, float]:
    """Between which non-centralities a chi-squared ``statistic`` lies centrally."""
    tail = (1.0 - CONFIDENCE) / 2.0
    bounds = []
    for share in (1.0 - tail, tail):
        # The distribution falls as the non-centrality grows: 0 where even none would lie above that share.
        reachable = statistic > 0.0 and chndtr(statistic, freedom, 0.0) > share
        bounds.append(_noncentrality(statistic, freedom, share) if reachable else 0.0)
    return bounds[0], bounds[1]


def _noncentrality(statistic: float, freedom: float, share: float) -> float:
    found = float(chndtrinc(statistic, freedom, share))
    if np.isfinite(found):
        return found
    # Far out the distribution is normal: mean freedom + x, variance 2 (freedom + 2 x).
    spread = 2.0 * np.sqrt(2.0 * statistic) * (1.0 if share < 0.5 else -1.0)
    return max(float(statistic - freedom + spread), 0.0)
