"""What questions are made of: the template that an interview keeps, the officer's marks, and the answers that these bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from biometrics.behaviour import answers
from biometrics.behaviour.answers import asked_of, latest
from interview.media.journal import Told
from interview.problems import IllegalStep, NotFound

Role = answers.Role
"""A baseline question asks for neutral facts that can be checked; a probe asks for what the credit decision rests on."""
MarkEvent = answers.Event
"""``asked``: the officer has finished asking, the answer may begin. ``answered``: it has ended; the next ``asked`` ends it too.
``withdrawn`` takes the question's last ``asked`` back, a mistaken click."""
LANGUAGES: Final = ("zh-Hans", "zh-Hant", "en")


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``text`` by language; ``expected_s`` is how long its answer usually takes."""

    id: str
    role: Role
    text: Mapping[str, str]
    expected_s: float


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A template: the questions for one loan product, in the order in which they are asked."""

    version: str
    product: str
    name: Mapping[str, str]
    questions: tuple[Question, ...]

    def number(self, question_id: str) -> int:
        """The question's place, from 1. Raises NotFound."""
        for number, question in enumerate(self.questions, start=1):
            if question.id == question_id:
                return number
        raise NotFound("There is no such question in this interview.", "本次面谈没有这个问题。")

    def told(self, question_id: str, event: MarkEvent, t_ms: int) -> Told:
        """A mark as the analysis is told it. Raises NotFound."""
        number = self.number(question_id)
        role = self.questions[number - 1].role
        return Told("question", t_ms, fact_values(question_id, number, role, event))


def fact_values(question_id: str, number: int, role: Role, event: MarkEvent) -> Mapping[str, Any]:
    """What a fact of topic "question" holds: detectors tell questions apart by ``number``."""
    return {"question": question_id, "number": number, "role": role, "event": event}


@dataclass(frozen=True, slots=True)
class Mark:
    """The officer marked a question. ``t_ms`` is media time in whole milliseconds, ``at`` wall time, ``by`` a user id."""

    question: str
    event: MarkEvent
    t_ms: int
    at: datetime
    by: str

    @property
    def t(self) -> float:
        """Seconds of media."""
        return self.t_ms / 1000.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Where in the recording a question was answered, in ms of media time, as it is measured: to ``until_ms`` at the latest. It ``goes_on``
    while no mark has ended it."""

    question: str
    asked_ms: int
    until_ms: int
    goes_on: bool

    @property
    def ended_ms(self) -> int | None:
        """Where it ended; None while it goes on."""
        return None if self.goes_on else self.until_ms


def answers_of(marks: Iterable[Mark]) -> dict[str, Answer]:
    """The answers by question, in the order in which they were asked; of a question that was asked again, the later one."""
    return {
        each.mark.question: Answer(
            each.mark.question, each.mark.t_ms, round(1000 * each.until_s), not each.ended
        )
        for each in latest(asked_of(marks))
    }


def require_possible(marks: Iterable[Mark], question_id: str, event: MarkEvent) -> None:
    """Raises IllegalStep where the mark would say nothing, with what would."""
    asked = asked_of(marks)
    present = asked[-1].mark.question if asked and not asked[-1].ended else None
    if event == "asked" and present == question_id:
        raise IllegalStep(
            "This question is being answered already: mark its end, or take it back.",
            "该问题正在回答中：请标记回答结束或撤回。",
            code="question_answering",
        )
    if event == "answered" and present != question_id:
        raise IllegalStep(
            "This question is not being answered now: mark it as asked first.",
            "该问题当前不在回答中，请先标记已提问。",
            code="question_not_asked",
        )
    if event == "withdrawn" and all(each.mark.question != question_id for each in asked):
        raise IllegalStep(
            "This question was not asked: there is nothing to take back.",
            "该问题尚未提问，无可撤回。",
            code="question_not_asked",
        )
