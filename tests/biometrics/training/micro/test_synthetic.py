"""Synthetic movements: the same each time, of every class, with the truth that they say."""

from __future__ import annotations

import numpy as np

from biometrics.micro.classes import CLASSES
from biometrics.micro.maps import EYE_LINE, MIDDLE
from biometrics.training.micro.fields import GRID, HALVES, fields
from biometrics.training.micro.movements import JAW, MOVEMENTS
from biometrics.training.micro.synthetic import lessons


def test_the_same_seed_is_the_same_lessons() -> None:
    one, two, other = lessons(12, 5), lessons(12, 5), lessons(12, 6)
    np.testing.assert_array_equal(one.maps, two.maps)
    np.testing.assert_array_equal(one.units, two.units)
    assert not np.array_equal(one.maps, other.maps)


def test_units_belong_to_their_class() -> None:
    made = lessons(150, 1)
    names = [name for name, _ in HALVES]
    assert set(made.classes.tolist()) == {0, 1, 2}
    for units, number in zip(made.units, made.classes, strict=True):
        moved = {names[k] for k in np.flatnonzero(units > 0)}
        assert any(moved <= set(each.units) - {JAW} for each in MOVEMENTS[CLASSES[number]])
    assert np.isfinite(made.maps).all()


def test_fields_lie_where_their_muscles_are() -> None:
    eyes = (EYE_LINE + 0.5) * GRID / 28
    where = {half: np.hypot(*field) for half, field in zip(HALVES, fields().halves, strict=True)}
    for name, above in (
        ("AU1", True),
        ("AU2", True),
        ("AU4", True),
        ("AU12", False),
        ("AU15", False),
        ("AU17", False),
    ):
        row, _ = np.unravel_index(where[name, "left"].argmax(), (GRID, GRID))
        assert (row < eyes) == above, name
    middle = (MIDDLE + 0.5) * GRID / 28
    assert np.unravel_index(where["AU12", "left"].argmax(), (GRID, GRID))[1] > middle
    assert np.unravel_index(where["AU12", "right"].argmax(), (GRID, GRID))[1] < middle


def test_a_raised_brow_goes_up_and_a_smile_goes_out_and_up() -> None:
    halves = dict(zip(HALVES, fields().halves, strict=True))
    assert halves["AU1", "left"][1].min() < -0.3
    across, down = halves["AU12", "left"]
    assert across.max() > 0.2
    assert down.min() < -0.2
