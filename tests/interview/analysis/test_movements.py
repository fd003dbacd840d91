"""Movements among readings."""

from __future__ import annotations

from dataclasses import replace

from biometrics.micro.movement import Movement
from biometrics.micro.told import KIND
from fraudmodel.signals import Abstention, Reason, Span
from interview.analysis.movements import movement_of, resemblance_of, units_of
from tests.interview.analysis.moving import movement
from tests.interview.world import observation


def test_movement_is_read_back_from_its_reading() -> None:
    assert movement_of(movement()) == Movement(
        0.8, 0.92, 1.04, 0.021, 6.5, -0.4, ("inner_brow_right", "outer_brow_right"), upper=True, brief=True
    )


def test_whether_it_was_brief_is_what_its_reading_says() -> None:
    """The reading's times are those of frames: a movement of 0.51 s may have 0.5 s between its frames, and is no brief one."""
    longer = movement_of(movement(brief=0.0))
    assert longer is not None
    assert longer.duration_s < 0.5
    assert not longer.brief


def test_span_without_a_movement_is_none_and_so_is_anything_else() -> None:
    assert movement_of(movement(movement=0.0)) is None
    assert movement_of(replace(movement(), covariates={})) is None
    assert movement_of(observation()) is None
    assert movement_of(Abstention(KIND, Span(0, 1), Reason.LOW_FRAME_RATE)) is None


def test_resemblance_is_there_where_it_was_compared() -> None:
    assert resemblance_of(movement()) == {}
    compared = movement(negative=0.2, positive=0.7, surprise=0.1)
    assert resemblance_of(compared) == {"negative": 0.2, "positive": 0.7, "surprise": 0.1}
    assert units_of(compared) == ()


def test_action_units_come_with_the_one_that_went_furthest_first() -> None:
    assert units_of(movement(unit_AU1_left=0.6, unit_AU2_right=1.4)) == ("AU2_right", "AU1_left")
