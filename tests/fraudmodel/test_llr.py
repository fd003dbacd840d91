from __future__ import annotations

from math import inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.llr import bounded, decibans, logit, nats, posterior, probability

PRIORS = st.floats(1e-9, 1.0 - 1e-9)
LLRS = st.floats(-30.0, 30.0)


@given(PRIORS)
def test_without_evidence_the_posterior_is_the_prior_to_the_last_bit(prior: float) -> None:
    assert posterior(prior, 0.0) == prior


@given(PRIORS, LLRS)
def test_posterior_is_bayes_rule_in_log_odds(prior: float, llr: float) -> None:
    assert posterior(prior, llr) == pytest.approx(probability(logit(prior) + llr), rel=1e-9)


@given(PRIORS, LLRS, LLRS)
def test_more_evidence_never_lowers_the_posterior(prior: float, a: float, b: float) -> None:
    assert posterior(prior, min(a, b)) <= posterior(prior, max(a, b))


@given(st.floats(-700.0, 30.0))
def test_logit_inverts_probability(log_odds: float) -> None:
    assert logit(probability(log_odds)) == pytest.approx(log_odds, abs=1e-2 if log_odds > 0 else 1e-9)


def test_extremes_neither_overflow_nor_lose_their_sign() -> None:
    assert probability(-1e6) == 0.0
    assert probability(1e6) == 1.0
    assert posterior(0.5, 1e6) == 1.0
    assert posterior(0.5, -1e6) == 0.0
    assert logit(0.0) == -inf
    assert logit(1.0) == inf


def test_a_likelihood_ratio_of_ten_is_ten_decibans() -> None:
    assert decibans(log(10.0)) == pytest.approx(10.0)
    assert nats(decibans(1.234)) == pytest.approx(1.234)


def test_odds_of_one_to_199_times_a_likelihood_ratio_of_forty() -> None:
    assert posterior(0.005, log(40.0)) == pytest.approx(40.0 / 239.0)


@given(st.floats(-50, 50), st.floats(-10, 0), st.floats(0, 10))
def test_a_bounded_llr_lies_within_its_bounds_and_keeps_its_sign(llr: float, low: float, high: float) -> None:
    clipped = bounded(llr, (low, high))
    assert low <= clipped <= high
    assert clipped * llr >= 0.0


@pytest.mark.parametrize("prior", [0.0, 1.0, -0.1, 1.1])
def test_a_prior_that_nothing_could_move_is_refused(prior: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        posterior(prior, 0.0)


def test_a_probability_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lies in 0\.\.1"):
        logit(1.5)
