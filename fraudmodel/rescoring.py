"""Interviews that are over, assessed again by other parameters: by the very code that assesses a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fraudmodel.assessment import FraudAssessment
from fraudmodel.assessor import Assessor
from fraudmodel.interview_table import InterviewRow, InterviewTable
from fraudmodel.llr import logit
from fraudmodel.parameters import Parameters
from fraudmodel.policy import Policy
from fraudmodel.signals import Absent, Reading, SignalKind

PRIOR: Final = 0.005
"""The prevalence that policies are tried at where none is given."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Parameters, and the policy and prevalence that they are to be used with."""

    name: str
    parameters: Parameters
    policy: Policy
    prior: float = PRIOR


@dataclass(frozen=True, slots=True)
class Case:
    """One interview whose answer is known. ``people`` who took part: a row of the lab can have two; ``assess`` gives any candidate's assessment;
    ``family`` of a fraud, "" where nobody knows."""

    name: str
    people: tuple[str, ...]
    fraud: bool
    assess: Callable[[Candidate], FraudAssessment]
    family: str = ""


def shift(assessment: FraudAssessment) -> float:
    """L of a whole assessment: what all evidence together moved the log-odds by, nats."""
    return assessment.log_odds - logit(assessment.prior)


def of_readings(
    readings: Sequence[Reading], silent: Mapping[SignalKind, Absent], t: float
) -> Callable[[Candidate], FraudAssessment]:
    """Assess stored readings at media time ``t`` (s). ``silent`` signals took no part, or were withdrawn, with the reason."""

    def assess(candidate: Candidate) -> FraudAssessment:
        assessor = _assessor(candidate, {each.kind for each in readings} | set(silent))
        for reading in readings:
            assessor.add(reading)
        for kind, absent in silent.items():
            assessor.withdraw(kind, absent)
        return assessor.assess(t)

    return assess


def of_row(row: InterviewRow) -> Callable[[Candidate], FraudAssessment]:
    """Assess a row of a table of interviews, at its end."""

    def assess(candidate: Candidate) -> FraudAssessment:
        assessor = _assessor(candidate, {*row.measured, *row.absent})
        for kind, measured in row.measured.items():
            assessor.take(kind, measured.pooled())
        for kind, absent in row.absent.items():
            assessor.withdraw(kind, absent)
        return assessor.assess(row.duration_s)

    return assess


def cases_of(rows: Iterable[InterviewRow]) -> Iterator[Case]:
    """The rows of a table as cases."""
    for row in rows:
        yield Case(row.name, tuple(sorted({row.subject, row.other})), row.fraud, of_row(row), row.family)


def fitted_on(parameters: Parameters, table: InterviewTable) -> bool:
    """Whether the parameters name the table, by its file or content, among what they were fitted on: they are judged too kindly by it."""
    fitted = parameters.fusion.fitted
    said = (
        parameters.fusion.source,
        fitted.digest if fitted else "",
        *(each.data.name for each in parameters.signals.values()),
    )
    return any(name in text for text in said for name in (table.digest, table.source) if name)


def _assessor(candidate: Candidate, kinds: Iterable[SignalKind]) -> Assessor:
    expected: dict[SignalKind, Absent | None] = dict.fromkeys(kinds)
    return Assessor(candidate.parameters, candidate.policy, candidate.prior, expected)
