"""Action units move what FACS says they move, both sides alike, and leave the skull alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.facs.mesh import RIGID, Floats, canonical, mirrored, own_frame
from biometrics.facs.units import UNITS, combined, half, halves, strengths, upper
from tests.biometrics.facs.pictures import portrait

NAMES = st.sampled_from(list(UNITS))
MIRROR = np.array((-1.0, 1.0))


def some_face(seed: int) -> Floats:
    """The canonical face with other proportions."""
    rng = np.random.default_rng(seed)
    points = canonical() * rng.uniform(0.85, 1.15, 3)
    return np.asarray(points + rng.normal(0, 0.01, points.shape))


def both(name: str, points: Floats) -> Floats:
    return half(name, "left", points) + half(name, "right", points)


def test_the_fifteen_units_are_there() -> None:
    assert list(UNITS) == [f"AU{n}" for n in (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 24)]


def test_the_mirror_takes_every_point_to_one_other_and_back() -> None:
    order = mirrored()
    assert np.array_equal(order[order], np.arange(468))
    assert order[61] == 291
    assert order[33] == 263
    assert order[152] == 152


@given(NAMES, st.integers(0, 10_000))
def test_both_halves_together_move_one_landmark_by_one(name: str, seed: int) -> None:
    moved = np.linalg.norm(both(name, some_face(seed)), axis=1)
    assert moved.max() == pytest.approx(1.0)


@given(NAMES, st.integers(0, 10_000))
def test_rigid_points_hardly_move(name: str, seed: int) -> None:
    moved = np.linalg.norm(both(name, some_face(seed)), axis=1)
    assert moved[list(RIGID)].max() < 1e-9


@given(NAMES, st.integers(0, 10_000))
def test_the_left_half_of_a_face_is_the_right_half_of_its_mirror_image(name: str, seed: int) -> None:
    points = some_face(seed)
    order = mirrored()
    image = points[order] * (-1.0, 1.0, 1.0)
    left, right = half(name, "left", points), half(name, "right", image)
    # Anchors on the midline lie a little aside on an uneven face, hence approximately.
    np.testing.assert_allclose(right[order] * MIRROR, left, atol=1e-9)


@pytest.mark.parametrize("name", list(UNITS))
def test_one_half_leaves_the_other_side_alone(name: str) -> None:
    points = canonical()
    aside = points[:, 0] < -0.2
    moved = np.linalg.norm(half(name, "left", points), axis=1)
    assert moved[aside].max() < 0.02
    assert moved[~aside].max() > 0.8


@pytest.mark.parametrize(
    ("name", "landmark", "lateral", "up"),
    [
        ("AU1", 107, 0, 1), ("AU2", 70, 0, 1), ("AU4", 107, -1, -1), ("AU5", 159, 0, 1), ("AU6", 50, 0, 1),
        ("AU7", 145, 0, 1), ("AU9", 129, 0, 1), ("AU10", 39, 0, 1), ("AU12", 61, 1, 1), ("AU14", 61, 1, 0),
        ("AU15", 61, 0, -1), ("AU17", 200, 0, 1), ("AU20", 61, 1, 0), ("AU23", 61, -1, 0), ("AU24", 0, 0, -1),
        ("AU24", 17, 0, 1),
    ],
)  # fmt: skip
def test_a_unit_moves_where_facs_says(name: str, landmark: int, lateral: int, up: int) -> None:
    x, y = both(name, own_frame(portrait().landmarks).points)[landmark]
    outward = -x  # all of them lie on the person's right side, or in the middle
    assert abs(x) + abs(y) > 0.2
    assert lateral == 0 or outward * lateral > 0.2
    assert up == 0 or y * up > 0.2


@given(st.floats(-1.0, 1.0))
def test_an_asymmetry_is_the_difference_over_the_sum(asymmetry: float) -> None:
    sides = strengths(asymmetry)
    left, right = sides["left"], sides["right"]
    assert max(left, right) == 1.0
    assert (left - right) / (left + right) == pytest.approx(asymmetry, abs=1e-12)


def test_units_add_up() -> None:
    points = canonical()
    together = combined({"AU6": 0.5, "AU12": 1.0}, 0.0, points)
    np.testing.assert_allclose(together, 0.5 * both("AU6", points) + both("AU12", points))


def test_upper_units() -> None:
    assert upper({"AU12": 1.0, "AU6": 0.5})
    assert not upper({"AU12": 1.0, "AU6": 0.0})


@pytest.mark.parametrize(("units", "asymmetry"), [({"AU3": 1.0}, 0.0), ({}, 0.0), ({"AU1": 1.0}, 1.5)])
def test_what_there_is_not_is_refused(units: dict[str, float], asymmetry: float) -> None:
    with pytest.raises(ValueError, match=r"action unit|asymmetry"):
        halves(units, asymmetry)


def test_a_face_in_its_own_frame_lies_like_the_canonical_one() -> None:
    own = own_frame(portrait().landmarks)
    assert own.inter_ocular_px == pytest.approx(41.6, abs=0.1)
    assert np.abs(own.points[:, :2] - canonical()[:, :2]).max() < 0.35
    assert np.median(np.abs(own.points[:, :2] - canonical()[:, :2])) < 0.05
