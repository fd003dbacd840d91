"""How common fraud is among a bank's recent interviews, estimated without knowing which were: a proposal for the prior, which a person approves.

With calibrated LLRs the likelihood of a prevalence p is prod(p exp(L_i) + 1 - p). Expectation-maximisation climbs it (Saerens, Latinne &
Decaestecker 2002); it has one maximum. What it finds is as good as the LLRs: where those are not calibrated for these interviews, it is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import chi2

from fraudmodel.calibration import FloatArray
from fraudmodel.csv_rows import csv_rows, csv_text
from fraudmodel.errors import DatasetError, FitError
from fraudmodel.intervals import CONFIDENCE
from fraudmodel.llr import logit

LEAST_SESSIONS: Final = 2000
GUARD: Final = (0.0005, 0.10)
"""No proposal leaves this range, 0.05 % to 10 %, whatever is found."""
_STEPS: Final = 10_000
_TOLERANCE: Final = 1e-10
_EDGE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Proposal:
    """``found`` is the most likely prevalence with its 95 % interval (``low``, ``high``); ``proposed`` the same held within the guard; ``n``
    interviews. Nothing changes by itself: a person who agrees sets the prior."""

    found: float
    low: float
    high: float
    proposed: float
    guarded: bool
    n: int


def propose(llrs: FloatArray, start: float = 0.005) -> Proposal:
    """From the log-odds shifts (N,) nats of recent interviews. Raises FitError below 2000 of them."""
    if len(llrs) < LEAST_SESSIONS:
        raise FitError(
            f"a prevalence is estimated from at least {LEAST_SESSIONS} interviews, there are {len(llrs)}"
        )
    found = most_likely(llrs, start)
    low, high = _interval(llrs, found)
    proposed = min(max(found, GUARD[0]), GUARD[1])
    return Proposal(found, low, high, proposed, proposed != found, len(llrs))


def most_likely(llrs: FloatArray, start: float = 0.005) -> float:
    """The prevalence (0..1) at which expectation-maximisation comes to rest: the mean of the probabilities that it gives.

    Where it would take more than 10 000 steps, the zero of the likelihood's slope, which is the same.
    """
    prior = start
    for _ in range(_STEPS):
        before, prior = prior, float(expit(logit(min(max(prior, _EDGE), 1.0 - _EDGE)) + llrs).mean())
        if abs(prior - before) < _TOLERANCE * prior:
            return prior
    return _root(llrs)


def read_llrs(path: Path) -> FloatArray:
    """The column ``llr`` (nats) of a CSV file, one interview a line. Raises DatasetError with the line and the column."""
    rows = csv_rows(csv_text(path, "table of interviews' LLRs"), path.name, ("llr",))
    values = np.array([row.number("llr") for row in rows], dtype=np.float64)
    if not len(values):
        raise DatasetError(f"{path.name}: there is no interview in it")
    return values


def _slope(llrs: FloatArray, prior: float) -> float:
    ratio = np.expm1(llrs)
    return float((ratio / (1.0 + prior * ratio)).mean())


def _root(llrs: FloatArray) -> float:
    if _slope(llrs, _EDGE) <= 0.0:
        return 0.0
    if _slope(llrs, 1.0 - _EDGE) >= 0.0:
        return 1.0
    return float(brentq(lambda prior: _slope(llrs, prior), _EDGE, 1.0 - _EDGE))


def _log_likelihood(llrs: FloatArray, prior: float) -> float:
    return float(np.log1p(prior * np.expm1(llrs)).sum())


def _interval(llrs: FloatArray, found: float) -> tuple[float, float]:
    """Every prevalence that a likelihood ratio test does not refuse (Wilks 1938)."""
    best = _log_likelihood(llrs, found)
    least = best - float(chi2.ppf(CONFIDENCE, 1)) / 2.0

    def above(prior: float) -> float:
        return _log_likelihood(llrs, prior) - least

    low = 0.0 if found <= _EDGE or above(0.0) >= 0.0 else float(brentq(above, 0.0, found))
    top = 1.0 - _EDGE
    high = 1.0 if found >= top or above(top) >= 0.0 else float(brentq(above, found, top))
    return low, high
