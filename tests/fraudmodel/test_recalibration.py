"""Slope and intercept on outcomes: what they are on known data, against another regression, and under which maps they move."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize, minimize_scalar
from sklearn.linear_model import LogisticRegression

from fraudmodel.calibration import FloatArray
from fraudmodel.metrics import Mask
from fraudmodel.recalibration import recalibration


def outcomes(
    fraud: int, bona_fide: int, distance: float = 2.0, seed: int = 0
) -> tuple[FloatArray, Mask, list[tuple[str, ...]]]:
    """LLRs that mean what they say: of N(d, 1) against N(0, 1)."""
    rng = np.random.default_rng(seed)
    is_fraud = np.arange(fraud + bona_fide) < fraud
    scores = rng.normal(size=len(is_fraud)) + distance * is_fraud
    return distance * scores - distance**2 / 2.0, is_fraud, [(f"p{n}",) for n in range(len(is_fraud))]


def test_llrs_that_hold_have_slope_1_and_intercept_0_whatever_the_share_of_fraud() -> None:
    for fraud, bona_fide in ((400, 400), (60, 1500)):
        found = recalibration(*outcomes(fraud, bona_fide))
        assert found is not None
        assert found.slope.low < 1.0 < found.slope.high
        assert found.intercept.low < 0.0 < found.intercept.high
        assert found.verdicts(0.01) == ()
        assert (found.fraud, found.bona_fide, found.slope.n) == (fraud, bona_fide, fraud + bona_fide)


def test_twice_too_sure_has_half_the_slope() -> None:
    llrs, fraud, people = outcomes(200, 400)
    held, doubled = recalibration(llrs, fraud, people), recalibration(2.0 * llrs, fraud, people)
    assert held is not None
    assert doubled is not None
    assert doubled.slope.value == pytest.approx(held.slope.value / 2.0)
    assert doubled.slope.high < 1.0
    assert "surer" in doubled.verdicts(0.01)


def test_too_low_throughout_has_an_intercept_above_0() -> None:
    llrs, fraud, people = outcomes(300, 600)
    found = recalibration(llrs - 1.5, fraud, people)
    assert found is not None
    assert found.intercept.value == pytest.approx(1.5, abs=0.3)
    assert found.verdicts(0.01) == ("low",)


def test_it_is_the_maximum_of_firth_s_likelihood() -> None:
    llrs, fraud, people = outcomes(30, 70, 1.0)
    design = np.column_stack([np.ones(len(llrs)), llrs])

    def penalised(beta: FloatArray) -> float:
        eta = design @ beta
        fitted = 1.0 / (1.0 + np.exp(-eta))
        information = design.T @ (design * (fitted * (1.0 - fitted))[:, None])
        return -float(eta @ fraud - np.logaddexp(0.0, eta).sum() + 0.5 * np.log(np.linalg.det(information)))

    best = minimize(
        penalised, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000}
    ).x
    found = recalibration(llrs, fraud, people)
    assert found is not None
    assert found.slope.value == pytest.approx(best[1], abs=1e-5)


def test_the_intercept_is_the_regression_with_l_as_offset() -> None:
    llrs, fraud, people = outcomes(30, 70, 1.0)
    offset = llrs + log(30 / 70)

    def loss(moved: float) -> float:
        eta = offset + moved
        return -float(eta @ fraud - np.logaddexp(0.0, eta).sum())

    found = recalibration(llrs, fraud, people)
    assert found is not None
    assert found.intercept.value == pytest.approx(minimize_scalar(loss, tol=1e-10).x, abs=1e-5)
    expected = 1.0 / (1.0 + np.exp(-(offset + found.intercept.value)))
    assert expected.sum() == pytest.approx(30.0)


def test_of_many_outcomes_it_is_the_plain_logistic_regression() -> None:
    llrs, fraud, people = outcomes(2000, 6000)
    plain = LogisticRegression(C=1e9, tol=1e-10, max_iter=1000).fit(llrs[:, None], fraud)
    found = recalibration(llrs, fraud, people, replicates=20)
    assert found is not None
    assert found.slope.value == pytest.approx(float(plain.coef_[0, 0]), rel=2e-3)


def test_chance_is_seldom_taken_for_miscalibration() -> None:
    found = [recalibration(*outcomes(15, 150, seed=seed), replicates=60) for seed in range(40)]
    assert sum(each is not None and bool(each.verdicts(0.05)) for each in found) <= 5


def test_separated_outcomes_still_have_a_finite_slope() -> None:
    llrs = np.concatenate([np.linspace(1.0, 3.0, 20), np.linspace(-3.0, -1.0, 20)])
    found = recalibration(llrs, np.arange(40) < 20, [(str(n),) for n in range(40)])
    assert found is not None
    assert 1.0 < found.slope.value < 10.0


def test_too_few_or_llrs_all_the_same_give_nothing() -> None:
    llrs, fraud, people = outcomes(9, 100)
    assert recalibration(llrs, fraud, people) is None
    llrs, fraud, people = outcomes(20, 20)
    assert recalibration(np.zeros(40), fraud, people) is None


def test_people_who_come_again_widen_it() -> None:
    llrs, fraud, _ = outcomes(40, 80)
    alone = recalibration(llrs, fraud, [(str(n),) for n in range(120)])
    again = recalibration(np.tile(llrs, 4), np.tile(fraud, 4), [(str(n % 120),) for n in range(480)])
    assert alone is not None
    assert again is not None
    assert again.slope.high - again.slope.low == pytest.approx(alone.slope.high - alone.slope.low, rel=0.35)


@settings(max_examples=20)
@given(st.floats(0.3, 3.0), st.floats(-2.0, 2.0))
def test_a_line_moves_them_by_its_inverse(scale: float, offset: float) -> None:
    llrs, fraud, people = outcomes(25, 50)
    plain, scaled, shifted = (
        recalibration(each, fraud, people, replicates=20) for each in (llrs, scale * llrs, llrs + offset)
    )
    assert plain is not None
    assert scaled is not None
    assert shifted is not None
    assert scaled.slope.value == pytest.approx(plain.slope.value / scale, rel=1e-5)
    assert shifted.slope.value == pytest.approx(plain.slope.value, rel=1e-5)
    assert shifted.intercept.value == pytest.approx(plain.intercept.value - offset, abs=1e-6)
