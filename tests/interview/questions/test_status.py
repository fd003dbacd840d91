"""Which reading belongs to which question, and why there is none."""

from __future__ import annotations

from fraudmodel.signals import Observation
from interview.questions.records import Mark
from interview.questions.status import QuestionStatus, deviations_of, points_at, status_of
from interview.store.records import StoredReading
from tests.interview.questions.fakes import a_set, compared, mark, too_short
from tests.interview.world import observation

SET = a_set("baseline", "probe", "probe")
MARKS = (
    mark("q1", "asked", 5),
    mark("q2", "asked", 20),
    mark("q2", "answered", 32),
    mark("q3", "asked", 40),
)


def row(number: int, readings: list[StoredReading], marks: tuple[Mark, ...] = MARKS) -> QuestionStatus:
    return status_of(SET, marks, readings).questions[number - 1]


def test_states_follow_the_marks() -> None:
    assert [each.state for each in status_of(SET, MARKS, []).questions] == [
        "answered",
        "answered",
        "answering",
    ]
    assert [each.state for each in status_of(SET, (), []).questions] == ["open"] * 3


def test_the_last_reading_of_a_question_number_counts() -> None:
    early, late = compared(4, 2, 20.0, 32.0, q=0.5), compared(9, 2, 20.0, 32.0, q=0.06)
    assert row(2, [early, compared(5, 3, 40.0, 44.0), late]).reading == late


def test_neutral_answers_have_no_reading_of_their_own() -> None:
    assert row(1, [compared(4, 1, 5.0, 20.0), too_short(5, 5.0, 20.0)]).reading is None


def test_a_question_that_was_asked_again_lost_the_reading_of_its_earlier_answer() -> None:
    again = (*MARKS, mark("q2", "asked", 50))
    old = compared(4, 2, 20.0, 32.0)
    assert row(2, [old], again).reading is None
    assert row(2, [old, compared(7, 2, 50.0, 61.0)], again).reading == compared(7, 2, 50.0, 61.0)


def test_the_reading_of_an_answer_that_was_taken_back_is_not_shown_as_the_one_in_force() -> None:
    mistaken = (*MARKS, mark("q2", "asked", 50), mark("q2", "withdrawn", 62))
    first, second = compared(4, 2, 20.0, 32.0), compared(7, 2, 50.0, 61.0)
    assert row(2, [first, second], mistaken).reading is None
    restored = compared(8, 2, 20.0, 32.0)
    assert row(2, [first, second, restored], mistaken).reading == restored


def test_where_nothing_was_compared_the_abstention_of_the_answer_says_why() -> None:
    own, other = too_short(6, 20.0, 36.0, "own"), too_short(8, 40.0, 55.0, "of the next question")
    before, later = too_short(2, 0.0, 12.0, "before"), too_short(9, 0.0, 60.0, "of the whole interview")
    assert row(2, [before, own, other, later]).reading == own
    assert row(2, [before, other]).reading is None
    assert row(2, [before, other, later]).reading == later


def test_why_nothing_was_compared_is_said_until_something_was() -> None:
    first, last = too_short(1, 0.0, 12.0, "1 of 5"), too_short(3, 0.0, 33.0, "3 of 5")
    assert status_of(SET, MARKS, [first, last]).absent == last
    assert status_of(SET, MARKS, [first, last, compared(4, 2, 20.0, 32.0)]).absent is None
    assert status_of(SET, MARKS, [StoredReading(1, observation())]).absent is None


def test_what_differs_most_comes_first() -> None:
    reading = compared(4, 2, 20.0, 32.0, z_latency_s=2.1, z_pitch_sd_st=-3.0, latency_s=4.0).reading
    assert isinstance(reading, Observation)
    assert deviations_of(reading) == [("pitch_sd_st", -3.0), ("latency_s", 2.1)]


def test_a_question_is_pointed_at_only_after_the_correction_for_several() -> None:
    def points(**numbers: float) -> bool:
        reading = compared(4, 2, 20.0, 32.0, **numbers).reading
        return isinstance(reading, Observation) and points_at(reading)

    assert points(q=0.1)
    assert not points(p=0.02, q=0.11)
