"""Stored interviews with confirmed outcomes, to be assessed again from their readings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fraudmodel.assessment import FraudAssessment
from fraudmodel.rescoring import Candidate, Case, of_readings
from fraudmodel.signals import Absent, Reason, SignalKind
from interview.monitoring.windows import Span
from interview.store.repository import Repository


def stored_cases(repository: Repository, span: Span) -> Iterator[Case]:
    """Every interview of the span whose outcome is confirmed, oldest first. Its readings are read when it is assessed, and not kept."""
    outcomes = repository.confirmed.in_force()
    for each in repository.monitoring.ended(span.since, span.until):
        if (confirmed := outcomes.get(each.id)) is not None:
            again = _again(repository, each.id, silent(each.assessment), each.assessment.t)
            yield Case(each.id, (each.person,), confirmed.fraud, again, confirmed.family)


def _again(
    repository: Repository, interview: str, silences: dict[SignalKind, Absent], t: float
) -> Callable[[Candidate], FraudAssessment]:
    def assess(candidate: Candidate) -> FraudAssessment:
        readings = [stored.reading for stored in repository.outputs.readings(interview)]
        return of_readings(readings, silences, t)(candidate)

    return assess


def silent(assessment: FraudAssessment) -> dict[SignalKind, Absent]:
    """What said nothing at the end, with the reason. What was measured but not calibrated is no part of it: other parameters may know it."""
    return {
        each.kind: Absent(Reason(each.reason), each.detail)
        for each in assessment.absent
        if each.reason is not Reason.NOT_CALIBRATED
    }
