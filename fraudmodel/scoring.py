"""One signal in one session: its readings so far -> a bounded LLR with its uncertainty, or the reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from fraudmodel.behaviour import LATEST_BY
from fraudmodel.calibration import FloatArray
from fraudmodel.latest import LatestPool
from fraudmodel.pooling import Pool, Pooled, Pooling
from fraudmodel.signal_parameters import SignalParameters
from fraudmodel.signals import Absent, Reading, Reason, SignalKind, SignalScore

DRAWS = 200
"""How many times an interval re-draws calibrations and measurement errors."""


class Scorer:
    """Turns one signal's readings into evidence. Uncalibrated signals are measured and shown, but say nothing."""

    def __init__(self, kind: SignalKind, parameters: SignalParameters | None, absent: Absent | None) -> None:
        self._kind = kind
        self._parameters = parameters
        self._absent = absent
        pooling = parameters.pooling if parameters else Pooling()
        by = LATEST_BY.get(kind)
        self._pool: Pool | LatestPool | Given = Pool(pooling) if by is None else LatestPool(pooling, by)
        # Fixed draws, one set a signal: the same readings always have the same interval.
        seed = int.from_bytes(sha256(kind.encode()).digest()[:8], "big")
        self._noise = np.random.default_rng(seed).standard_normal(DRAWS)
        self._limits = parameters.limits if parameters else None
        # What follows from the readings so far, until another one comes: most signals measure more rarely than sessions are assessed.
        self._scored: SignalScore | None = None
        self._drawn: FloatArray | None = None

    @property
    def absent(self) -> Absent | None:
        """Why this signal takes no part in the session, if it does not."""
        return self._absent

    def withdraw(self, absent: Absent) -> None:
        """From now on the signal says nothing, for this reason. What it measured stays visible."""
        self._absent = absent
        self._changed()

    def add(self, reading: Reading) -> None:
        """Take one reading."""
        self._pool.add(reading)
        self._changed()

    def take(self, pooled: Pooled) -> None:
        """The signal measured this, as a table of whole interviews keeps it, in the place of all readings."""
        self._pool = Given(pooled)
        self._changed()

    def score(self) -> SignalScore:
        """The evidence so far."""
        if self._scored is None:
            self._scored = self._score()
        return self._scored

    def draws(self) -> FloatArray:
        """The LLR under (DRAWS,) refits of the calibration and errors of the measurement; 0 where there is none."""
        if self._drawn is None:
            self._drawn = self._draw()
            self._drawn.flags.writeable = False
        return self._drawn

    def _changed(self) -> None:
        self._scored = self._drawn = None

    def _score(self) -> SignalScore:
        pooled = self._pool.pooled()
        if isinstance(pooled, Absent):
            return SignalScore(self._kind, self._absent or pooled, abstentions=self._pool.abstentions)
        parameters = self._parameters
        if parameters is None:
            llr: float | Absent = self._absent or Absent(Reason.NOT_CALIBRATED)
        else:
            llr = self._absent or _obstacle(parameters, pooled) or _llr(parameters, pooled)
        return SignalScore(
            kind=self._kind,
            llr=llr,
            statistic=pooled.statistic,
            bounds=self._limits,
            observations=pooled.observations,
            abstentions=self._pool.abstentions,
            evidence=pooled.evidence,
        )

    def _draw(self) -> FloatArray:
        pooled, parameters = self._pool.pooled(), self._parameters
        if parameters is None or isinstance(pooled, Absent) or isinstance(self.score().llr, Absent):
            return np.zeros(DRAWS)
        errors = self._noise * pooled.standard_error
        llrs = parameters.calibrator.draws(pooled.statistic + errors, pooled.covariates)
        if pooled.peak is not None:
            peaks = parameters.calibrator.draws(pooled.peak + errors, pooled.covariates)
            llrs = np.maximum(llrs, peaks - parameters.looking(pooled.windows))
        low, high = parameters.limits
        drawn: FloatArray = np.minimum(np.maximum(parameters.discount * llrs, low), high)
        return drawn


@dataclass(frozen=True, slots=True)
class Given:
    """A pool that has been pooled already."""

    measured: Pooled
    abstentions: int = 0

    def add(self, reading: Reading) -> None:
        """Raises TypeError: the readings behind it are gone."""
        raise TypeError(f"{reading.kind} was given pooled, and takes no further reading")

    def pooled(self) -> Pooled:
        """What was given."""
        return self.measured


def _obstacle(parameters: SignalParameters, pooled: Pooled) -> Absent | None:
    """Why what was measured cannot be calibrated."""
    if strange := [model for model in pooled.models if model != parameters.model]:
        return Absent(Reason.NOT_CALIBRATED, f"calibrated for {parameters.model}, measured with {strange[0]}")
    if lacking := [name for name in parameters.calibrator.requires if name not in pooled.covariates]:
        return Absent(Reason.NOT_CALIBRATED, f"its calibration needs {lacking[0]}")
    return None


def _llr(parameters: SignalParameters, pooled: Pooled) -> float:
    llr = parameters.calibrator.llr(pooled.statistic, pooled.covariates)
    if pooled.peak is not None:
        peak = parameters.calibrator.llr(pooled.peak, pooled.covariates)
        llr = max(llr, peak - parameters.looking(pooled.windows))
    return parameters.in_force(llr)
