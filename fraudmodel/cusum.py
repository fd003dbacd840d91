"""A control chart that sees a small lasting shift soon: the two-sided CUSUM (Page 1954; Hawkins & Olwell 1998).

Each value is first put on the normal scale by its rank in a reference sample, so that one allowance and one threshold serve statistics of any
shape, and a single outlier counts no more than the greatest value that the reference held.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np
from scipy.special import ndtri

from fraudmodel.calibration import FloatArray

ALLOWANCE: Final = 0.5
"""k, standard deviations: half the shift that is to be seen soonest, so the chart is tuned to a shift by one."""
LEAST_REFERENCE: Final = 50
"""Below so many reference values their own error would be charted as drift."""
_OVERSHOOT: Final = 1.166
"""By how much a sum passes its threshold on average, twice 0.583 (Siegmund 1985)."""
_HIGHEST: Final = 50.0


@dataclass(frozen=True, slots=True)
class Cusum:
    """The chart of one sequence.

    ``up`` and ``down`` (n,) are the sums, in standard deviations, against shifts towards greater and smaller values; ``threshold`` h. ``crossed`` is the
    index of the first value at which a sum passes it, None where none does; ``since`` the index after which that sum was never 0 until then: where
    the shift most probably began. ``rising`` says which sum it was, ``shift`` the mean of the values from ``since`` to the end, standard deviations.
    """

    up: FloatArray
    down: FloatArray
    threshold: float
    crossed: int | None
    since: int | None
    rising: bool
    shift: float


def cusum(scores: FloatArray, threshold: float, allowance: float = ALLOWANCE) -> Cusum:
    """Chart (n,) normal scores in their order."""
    up, down = _sums(scores, allowance), _sums(-scores, allowance)
    crossings = [
        (int(np.argmax(sums > threshold)), rising)
        for sums, rising in ((up, True), (down, False))
        if (sums > threshold).any()
    ]
    if not crossings:
        return Cusum(up, down, threshold, None, None, False, 0.0)
    crossed, rising = min(crossings)
    sums = up if rising else down
    zeros = np.flatnonzero(sums[: crossed + 1] == 0.0)
    since = int(zeros[-1]) + 1 if len(zeros) else 0
    return Cusum(up, down, threshold, crossed, since, rising, float(scores[since:].mean()))


def normal_scores(reference: FloatArray, values: FloatArray) -> FloatArray:
    """Where (m,) values lie among (n,) reference values, as the normal quantile of their mean rank: 0 in the middle, greater for greater."""
    ordered = np.sort(reference)
    below = np.searchsorted(ordered, values, side="left")
    upto = np.searchsorted(ordered, values, side="right")
    scores: FloatArray = ndtri(((below + upto) / 2.0 + 0.5) / (len(ordered) + 1.0))
    return scores


def run_length(threshold: float, shift: float = 0.0, allowance: float = ALLOWANCE) -> float:
    """How many values pass on average until a two-sided chart signals, under a shift (standard deviations); 0 for a false alarm.

    Siegmund's approximation of either side, put together as 1/ARL = 1/ARL+ + 1/ARL- (Siegmund 1985; Montgomery, Introduction to Statistical
    Quality Control, section 9.1). At k = 0.5, h = 5 it gives 469; exact is 465.
    """
    sides = (_one_sided(threshold, drift - allowance) for drift in (shift, -shift))
    return 1.0 / sum(1.0 / side for side in sides)


def threshold_for(false_alarm_every: float, allowance: float = ALLOWANCE) -> float:
    """The threshold h at which a false alarm comes once in so many values on average."""
    low, high = 0.0, _HIGHEST
    for _ in range(60):
        middle = (low + high) / 2.0
        if run_length(middle, 0.0, allowance) < false_alarm_every:
            low = middle
        else:
            high = middle
    return high


def _one_sided(threshold: float, drift: float) -> float:
    b = threshold + _OVERSHOOT
    if abs(drift) < 1e-6:
        return b * b
    exponent = min(-2.0 * drift * b, 700.0)
    return (exp(exponent) + 2.0 * drift * b - 1.0) / (2.0 * drift * drift)


def _sums(scores: FloatArray, allowance: float) -> FloatArray:
    sums, total = np.empty(len(scores)), 0.0
    for index, score in enumerate(scores):
        total = max(0.0, total + float(score) - allowance)
        sums[index] = total
    return sums
