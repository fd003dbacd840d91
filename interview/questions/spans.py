"""When each question was answered, in seconds of media: what a moment of the recording belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from interview.media.journal import Told
from interview.questions.records import Mark, answers_of


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """The answer to question ``number``, as it is measured."""

    number: int
    start_s: float
    end_s: float


def spans_of(marks: Sequence[Mark], number: Callable[[str], int]) -> tuple[AnswerSpan, ...]:
    """The answers that marks bound, in the order in which they were asked. ``number`` gives a question's place."""
    return tuple(
        AnswerSpan(number(answer.question), answer.asked_ms / 1000, answer.until_ms / 1000)
        for answer in answers_of(marks).values()
    )


def spans_told(told: Iterable[Told]) -> tuple[AnswerSpan, ...]:
    """The same from the facts that an analysis was told."""
    facts = [each for each in told if each.topic == "question"]
    numbers = {str(each.values["question"]): int(each.values["number"]) for each in facts}
    # Facts know no wall time and no person; where an answer lies depends on neither.
    never = datetime.fromtimestamp(0, UTC)
    marks = [Mark(str(each.values["question"]), each.values["event"], each.t_ms, never, "") for each in facts]
    return spans_of(marks, numbers.__getitem__)


def answer_at(answers: Sequence[AnswerSpan], t: float) -> AnswerSpan | None:
    """The answer that was going on at ``t`` s, the later where two meet; None between answers."""
    return next((each for each in reversed(answers) if each.start_s <= t <= each.end_s), None)
