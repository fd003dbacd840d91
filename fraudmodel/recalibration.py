"""Do the LLRs that a session used mean what they say, now that outcomes are known? Slope and intercept on confirmed outcomes (Cox 1958).

The slope is that of the log-odds of fraud on L; below 1, L is too sure of itself, both ways; above 1, it could be surer. The intercept is what would
have to be added to every L, with slope 1: above 0, L is too low throughout, for fraud and for bona fide alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final, Literal

import numpy as np
from scipy.special import expit, ndtr

from fraudmodel.calibration import FloatArray
from fraudmodel.errors import FitError
from fraudmodel.intervals import Estimate, percentile_interval
from fraudmodel.metrics import Mask
from fraudmodel.people import drawn_together
from fraudmodel.regression import fit_logistic

LEAST_OUTCOMES: Final = 10
"""Interviews of either outcome below which a slope is not worth its interval."""
REPLICATES: Final = 200
Verdict = Literal["surer", "shy", "low", "high"]
"""Of an LLR: surer than the outcomes bear out, less sure than it could be, too low or too high throughout."""
_FLAT: Final = 1e-9
_ITERATIONS: Final = 100


@dataclass(frozen=True, slots=True)
class Recalibration:
    """Slope and intercept (nats) of the outcome on L, with 95 % intervals over people. ``fraud`` and ``bona_fide`` interviews behind them.

    ``slope_p`` and ``intercept_p``: how often chance alone would lead as far from 1 and 0, by the greater of the bootstrap's standard error and Wald's:
    over few frauds the bootstrap's is too small.
    """

    slope: Estimate
    intercept: Estimate
    slope_p: float
    intercept_p: float
    fraud: int
    bona_fide: int

    def verdicts(self, significance: float) -> tuple[Verdict, ...]:
        """What the outcomes speak against at this significance; nothing where slope 1 and intercept 0 hold."""
        found: list[Verdict] = []
        if self.slope_p < significance:
            found.append("surer" if self.slope.value < 1.0 else "shy")
        if self.intercept_p < significance:
            found.append("low" if self.intercept.value > 0.0 else "high")
        return tuple(found)


def recalibration(
    llrs: FloatArray,
    fraud: Mask,
    people: Sequence[tuple[str, ...]],
    *,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Recalibration | None:
    """Regress (N,) outcomes on (N,) LLRs (nats); None below 10 of either outcome, or where all LLRs are the same.

    ``people`` (N,) say who took part in each: a person's interviews are drawn together. How many of the outcomes are fraud does not matter.
    """
    counted = int(fraud.sum()), int((~fraud).sum())
    if min(counted) < LEAST_OUTCOMES or np.ptp(llrs) < _FLAT:
        return None
    draw, rng = drawn_together(people), np.random.default_rng(seed)
    measured = _line(llrs, fraud, np.ones(len(llrs)))
    lines = np.array([_line(llrs, fraud, draw(rng)) for _ in range(replicates)])
    lines = lines[np.isfinite(lines).all(axis=1)]
    if len(lines) < replicates // 2 or not np.isfinite(measured).all():
        return None
    errors = np.maximum(lines[:, :2].std(axis=0), measured[2:])
    p = 2.0 * ndtr(-np.abs(measured[:2] - (0.0, 1.0)) / np.maximum(errors, 1e-12))
    intercept, slope = (_estimate(measured[place], lines[:, place], len(llrs)) for place in (0, 1))
    return Recalibration(slope, intercept, float(p[1]), float(p[0]), *counted)


def _estimate(value: float, replicates: FloatArray, n: int) -> Estimate:
    low, high = percentile_interval(replicates)
    return Estimate(float(value), min(low, float(value)), max(high, float(value)), n)


def _line(llrs: FloatArray, fraud: Mask, weights: FloatArray) -> FloatArray:
    """Intercept, slope and their Wald errors; not numbers where a class is lost or nothing varies."""
    used = weights > 0.0
    llrs, fraud, weights = llrs[used], fraud[used], weights[used]
    if not fraud.any() or fraud.all() or np.ptp(llrs) < _FLAT:
        return np.full(4, np.nan)
    centre, spread = float(llrs.mean()), float(llrs.std())
    design = np.column_stack([np.ones(len(llrs)), (llrs - centre) / spread])
    try:
        beta = fit_logistic(design, fraud.astype(np.float64), weights)
    except FitError:
        return np.full(4, np.nan)
    error = np.sqrt(_covariance(design, weights, expit(design @ beta))[1, 1])
    intercept, intercept_error = _intercept(llrs, fraud, weights)
    return np.array([intercept, beta[1] / spread, intercept_error, error / spread])


def _intercept(llrs: FloatArray, fraud: Mask, weights: FloatArray) -> tuple[float, float]:
    """What has to be added to every LLR, and its Wald error: the logistic regression with L as offset, by Newton's method.

    The outcomes' own odds are taken off it (Prentice & Pyke 1979), so how many of them are fraud does not matter.
    """
    frauds = float(weights[fraud].sum())
    offset = llrs + log(frauds / float(weights[~fraud].sum()))
    moved, information = 0.0, 1.0
    for _ in range(_ITERATIONS):
        expected = expit(offset + moved)
        information = max(float(weights @ (expected * (1.0 - expected))), 1e-12)
        step = float(np.clip((frauds - weights @ expected) / information, -1.0, 1.0))
        moved += step
        if abs(step) < 1e-10:
            break
    return moved, 1.0 / float(np.sqrt(information))


def _covariance(design: FloatArray, weights: FloatArray, fitted: FloatArray) -> FloatArray:
    information = (design * (weights * fitted * (1.0 - fitted))[:, None]).T @ design
    return np.asarray(np.linalg.inv(information), dtype=np.float64)
