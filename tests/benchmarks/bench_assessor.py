"""CPU cost of assessing: one assessment, and a whole hour of signals. `python -m tests.benchmarks.bench_assessor`"""

from __future__ import annotations

import json
from statistics import quantiles
from time import process_time

import numpy as np

from fraudmodel.assessor import Assessor
from fraudmodel.calibration import Logistic
from fraudmodel.explaining import load_explanation
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.parameters import Parameters
from fraudmodel.policy import load_policy
from fraudmodel.pooling import Pooling
from fraudmodel.signal_parameters import Provenance, SignalParameters
from fraudmodel.signals import Abstention, Observation, Reason, SignalKind, Span

HOUR_S = 3600
GROUPS = ((4, 5.0), (3, 0.1), (3, 1.0), (3, 0.5), (2, 1.0), (2, 1.0), (1, 1.0), (1, 1.0))
"""(signals, readings a second of each) of the eight groups that the product is designed for; 19 signals."""


WAITING = ("waiting1", "waiting2")
"""Two further signals, a group, that abstain: a next check is looked for."""


def parameters(groups: tuple[tuple[int, float], ...]) -> Parameters:
    """Calibrations and a fusion of this shape; their values do not matter to the cost."""
    kinds = [[SignalKind(f"g{g}s{s}") for s in range(size)] for g, (size, _) in enumerate(groups)]
    kinds.append([SignalKind(kind) for kind in WAITING])
    components = tuple(
        Component(f"f{k}", f"c{k}", 1 / 8, dict.fromkeys([*kinds[k % len(kinds)], *kinds[-1]], 1.0))
        for k in range(8)
    )
    fusion = Fusion(
        "bench", "bench", 20.0, tuple(Group(f"g{g}", tuple(k), 0.9) for g, k in enumerate(kinds)), components
    )
    return Parameters("bench", {k: _signal(k) for group in kinds for k in group}, fusion)


def _signal(kind: SignalKind) -> SignalParameters:
    replicates = np.random.default_rng(0).normal([0.0, 1.0], 0.1, (200, 2))
    return SignalParameters(
        kind=kind,
        version="bench",
        model="m@0",
        grade="measured",
        data=Provenance("bench", 1, 1, 1, 1.0, 1.0),
        pooling=Pooling(half_life_s=120.0),
        calibrator=Logistic(0.0, (0.0, 1.0), (), replicates),
        bounds=(-3.0, 3.0),
        information=0.5,
    )


def readings(groups: tuple[tuple[int, float], ...], duration_s: int) -> list[Observation]:
    """Every signal's readings of a session, in order of media time."""
    rng = np.random.default_rng(1)
    made = [
        Observation(SignalKind(f"g{g}s{s}"), Span(float(t), float(t)), float(rng.normal()), 0.9, "m@0")
        for g, (size, rate_hz) in enumerate(groups)
        for s in range(size)
        for t in np.arange(0.0, duration_s, 1.0 / rate_hz)
    ]
    return sorted(made, key=lambda reading: reading.span.end)


def measure(groups: tuple[tuple[int, float], ...]) -> dict[str, float]:
    """Assess an hour of media twice a second."""
    session = Assessor(parameters(groups), load_policy(), 0.005, {}, load_explanation())
    for kind, reason in zip(WAITING, (Reason.NOT_ENOUGH_SPEECH, Reason.TOO_DARK), strict=True):
        session.add(Abstention(SignalKind(kind), Span(0.0, 0.0), reason))
    costs_ms, t = [], 0.0
    for reading in readings(groups, HOUR_S):
        while reading.span.end >= t + 0.5:
            t += 0.5
            started = process_time()
            session.assess(t)
            costs_ms.append(1000.0 * (process_time() - started))
        session.add(reading)
    percentiles = quantiles(costs_ms, n=100)
    return {
        "signals": sum(size for size, _ in groups),
        "assessments": len(costs_ms),
        "assess_p50_ms": round(percentiles[49], 3),
        "assess_p95_ms": round(percentiles[94], 3),
        "assess_last_minute_ms": round(float(np.mean(costs_ms[-120:])), 3),
        "hour_total_s": round(sum(costs_ms) / 1000.0, 2),
    }


def main() -> None:
    """Print the CPU costs of today's four signals and of the nineteen that the design foresees."""
    for groups in (((2, 1.0), (1, 5.0), (1, 0.7)), GROUPS):
        print(json.dumps(measure(groups)))


if __name__ == "__main__":
    main()
