"""What a moment of the recording belongs to: the answers that the officer's marks bound."""

from __future__ import annotations

import pytest

from biometrics.behaviour.answers import LONGEST_S
from interview.media.journal import Told
from interview.questions.records import MarkEvent, fact_values
from interview.questions.spans import AnswerSpan, answer_at, spans_told


def told(t: float, number: int, event: MarkEvent) -> Told:
    return Told("question", round(1000 * t), fact_values(f"q{number}", number, "probe", event))


def test_answers_are_bounded_by_marks() -> None:
    facts = [
        told(4.0, 1, "asked"),
        told(9.5, 1, "answered"),
        told(12.0, 3, "asked"),
        told(15.0, 4, "asked"),
        told(15.5, 4, "withdrawn"),
        told(20.0, 5, "asked"),
        Told("page", 21_000, {"question": "q9"}),
    ]
    assert spans_told(facts) == (
        AnswerSpan(1, 4.0, 9.5),
        AnswerSpan(3, 12.0, 20.0),
        AnswerSpan(5, 20.0, 20.0 + LONGEST_S),
    )
    assert spans_told([]) == ()


@pytest.mark.parametrize(
    ("t", "number"), [(3.9, None), (4.0, 1), (9.6, None), (20.0, 5), (140.0, 5), (1e6, None)]
)
def test_moment_belongs_to_the_later_answer(t: float, number: int | None) -> None:
    spans = (AnswerSpan(1, 4.0, 9.5), AnswerSpan(3, 12.0, 20.0), AnswerSpan(5, 20.0, 140.0))
    found = answer_at(spans, t)
    assert (None if found is None else found.number) == number
