"""The stability index against its formula, its null distribution and what it must not depend on."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, false_discovery_control, norm

from fraudmodel.stability import counts, holm, psi_of, quantile_edges, stability

SCORES = st.lists(st.integers(-50, 50), min_size=25, max_size=60).map(lambda v: np.array(v, dtype=np.float64))


def test_the_index_of_a_worked_example() -> None:
    # Shares 0.2, 0.5, 0.3 then 0.3, 0.4, 0.3, as the textbook formula has it; at a million each the half that is counted in vanishes.
    before, now = np.array([2e5, 5e5, 3e5]), np.array([3e5, 4e5, 3e5])
    by_hand = 0.1 * log(0.3 / 0.2) - 0.1 * log(0.4 / 0.5)
    assert psi_of(before, now) == pytest.approx(by_hand, abs=1e-5)


def test_ten_bins_hold_equal_shares_of_the_reference() -> None:
    values = np.random.default_rng(0).normal(size=500)
    edges = quantile_edges(values, 10)
    assert len(edges) == 9
    assert counts(values, edges).tolist() == [50.0] * 10


def test_where_nothing_changed_p_is_uniform() -> None:
    rng = np.random.default_rng(1)
    found = [stability(rng.normal(size=300), rng.normal(size=100)) for _ in range(400)]
    p = np.array([each.p for each in found if each is not None])
    assert len(p) == 400
    assert 0.02 < np.mean(p < 0.05) < 0.09


def test_its_mean_where_nothing_changed_is_what_chance_gives() -> None:
    rng = np.random.default_rng(1)
    found = [stability(rng.normal(size=3000), rng.normal(size=1000)) for _ in range(300)]
    mean = np.mean([each.psi.value for each in found if each is not None])
    assert mean == pytest.approx((1 / 3000 + 1 / 1000) * 9, rel=0.08)
    assert found[0] is not None
    assert found[0].by_chance == pytest.approx((1 / 3000 + 1 / 1000) * 9)


def test_p_is_that_of_yurdakul_s_chi_squared() -> None:
    rng = np.random.default_rng(2)
    found = stability(rng.normal(size=200), rng.normal(0.3, 1.0, size=150))
    assert found is not None
    assert found.p == pytest.approx(chi2.sf(found.psi.value / (1 / 200 + 1 / 150), found.bins - 1))


@pytest.mark.parametrize("shift", [0.0, 0.3, 1.0])
def test_the_interval_holds_the_true_index(shift: float) -> None:
    rng = np.random.default_rng(3)
    inner = norm.ppf(np.arange(1, 10) / 10)
    shares = np.diff(np.concatenate([[0.0], norm.cdf(inner - shift), [1.0]]))
    true = float(np.sum((shares - 0.1) * np.log(shares / 0.1)))
    held = 0
    for _ in range(200):
        found = stability(rng.normal(size=300), rng.normal(shift, 1.0, size=200))
        assert found is not None
        held += found.psi.low <= true <= found.psi.high
    assert held >= 180


def test_a_few_interviews_do_not_cry_wolf_though_the_index_is_above_0_2() -> None:
    rng = np.random.default_rng(4)
    found = [stability(rng.normal(size=60), rng.normal(size=30)) for _ in range(200)]
    high = [each for each in found if each is not None and each.psi.value > 0.2]
    assert len(high) > 20
    assert np.mean([each.p < 0.01 for each in high]) < 0.2


def test_a_person_counts_once_however_often_they_come() -> None:
    rng = np.random.default_rng(5)
    reference, once = rng.normal(size=200), rng.normal(0.4, 1.0, size=50)
    repeated = np.repeat(once, 4)
    naive, honest = stability(reference, repeated), stability(reference, repeated, people=(200, 50))
    assert naive is not None
    assert honest is not None
    assert honest.p > naive.p
    assert honest.recent == 50


def test_too_few_or_all_the_same_is_no_index() -> None:
    values = np.arange(100.0)
    assert stability(values[:19], values) is None
    assert stability(values, values[:19]) is None
    assert stability(np.ones(100), values) is None


@given(SCORES, SCORES)
def test_only_the_order_matters_and_it_is_never_below_0(reference: np.ndarray, recent: np.ndarray) -> None:
    found, mapped = stability(reference, recent), stability(np.exp(reference / 20), np.exp(recent / 20))
    if found is None:
        assert mapped is None or mapped.bins == 1
        return
    assert mapped is not None
    assert mapped.psi.value == pytest.approx(found.psi.value)
    assert 0.0 <= found.psi.low <= found.psi.value <= found.psi.high
    assert 0.0 <= found.p <= 1.0


@given(SCORES)
def test_the_same_sample_has_index_0(values: np.ndarray) -> None:
    found = stability(values, values)
    assert found is None or (found.psi.value, found.psi.low) == (0.0, 0.0)


def test_holm_by_hand() -> None:
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_holm_lies_between_the_plain_values_and_bonferroni(values: list[float]) -> None:
    p = np.array(values)
    corrected = holm(p)
    assert np.all(corrected >= p - 1e-15)
    assert np.all(corrected <= np.minimum(p * len(p), 1.0) + 1e-12)
    # Holm never rejects more than Benjamini and Hochberg do.
    assert np.all(corrected >= false_discovery_control(p) - 1e-12)
