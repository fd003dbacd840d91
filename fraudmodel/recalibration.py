"""Do the LLRs that a session used mean what they say, now that outcomes are known? Slope and intercept on confirmed outcomes (Cox 1958).

Log-odds of fraud given L are linear in L with slope 1, and with intercept 0 at even odds. A slope below 1: L is too sure of itself,
both ways; above 1: it could be surer. An intercept above 0: L is too low throughout, for fraud and for bona fide alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

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
_FLAT: Final = 1e-9


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

    def verdict(self, significance: float) -> str:
        """What the outcomes speak against at this significance, as the end of a sentence; empty where slope 1 and intercept 0 hold."""
        found = []
        if self.slope_p < significance:
            sure = self.slope.value < 1.0
            found.append("it is surer than the outcomes bear out" if sure else "it could be surer than it is")
        if self.intercept_p < significance:
            found.append(f"it is too {'low' if self.intercept.value > 0.0 else 'high'} throughout")
        return " and ".join(found)


def recalibration(
    llrs: FloatArray,
    fraud: Mask,
    people: Sequence[Sequence[str]],
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
    """Intercept, slope and their Wald errors; not numbers where a class is lost or nothing varies.

    The intercept is that of odds 1: the logarithm of the outcomes' own odds is taken off it (Prentice & Pyke 1979).
    """
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
    fitted = expit(design @ beta)
    covariance = np.linalg.inv((design * (weights * fitted * (1.0 - fitted))[:, None]).T @ design)
    back = np.array([[1.0, -centre / spread], [0.0, 1.0 / spread]])
    intercept, slope = back @ beta
    odds = log(float(weights[fraud].sum()) / float(weights[~fraud].sum()))
    return np.array([intercept - odds, slope, *np.sqrt(np.diag(back @ covariance @ back.T))])


def in_the_large(shifts: FloatArray, fraud: Mask, prior: float) -> float:
    """By how much (nats) all log-odds would have to move for the expected number of frauds to be the confirmed one.

    ``shifts`` (N,) L of interviews, ``prior`` the prevalence that they were assessed with. Says something only where outcomes were confirmed whatever
    the assessment said: where the suspicious alone are looked into, it says how they were chosen. Solved by Newton's method; infinite where
    all or none were fraud.
    """
    if fraud.all() or not fraud.any():
        return float("inf") if fraud.all() else float("-inf")
    offset = log(prior / (1.0 - prior)) + shifts
    moved = 0.0
    for _ in range(100):
        expected = expit(offset + moved)
        step = (fraud.sum() - expected.sum()) / max(float((expected * (1.0 - expected)).sum()), 1e-12)
        step = float(np.clip(step, -3.0, 3.0))
        moved += step
        if abs(step) < 1e-10:
            break
    return moved
