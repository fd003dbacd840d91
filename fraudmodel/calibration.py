"""From a signal's pooled statistic to an LLR: calibrators, as they are used in a session. `fit` makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

OBSERVATIONS = "observations"
"""The covariate that pooling itself provides: how many measurements were pooled."""


class Calibrator(Protocol):
    """Maps a statistic (greater = more attack-like) to an LLR (nats); never decreasing in the statistic."""

    @property
    def requires(self) -> tuple[str, ...]:
        """Names of the covariates without which it cannot calibrate."""
        ...

    def llr(self, statistic: float, covariates: Mapping[str, float]) -> float:
        """The LLR, not yet bounded. Raises KeyError for a covariate in ``requires`` that is not given."""
        ...

    def draws(self, statistics: FloatArray, covariates: Mapping[str, float]) -> FloatArray:
        """The LLRs of (B,) statistics, each under its own bootstrap refit of this calibrator."""
        ...


@dataclass(frozen=True, slots=True)
class Covariate:
    """A condition of the measurement that changes what a score is worth.

    Its value is clipped to the fitted range ``low..high``: outside it nothing was observed, so nothing is
    extrapolated. ``log`` measures it on a log scale, as durations are.
    """

    name: str
    centre: float
    scale: float
    low: float
    high: float
    log: bool = False

    def standardised(self, value: float) -> float:
        """The covariate as the regression sees it."""
        clipped = min(max(value, self.low), self.high)
        return ((log(clipped) if self.log else clipped) - self.centre) / self.scale

    def standardised_all(self, values: FloatArray) -> FloatArray:
        """As `standardised`, of (N,) values."""
        clipped = np.clip(values, self.low, self.high)
        standard: FloatArray = ((np.log(clipped) if self.log else clipped) - self.centre) / self.scale
        return standard


@dataclass(frozen=True, slots=True)
class Logistic:
    """Prior-weighted logistic calibration, log-odds linear in the score (Brümmer & du Preez 2006).

    ``coefficients`` are the intercept and the slope, then for each covariate its change of the intercept and of the
    slope; the score is measured from ``centre``. The slope in force is never below 0: no condition turns evidence
    round. ``replicates`` (B, 2 + 2 x covariates) are bootstrap refits.
    """

    centre: float
    coefficients: tuple[float, ...]
    covariates: tuple[Covariate, ...] = ()
    replicates: FloatArray = field(default_factory=lambda: np.empty((0, 2)), compare=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.coefficients) != 2 + 2 * len(self.covariates):
            raise ValueError(
                "a logistic calibration has an intercept, a slope and two coefficients a covariate"
            )

    @property
    def requires(self) -> tuple[str, ...]:
        return tuple(covariate.name for covariate in self.covariates)

    def llr(self, statistic: float, covariates: Mapping[str, float]) -> float:
        if not self.covariates:
            return self.coefficients[0] + max(self.coefficients[1], 0.0) * (statistic - self.centre)
        table = np.asarray(self.coefficients)[None, :]
        return float(self._lines(table, np.array([statistic]), covariates)[0])

    def llrs(self, statistics: FloatArray, covariates: Mapping[str, FloatArray]) -> FloatArray:
        """The LLRs of (N,) statistics, each with its own covariates (N,), not yet bounded."""
        conditions = np.column_stack(
            [np.ones(len(statistics)), *(c.standardised_all(covariates[c.name]) for c in self.covariates)]
        )
        table = np.asarray(self.coefficients)
        lines: FloatArray = conditions @ table[0::2] + np.maximum(conditions @ table[1::2], 0.0) * (
            statistics - self.centre
        )
        return lines

    def draws(self, statistics: FloatArray, covariates: Mapping[str, float]) -> FloatArray:
        if not len(self.replicates):
            return self._lines(np.asarray(self.coefficients)[None, :], statistics, covariates)
        table = self.replicates
        if len(statistics) != len(table):
            table = table[np.arange(len(statistics)) % len(table)]
        return self._lines(table, statistics, covariates)

    def _lines(
        self, table: FloatArray, statistics: FloatArray, covariates: Mapping[str, float]
    ) -> FloatArray:
        if not self.covariates:
            plain: FloatArray = table[:, 0] + np.maximum(table[:, 1], 0.0) * (statistics - self.centre)
            return plain
        conditions = np.array([1.0, *(c.standardised(covariates[c.name]) for c in self.covariates)])
        intercepts = table[:, 0::2] @ conditions
        slopes = np.maximum(table[:, 1::2] @ conditions, 0.0)
        lines: FloatArray = intercepts + slopes * (statistics - self.centre)
        return lines


@dataclass(frozen=True, slots=True)
class Isotonic:
    """Monotone step-free calibration through PAV knots: linear between them, constant beyond.

    ``scores`` strictly increasing, ``llrs`` never decreasing. It has no bootstrap refits, so only the measurement's
    own error and the bounds give its interval.
    """

    scores: tuple[float, ...]
    llrs: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.scores or len(self.scores) != len(self.llrs):
            raise ValueError("an isotonic calibration needs as many scores as LLRs, and at least one")
        if np.any(np.diff(self.scores) <= 0.0) or np.any(np.diff(self.llrs) < 0.0):
            raise ValueError("an isotonic calibration needs increasing scores and LLRs that never decrease")

    @property
    def requires(self) -> tuple[str, ...]:
        return ()

    def llr(self, statistic: float, covariates: Mapping[str, float]) -> float:
        del covariates
        return float(self._between(statistic))

    def draws(self, statistics: FloatArray, covariates: Mapping[str, float]) -> FloatArray:
        del covariates
        return np.asarray(self._between(statistics), dtype=np.float64)

    def _between(self, statistics: float | FloatArray) -> FloatArray:
        # Interpolation can round past the knots that it lies between.
        llrs = np.array(self.llrs)
        place = np.searchsorted(self.scores, statistics, side="right")
        before, after = (np.clip(each, 0, len(llrs) - 1) for each in (place - 1, place))
        return np.asarray(np.clip(np.interp(statistics, self.scores, llrs), llrs[before], llrs[after]))
