from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import norm

from fraudmodel.calibration import FloatArray
from fraudmodel.weighing import Weighing, likelihood_ratios, summed, weighed, weighed_with_slopes

SHARES = st.floats(0.0, 1.0)
LLRS = st.floats(-400.0, 400.0)
WAYS = st.sampled_from(Weighing)


def number(value: float) -> FloatArray:
    return np.array(value)


@given(SHARES, WAYS)
def test_a_signal_that_says_nothing_changes_nothing(share: float, way: Weighing) -> None:
    assert weighed(number(share), number(0.0), way) == 0.0


@given(SHARES, LLRS, LLRS, WAYS)
def test_more_suspicious_never_weighs_less(share: float, one: float, other: float, way: Weighing) -> None:
    low, high = sorted((one, other))
    assert weighed(number(share), number(low), way) <= weighed(number(share), number(high), way) + 1e-12


@given(SHARES, st.floats(-50.0, 50.0))
def test_a_mixture_lies_between_nothing_and_the_llr(share: float, llr: float) -> None:
    found = float(weighed(number(share), number(llr), Weighing.MIXED))
    assert min(llr, 0.0) - 1e-9 <= found <= max(llr, 0.0) + 1e-9
    if share < 1.0:
        assert found >= np.log1p(-share) - 1e-9


@given(st.floats(0.01, 0.99), st.floats(-4.0, 4.0))
def test_it_is_the_likelihood_ratio_where_only_some_attacks_disturb_the_signal(
    share: float, score: float
) -> None:
    fraud = (1.0 - share) * norm.pdf(score) + share * norm.pdf(score, loc=2.0)
    llr = norm.logpdf(score, loc=2.0) - norm.logpdf(score)
    assert weighed(number(share), number(llr), Weighing.MIXED) == pytest.approx(
        np.log(fraud / norm.pdf(score)), abs=1e-9
    )


@given(
    hnp.arrays(np.float64, (3, 4, 2), elements=SHARES),
    hnp.arrays(np.float64, (3, 2), elements=st.floats(-60.0, 60.0)),
    WAYS,
)
def test_a_product_of_ratios_is_the_sum_of_llrs(weights: FloatArray, llrs: FloatArray, way: Weighing) -> None:
    apart = weighed(weights, llrs[:, None, :], way).sum(axis=-1)
    assert summed(weights, llrs, way) == pytest.approx(apart, abs=1e-9)


@given(st.floats(0.05, 0.95), st.floats(-6.0, 6.0), WAYS)
def test_slopes_are_those_of_the_evidence(share: float, llr: float, way: Weighing) -> None:
    step = 1e-6
    up, down = (weighed(number(share + each), number(llr), way) for each in (step, -step))
    llrs = number(llr)
    each, slope = weighed_with_slopes(number(share), llrs, likelihood_ratios(llrs), way)
    assert each == weighed(number(share), llrs, way)
    assert slope == pytest.approx((up - down) / (2.0 * step), rel=1e-4, abs=1e-6)
