from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import binomtest

from fraudmodel.intervals import (
    Estimate,
    bootstrap,
    clopper_pearson,
    percentile_interval,
    rate,
    rate_if_tried,
)


@given(st.integers(1, 400), st.data(), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_clopper_pearson_is_the_exact_interval_of_scipy(
    trials: int, data: st.DataObject, confidence: float
) -> None:
    successes = data.draw(st.integers(0, trials))
    exact = binomtest(successes, trials).proportion_ci(confidence, method="exact")
    assert clopper_pearson(successes, trials, confidence) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_no_error_in_300_trials_bounds_the_rate_by_one_percent() -> None:
    assert clopper_pearson(0, 300, 0.90)[1] == pytest.approx(3.0 / 300.0, rel=0.01)


@given(st.floats(0.0, 1.0), st.floats(1.0, 500.0), st.floats(1.0, 10.0))
def test_more_trials_of_the_same_share_narrow_the_interval(
    share: float, trials: float, factor: float
) -> None:
    low, high = clopper_pearson(share * trials, trials)
    closer_low, closer_high = clopper_pearson(share * trials * factor, trials * factor)
    assert low <= closer_low + 1e-9
    assert closer_high <= high + 1e-9


def test_without_trials_nothing_is_known() -> None:
    assert clopper_pearson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="at least one trial"):
        rate(0, 0)
    assert rate_if_tried(0, 0) is None
    assert rate_if_tried(3, 4) == rate(3, 4)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="5 of 4"):
        clopper_pearson(5, 4)


def test_a_rate_prints_its_interval_and_its_trials() -> None:
    assert str(rate(1, 10)) == "0.1 [0.002529, 0.445] N=10"


def test_the_bootstrap_of_a_mean_has_the_textbook_width() -> None:
    values = np.random.default_rng(3).standard_normal(400)

    def resample(rng: np.random.Generator) -> np.ndarray:
        return np.bincount(rng.integers(400, size=400), minlength=400).astype(float)

    measured = bootstrap(lambda w: float(np.average(values, weights=w)), resample, 400, replicates=2000)
    half = 1.96 * values.std() / 20.0
    assert measured.value == pytest.approx(values.mean())
    assert measured.low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert measured.high == pytest.approx(values.mean() + half, abs=0.1 * half)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_a_bootstrap_is_repeatable_and_holds_its_estimate(seed: int) -> None:
    def draw(rng: np.random.Generator) -> np.ndarray:
        return rng.random(8)

    def statistic(weights: np.ndarray) -> float:
        return float(weights[0] / weights.sum())

    once, again = (bootstrap(statistic, draw, 8, replicates=50, seed=seed) for _ in range(2))
    assert once == again
    assert once.low <= once.value <= once.high


def test_draws_that_lose_a_class_are_replaced() -> None:
    def draw(rng: np.random.Generator) -> np.ndarray:
        return np.array([rng.integers(2), 1.0])

    measured = bootstrap(lambda w: 1.0 / w[0] if w[0] else np.nan, draw, 2, replicates=40)
    assert measured == Estimate(1.0, 1.0, 1.0, 2)


@given(hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6)), st.floats(0.5, 1.0))
def test_the_percentile_interval_is_that_of_numpy(values: np.ndarray, confidence: float) -> None:
    tail = (1.0 - confidence) / 2.0
    expected = np.quantile(values, [tail, 1.0 - tail])
    assert percentile_interval(values, confidence) == pytest.approx(expected.tolist(), abs=1e-6)


def test_the_percentile_interval_cuts_equal_tails() -> None:
    assert percentile_interval(np.arange(1001.0), 0.9) == pytest.approx((50.0, 950.0))
