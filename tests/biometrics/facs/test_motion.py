"""A movement's time course is exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.facs.motion import activation
from biometrics.facs.plan import PlantedMovement

PLANTED = PlantedMovement(1.0, 1.1, 1.5, {"AU12": 1.0}, 0.02, hold_s=0.05)


@pytest.mark.parametrize(
    ("t", "strength"), [(0.0, 0), (1.0, 0), (1.05, 0.5), (1.1, 1), (1.15, 1), (1.325, 0.5), (1.5, 0), (9, 0)]
)
def test_known_moments(t: float, strength: float) -> None:
    assert PLANTED.at(t) == pytest.approx(strength, abs=1e-12)


@given(st.floats(0.9, 1.6), st.floats(0.0, 0.001))
def test_nothing_jumps(t: float, step: float) -> None:
    assert 0.0 <= PLANTED.at(t) <= 1.0
    steepest = 3.1416 / 2 / 0.1
    assert abs(PLANTED.at(t + step) - PLANTED.at(t)) <= steepest * step + 1e-12


@given(st.floats(-10, 10))
def test_no_hold_is_a_single_apex(t: float) -> None:
    assert (activation(t, 0.0, 0.1, 0.3) == 1.0) == (abs(t - 0.1) < 1e-6) or abs(t - 0.1) < 1e-5


@pytest.mark.parametrize(
    "wrong",
    [
        {"apex_s": 0.9}, {"offset_s": 1.1}, {"hold_s": 0.5}, {"amplitude": 0.0}, {"units": {"AU99": 1.0}},
        {"asymmetry": 2.0},
    ],
)  # fmt: skip
def test_an_impossible_movement_is_refused(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "onset_s": 1.0, "apex_s": 1.1, "offset_s": 1.5, "units": {"AU12": 1.0}, "amplitude": 0.02,
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"a movement|no action unit|an asymmetry"):
        PlantedMovement(**(right | wrong))  # type: ignore[arg-type]
