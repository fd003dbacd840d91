"""From the officer's marks to answers: which question was being answered when.

A mark is made when the officer has finished asking, so that the answer may begin there. Marks carry their own time and may be told
late and in any order. Each question has one answer: asked again, it begins anew. What is measured and what the officer is shown both
follow from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Generic, Literal, Protocol, TypeVar

from biometrics.views import Fact
from fraudmodel.signals import Span

Role = Literal["baseline", "probe"]
Event = Literal["asked", "answered", "withdrawn"]
_ROLES: Final[Mapping[str, Role]] = {"baseline": "baseline", "probe": "probe"}
_EVENTS: Final[Mapping[str, Event]] = {"asked": "asked", "answered": "answered", "withdrawn": "withdrawn"}
LONGEST_S: Final = 120.0
"""An answer counts for as long: where no mark ends it, what follows is a conversation."""


class Marked(Protocol):
    """What of a mark decides where an answer lies: ``t``, seconds of media, which question, and what happened."""

    @property
    def t(self) -> float: ...
    @property
    def question(self) -> str: ...
    @property
    def event(self) -> Event: ...


M = TypeVar("M", bound=Marked)


@dataclass(frozen=True, slots=True)
class Asked(Generic[M]):
    """A question that was asked by ``mark`` and not taken back; when a mark, and when the next question, ended its answer."""

    mark: M
    answered_s: float | None = None
    followed_s: float | None = None

    @property
    def ended(self) -> bool:
        """Whether a mark ended its answer, its own or that of the next question."""
        return self.answered_s is not None or self.followed_s is not None

    @property
    def until_s(self) -> float:
        """Where its answer ends, at the latest."""
        ends = (self.mark.t + LONGEST_S, self.answered_s, self.followed_s)
        return min(end for end in ends if end is not None)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of the officer at ``t``, seconds of media."""

    t: float
    question: str
    number: int
    role: Role
    event: Event


@dataclass(frozen=True, slots=True)
class Answer:
    """From the end of asking to ``span.end``; ``closed`` where a mark, or `LONGEST_S`, ended it and not the end of what is known."""

    question: str
    number: int
    role: Role
    span: Span
    closed: bool


def mark_of(fact: Fact) -> Mark | None:
    """The mark in a fact of the topic "question"; None where it is not one."""
    values = fact.values
    role, event = _ROLES.get(str(values.get("role"))), _EVENTS.get(str(values.get("event")))
    number = values.get("number")
    if role is None or event is None or not isinstance(number, int):
        return None
    return Mark(max(fact.t, 0.0), str(values.get("question", number)), number, role, event)


def answers_of(marks: Iterable[Mark], now: float) -> tuple[Answer, ...]:
    """The answers by time, as far as they are known at ``now``. The order of the marks does not matter unless their times are equal."""
    asked = asked_of(mark for mark in marks if mark.t <= now)
    return tuple(_answer(each, now) for each in latest(asked))


def asked_of(marks: Iterable[M]) -> list[Asked[M]]:
    """What was asked and not taken back, by time. Withdrawing takes back the last time that a question was asked, and what ended that."""
    asked: list[Asked[M]] = []
    for mark in sorted(marks, key=lambda mark: mark.t):
        if mark.event == "asked":
            asked.append(Asked(mark))
        elif mark.event == "withdrawn":
            places = [place for place, each in enumerate(asked) if each.mark.question == mark.question]
            asked = [each for place, each in enumerate(asked) if place not in places[-1:]]
        elif asked and not asked[-1].ended and asked[-1].mark.question == mark.question:
            asked[-1] = replace(asked[-1], answered_s=mark.t)
    following = [*(each.mark.t for each in asked[1:]), None]
    return [replace(each, followed_s=t) for each, t in zip(asked, following, strict=False)]


def latest(asked: Iterable[Asked[M]]) -> list[Asked[M]]:
    """Of each question the last time that it was asked, by time."""
    found: dict[str, Asked[M]] = {}
    for each in asked:
        found.pop(each.mark.question, None)
        found[each.mark.question] = each
    return list(found.values())


def _answer(asked: Asked[Mark], now: float) -> Answer:
    mark, end_s = asked.mark, asked.until_s
    closed = asked.ended or end_s < now
    return Answer(mark.question, mark.number, mark.role, Span(mark.t, min(end_s, now)), closed)
