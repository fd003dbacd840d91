from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.calibration import Covariate, Isotonic, Logistic

SCORES = st.floats(-20.0, 20.0)
COEFFICIENTS = st.floats(-5.0, 5.0)
SECONDS = Covariate("net_speech_s", centre=1.0, scale=0.5, low=1.0, high=10.0, log=True)


@given(
    st.floats(-2.0, 2.0),
    st.tuples(COEFFICIENTS, st.floats(0.0, 5.0), COEFFICIENTS, COEFFICIENTS),
    st.floats(0.1, 60.0),
    SCORES,
    SCORES,
)
def test_a_logistic_calibration_never_falls_under_any_condition(
    centre: float, coefficients: tuple[float, ...], seconds: float, a: float, b: float
) -> None:
    calibrator = Logistic(centre, coefficients, (SECONDS,))
    given_ = {"net_speech_s": seconds}
    assert calibrator.llr(min(a, b), given_) <= calibrator.llr(max(a, b), given_)


def test_a_covariate_moves_intercept_and_slope() -> None:
    calibrator = Logistic(0.5, (1.0, 2.0, 0.25, 3.0), (SECONDS,))
    # ln(e^2) = 2 stands (2 - 1) / 0.5 = 2 scales from the centre.
    expected = (1.0 + 2.0 * 0.25) + (2.0 + 2.0 * 3.0) * (0.9 - 0.5)
    assert calibrator.llr(0.9, {"net_speech_s": exp(2.0)}) == pytest.approx(expected)


@pytest.mark.parametrize(("outside", "edge"), [(0.01, 1.0), (500.0, 10.0)])
def test_beyond_the_fitted_range_nothing_is_extrapolated(outside: float, edge: float) -> None:
    calibrator = Logistic(0.0, (0.0, 1.0, 1.0, 1.0), (SECONDS,))
    beyond, at_edge = (calibrator.llr(1.0, {"net_speech_s": seconds}) for seconds in (outside, edge))
    assert beyond == at_edge


def test_many_at_once_are_what_each_is_alone() -> None:
    terms = (
        Covariate("net_speech_s", 1.0, 0.7, 2.0, 20.0, log=True),
        Covariate("snr_db", 20.0, 8.0, 8.0, 60.0),
    )
    calibrator = Logistic(0.8, (1.0, 12.0, 0.3, -20.0, -0.2, 1.5), terms)
    rng = np.random.default_rng(0)
    scores = rng.uniform(0.0, 1.4, 50)
    conditions = {"net_speech_s": rng.uniform(1.0, 40.0, 50), "snr_db": rng.uniform(0.0, 70.0, 50)}
    alone = [
        calibrator.llr(float(score), {name: float(values[i]) for name, values in conditions.items()})
        for i, score in enumerate(scores)
    ]
    assert calibrator.llrs(scores, conditions) == pytest.approx(alone)


def test_a_covariate_that_is_not_given_is_an_error_not_a_guess() -> None:
    calibrator = Logistic(0.0, (0.0, 1.0, 1.0, 1.0), (SECONDS,))
    assert calibrator.requires == ("net_speech_s",)
    with pytest.raises(KeyError):
        calibrator.llr(1.0, {})


def test_draws_use_one_refit_each_and_begin_again_where_there_are_fewer() -> None:
    calibrator = Logistic(1.0, (0.0, 1.0), (), np.array([[10.0, 1.0], [20.0, 2.0]]))
    drawn = calibrator.draws(np.array([1.0, 2.0, 3.0]), {})
    assert drawn.tolist() == [10.0, 22.0, 12.0]


def test_without_refits_draws_are_the_calibration_itself() -> None:
    assert Logistic(0.0, (1.0, 2.0)).draws(np.array([0.0, 1.0]), {}).tolist() == [1.0, 3.0]


def test_coefficients_must_fit_the_covariates() -> None:
    with pytest.raises(ValueError, match="two coefficients a covariate"):
        Logistic(0.0, (0.0, 1.0), (SECONDS,))


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=10, unique=True), st.data(), SCORES, SCORES)
def test_an_isotonic_calibration_never_falls_and_stays_within_its_knots(
    scores: list[int], data: st.DataObject, a: float, b: float
) -> None:
    llrs = sorted(data.draw(st.lists(st.floats(-5.0, 5.0), min_size=len(scores), max_size=len(scores))))
    calibrator = Isotonic(tuple(map(float, sorted(scores))), tuple(llrs))
    low, high = calibrator.llr(min(a, b), {}), calibrator.llr(max(a, b), {})
    assert llrs[0] <= low <= high <= llrs[-1]
    assert calibrator.draws(np.array([a]), {})[0] == calibrator.llr(a, {})


def test_isotonic_knots_are_checked() -> None:
    with pytest.raises(ValueError, match="as many scores as LLRs"):
        Isotonic((0.0,), ())
    with pytest.raises(ValueError, match="increasing"):
        Isotonic((0.0, 0.0), (1.0, 2.0))
    with pytest.raises(ValueError, match="increasing"):
        Isotonic((0.0, 1.0), (2.0, 1.0))
