"""How far LLRs that were learnt from simulated attacks are to be believed, once real ones are confirmed: Bayes' rule on the discount.

A session uses rho times the LLR of a signal whose attacks were simulated. Before any outcome rho is 0.5, give or take 0.25 (a normal prior). Each
confirmed outcome weighs in by logit P(fraud) = a + rho LLR; the intercept a takes up how many of the outcomes are fraud, and is integrated out
(Laplace's method at each rho). With few outcomes the prior speaks, so there is no least number of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from scipy.special import expit

from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.calibration import FloatArray
from fraudmodel.intervals import CONFIDENCE, Estimate
from fraudmodel.metrics import Mask
from fraudmodel.outcome_calibration import Sees
from fraudmodel.parameters import Parameters
from fraudmodel.rescoring import Candidate, Case
from fraudmodel.signal_parameters import signal_document
from fraudmodel.signals import SignalKind

PRIOR_MEAN: Final = 0.5
PRIOR_SD: Final = 0.25
MOST_NATS: Final = 8.0
"""No LLR counts for more than that, as where weights are learnt: one that a fitted line extrapolates is no observation."""
_GRID: Final = np.linspace(PRIOR_MEAN - 5.0 * PRIOR_SD, PRIOR_MEAN + 7.0 * PRIOR_SD, 601)
_STEPS: Final = 60


@dataclass(frozen=True, slots=True)
class Discounted:
    """The discount of one signal: ``now`` in force, and ``found``, the posterior's mean with its central 95 %; ``proposed`` is that mean within 0..1.

    ``fraud`` and ``bona_fide`` interviews behind it, of ``people``.
    """

    kind: SignalKind
    now: float
    found: Estimate
    proposed: float
    fraud: int
    bona_fide: int
    people: int


def discounts(candidate: Candidate, cases: Sequence[Case], sees: Sees) -> list[Discounted]:
    """Every discounted signal of the grade ``simulated``, by name, on the outcomes that it was measured in and whose family it is meant to see.

    Cases are assessed by the candidate's parameters without discount, bounds and caps, so that what was held back does not hide what it is worth.
    """
    parameters = candidate.parameters
    kinds = sorted(
        kind
        for kind, each in parameters.signals.items()
        if each.grade == "simulated" and each.discount < 1.0 and kind not in BEHAVIOUR
    )
    plain = replace(candidate, parameters=_undiscounted(parameters, kinds))
    rows: dict[SignalKind, list[tuple[float, bool, tuple[str, ...]]]] = {kind: [] for kind in kinds}
    for case in cases if kinds else ():
        for each in case.assess(plain).contributions:
            if each.kind in rows and (not case.fraud or case.family in sees.get(each.kind, ())):
                rows[each.kind].append((each.llr, case.fraud, case.people))
    return [_of_rows(kind, parameters.signals[kind].discount, rows[kind]) for kind in kinds]


def posterior(llrs: FloatArray, fraud: Mask, weights: FloatArray) -> tuple[float, float, float]:
    """Mean, and the limits of the central 95 %, of rho given (N,) undiscounted LLRs (nats), outcomes and weights; the prior's where an outcome is missing."""
    log_density = -0.5 * ((_GRID - PRIOR_MEAN) / PRIOR_SD) ** 2
    if fraud.any() and not fraud.all():
        log_density = log_density + _log_evidence(np.clip(llrs, -MOST_NATS, MOST_NATS), fraud, weights)
    density = np.exp(log_density - log_density.max())
    density /= density.sum()
    tail = (1.0 - CONFIDENCE) / 2.0
    below = np.cumsum(density) - density / 2.0
    low, high = np.interp([tail, 1.0 - tail], below, _GRID)
    return float(density @ _GRID), float(low), float(high)


def with_discounts(
    parameters: Parameters, found: Iterable[Discounted], version: str
) -> dict[SignalKind, str]:
    """The documents, by signal, of those whose discount would be another; ``version`` is added to theirs."""
    changed = {}
    for each in found:
        signal = parameters.signals[each.kind]
        if each.proposed != signal.discount:
            changed[each.kind] = signal_document(
                replace(signal, discount=each.proposed, version=f"{signal.version}+{version}")
            )
    return changed


def _undiscounted(parameters: Parameters, kinds: Iterable[SignalKind]) -> Parameters:
    plain = {
        kind: replace(parameters.signals[kind], discount=1.0, cap=MOST_NATS, bounds=(-MOST_NATS, MOST_NATS))
        for kind in kinds
    }
    return replace(parameters, signals=MappingProxyType({**parameters.signals, **plain}))


def _of_rows(kind: SignalKind, now: float, rows: Sequence[tuple[float, bool, tuple[str, ...]]]) -> Discounted:
    llrs = np.array([llr for llr, _, _ in rows], dtype=np.float64)
    fraud: Mask = np.array([is_fraud for _, is_fraud, _ in rows], dtype=bool)
    mean, low, high = posterior(llrs, fraud, _weights([(people, is_fraud) for _, is_fraud, people in rows]))
    frauds = int(fraud.sum())
    people = {person for _, _, each in rows for person in each}
    found = Estimate(mean, low, high, len(rows))
    proposed = round(min(max(mean, 0.0), 1.0), 3) if 0 < frauds < len(rows) else now
    return Discounted(kind, now, found, proposed, frauds, len(rows) - frauds, len(people))


def _weights(trials: Sequence[tuple[tuple[str, ...], bool]]) -> FloatArray:
    """One trial a person and outcome, however often they were interviewed: what one person does is seen once."""
    times = Counter(trials)
    return np.array([1.0 / times[each] for each in trials], dtype=np.float64)


def _log_evidence(llrs: FloatArray, fraud: Mask, weights: FloatArray) -> FloatArray:
    """The log-likelihood (grid,) of every rho, the intercept integrated out."""
    shifts = _GRID[:, None] * llrs[None, :]
    intercept = np.zeros(len(_GRID))
    total = float(weights[fraud].sum())
    for _ in range(_STEPS):
        expected = expit(shifts + intercept[:, None])
        information = np.maximum((expected * (1.0 - expected)) @ weights, 1e-12)
        step = np.clip((total - expected @ weights) / information, -2.0, 2.0)
        intercept += step
        if np.abs(step).max() < 1e-9:
            break
    odds = shifts + intercept[:, None]
    likelihood = -(np.logaddexp(0.0, np.where(fraud, -odds, odds)) @ weights)
    found: FloatArray = likelihood - 0.5 * np.log(information)
    return found
