from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from biometrics.flash.null import COUNTED, NullLaw

LAGS = 12
SAMPLE = np.random.default_rng(3).standard_normal((4000, LAGS)).max(axis=1)
LAW = NullLaw.of(SAMPLE)


def true_tail(statistic: float) -> float:
    """The greatest of so many standard normals."""
    return float(-np.expm1(LAGS * stats.norm.logcdf(statistic)))


def test_what_is_exceeded_often_is_counted() -> None:
    assert LAW.p_value(2.0) == (((SAMPLE >= 2.0).sum() + 1) / 4001, True)
    assert LAW.p_value(-9.0) == (1.0, True)


def test_the_tail_of_a_gumbel_law_is_found() -> None:
    """Against scipy.stats: far beyond what was seen, within a factor of five."""
    law = NullLaw.of(np.asarray(stats.gumbel_r.rvs(2.0, 0.4, size=4000, random_state=3)))
    for statistic in (4.5, 5.5):
        p_value, counted = law.p_value(statistic)
        assert not counted
        assert 0.2 < p_value / float(stats.gumbel_r.sf(statistic, 2.0, 0.4)) < 5.0


@pytest.mark.parametrize("statistic", [4.2, 5.0, 6.0, 8.0])
def test_the_tail_of_a_lighter_law_errs_to_the_safe_side(statistic: float) -> None:
    p_value, _ = LAW.p_value(statistic)
    assert true_tail(statistic) < p_value < 1e4 * true_tail(statistic) ** 0.5


def test_it_never_promises_more_than_codes_were_seen_to_reach() -> None:
    ordered = np.sort(SAMPLE)
    for above in range(COUNTED):
        assert LAW.p_value(float(ordered[-1 - above]))[0] <= (above + 2) / 4001


@settings(deadline=None)
@given(st.floats(-5, 50), st.floats(0, 10))
def test_a_greater_statistic_is_never_likelier(statistic: float, more: float) -> None:
    assert LAW.p_value(statistic + more)[0] <= LAW.p_value(statistic)[0]


def test_density_and_distribution_belong_together() -> None:
    """The tail's by construction; the body's is a fit of two moments, which a twentieth of the mass may miss."""
    grid = np.linspace(LAW.place - 0.3, 8.0, 4000)
    mass = float(np.trapezoid([LAW.density(float(x)) for x in grid], grid))
    assert mass == pytest.approx(1.0 - LAW.below(float(grid[0])), abs=0.05)
    assert LAW.below(LAW.quantile(1e-3)) == pytest.approx(1.0 - 1e-3)
    assert LAW.p_value(LAW.quantile(1e-5))[0] == pytest.approx(1e-5)


def test_scaling_scales() -> None:
    twice = LAW.scaled(2.0)
    assert twice.p_value(9.0)[0] == pytest.approx(LAW.p_value(4.5)[0])
    assert twice.place == pytest.approx(2 * LAW.place)
    assert twice.density(6.0) == pytest.approx(LAW.density(3.0) / 2)


def test_codes_that_all_fit_alike_are_borne() -> None:
    law = NullLaw.of(np.zeros(4000))
    assert law.p_value(0.0) == (1.0, True)
    assert law.p_value(1.0)[0] <= 1 / 4001
    assert np.isfinite([law.density(0.0), law.density(1.0), law.below(1.0), law.place]).all()
