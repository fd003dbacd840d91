"""Questions, a line on which they are asked, and readings of answers, made by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reason, Span
from interview.media.journal import Told
from interview.questions.records import Mark, MarkEvent, Question, QuestionSet, Role
from interview.questions.status import BEHAVIOUR
from interview.store.records import StoredReading
from tests.interview.world import START

TEXT = {"zh-Hans": "店名？", "zh-Hant": "店名？", "en": "Name?"}


@dataclass
class Asking:
    """A call whose media time a test sets; None before the recording began."""

    id: str = "s"
    t: float | None = 10.0
    reachable: bool = True
    told: list[Told] = field(default_factory=list)

    def now_s(self) -> float | None:
        return self.t

    def tell_question(self, told: Told) -> None:
        self.told.append(told)

    def said(self) -> list[tuple[int, str, int, str, str]]:
        """What the analysis was told, in short."""
        values = ("question", "number", "role", "event")
        return [(each.t_ms, *(each.values[name] for name in values)) for each in self.told]


def question(question_id: str, role: Role = "probe") -> Question:
    return Question(question_id, role, TEXT, 15.0)


def a_set(*roles: Role) -> QuestionSet:
    """Questions q1, q2, ... of these roles."""
    return QuestionSet("1", "trade", TEXT, tuple(question(f"q{n}", role) for n, role in enumerate(roles, 1)))


def mark(question_id: str, event: MarkEvent, t: float) -> Mark:
    return Mark(question_id, event, round(1000 * t), START, "li")


def compared(seq: int, number: int, start: float, end: float, **numbers: float) -> StoredReading:
    """An answer that was compared with the applicant's own, as the detector gives it."""
    evidence = (EvidenceRef("video", Span(start, end)), EvidenceRef("audio", Span(start, end)))
    covariates = {"question_number": float(number), "p": 0.02, "q": 0.06} | numbers
    return StoredReading(
        seq, Observation(BEHAVIOUR, Span(start, end), 1.4, 0.9, "statistics", evidence, covariates)
    )


def too_short(seq: int, start: float, end: float, detail: str = "3 of 5") -> StoredReading:
    return StoredReading(seq, Abstention(BEHAVIOUR, Span(start, end), Reason.SHORT_BASELINE, detail))
