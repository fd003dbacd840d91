"""Maps do not depend on how far, in which unit or together with what a face moved."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.micro.maps import EYE_LINE, INTER_OCULAR, MIDDLE, maps_of, optical_strain


def blob(row: float, column: float) -> NDArray[np.float64]:
    rows, columns = np.mgrid[0:28, 0:28]
    return np.asarray(np.exp(-0.5 * ((rows - row) ** 2 + (columns - column) ** 2) / 2.0**2), np.float64)


def planes() -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    u, v = 0.3 * blob(18, 20), -0.7 * blob(18, 20) + 0.2 * blob(6, 8)
    return u[None], v[None], optical_strain(u, v)[None]


def test_strain_of_a_stretch_a_shear_and_a_turn() -> None:
    rows, columns = np.mgrid[0:9, 0:9].astype(float)
    none = np.zeros((9, 9))
    np.testing.assert_allclose(optical_strain(0.1 * columns, none), 0.1)
    np.testing.assert_allclose(optical_strain(0.1 * rows, none), 0.1 / np.sqrt(2))
    np.testing.assert_allclose(optical_strain(-0.1 * rows, 0.1 * columns), 0.0, atol=1e-12)


@given(st.floats(0.01, 50.0), st.floats(-3.0, 3.0), st.floats(-3.0, 3.0), st.floats(0.01, 50.0))
def test_unit_and_common_shift_do_not_matter(
    unit: float, right: float, down: float, of_strain: float
) -> None:
    u, v, strain = planes()
    plain, size = maps_of(u, v, strain)
    other, other_size = maps_of(unit * (u + right), unit * (v + down), of_strain * strain + 0.3)
    np.testing.assert_allclose(other, plain, atol=1e-3)
    np.testing.assert_allclose(other_size, unit * size, rtol=1e-3)


def test_a_strong_place_is_held() -> None:
    u, v, strain = planes()
    maps, _ = maps_of(u, v, strain)
    assert np.hypot(maps[0, 0], maps[0, 1]).max() <= 1.5
    larger, _ = maps_of(u, v, strain, np.array([3.0]))
    assert np.abs(larger[0, :2]).sum() > np.abs(maps[0, :2]).sum()


def test_a_still_face_is_a_map_too() -> None:
    still = np.zeros((2, 28, 28))
    maps, _ = maps_of(still, still, still)
    assert np.isfinite(maps).all()
    assert not maps[:, :2].any()


def test_eyes_lie_on_the_map() -> None:
    assert 0 < EYE_LINE < 28
    assert 0 < MIDDLE - INTER_OCULAR / 2 < MIDDLE + INTER_OCULAR / 2 < 27
