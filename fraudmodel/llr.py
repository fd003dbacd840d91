"""Arithmetic of probabilities and log-likelihood ratios.

Every LLR is a natural log; above 0 supports fraud. People read decibans: 10 log10 of the likelihood ratio.
"""

from __future__ import annotations

from math import exp, inf, log, log1p

DECIBANS_PER_NAT = 10.0 / log(10.0)


def logit(probability: float) -> float:
    """Log-odds (nats) of a probability; -inf at 0 and +inf at 1. Raises ValueError outside 0..1."""
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"a probability lies in 0..1, got {probability}")
    if probability == 0.0:
        return -inf
    if probability == 1.0:
        return inf
    return log(probability) - log1p(-probability)


def probability(log_odds: float) -> float:
    """The probability of given log-odds (nats). The inverse of `logit`, without overflow."""
    if log_odds >= 0.0:
        return 1.0 / (1.0 + exp(-log_odds))
    odds = exp(log_odds)
    return odds / (1.0 + odds)


def posterior(prior: float, llr: float) -> float:
    """Bayes' rule: the probability after evidence ``llr`` (nats). Exactly ``prior`` where ``llr`` is 0.

    Raises ValueError unless 0 < prior < 1: nothing could move such a prior.
    """
    if not 0.0 < prior < 1.0:
        raise ValueError(f"a prior lies between 0 and 1, got {prior}")
    if llr >= 0.0:
        return prior / (prior + (1.0 - prior) * exp(-llr))
    weighted = prior * exp(llr)
    return weighted / (weighted + (1.0 - prior))


def decibans(llr: float) -> float:
    """Nats to decibans; 1 nat = 4.343 dB, a likelihood ratio of 10 = 10 dB."""
    return llr * DECIBANS_PER_NAT


def nats(decibans: float) -> float:
    """Decibans to nats."""
    return decibans / DECIBANS_PER_NAT


def bounded(llr: float, bounds: tuple[float, float]) -> float:
    """Clip an LLR to what its calibration data support."""
    low, high = bounds
    return min(max(llr, low), high)
