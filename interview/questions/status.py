"""An interview's questions as the officer sees them: what was asked when, and what was measured in each answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from fraudmodel.signals import Abstention, Observation, SignalKind
from interview.questions.records import Answer, Mark, Question, QuestionSet, answers_of
from interview.store.records import StoredReading

BEHAVIOUR: Final = SignalKind("behaviour")
"""The signal that compares an answer with the applicant's own neutral ones."""
POINTS_AT_Q: Final = 0.1
"""Of the questions pointed at, a tenth are expected to be chance. Benjamini & Hochberg 1995."""
_Z: Final = "z_"

AnswerState = Literal["open", "answering", "answered"]


@dataclass(frozen=True, slots=True)
class QuestionStatus:
    """One question. ``reading`` is what the comparison gave for its answer, or the abstention that says why it gave nothing."""

    question: Question
    number: int
    answer: Answer | None = None
    reading: StoredReading | None = None

    @property
    def state(self) -> AnswerState:
        """Whether it was asked, and whether its answer goes on."""
        if self.answer is None:
            return "open"
        return "answering" if self.answer.ended_ms is None else "answered"


@dataclass(frozen=True, slots=True)
class QuestionsStatus:
    """All of them, and every mark. ``absent`` is the last abstention while no answer has been compared yet."""

    set: QuestionSet
    marks: tuple[Mark, ...]
    questions: tuple[QuestionStatus, ...]
    absent: StoredReading | None = None


def status_of(
    questions: QuestionSet, marks: Sequence[Mark], readings: Iterable[StoredReading]
) -> QuestionsStatus:
    """Put together what was asked with what was measured. ``readings`` in order; those of other signals are left aside."""
    answers = answers_of(marks)
    compared, abstained = _latest(readings)
    rows = tuple(
        _row(each, number, answers.get(each.id), compared.get(number), abstained)
        for number, each in enumerate(questions.questions, start=1)
    )
    any_compared = any(row.reading is not None and _is_measured(row.reading) for row in rows)
    return QuestionsStatus(
        questions, tuple(marks), rows, None if any_compared or not abstained else abstained[-1]
    )


def points_at(reading: Observation) -> bool:
    """Whether the answer differs from the applicant's own neutral ones by more than chance. It says nothing about truth."""
    q = reading.covariates.get("q")
    return q is not None and q <= POINTS_AT_Q


def deviations_of(reading: Observation) -> list[tuple[str, float]]:
    """What was measured of the answer and how far from the applicant's own median, in robust standard deviations; the farthest first."""
    found = [(name.removeprefix(_Z), z) for name, z in reading.covariates.items() if name.startswith(_Z)]
    return sorted(found, key=lambda each: (-abs(each[1]), each[0]))


def _latest(readings: Iterable[StoredReading]) -> tuple[Mapping[int, StoredReading], list[StoredReading]]:
    """The last observation of each question number, and every abstention: earlier answers are compared again as more come."""
    compared: dict[int, StoredReading] = {}
    abstained: list[StoredReading] = []
    for stored in readings:
        reading = stored.reading
        if reading.kind != BEHAVIOUR:
            continue
        if isinstance(reading, Abstention):
            abstained.append(stored)
        elif (number := reading.covariates.get("question_number")) is not None:
            compared[round(number)] = stored
    return compared, abstained


def _row(
    question: Question,
    number: int,
    answer: Answer | None,
    compared: StoredReading | None,
    abstained: Sequence[StoredReading],
) -> QuestionStatus:
    reading = None
    if answer is not None and question.role == "probe":
        reading = compared if compared and _is_of(compared, answer) else _why_not(answer, abstained)
    return QuestionStatus(question, number, answer, reading)


def _is_of(stored: StoredReading, answer: Answer) -> bool:
    """Whether it was read from this answer, and not from one before the question was asked again."""
    evidence = stored.reading.evidence if isinstance(stored.reading, Observation) else ()
    start = evidence[0].span.start if evidence else stored.reading.span.start
    return round(1000 * start) >= answer.asked_ms


def _why_not(answer: Answer, abstained: Sequence[StoredReading]) -> StoredReading | None:
    """The last abstention over the answer or after it: one that came before it was asked says nothing of it."""
    reaching = [each for each in abstained if round(1000 * each.reading.span.end) >= answer.asked_ms]
    over = [
        each
        for each in reaching
        if answer.ended_ms is None or round(1000 * each.reading.span.start) < answer.ended_ms
    ]
    return next(iter(over[::-1] or reaching[::-1]), None)


def _is_measured(stored: StoredReading) -> bool:
    return isinstance(stored.reading, Observation)
