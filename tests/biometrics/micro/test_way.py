from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.facs.motion import activation
from biometrics.micro.way import way_of


def curve(onset: float, apex: float, offset: float, n: int = 49) -> np.ndarray:
    return np.array([activation(float(k), onset, apex, offset) for k in range(n)])


@pytest.mark.parametrize(
    "ends", [(18.0, 24.0, 31.0), (20.0, 24.0, 28.0), (19.0, 25.0, 34.0), (12.0, 24.0, 40.0)]
)
def test_a_raised_cosine_gives_its_onset_apex_and_offset(ends: tuple[float, float, float]) -> None:
    way = way_of(curve(*ends), round(ends[1]), 1.0)
    assert way is not None
    assert (way.onset, way.apex, way.offset) == pytest.approx(ends, abs=0.9)
    assert way.height == pytest.approx(1.0, abs=0.1)
    assert way.uneven < 0.1


@given(scale=st.floats(0.001, 100.0), shift=st.floats(-5.0, 5.0))
def test_size_and_place_of_a_curve_do_not_move_its_times(scale: float, shift: float) -> None:
    plain = curve(18.0, 24.0, 31.0)
    one, other = way_of(plain, 24, 1.0), way_of(scale * plain + shift * scale, 24, scale)
    assert one is not None
    assert other is not None
    assert (other.onset, other.apex, other.offset) == pytest.approx(
        (one.onset, one.apex, one.offset), abs=1e-6
    )
    assert other.height == pytest.approx(scale * one.height)


def test_drift_at_the_feet_does_not_lengthen_it() -> None:
    drifting = curve(18.0, 24.0, 31.0) - 0.01 * np.arange(49)
    way = way_of(drifting, 24, 1.0)
    assert way is not None
    assert way.offset == pytest.approx(31.0, abs=2.0)


def test_a_plateau_that_trembles_is_still_one_movement() -> None:
    plain = np.array([activation(float(k), 16.0, 21.0, 32.0, hold_s=6.0) for k in range(49)])
    plain[20:28] += 0.01 * (-1.0) ** np.arange(8)
    way = way_of(plain, 24, 1.0)
    assert way is not None
    assert (way.onset, way.offset) == pytest.approx((16.0, 32.0), abs=1.5)


def test_what_stays_up_is_uneven_and_what_only_rises_is_none() -> None:
    stays = np.where(np.arange(49) < 24, curve(18.0, 24.0, 31.0), np.maximum(curve(18.0, 24.0, 31.0), 0.8))
    way = way_of(stays, 24, 1.0)
    assert way is not None
    assert way.uneven > 0.5
    assert way_of(np.arange(49.0), 48, 1.0) is None
