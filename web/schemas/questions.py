"""Questions: the interview's template, what was asked when, and what was measured in the answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from fraudmodel.signals import Reason
from interview.questions.records import MarkEvent, Role
from interview.questions.status import AnswerState
from web.schemas.base import Wire
from web.schemas.evidence import Evidence


class QuestionMarked(Wire):
    """The officer marks a question: asked to its end, answered, or taken back."""

    event: MarkEvent


class QuestionMark(Wire):
    """One mark. ``t`` is media time in seconds."""

    question: str
    event: MarkEvent
    t: float
    at: datetime


class Deviation(Wire):
    """How far one feature of an answer lies from the applicant's own median, in robust standard deviations."""

    feature: str
    z: float


class QuestionBehaviour(Wire):
    """An answer compared with the applicant's own neutral ones. It points at a question and says nothing about truth.

    ``p`` is exact over the neutral answers, ``q`` adjusted over the questions (Benjamini-Hochberg); ``differs`` is whether that is more
    than chance. ``deviations`` come with the farthest first. Where it could not be compared, ``reason`` says why and the numbers are null.
    """

    seq: int
    differs: bool
    p: float | None
    q: float | None
    baseline_answers: float | None
    baseline_s: float | None
    deviations: list[Deviation]
    reason: Reason | None
    detail: str
    evidence: list[Evidence]


class Question(Wire):
    """One question. ``text`` by language; ``asked_s`` and ``ended_s`` bound its answer on the media clock, null where there is none.

    ``until_s`` is where an answer that no mark has ended ends at the latest, and ``ended_s`` of one that has.
    """

    id: str
    number: int
    role: Role
    text: Mapping[Literal["zh-Hans", "zh-Hant", "en"], str]
    expected_s: float
    state: AnswerState
    asked_s: float | None
    ended_s: float | None
    until_s: float | None
    behaviour: QuestionBehaviour | None


class Questions(Wire):
    """An interview's questions in their order, and every mark. ``absent`` says why no answer was compared yet."""

    version: str
    product: str
    name: Mapping[Literal["zh-Hans", "zh-Hant", "en"], str]
    questions: list[Question]
    marks: list[QuestionMark]
    absent: QuestionBehaviour | None
