"""An assessor that keeps what every signal measured, as the session's own scorers pool it, beside assessing."""

from __future__ import annotations

from collections.abc import Mapping

from biometrics.evaluation.lab.scoring import pooling_of
from fraudmodel.assessment import FraudAssessment, Sequential
from fraudmodel.behaviour import LATEST_BY
from fraudmodel.interview_table import Measured, measured_of
from fraudmodel.latest import LatestPool
from fraudmodel.parameters import Parameters
from fraudmodel.pooling import Pool, Pooling
from fraudmodel.signals import Absent, Reading, SignalKind
from interview.analysis.senses import Assessor, Expected


def poolings(parameters: Parameters) -> dict[str, Pooling]:
    """How each signal that has parameters is pooled; the others as the lab does."""
    return {kind: each.pooling for kind, each in sorted(parameters.signals.items())}


class Keeper:
    """Takes one session's readings. ``inner`` is the session's assessor, which gets the same."""

    def __init__(self, inner: Assessor, parameters: Parameters, expected: Expected) -> None:
        self._inner = inner
        self._known = poolings(parameters)
        self._expected = expected
        self._withdrawn: dict[SignalKind, Absent] = {}
        self._pools: dict[SignalKind, Pool | LatestPool] = {}
        for kind in expected:
            self._pool(kind)

    def add(self, reading: Reading, /) -> None:
        """Take one reading."""
        self._inner.add(reading)
        self._pool(reading.kind).add(reading)

    def withdraw(self, kind: SignalKind, absent: Absent, /) -> None:
        """From now on the signal says nothing."""
        self._inner.withdraw(kind, absent)
        self._withdrawn[kind] = absent

    def go_on(self, sequential: Sequential, /) -> None:
        """The sequential test goes on from here."""
        self._inner.go_on(sequential)

    def assess(self, t: float, /) -> FraudAssessment:
        """The session's own assessment."""
        return self._inner.assess(t)

    def found(self) -> tuple[Mapping[SignalKind, Measured], Mapping[SignalKind, Absent]]:
        """What every signal measured over the session, and why the others measured nothing."""
        measured: dict[SignalKind, Measured] = {}
        absent: dict[SignalKind, Absent] = {}
        for kind, pool in sorted(self._pools.items()):
            pooled = self._withdrawn.get(kind) or self._expected.get(kind) or pool.pooled()
            if isinstance(pooled, Absent):
                absent[kind] = pooled
            else:
                measured[kind] = measured_of(pooled)
        return measured, absent

    def _pool(self, kind: SignalKind) -> Pool | LatestPool:
        if kind not in self._pools:
            pooling = self._known.get(kind) or pooling_of(kind)
            by = LATEST_BY.get(kind)
            self._pools[kind] = Pool(pooling) if by is None else LatestPool(pooling, by)
        return self._pools[kind]
