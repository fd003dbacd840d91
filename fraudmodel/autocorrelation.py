"""How many readings of a signal one independent reading is worth: the integrated autocorrelation, measured on whole sessions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fraudmodel.calibration import FloatArray

MOST_ALIKE = 0.99
"""The largest coefficient that is ever told: readings that hardly differ are worth one, but their number is not known better."""
_ROUNDS = 100


def integrated_autocorrelation(series: Iterable[FloatArray]) -> float:
    """``1 + 2 sum_k rho_k`` of scores (n,) about the mean of their series, pooled over series of two or more; at least 1.

    ``rho_k`` beyond the lags that tell anything is noise, so the sum ends where two neighbours no longer sum to more than 0 (the initial
    positive sequence: Geyer 1992). A series' own mean takes its variance, the result times that of a reading over n, out of every lag: in
    series of a dozen readings that is as much as they correlate, so it is put back until the result no longer changes. A mean of n readings
    has the variance of one times the result, divided by n.
    """
    centred = [scores - scores.mean() for scores in series if len(scores) > 1]
    lags = max((len(each) for each in centred), default=0) // 2
    covariances = np.array([_covariance(centred, lag) for lag in range(lags + 1) if lags])
    if not lags or covariances[0] <= 0.0:
        return 1.0
    rho = covariances[1:] / covariances[0]
    if rho[0] <= 0.0:
        # Neighbours that are no more alike than others: nothing to put back, and what lies further apart is noise.
        return 1.0
    rho = rho[: _telling(rho)]
    length = sum(len(each) for each in centred) / len(centred)
    integrated = 1.0
    for _ in range(_ROUNDS):
        taken = integrated / max(length - integrated, 1.0)
        integrated = max(1.0, 1.0 + 2.0 * float(((rho + taken) / (1.0 + taken)).sum()))
    return integrated


def _telling(rho: FloatArray) -> int:
    """How many lags the initial positive sequence has, of correlations from lag 1 on."""
    for lag in range(1, len(rho), 2):
        if rho[lag : lag + 2].sum() <= 0.0:
            return lag
    return len(rho)


def equivalent_coefficient(integrated: float) -> float:
    """The lag-1 autocorrelation of the AR(1) series with that integrated autocorrelation, ``(1 + r) / (1 - r)``: what a `Pooling` holds."""
    return min((integrated - 1.0) / (integrated + 1.0), MOST_ALIKE)


def _covariance(centred: list[FloatArray], lag: int) -> float:
    """Mean product of scores that far apart, over all series that are long enough."""
    pairs = [each for each in centred if len(each) > lag]
    products = sum(float(each[lag:] @ each[: len(each) - lag]) for each in pairs)
    return products / sum(len(each) - lag for each in pairs)
