"""What assessing costs: one assessment, and an hour of readings taken again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from time import process_time

import numpy as np

from fraudmodel.assessor import Assessor
from fraudmodel.fusion_fitting import FittedFolder
from fraudmodel.interview_table import InterviewTable
from fraudmodel.parameters import Parameters
from fraudmodel.policy import load_policy
from fraudmodel.signals import Observation, SignalKind, Span

HOUR_S = 3600.0
_BETWEEN_S = 0.5
_MOST = 300
"""So many assessments, or more, stand for a whole hour's session; fewer for as much less of it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU times. ``assess_ms`` of one assessment, the mean over a session that is assessed twice a second while signals measure at their own rates;
    ``assess_anew_ms`` of one where every signal was measured since the last; ``rescore_s`` of an hour's ``readings`` and the assessment at its end.

    ``signals`` calibrated ones.
    """

    assess_ms: float
    assess_anew_ms: float
    rescore_s: float
    readings: int
    signals: int

    def as_json(self) -> dict[str, float]:
        """By name."""
        return asdict(self)


def cost_of(folder: FittedFolder, table: InterviewTable, *, assessments: int = 200) -> Cost:
    """Measure on readings at the rates, and about the scores, that the table's interviews have."""
    parameters = Parameters("measured here", folder.signals, folder.fusion)
    hour = _readings(parameters, table, HOUR_S)
    started = process_time()
    session = _session(parameters)
    for reading in hour:
        session.add(reading)
    session.assess(HOUR_S)
    rescored = process_time() - started
    some = {reading.kind: reading for reading in hour}
    lived = hour[: int(len(hour) * min(assessments / _MOST, 1.0))]
    # Reading the clock costs as much as an assessment on some machines: many are timed together, and what the readings cost taken off.
    alone = _time(_session(parameters), list(some.values()), assessments, assess=False)
    whole = _time(_session(parameters), list(some.values()), assessments, assess=True)
    anew = 1000.0 * max(whole - alone, 0.0) / assessments
    return Cost(_lived_ms(_session(parameters), lived), anew, rescored, len(hour), len(some))


def _lived_ms(session: Assessor, readings: Sequence[Observation]) -> float:
    """Mean cost of an assessment in a session of these readings, in the order of their ends."""
    spent, assessments, t = 0.0, 0, 0.0
    for reading in readings:
        while reading.span.end >= t + _BETWEEN_S:
            t += _BETWEEN_S
            started = process_time()
            session.assess(t)
            spent, assessments = spent + process_time() - started, assessments + 1
        session.add(reading)
    return 1000.0 * spent / max(assessments, 1)


def _time(session: Assessor, readings: Sequence[Observation], times: int, *, assess: bool) -> float:
    for reading in readings:
        session.add(reading)
    session.assess(0.0)
    started = process_time()
    for number in range(times):
        for reading in readings:
            session.add(reading)
        if assess:
            session.assess(number * _BETWEEN_S)
    return process_time() - started


def _session(parameters: Parameters) -> Assessor:
    return Assessor(parameters, load_policy(), 0.005, {})


def _readings(parameters: Parameters, table: InterviewTable, duration_s: float) -> list[Observation]:
    rng = np.random.default_rng(0)
    found = []
    for kind, signal in parameters.signals.items():
        measured = [(row.measured[kind], row.duration_s) for row in table.rows if kind in row.measured]
        rate_hz = (
            float(np.median([each.observations / length for each, length in measured])) if measured else 1.0
        )
        centre = float(np.median([each.statistic for each, _ in measured])) if measured else 0.0
        covariates = dict.fromkeys(signal.calibrator.requires, 1.0)
        found += [
            Observation(
                kind,
                Span(float(t), float(t)),
                centre + 0.1 * float(rng.normal()),
                0.9,
                signal.model,
                (),
                covariates,
            )
            for t in np.arange(0.0, duration_s, 1.0 / max(rate_hz, 1.0 / duration_s))
        ]
    return sorted(found, key=lambda reading: (reading.span.end, SignalKind(reading.kind)))
