"""Control charts against published run lengths, by formula and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from fraudmodel.cusum import cusum, normal_scores, run_length, threshold_for

VALUES = st.lists(st.floats(-4.0, 4.0), min_size=1, max_size=60).map(np.array)


def simulated(threshold: float, shift: float, charts: int = 1500) -> float:
    """The mean run length of two-sided charts with k = 0.5, all at once."""
    rng = np.random.default_rng(0)
    up, down, length = np.zeros(charts), np.zeros(charts), np.zeros(charts)
    alive = np.ones(charts, dtype=bool)
    while alive.any():
        values = rng.standard_normal(charts) + shift
        up, down = np.maximum(0.0, up + values - 0.5), np.maximum(0.0, down - values - 0.5)
        length[alive] += 1
        alive &= (up <= threshold) & (down <= threshold)
    return float(length.mean())


@pytest.mark.parametrize(
    ("threshold", "shift", "published"),
    [(4.0, 0.0, 168.0), (4.0, 1.0, 8.38), (4.0, 2.0, 3.34), (5.0, 0.0, 465.0), (5.0, 1.0, 10.4), (5.0, 2.0, 4.01)],
)  # fmt: skip
def test_run_lengths_are_those_of_the_tables(threshold: float, shift: float, published: float) -> None:
    """Two-sided, k = 0.5: Montgomery, Introduction to Statistical Quality Control, table 9.3 (after Hawkins & Olwell 1998)."""
    assert simulated(threshold, shift) == pytest.approx(published, rel=0.08)
    assert run_length(threshold, shift) == pytest.approx(published, rel=0.05)


@pytest.mark.parametrize("every", [200.0, 1000.0, 50_000.0])
def test_the_threshold_for_a_run_length_gives_it(every: float) -> None:
    assert run_length(threshold_for(every)) == pytest.approx(every, rel=1e-6)


def test_the_sums_of_a_worked_example() -> None:
    found = cusum(np.array([0.2, 1.5, 2.0, -0.3, 1.2, 2.5]), 4.0)
    assert found.up.tolist() == pytest.approx([0.0, 1.0, 2.5, 1.7, 2.4, 4.4])
    assert found.down.tolist() == pytest.approx([0.0] * 6)
    assert (found.crossed, found.since, found.rising) == (5, 1, True)
    assert found.shift == pytest.approx(np.mean([1.5, 2.0, -0.3, 1.2, 2.5]))


def test_a_shift_is_found_where_it_begins() -> None:
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(size=100), rng.normal(-1.0, 1.0, size=60)])
    found = cusum(values, threshold_for(5000.0))
    assert found.crossed is not None
    assert found.since is not None
    assert not found.rising
    assert 95 <= found.since <= 105
    assert 100 < found.crossed < 135
    assert found.shift == pytest.approx(-1.0, abs=0.3)


def test_scores_of_any_shape_become_normal() -> None:
    rng = np.random.default_rng(2)
    reference, values = rng.exponential(size=5000) ** 3, rng.exponential(size=5000) ** 3
    scores = normal_scores(reference, values)
    assert (scores.mean(), scores.std()) == pytest.approx((0.0, 1.0), abs=0.04)


def test_a_chart_on_a_sample_s_ranks_keeps_its_false_alarms() -> None:
    """400 reference interviews of a skewed statistic: charts of 100 cross about as often as their run length says."""
    rng = np.random.default_rng(3)
    threshold = threshold_for(2000.0)
    crossed = 0
    for _ in range(400):
        scores = normal_scores(rng.lognormal(size=400), rng.lognormal(size=100))
        crossed += cusum(scores, threshold).crossed is not None
    assert 4 <= crossed <= 40  # about 100 / 2000 of 400, and more for the reference's own error


@given(VALUES)
def test_turned_round_the_sides_change_places(values: np.ndarray) -> None:
    found, turned = cusum(values, 4.0), cusum(-values, 4.0)
    assert np.array_equal(found.up, turned.down)
    assert np.array_equal(found.down, turned.up)
    assert found.crossed == turned.crossed


@given(VALUES, VALUES)
def test_normal_scores_keep_the_order_and_are_bounded_by_the_reference(
    reference: np.ndarray, values: np.ndarray
) -> None:
    scores = normal_scores(reference, values)
    order = np.argsort(values, kind="stable")
    assert np.all(np.diff(scores[order]) >= 0.0)
    limit = norm.ppf(1.0 - 0.5 / (len(reference) + 1.0))
    assert np.all(np.abs(scores) <= limit + 1e-12)
