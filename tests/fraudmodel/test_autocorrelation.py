"""The integrated autocorrelation, against series whose own is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fraudmodel.autocorrelation import MOST_ALIKE, equivalent_coefficient, integrated_autocorrelation
from fraudmodel.calibration import FloatArray


def first_order(rho: float, n: int, seed: int) -> FloatArray:
    rng = np.random.default_rng(seed)
    series = rng.standard_normal(n)
    for t in range(1, n):
        series[t] = rho * series[t - 1] + np.sqrt(1.0 - rho**2) * series[t]
    return series


def overlapping(n: int, seed: int) -> FloatArray:
    """Means of windows that overlap by half: neighbours correlate by one half, others not at all."""
    noise = np.random.default_rng(seed).standard_normal(n + 1)
    means: FloatArray = (noise[1:] + noise[:-1]) / np.sqrt(2.0)
    return means


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6, 0.9])
def test_of_a_first_order_series_it_is_the_closed_form(rho: float) -> None:
    series = [first_order(rho, 2000, seed) for seed in range(20)]
    exact = (1.0 + rho) / (1.0 - rho)
    assert integrated_autocorrelation(series) == pytest.approx(exact, rel=0.12)
    assert equivalent_coefficient(exact) == pytest.approx(rho)


def test_of_windows_that_overlap_by_half_it_is_two_and_not_what_their_first_lag_would_make_of_it() -> None:
    series = [overlapping(2000, seed) for seed in range(20)]
    assert integrated_autocorrelation(series) == pytest.approx(2.0, rel=0.08)
    assert (1.0 + 0.5) / (1.0 - 0.5) == 3.0


def test_series_of_a_dozen_are_not_taken_for_less_alike_than_they_are() -> None:
    """Their own mean hides part of it: without putting that back this would be about 1.7."""
    series = [overlapping(11, seed) for seed in range(4000)]
    assert integrated_autocorrelation(series) == pytest.approx(2.0, rel=0.08)


def test_series_that_lie_on_different_levels_are_measured_about_their_own_means() -> None:
    series = [first_order(0.0, 500, seed) + 10.0 * seed for seed in range(10)]
    assert integrated_autocorrelation(series) == pytest.approx(1.0, abs=0.15)


def test_readings_that_alternate_count_each_for_itself() -> None:
    assert integrated_autocorrelation([np.array([1.0, -1.0, 1.0, -1.0])]) == 1.0


@given(st.lists(hnp.arrays(np.float64, st.integers(0, 40), elements=st.floats(-9, 9)), max_size=4))
def test_it_is_at_least_one_and_its_coefficient_below_one(series: list[FloatArray]) -> None:
    integrated = integrated_autocorrelation(series)
    assert integrated >= 1.0
    assert 0.0 <= equivalent_coefficient(integrated) <= MOST_ALIKE
