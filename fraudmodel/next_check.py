"""What would change the assessment most: the next check, by the expected change of L for each second that it keeps the applicant.

How far a signal that is absent would move L is not known, but how far signals of its worth do is: its calibration says how many bits one
measurement tells (``information`` = 1 - Cllr on people held out). A calibrated LLR of that worth is taken as Gaussian, N(-d^2/2, d^2) of bona
fide and N(+d^2/2, d^2) of fraud, the only such pair of Gaussians that is calibrated (van Leeuwen & Brummer 2013), with d from the bits. The
fitted score distributions are no better guide: a document holds a line and its bounds, not the scores. Under a component that disturbs the
signal in a share w of its cases the LLR is fraud's with that probability and bona fide's else; where a weight scales, it tilts bona fide's by
exp(w LLR): mean w d^2 - d^2/2. So the expectation of |dL| is taken over the present posterior, bona fide
and every component as probable as the evidence has made it, of L as the session would then have it: discounted, within the limits, fused.
A signal that has measured is no candidate: its calibration does not say what it would tell if asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import log

import numpy as np
from scipy.special import ndtr, ndtri

from fraudmodel.assessment import NextCheck
from fraudmodel.calibration import FloatArray
from fraudmodel.checks import Checks
from fraudmodel.fusion import Fusion, Mixture
from fraudmodel.llr import posterior
from fraudmodel.signal_parameters import SignalParameters
from fraudmodel.signals import SignalKind
from fraudmodel.weighing import Weighing

OUTCOMES = 32
"""Outcomes of a check under one hypothesis: strata of equal probability, the same at every call."""
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(64)
_WIDEST = 12.0
_FARTHEST = 4.0
_GRID = 1024


@dataclass(frozen=True, slots=True)
class Worth:
    """What is expected of one signal: ``separation`` d of its calibrated LLRs, and what the session does with one."""

    separation: float
    discount: float
    limits: tuple[float, float]
    strata: FloatArray

    def outcomes(self, weights: FloatArray, weighing: Weighing) -> FloatArray:
        """LLRs in force, (H, OUTCOMES), under hypotheses that weigh the signal (H,); bona fide weighs it 0."""
        d = self.separation
        if weighing is Weighing.MIXED and d > 0.0:
            llrs = np.stack([self._mixed(weight) for weight in weights.tolist()])
        else:
            llrs = (weights[:, None] - 0.5) * d**2 + d * self.strata
        drawn: FloatArray = np.clip(self.discount * llrs, *self.limits)
        return drawn

    def _mixed(self, share: float) -> FloatArray:
        """The strata's quantiles where this share of cases disturbs the signal."""
        d = self.separation
        at = np.linspace(-(d**2) / 2.0 - _FARTHEST * d, d**2 / 2.0 + _FARTHEST * d, _GRID)
        below = (1.0 - share) * ndtr((at + d**2 / 2.0) / d) + share * ndtr((at - d**2 / 2.0) / d)
        quantiles: FloatArray = np.interp(ndtr(self.strata), below, at)
        return quantiles


def worth_of(signal: SignalParameters) -> Worth:
    """What a signal's calibration lets expect of it."""
    separation = separation_of(signal.information)
    return Worth(separation, signal.discount, signal.limits, _strata(signal.kind))


def separation_of(bits: float) -> float:
    """The separation d whose calibrated Gaussian LLRs tell so many bits (0..1): 1 - E log2(1 + exp(LLR)) over bona fide. The inverse by bisection."""
    low, high = 0.0, _WIDEST
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if bits_of(middle) < bits else (low, middle)
    return (low + high) / 2.0


def bits_of(separation: float) -> float:
    """What a calibrated Gaussian LLR of this separation tells, 0..1: 1 - Cllr, which is the same over both classes."""
    llrs = separation * _NODES - separation**2 / 2.0
    weights = _WEIGHTS / _WEIGHTS.sum()
    return 1.0 - float(weights @ np.logaddexp(0.0, llrs)) / log(2.0)


@dataclass(frozen=True, slots=True)
class Question:
    """What the fusion would make of some more signals: all of it that does not hang on what those present say now.

    ``outcomes`` (H, OUTCOMES, m) LLRs in force under the hypotheses that differ, ``which`` of them is bona fide's and each component's.
    """

    mixture: Mixture
    columns: tuple[int, ...]
    outcomes: FloatArray
    which: tuple[int, ...]

    def expected_change(self, prior: float, llrs: Sequence[float]) -> float:
        """E |dL| (nats) beside those LLRs in force of the signals present."""
        given = np.array([*llrs, *(0.0 for _ in self.columns)])
        mixture = self.mixture
        now = float(mixture.evidence(given))
        joint = np.exp(mixture.log_prior + mixture.strengths(given))
        fraud = posterior(prior, now)
        chances = np.concatenate([[1.0 - fraud], fraud * joint / joint.sum()])
        moved = mixture.replaced(given, self.columns, self.outcomes)
        change = np.abs(moved - now).mean(axis=-1)
        return float(np.bincount(self.which, weights=chances, minlength=len(change)) @ change)


def question(fusion: Fusion, present: Sequence[SignalKind], worths: Mapping[SignalKind, Worth]) -> Question:
    """What would be expected where the signals of ``worths`` measured too, beside those ``present``."""
    # Questions are kept, and refits, which no expectation needs, would be the most of them.
    mixture = replace(fusion.over((*present, *worths)), refits=None)
    columns = tuple(range(len(present), len(present) + len(worths)))
    hypotheses = [(0.0,) * len(columns), *map(tuple, mixture.weights[:, list(columns)].tolist())]
    places = {weights: place for place, weights in enumerate(dict.fromkeys(hypotheses))}
    different = np.array(list(places))
    measured = [
        worth.outcomes(different[:, place], fusion.weighing) for place, worth in enumerate(worths.values())
    ]
    which = tuple(places[weights] for weights in hypotheses)
    return Question(mixture, columns, np.stack(measured, axis=-1), which)


def expected_change(
    fusion: Fusion, prior: float, present: Mapping[SignalKind, float], worths: Mapping[SignalKind, Worth]
) -> float:
    """E |dL| (nats) where the signals of ``worths`` measure too, beside those ``present`` (LLRs in force)."""
    return question(fusion, tuple(present), worths).expected_change(prior, tuple(present.values()))


def best_check(
    checks: Checks,
    possible: Mapping[str, tuple[SignalKind, ...]],
    expected: Callable[[tuple[SignalKind, ...]], float],
) -> NextCheck | None:
    """The best of the ``possible`` checks, by the E |dL| (nats) ``expected`` of their signals.

    None where none is expected to change L by as much as the document asks for. Of equals, the first by name.
    """
    best: NextCheck | None = None
    for name, kinds in possible.items():
        gain = expected(kinds)
        check = checks.checks[name]
        rate = gain / check.seconds
        if gain >= checks.least and (best is None or rate > best.gain / best.seconds):
            best = NextCheck(name, check.starts, check.seconds, gain, kinds)
    return best


def _strata(kind: SignalKind) -> FloatArray:
    """Standard normal quantiles of equal probability, in an order of the signal's own: signals vary independently under a hypothesis."""
    seed = int.from_bytes(sha256(kind.encode()).digest()[:8], "big")
    order = np.random.default_rng(seed).permutation(OUTCOMES)
    strata: FloatArray = ndtri((order + 0.5) / OUTCOMES)
    return strata
