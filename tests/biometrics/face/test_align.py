"""Parity with dlib: its ``chip_details`` and ``extract_image_chips``, written out from ``interpolation.h`` step by step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.face.align import CHIP_PX, FIVE_POINTS, chip_points, chip_to_frame, face_chip, fit_similarity
from tests.biometrics.face.fakes import face_landmarks, turned

Array = NDArray[np.float64]


def dlib_map(five: Array, size: int, padding: float) -> Array:
    """What dlib does: least squares, an upright rectangle, its corners turned about its centre, three points."""
    mean = np.array(
        [
            [0.8595674595992, 0.2134981538014],
            [0.6460604764104, 0.2289674387677],
            [0.1205750620789, 0.2137274526848],
            [0.3340850613712, 0.2290642403242],
            [0.4901123135679, 0.6277975316475],
        ]
    )
    chip = (padding + mean) / (2 * padding + 1) * size
    rows, wanted = [], []
    for (x, y), (u, v) in zip(chip, five, strict=True):
        rows += [[x, -y, 1, 0], [y, x, 0, 1]]
        wanted += [u, v]
    a, b, shift_x, shift_y = np.linalg.lstsq(np.array(rows), np.array(wanted), rcond=None)[0]
    angle, scale = np.arctan2(b, a), np.hypot(a, b)
    half = size / 2
    centre = np.array([a * half - b * half + shift_x, b * half + a * half + shift_y])
    reach = (size * scale - 1) / 2
    corners = np.array([[-reach, -reach], [reach, -reach], [-reach, reach]])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    target = corners @ turn.T + centre
    source = np.array([[0, 0, 1], [size - 1, 0, 1], [0, size - 1, 1]], float)
    return np.asarray(np.linalg.solve(source, target).T)


@given(
    angle=st.floats(-180, 180),
    scale=st.floats(0.3, 8),
    x=st.floats(-500, 2000),
    y=st.floats(-500, 2000),
    seed=st.integers(0, 10_000),
)
def test_the_map_is_dlibs(angle: float, scale: float, x: float, y: float, seed: int) -> None:
    turn = np.exp(1j * np.radians(angle)) * scale
    plane = chip_points() @ (1, 1j) * turn + complex(x, y)
    plane += np.random.default_rng(seed).normal(0, 3 * scale, 10).view(complex)
    five = np.column_stack([plane.real, plane.imag])
    assert np.allclose(chip_to_frame(five), dlib_map(five, 150, 0.25), rtol=1e-9, atol=1e-6)


def test_the_chips_points_are_dlibs_for_150_px_with_a_quarter_of_padding() -> None:
    assert chip_points()[0] == pytest.approx((110.9567, 46.3498), abs=1e-3)
    assert chip_points()[4] == pytest.approx((74.0112, 87.7798), abs=1e-3)


@given(angle=st.floats(-3, 3), scale=st.floats(0.1, 20), seed=st.integers(0, 10_000))
def test_a_similarity_is_found_again(angle: float, scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    source, shift = rng.normal(0, 50, (6, 2)), rng.normal(0, 200, 2)
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = fit_similarity(source, source @ linear.T + shift)
    assert np.allclose(found, np.column_stack([linear, shift]), atol=1e-6 * scale + 1e-6)


@pytest.mark.parametrize(("width", "roll"), [(70.0, 0.0), (160.0, 25.0), (420.0, -40.0)])
def test_marks_on_the_five_points_land_where_dlib_puts_them(width: float, roll: float) -> None:
    landmarks = face_landmarks((400.0, 400.0), width, turned(roll_deg=roll))
    image = np.zeros((800, 800, 3), np.uint8)
    size = max(round(width / 60), 1)
    for x, y in landmarks[list(FIVE_POINTS), :2]:
        image[round(y) - size : round(y) + size + 1, round(x) - size : round(x) + size + 1] = 255
    chip = face_chip(image, landmarks)
    expected = dlib_map(landmarks[list(FIVE_POINTS), :2].astype(float), CHIP_PX, 0.25)
    inverse = np.linalg.inv(np.vstack([expected, [0, 0, 1]]))
    for x, y in landmarks[list(FIVE_POINTS), :2]:
        column, row, _ = inverse @ (round(x), round(y), 1)
        patch = chip[round(row) - 6 : round(row) + 7, round(column) - 6 : round(column) + 7, 0].astype(float)
        rows, columns = np.mgrid[-6:7, -6:7]
        assert patch.sum() > 0
        assert (patch * rows).sum() / patch.sum() == pytest.approx(row - round(row), abs=0.8)
        assert (patch * columns).sum() / patch.sum() == pytest.approx(column - round(column), abs=0.8)


def test_a_large_face_is_averaged_so_that_fine_stripes_turn_grey() -> None:
    image = np.zeros((2000, 2000, 3), np.uint8)
    image[:, ::2] = 255
    chip = face_chip(image, face_landmarks((1000.0, 1000.0), 1200.0))
    assert chip.std() < 20
    assert chip.mean() == pytest.approx(127, abs=5)


def test_points_that_fall_together_are_refused() -> None:
    with pytest.raises(ValueError, match="fall together"):
        chip_to_frame(np.ones((5, 2)))
