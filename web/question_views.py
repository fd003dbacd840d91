"""Domain to wire for questions: what was asked when, and what was measured in the answers."""

from __future__ import annotations

from fraudmodel.signals import Observation
from interview.questions.status import QuestionsStatus, QuestionStatus, deviations_of, points_at
from interview.store.records import StoredReading
from web import schemas, views


def questions(status: QuestionsStatus) -> schemas.Questions:
    """An interview's questions with their marks and what was measured."""
    return schemas.Questions(
        version=status.set.version,
        product=status.set.product,
        name=status.set.name,  # type: ignore[arg-type] # of the three languages, as it was read
        questions=[_question(each) for each in status.questions],
        marks=[
            schemas.QuestionMark(question=each.question, event=each.event, t=each.t_ms / 1000.0, at=each.at)
            for each in status.marks
        ],
        absent=None if status.absent is None else _behaviour(status.absent),
    )


def _question(status: QuestionStatus) -> schemas.Question:
    answer = status.answer
    ended_ms = None if answer is None else answer.ended_ms
    return schemas.Question(
        id=status.question.id,
        number=status.number,
        role=status.question.role,
        text=status.question.text,  # type: ignore[arg-type] # of the three languages, as it was read
        expected_s=status.question.expected_s,
        state=status.state,
        asked_s=None if answer is None else answer.asked_ms / 1000.0,
        ended_s=None if ended_ms is None else ended_ms / 1000.0,
        until_s=None if answer is None else answer.until_ms / 1000.0,
        behaviour=None if status.reading is None else _behaviour(status.reading),
    )


def _behaviour(stored: StoredReading) -> schemas.QuestionBehaviour:
    fields, found = views.reading(stored), stored.reading
    measured = found if isinstance(found, Observation) else None
    return schemas.QuestionBehaviour(
        seq=stored.seq,
        differs=measured is not None and points_at(measured),
        p=fields.covariates.get("p"),
        q=fields.covariates.get("q"),
        baseline_answers=fields.covariates.get("baseline_answers"),
        baseline_s=fields.covariates.get("baseline_s"),
        deviations=[] if measured is None else _deviations(measured),
        reason=fields.reason,
        detail=fields.detail or "",
        evidence=fields.evidence,
    )


def _deviations(measured: Observation) -> list[schemas.Deviation]:
    return [schemas.Deviation(feature=name, z=z) for name, z in deviations_of(measured)]
