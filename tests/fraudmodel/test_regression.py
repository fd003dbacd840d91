from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from fraudmodel.errors import FitError
from fraudmodel.regression import fit_logistic

CELLS = st.integers(0, 30)


@given(CELLS, CELLS, CELLS, CELLS)
def test_in_a_two_by_two_table_firth_adds_half_a_trial_to_every_cell(a: int, b: int, c: int, d: int) -> None:
    # The closed form for a saturated model (Heinze & Schemper 2002): finite even where cells are empty.
    design = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    labels, weights = np.array([1.0, 0.0, 1.0, 0.0]), np.array([a, b, c, d], dtype=float)
    assume(a + b > 0 and c + d > 0)
    intercept, slope = fit_logistic(design, labels, weights)
    assert intercept == pytest.approx(log((c + 0.5) / (d + 0.5)), abs=1e-6)
    assert slope == pytest.approx(log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5))), abs=1e-6)


def test_with_many_trials_it_is_the_maximum_likelihood_fit_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    features = rng.standard_normal((20_000, 2))
    labels = (rng.random(20_000) < 1.0 / (1.0 + np.exp(-(0.5 + features @ [2.0, -1.0])))).astype(float)
    weights = rng.uniform(0.5, 2.0, 20_000)
    expected = LogisticRegression(C=np.inf, tol=1e-8).fit(features, labels, sample_weight=weights)
    fitted = fit_logistic(np.column_stack([np.ones(20_000), features]), labels, weights)
    assert fitted == pytest.approx([*expected.intercept_, *expected.coef_[0]], abs=2e-3)


def test_separated_classes_have_a_finite_slope_that_more_trials_steepen() -> None:
    scores = np.linspace(-1.0, 1.0, 20)
    design, labels = np.column_stack([np.ones(20), scores]), (scores > 0).astype(float)
    slopes = [fit_logistic(design, labels, np.full(20, weight))[1] for weight in (1.0, 10.0)]
    assert 0.0 < slopes[0] < slopes[1] < 200.0


def test_a_design_without_a_solution_is_refused() -> None:
    with pytest.raises(FitError, match="constant"):
        fit_logistic(np.ones((4, 2)), np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4))
