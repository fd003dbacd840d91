"""Marks bound answers: what ends one, what takes one back, and which marks say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.behaviour import answers
from biometrics.behaviour.answers import LONGEST_S, mark_of
from interview.problems import IllegalStep, NotFound
from interview.questions.records import Answer, Mark, MarkEvent, answers_of, require_possible
from tests.interview.questions.fakes import a_set, mark

EVENTS: tuple[MarkEvent, ...] = ("asked", "answered", "withdrawn")


def spans(*marks: Mark) -> list[tuple[str, float, float | None]]:
    found = answers_of(marks).values()
    return [(a.question, a.asked_ms / 1e3, None if a.ended_ms is None else a.ended_ms / 1e3) for a in found]


def test_an_answer_goes_on_until_it_is_ended_by_its_mark_or_by_the_next_question() -> None:
    assert spans(mark("q1", "asked", 4)) == [("q1", 4, None)]
    assert spans(mark("q1", "asked", 4), mark("q1", "answered", 9)) == [("q1", 4, 9)]
    assert spans(mark("q1", "asked", 4), mark("q2", "asked", 12)) == [("q1", 4, 12), ("q2", 12, None)]


def test_an_answer_is_no_longer_than_two_minutes_and_goes_on_until_a_mark_ends_it() -> None:
    assert spans(mark("q1", "asked", 4), mark("q1", "answered", 300)) == [("q1", 4, 124)]
    assert spans(mark("q1", "asked", 4), mark("q2", "asked", 300))[0] == ("q1", 4, 124)
    (answer,) = answers_of([mark("q1", "asked", 4)]).values()
    assert (answer.goes_on, answer.ended_ms, answer.until_ms) == (True, None, 124_000)


def test_what_was_taken_back_takes_its_end_with_it() -> None:
    """The first time that it was asked was never ended by a mark of its own: the one that stands belonged to the second."""
    marks = [
        mark("q1", "asked", 4), mark("q2", "asked", 10), mark("q1", "asked", 20), mark("q1", "answered", 25),
        mark("q1", "withdrawn", 30), mark("q2", "withdrawn", 31),
    ]  # fmt: skip
    assert spans(*marks) == [("q1", 4, None)]
    assert measured(marks, 60.0) == {"q1": (4_000, 60_000, False)}


def measured(marks: Sequence[Mark], now: float) -> dict[str, tuple[int, int, bool]]:
    """The answers that the detector measures, from the facts that it is told: begin and end in ms, and whether a mark or time ended it."""
    told = [a_set("baseline", "probe", "probe").told(each.question, each.event, each.t_ms) for each in marks]
    heard = [found for each in told if (found := mark_of(each.fact)) is not None]
    return {
        each.question: (round(1000 * each.span.start), round(1000 * each.span.end), each.closed)
        for each in answers.answers_of(heard, now)
    }


@given(
    st.lists(
        st.tuples(st.sampled_from(["q1", "q2", "q3"]), st.sampled_from(EVENTS), st.integers(0, 90_000)),
        max_size=30,
    )
)
def test_what_is_shown_of_answers_is_what_is_measured(steps: list[tuple[str, MarkEvent, int]]) -> None:
    """Whatever an officer may press, whenever; to the millisecond."""
    marks: list[Mark] = []
    t_ms = 0
    for question, event, later_ms in steps:
        t_ms += later_ms
        try:
            require_possible(marks, question, event)
        except IllegalStep:
            continue
        marks.append(mark(question, event, t_ms / 1000.0))
    shown = answers_of(marks)
    long_after = t_ms / 1000.0 + LONGEST_S + 1.0
    assert measured(marks, long_after) == {
        each.question: (each.asked_ms, each.until_ms, True) for each in shown.values()
    }
    present = measured(marks, t_ms / 1000.0)
    assert list(present) == list(shown)
    for name, (start_ms, end_ms, closed) in present.items():
        ended_ms = shown[name].ended_ms
        assert (start_ms, end_ms) == (shown[name].asked_ms, min(shown[name].until_ms, t_ms))
        assert closed or ended_ms is None
        assert ended_ms is None or ended_ms == end_ms


def test_a_question_that_is_asked_again_has_the_later_answer() -> None:
    marks = [mark("q1", "asked", 4), mark("q2", "asked", 12), mark("q1", "asked", 30)]
    assert spans(*marks) == [("q2", 12, 30), ("q1", 30, None)]


def test_what_is_taken_back_was_never_asked() -> None:
    first, slip = mark("q1", "asked", 4), mark("q2", "asked", 8)
    assert spans(first, slip, mark("q2", "withdrawn", 9)) == [("q1", 4, None)]
    again = [mark("q1", "answered", 5), mark("q1", "asked", 20), mark("q1", "withdrawn", 21)]
    assert spans(first, *again) == [("q1", 4, 5)]


def test_a_question_asked_again_still_ended_the_one_before_it() -> None:
    marks = [
        mark("q1", "asked", 10),
        mark("q2", "asked", 20),
        mark("q3", "asked", 30),
        mark("q2", "asked", 40),
    ]
    assert spans(*marks) == [("q1", 10, 20), ("q3", 30, 40), ("q2", 40, None)]


@pytest.mark.parametrize(
    ("before", "question", "event", "code"),
    [
        ([("q1", "asked")], "q1", "asked", "question_answering"),
        ([], "q1", "answered", "question_not_asked"),
        ([("q1", "asked"), ("q2", "asked")], "q1", "answered", "question_not_asked"),
        ([("q1", "asked"), ("q1", "answered")], "q1", "answered", "question_not_asked"),
        ([], "q1", "withdrawn", "question_not_asked"),
        ([("q1", "asked"), ("q1", "withdrawn")], "q1", "withdrawn", "question_not_asked"),
    ],
)
def test_a_mark_that_says_nothing_is_refused(
    before: Sequence[tuple[str, MarkEvent]], question: str, event: MarkEvent, code: str
) -> None:
    marks = [mark(each, what, t) for t, (each, what) in enumerate(before)]
    with pytest.raises(IllegalStep) as refused:
        require_possible(marks, question, event)
    assert refused.value.code == code


@given(st.lists(st.tuples(st.sampled_from(["q1", "q2", "q3"]), st.sampled_from(EVENTS)), max_size=30))
def test_answers_never_overlap_and_at_most_one_goes_on(steps: list[tuple[str, MarkEvent]]) -> None:
    """Whatever an officer may press, in whatever order."""
    marks: list[Mark] = []
    for t, (question, event) in enumerate(steps):
        try:
            require_possible(marks, question, event)
        except IllegalStep:
            continue
        marks.append(mark(question, event, float(t)))
    found: list[Answer] = list(answers_of(marks).values())
    assert sum(answer.ended_ms is None for answer in found) <= 1
    for one, after in pairwise(found):
        assert one.ended_ms is not None
        assert one.asked_ms <= one.ended_ms <= after.asked_ms


def test_a_mark_is_told_with_number_and_role() -> None:
    questions = a_set("baseline", "probe")
    told = questions.told("q2", "asked", 31_200)
    assert (told.topic, told.t_ms) == ("question", 31_200)
    assert told.values == {"question": "q2", "number": 2, "role": "probe", "event": "asked"}
    with pytest.raises(NotFound):
        questions.told("q3", "asked", 0)
