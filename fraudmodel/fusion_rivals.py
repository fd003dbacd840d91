"""Simpler ways of putting signals together, which a fusion has to beat: the best signal alone, the naive sum, one linear logistic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from fraudmodel.calibration import FloatArray
from fraudmodel.metrics import cllr
from fraudmodel.sessions import Sessions

_RIDGE = 1e-3


def naive_sum(sessions: Sessions) -> FloatArray:
    """(N,) the sum of all LLRs, as if signals did not depend on each other and every fraud disturbed all of them."""
    total: FloatArray = sessions.llrs.sum(axis=1)
    return total


def best_single(sessions: Sessions, weights: FloatArray) -> int:
    """The column of the signal whose LLR alone costs least; 0 nats where it is absent."""
    fraud = sessions.fraud
    costs = [cllr(sessions.llrs[:, column], fraud, weights) for column in range(len(sessions.kinds))]
    return int(np.argmin(costs))


@dataclass(frozen=True, slots=True)
class Linear:
    """One non-negative linear logistic over all signals: ``weights`` (n,) and an intercept."""

    weights: FloatArray
    intercept: float

    def evidence(self, sessions: Sessions) -> FloatArray:
        """(N,) log-odds shift, nats."""
        total: FloatArray = sessions.llrs @ self.weights + self.intercept
        return total


def fit_linear(sessions: Sessions, weights: FloatArray) -> Linear:
    """Fit it by prior-weighted log-loss; ``weights`` (N,) sum to 1 over each class."""
    design = np.hstack([sessions.llrs, np.ones((len(sessions), 1))])
    sign = np.where(sessions.fraud, -1.0, 1.0)
    ridge = np.append(np.full(design.shape[1] - 1, _RIDGE), 0.0)

    def loss(beta: FloatArray) -> tuple[float, FloatArray]:
        signed = sign * (design @ beta)
        slope = 0.5 * weights * expit(signed) * sign
        cost = float(0.5 * weights @ np.logaddexp(0.0, signed) + ridge @ beta**2)
        return cost, design.T @ slope + 2.0 * ridge * beta

    size = design.shape[1] - 1
    start = np.append(np.full(size, 0.4), 0.0)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * size + [(None, None)])
    return Linear(np.asarray(found.x[:-1], dtype=np.float64), float(found.x[-1]))
