"""Takes: playing back and forth, gaps in landmarks, size, skin tone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.attacklab.clip import SHORT_PX, bounced, filled, ita_deg, upright
from biometrics.face.boxes import Landmarks
from tests.biometrics.attacklab.people import landmarks


@given(st.integers(1, 50), st.integers(0, 500))
def test_playing_back_and_forth_never_jumps_nor_leaves_the_take(count: int, start: int) -> None:
    index = bounced(np.arange(start, start + 120), count)
    assert index.min() >= 0
    assert index.max() < count
    assert abs(np.diff(index)).max() <= 1
    if count > 1:
        assert (np.diff(index) != 0).all()


@given(st.integers(2, 1500), st.integers(2, 1500))
def test_a_scaled_picture_is_even_and_no_larger_than_needed(height: int, width: int) -> None:
    small = upright(np.zeros((height, width, 3), np.uint8))
    assert small.shape[0] % 2 == small.shape[1] % 2 == 0
    assert min(small.shape[:2]) <= SHORT_PX
    assert small.shape[0] / height == pytest.approx(small.shape[1] / width, abs=2.5 / min(height, width))


def test_missing_landmarks_lie_between_their_neighbours() -> None:
    one, five = np.full((478, 3), 1.0, np.float32), np.full((478, 3), 5.0, np.float32)
    seen: list[Landmarks | None] = [one, None, five, five, five, five]
    found = filled(seen)
    assert found is not None
    assert found[:, 0, 0].tolist() == [1.0, 3.0, 5.0, 5.0, 5.0, 5.0]


def test_a_take_that_mostly_shows_no_face_is_none() -> None:
    one = np.zeros((478, 3), np.float32)
    assert filled([one, None, None, one]) is None
    assert filled([None]) is None


@pytest.mark.parametrize(("bgr", "expected"), [((118, 149, 190), 50.0), ((40, 60, 90), -47.7)])
def test_the_typology_angle_of_a_known_skin(bgr: tuple[int, int, int], expected: float) -> None:
    """Expected by hand: L*, b* of the sRGB colour by CIE 15, then atan((L* - 50) / b*)."""
    image = np.full((220, 180, 3), bgr, np.uint8)
    linear = [v / 255 / 12.92 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in bgr[::-1]]
    x, y, z = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    )
    f = [np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x / 0.9505, y, z / 1.089)]
    by_hand = np.degrees(np.arctan2(116 * f[1] - 16 - 50, 200 * (f[1] - f[2])))
    assert ita_deg(image, landmarks()) == pytest.approx(by_hand, abs=0.5)
    assert abs(by_hand - expected) < 20
