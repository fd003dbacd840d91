"""Wald's sequential test over the evidence of one interview. It may propose a further check, never an outcome.

L is the log of a likelihood ratio of fraud against bona fide, so it is looked at as often as one likes: over a whole bona fide interview it
reaches ``A = log((1 - beta) / alpha)`` with probability at most ``exp(-A) = alpha / (1 - beta)`` (Wald 1945; Ville 1939), whether or not it
had crossed ``B = log(beta / (1 - alpha))`` before. So the test goes on after B: an attack may begin late. That holds as far as L is what its
calibrations say, which is why readings that follow each other are averaged and never summed (`pooling`).

Every signal is held within what its calibration's data support, so L has a reach of its own. Where that is short of a bound the test cannot
cross it, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log

from fraudmodel.assessment import Band, Crossing, Sequential
from fraudmodel.document import Node


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """What the test may get wrong: ``alpha`` the share of bona fide interviews that it flags, ``beta`` of frauds that it releases (0..1).

    Raises ValueError unless both are above 0 and their sum below 1: the bounds would not lie on both sides of 0.
    """

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        if not (self.alpha > 0.0 and self.beta > 0.0 and self.alpha + self.beta < 1.0):
            raise ValueError(
                f"alpha and beta must be above 0 and sum to less than 1; they are {self.alpha:g} and {self.beta:g}"
            )

    @property
    def upper(self) -> float:
        """A: evidence (nats) from which a check is proposed."""
        return log(1.0 - self.beta) - log(self.alpha)

    @property
    def lower(self) -> float:
        """B: evidence (nats) down to which nothing is."""
        return log(self.beta) - log(1.0 - self.alpha)

    def begin(self, lowest: float | None = None, highest: float | None = None) -> Sequential:
        """The test before any evidence, which can come to no less than ``lowest`` and no more than ``highest`` (nats)."""
        bounds = self.upper, self.lower
        return Sequential(Crossing.UNDECIDED, None, None, *bounds, self.alpha, self.beta, lowest, highest)


def parse_error_rates(node: Node) -> ErrorRates:
    """Read ``alpha`` and ``beta``. Raises ParametersError with the line and the field."""
    node.fields("alpha", "beta")
    alpha, beta = node["alpha"].number(0.0, 1.0), node["beta"].number(0.0, 1.0)
    try:
        return ErrorRates(alpha, beta)
    except ValueError as error:
        raise node.error(f"cannot be used: {error}") from None


def advanced(
    before: Sequential, t: float, evidence: float, *, covered: bool, checked_at: float
) -> Sequential:
    """The test after a look at ``evidence`` (nats) at media time ``t`` (s).

    ``covered`` whether enough was measured at all: evidence that is not there releases nobody. ``checked_at`` the end of the latest
    challenge that was measured, -inf where none was.
    """
    if before.crossed is Crossing.UP:
        lapses = before.checked_at is None and before.at is not None and checked_at > before.at
        return _with(before, Crossing.UP, before.at, checked_at if lapses else before.checked_at)
    if evidence >= before.upper:
        return _with(before, Crossing.UP, t, None)
    if before.crossed is Crossing.UNDECIDED and covered and evidence <= before.lower:
        return _with(before, Crossing.DOWN, t, None)
    return before


def proposed(band: Band, test: Sequential | None) -> Band:
    """The band in force: the test raises ``proceed`` to ``step_up`` until a check was made, and changes nothing else."""
    raised = test is not None and test.crossed is Crossing.UP and test.checked_at is None
    return Band.STEP_UP if raised and band is Band.PROCEED else band


def _with(before: Sequential, crossed: Crossing, at: float | None, checked_at: float | None) -> Sequential:
    return replace(before, crossed=crossed, at=at, checked_at=checked_at)
