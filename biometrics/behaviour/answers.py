"""From the officer's marks to answers: which question was being answered when.

A mark is made when the officer has finished asking, so that the answer may begin there. Marks carry their own time and may be told
late and in any order. Each question has one answer: asked again, it begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from biometrics.views import Fact
from fraudmodel.signals import Span

Role = Literal["baseline", "probe"]
Event = Literal["asked", "answered", "withdrawn"]
LONGEST_S: Final = 120.0
"""An answer counts for as long: where no mark ends it, what follows is a conversation."""


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
    role, event, number = values.get("role"), values.get("event"), values.get("number")
    if role not in get_args(Role) or event not in get_args(Event) or not isinstance(number, int):
        return None
    return Mark(max(fact.t, 0.0), str(values.get("question", number)), number, role, event)


def answers_of(marks: Iterable[Mark], now: float) -> tuple[Answer, ...]:
    """The answers by time, as far as they are known at ``now``. The order of the marks does not matter unless their times are equal."""
    ordered = sorted((mark for mark in marks if mark.t <= now), key=lambda mark: mark.t)
    asked = _asked(ordered)
    answered = [mark for mark in ordered if mark.event == "answered"]
    last = {mark.question: mark for mark in asked}
    found = []
    for place, mark in enumerate(asked):
        following = asked[place + 1].t if place + 1 < len(asked) else None
        if last[mark.question] is mark:
            found.append(
                _answer(mark, now if following is None else following, following is not None, answered)
            )
    return tuple(found)


def _asked(ordered: Sequence[Mark]) -> list[Mark]:
    """What was asked and not withdrawn. Withdrawing takes back the last time that a question was asked."""
    asked: list[Mark] = []
    for mark in ordered:
        if mark.event == "asked":
            asked.append(mark)
        elif mark.event == "withdrawn":
            places = [place for place, each in enumerate(asked) if each.question == mark.question]
            if places:
                del asked[places[-1]]
    return asked


def _answer(mark: Mark, end: float, followed: bool, answered: Sequence[Mark]) -> Answer:
    done = [each.t for each in answered if each.question == mark.question and mark.t <= each.t <= end]
    stop = min([end, mark.t + LONGEST_S, *done])
    closed = followed or bool(done) or stop < end
    return Answer(mark.question, mark.number, mark.role, Span(mark.t, stop), closed)
