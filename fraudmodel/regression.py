"""Weighted logistic regression that stays finite where the classes do not overlap, as good biometric scores do not."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from fraudmodel.calibration import FloatArray
from fraudmodel.errors import FitError

_ITERATIONS = 200
_LONGEST_STEP = 3.0
_TOLERANCE = 1e-9


def fit_logistic(design: FloatArray, labels: FloatArray, weights: FloatArray) -> FloatArray:
    """Coefficients (P,) of log-odds linear in ``design`` (N, P), by penalised likelihood (Firth 1993).

    The penalty is half the log-determinant of the Fisher information: it removes the first-order bias of small
    samples and keeps the slope finite under separation (Heinze & Schemper 2002). ``labels`` 0 or 1; ``weights`` say
    how many independent trials a row stands for. Raises FitError where the design is degenerate.
    """
    beta = np.zeros(design.shape[1])
    objective = _penalised(design, labels, weights, beta)
    for _ in range(_ITERATIONS):
        step = _newton_step(design, labels, weights, beta)
        step *= min(1.0, _LONGEST_STEP / max(float(np.abs(step).max()), 1e-300))
        while (new := _penalised(design, labels, weights, beta + step)) < objective - 1e-12:
            step = step / 2.0
            if np.abs(step).max() < _TOLERANCE:
                return beta
        beta, objective = beta + step, new
        if np.abs(step).max() < _TOLERANCE:
            return beta
    raise FitError("the calibration did not converge: are two covariates the same, or one of them constant?")


def _newton_step(design: FloatArray, labels: FloatArray, weights: FloatArray, beta: FloatArray) -> FloatArray:
    fitted = expit(design @ beta)
    inner = weights * fitted * (1.0 - fitted)
    information = (design * inner[:, None]).T @ design
    try:
        inverse = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        raise FitError("the calibration has no unique solution: a score or covariate is constant") from None
    leverage = inner * np.einsum("ni,ij,nj->n", design, inverse, design)
    score = design.T @ (weights * (labels - fitted) + leverage * (0.5 - fitted))
    # The penalty acts as `leverage` more trials with a label of one half; their curvature belongs to the step.
    curvature = (design * ((weights + leverage) * fitted * (1.0 - fitted))[:, None]).T @ design
    step: FloatArray = np.linalg.solve(curvature, score)
    return step


def _penalised(design: FloatArray, labels: FloatArray, weights: FloatArray, beta: FloatArray) -> float:
    log_odds = design @ beta
    fitted = expit(log_odds)
    likelihood = weights @ (labels * log_odds - np.logaddexp(0.0, log_odds))
    information = (design * (weights * fitted * (1.0 - fitted))[:, None]).T @ design
    sign, determinant = np.linalg.slogdet(information)
    return float(likelihood + 0.5 * determinant) if sign > 0 else -np.inf
