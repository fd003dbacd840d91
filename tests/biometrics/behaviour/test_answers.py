"""From marks to answers."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.behaviour.answers import LONGEST_S, Answer, Event, Mark, answers_of, mark_of
from biometrics.views import Fact
from fraudmodel.signals import Span


def mark(t: float, number: int, event: Event = "asked") -> Mark:
    return Mark(t, f"q{number}", number, "probe", event)


def spans(marks: list[Mark], now: float = 100.0) -> list[tuple[int, float, float, bool]]:
    return [(each.number, each.span.start, each.span.end, each.closed) for each in answers_of(marks, now)]


def test_an_answer_ends_at_its_mark_at_the_next_question_or_with_the_media() -> None:
    marks = [mark(10.0, 1), mark(18.0, 1, "answered"), mark(30.0, 2), mark(50.0, 3)]
    assert spans(marks) == [(1, 10.0, 18.0, True), (2, 30.0, 50.0, True), (3, 50.0, 100.0, False)]


def test_an_answer_is_no_longer_than_two_minutes() -> None:
    assert spans([mark(10.0, 1)], now=500.0) == [(1, 10.0, 10.0 + LONGEST_S, True)]


def test_what_was_withdrawn_never_was() -> None:
    marks = [mark(10.0, 1), mark(20.0, 2), mark(21.0, 2, "withdrawn"), mark(40.0, 3)]
    assert spans(marks) == [(1, 10.0, 40.0, True), (3, 40.0, 100.0, False)]


def test_a_question_asked_again_begins_anew_and_taken_back_it_is_the_first_again() -> None:
    again = [mark(10.0, 1), mark(20.0, 1)]
    assert spans(again) == [(1, 20.0, 100.0, False)]
    assert spans([*again, mark(22.0, 1, "withdrawn")]) == [(1, 10.0, 100.0, False)]


def test_an_end_of_another_question_does_not_end_this_one() -> None:
    assert spans([mark(10.0, 1), mark(15.0, 2, "answered")]) == [(1, 10.0, 100.0, False)]


def test_marks_of_the_future_are_not_known() -> None:
    assert spans([mark(10.0, 1), mark(30.0, 2)], now=20.0) == [(1, 10.0, 20.0, False)]


@given(
    st.lists(
        st.tuples(
            st.floats(0.0, 200.0), st.integers(1, 5), st.sampled_from(["asked", "answered", "withdrawn"])
        ),
        unique_by=lambda each: each[0],
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_telling_does_not_matter_and_answers_do_not_overlap(
    told: list[tuple[float, int, Event]], rng: random.Random
) -> None:
    marks = [mark(*each) for each in told]
    shuffled = list(marks)
    rng.shuffle(shuffled)
    answers = answers_of(marks, 200.0)
    assert answers == answers_of(shuffled, 200.0)
    for one, other in pairwise(answers):
        assert one.span.end <= other.span.start
        assert one.closed
    assert len({each.question for each in answers}) == len(answers)


def test_a_fact_becomes_a_mark_and_what_is_none_is_left_out() -> None:
    values = {"question": "income", "number": 7, "role": "baseline", "event": "asked"}
    assert mark_of(Fact(3.0, "question", values)) == Mark(3.0, "income", 7, "baseline", "asked")
    for wrong in ({"role": "other"}, {"event": "shown"}, {"number": None}):
        assert mark_of(Fact(3.0, "question", values | wrong)) is None


def test_an_answer_says_what_it_answers() -> None:
    (answer,) = answers_of([mark(1.0, 4)], 5.0)
    assert answer == Answer("q4", 4, "probe", Span(1.0, 5.0), closed=False)


@pytest.mark.parametrize("now", [0.0, 5.0])
def test_without_marks_there_are_no_answers(now: float) -> None:
    assert answers_of([], now) == ()
