"""An interview's questions as the officer sees them: what was asked when, and what was measured in each answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Literal

from biometrics.detectors.behaviour import KIND, Q
from fraudmodel.behaviour import LATEST_BY
from fraudmodel.latest import standing
from fraudmodel.signals import Abstention, Observation
from interview.questions.records import Answer, Mark, Question, QuestionSet, answers_of
from interview.store.records import StoredReading

BEHAVIOUR: Final = KIND
"""The signal that compares an answer with the applicant's own neutral ones."""
NUMBER: Final = LATEST_BY[KIND]
"""The covariate that says which question's answer an observation is of."""
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
        return "answering" if self.answer.goes_on else "answered"


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
    starts = {answer.asked_ms for answer in answers.values()}
    rows = tuple(
        _row(each, number, answers.get(each.id), compared.get(number), _Reasons(abstained, starts))
        for number, each in enumerate(questions.questions, start=1)
    )
    any_compared = any(row.reading is not None and _is_measured(row.reading) for row in rows)
    return QuestionsStatus(
        questions, tuple(marks), rows, None if any_compared or not abstained else abstained[-1]
    )


def points_at(reading: Observation) -> bool:
    """Whether the answer differs from the applicant's own neutral ones by more than chance. It says nothing about truth."""
    q = reading.covariates.get("q")
    return q is not None and q <= Q


def deviations_of(reading: Observation) -> list[tuple[str, float]]:
    """What was measured of the answer and how far from the applicant's own median, in robust standard deviations; the farthest first."""
    found = [(name.removeprefix(_Z), z) for name, z in reading.covariates.items() if name.startswith(_Z)]
    return sorted(found, key=lambda each: (-abs(each[1]), each[0]))


def _latest(readings: Iterable[StoredReading]) -> tuple[Mapping[int, StoredReading], list[StoredReading]]:
    """The observation of each question number that stands, and every abstention: earlier answers are compared again as more come."""
    own = [stored for stored in readings if stored.reading.kind == BEHAVIOUR]
    stand = [own[place] for place in standing([stored.reading for stored in own], NUMBER)]
    compared = {
        round(stored.reading.covariates[NUMBER]): stored
        for stored in stand
        if isinstance(stored.reading, Observation) and NUMBER in stored.reading.covariates
    }
    return compared, [stored for stored in own if isinstance(stored.reading, Abstention)]


@dataclass(frozen=True, slots=True)
class _Reasons:
    """Every abstention in order, and where answers begin, ms."""

    abstained: Sequence[StoredReading]
    starts: Set[int]

    def of(self, answer: Answer) -> StoredReading | None:
        """The last abstention of this answer; else the last that is of no answer and reaches into this one, or comes after it."""
        own = [each for each in self.abstained if _starts_ms(each) == answer.asked_ms]
        general = [
            each
            for each in self.abstained
            if _starts_ms(each) not in self.starts and round(1000 * each.reading.span.end) >= answer.asked_ms
        ]
        return next(iter(own[::-1] or general[::-1]), None)


def _starts_ms(stored: StoredReading) -> int:
    return round(1000 * stored.reading.span.start)


def _row(
    question: Question,
    number: int,
    answer: Answer | None,
    compared: StoredReading | None,
    reasons: _Reasons,
) -> QuestionStatus:
    reading = None
    if answer is not None and question.role == "probe":
        reading = compared if compared and _is_of(compared, answer) else reasons.of(answer)
    return QuestionStatus(question, number, answer, reading)


def _is_of(stored: StoredReading, answer: Answer) -> bool:
    """Whether it was read from this answer, and not from one before the question was asked again."""
    evidence = stored.reading.evidence if isinstance(stored.reading, Observation) else ()
    start = evidence[0].span.start if evidence else stored.reading.span.start
    return round(1000 * start) == answer.asked_ms


def _is_measured(stored: StoredReading) -> bool:
    return isinstance(stored.reading, Observation)
