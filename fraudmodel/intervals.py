"""Measured figures and their intervals. No rate is ever given without its number of trials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np
from scipy.special import betaincinv

from fraudmodel.calibration import FloatArray
from fraudmodel.document import Node

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured figure with its 95 % interval (``low``, ``high``) and the number of trials behind it."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.4g} [{self.low:.4g}, {self.high:.4g}] N={self.n}"


def parse_estimate(node: Node) -> Estimate:
    """A figure in a document. Raises ParametersError with the line and the field."""
    node.fields("value", "low", "high", "n")
    return Estimate(node["value"].number(), node["low"].number(), node["high"].number(), node["n"].count())


def clopper_pearson(successes: float, trials: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact two-sided interval of a binomial rate (Clopper & Pearson 1934).

    Counts may be fractions, as effective numbers of trials are. Without trials nothing is known: (0, 1).
    Raises ValueError unless 0 <= successes <= trials.
    """
    if not 0.0 <= successes <= trials:
        raise ValueError(f"a rate needs 0 <= successes <= trials, got {successes} of {trials}")
    tail = (1.0 - confidence) / 2.0
    low = betaincinv(successes, trials - successes + 1.0, tail) if successes > 0.0 else 0.0
    high = betaincinv(successes + 1.0, trials - successes, 1.0 - tail) if successes < trials else 1.0
    return float(low), float(high)


def rate(successes: int, trials: int) -> Estimate:
    """A rate of independent trials with its Clopper-Pearson interval. Raises ValueError without trials."""
    if trials == 0:
        raise ValueError("a rate needs at least one trial")
    low, high = clopper_pearson(successes, trials)
    return Estimate(successes / trials, low, high, trials)


def rate_if_tried(successes: int, trials: int) -> Estimate | None:
    """The same; None where nothing was tried."""
    return rate(successes, trials) if trials else None


def percentile_interval(replicates: FloatArray, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The central interval of (n,) bootstrap replicates (Efron 1979): as `numpy.quantile` has it, in a tenth of its time.

    Raises ValueError where there are none.
    """
    if not len(replicates):
        raise ValueError("an interval needs at least one replicate")
    ascending = np.sort(replicates)
    if np.isnan(ascending[-1]):
        return float("nan"), float("nan")
    tail = (1.0 - confidence) / 2.0
    return _between(ascending, tail), _between(ascending, 1.0 - tail)


def _between(ascending: FloatArray, share: float) -> float:
    place = share * (len(ascending) - 1)
    before = int(place)
    low, high = float(ascending[before]), float(ascending[min(before + 1, len(ascending) - 1)])
    return low + (place - before) * (high - low)


def bootstrap(
    statistic: Callable[[FloatArray], float],
    weights: Callable[[np.random.Generator], FloatArray],
    trials: int,
    *,
    replicates: int = 500,
    seed: int = 0,
) -> Estimate:
    """The interval of ``statistic`` over re-drawn trial weights.

    ``statistic`` maps the weight of every trial to a figure (all 1: the measured one); ``weights`` draws them, so
    that trials of one subject come and go together. Draws that lose a whole class are drawn again, as often as
    there are replicates.
    """
    rng = np.random.default_rng(seed)
    values = (statistic(weights(rng)) for _ in range(2 * replicates))
    finite = list(islice((value for value in values if np.isfinite(value)), replicates))
    point = float(statistic(np.ones(trials)))
    low, high = percentile_interval(np.array(finite)) if finite else (-np.inf, np.inf)
    return Estimate(point, min(low, point), max(high, point), trials)
