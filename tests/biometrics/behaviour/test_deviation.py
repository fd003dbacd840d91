"""Robust deviations, exact p-values and false discoveries: known answers and laws."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, median_abs_deviation

from biometrics.behaviour.deviation import WINSOR, deviations, mean_deviation, spread
from biometrics.behaviour.permutation import EXACT_MOST, adjusted, judge, session_p
from biometrics.evaluation.behaviour_scene import draw_answers, draw_person
from biometrics.evaluation.behaviour_trials import FLOOR, excess

Floats = NDArray[np.float64]
FEATURES = 6


def answers(seed: int, count: int, missing: float = 0.1, features: int = FEATURES) -> Floats:
    """Values on a coarse grid, so that some are equal."""
    rng = np.random.default_rng(seed)
    values = np.round(4.0 * rng.standard_t(3.0, (count, features))) / 4.0
    values[rng.random(values.shape) < missing] = np.nan
    return values


def floors(value: float = 0.3, features: int = FEATURES) -> Floats:
    return np.full(features, value)


def test_the_centre_and_the_scale_are_median_and_mad_with_a_floor() -> None:
    values = answers(1, 9, missing=0.0)
    found = spread(values, floors(0.5))
    mad = median_abs_deviation(values, axis=0, scale="normal")
    np.testing.assert_allclose(found.centre, np.median(values, axis=0))
    np.testing.assert_allclose(found.scale, np.sqrt(mad**2 + 0.25), rtol=1e-4)


@given(st.integers(0, 200))
def test_missing_values_are_left_out_of_the_median(seed: int) -> None:
    values = answers(seed, 12, missing=0.3)
    found = spread(values, floors())
    for column, centre, scale in zip(values.T, found.centre, found.scale, strict=True):
        known = column[~np.isnan(column)]
        if len(known) < 5:
            assert np.isnan(centre)
            continue
        assert centre == np.median(known)
        assert scale == pytest.approx(np.hypot(1.4826 * np.median(np.abs(known - centre)), 0.3))


def test_a_deviation_counts_for_three_at_most_and_fewer_than_three_features_say_nothing() -> None:
    z = np.array([[100.0, -100.0, 0.0, np.nan], [1.0, np.nan, -2.0, np.nan]])
    found = mean_deviation(z)
    assert found[0] == pytest.approx(2.0 * WINSOR / 3.0)
    assert np.isnan(found[1])


def test_an_answer_ten_deviations_away_in_every_feature_scores_three() -> None:
    neutral = answers(2, 15, missing=0.0)
    of = spread(neutral, floors())
    z = deviations(of.centre + 10.0 * of.scale, of)
    np.testing.assert_allclose(z, 10.0)
    assert mean_deviation(z) == WINSOR


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(5, 9), st.integers(1, 4))
def test_the_order_of_neutral_answers_changes_nothing(seed: int, neutral: int, probes: int) -> None:
    values, rng = answers(seed, neutral + probes), np.random.default_rng(seed)
    one = judge(values[:neutral], values[neutral:], floors())
    other = judge(values[:neutral][rng.permutation(neutral)], values[neutral:], floors())
    np.testing.assert_allclose(one.score, other.score)
    np.testing.assert_allclose(one.p, other.p)
    if comb(neutral + probes, probes) <= EXACT_MOST:
        assert one.session_p == pytest.approx(other.session_p, nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 100.0), st.floats(-50.0, 50.0))
def test_a_features_unit_and_origin_change_nothing(seed: int, scale: float, offset: float) -> None:
    values = answers(seed, 12)
    one = judge(values[:7], values[7:], floors())
    factor = np.array([scale, *[1.0] * (FEATURES - 1)])
    moved = values * factor + offset
    other = judge(moved[:7], moved[7:], floors() * factor)
    np.testing.assert_allclose(one.score, other.score, atol=1e-6)
    np.testing.assert_allclose(one.p, other.p)
    assert one.session_p == pytest.approx(other.session_p, nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(0, FEATURES))
def test_a_feature_that_nobody_could_measure_changes_nothing(seed: int, place: int) -> None:
    values = answers(seed, 12)
    wider = np.insert(values, place, np.nan, axis=1)
    one = judge(values[:7], values[7:], floors())
    other = judge(wider[:7], wider[7:], floors(features=FEATURES + 1))
    np.testing.assert_allclose(one.p, other.p)
    np.testing.assert_allclose(one.score, other.score)
    assert one.session_p == pytest.approx(other.session_p, nan_ok=True)


def by_hand(neutral: Floats, probe: Floats) -> float:
    """The rank of one answer, one comparison at a time."""
    values = [probe, *neutral]
    found = [
        float(mean_deviation(deviations(values[k], spread(np.array(values[:k] + values[k + 1 :]), floors()))))
        for k in range(len(values))
    ]
    return sum(each >= found[0] - 1e-9 for each in found) / len(found)


@pytest.mark.parametrize("seed", range(5))
def test_the_p_value_of_a_question_is_its_rank(seed: int) -> None:
    values = answers(seed, 9, missing=0.0)
    found = judge(values[:7], values[7:], floors())
    assert found.p.tolist() == pytest.approx([by_hand(values[:7], probe) for probe in values[7:]])


@pytest.mark.parametrize("seed", range(3))
def test_the_p_value_of_a_session_counts_every_way_to_put_the_labels(seed: int) -> None:
    values = answers(seed, 9, missing=0.0)
    found = []
    for chosen in combinations(range(9), 3):
        others = np.delete(values, chosen, axis=0)
        found.append(float(mean_deviation(deviations(values[list(chosen)], spread(others, floors()))).mean()))
    own = found[0]
    expected = sum(each >= own - 1e-9 for each in found) / len(found)
    assert session_p(values[3:], values[:3], floors()) == pytest.approx(expected)


def test_an_answer_far_from_all_others_has_the_least_p_that_there_is() -> None:
    neutral = answers(3, 9, missing=0.0)
    found = judge(neutral, np.full((1, FEATURES), 80.0), floors())
    assert found.p[0] == pytest.approx(1.0 / 10.0)
    assert found.session_p == pytest.approx(1.0 / 10.0)
    assert found.score[0] == WINSOR


def test_answers_of_too_few_features_have_no_p() -> None:
    neutral, probes = answers(4, 8, missing=0.0), np.full((2, FEATURES), np.nan)
    probes[1] = 0.0
    found = judge(neutral, probes, floors())
    assert np.isnan([found.score[0], found.p[0], found.q[0]]).all()
    assert found.q[1] == found.p[1]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_false_discoveries_are_controlled_as_by_benjamini_and_hochberg(p: list[float]) -> None:
    np.testing.assert_allclose(adjusted(np.array(p)), false_discovery_control(p))
    gaps = np.array([np.nan, *p, np.nan])
    np.testing.assert_allclose(adjusted(gaps)[1:-1], false_discovery_control(p))


@pytest.mark.parametrize(("neutral", "probes"), [(5, 3), (8, 4)])
def test_shuffled_labels_give_uniform_p_values(neutral: int, probes: int) -> None:
    """Super-uniform to within the Dvoretzky-Kiefer-Wolfowitz bound at 99.9 %, and uniform on the p-values that can occur."""
    sessions, one, together = 400, [], []
    for seed in range(sessions):
        rng = np.random.default_rng([seed, neutral])
        values = draw_answers(draw_person(rng), neutral + probes, rng)
        values = values[rng.permutation(len(values))]
        found = judge(values[:neutral], values[neutral:], FLOOR)
        one.append(found.p[0])
        together.append(found.session_p)
    bound = float(np.sqrt(np.log(1.0 / 0.001) / (2.0 * sessions)))
    assert excess(np.array(one)) <= bound
    assert excess(np.array(together)) <= bound
    steps = np.arange(1, neutral + 2) / (neutral + 1)
    below = np.array([np.mean(np.array(one) <= step + 1e-9) for step in steps])
    np.testing.assert_allclose(below, steps, atol=bound)


def test_sampled_labels_give_uniform_p_values_too() -> None:
    sessions, together = 60, []
    for seed in range(sessions):
        rng = np.random.default_rng([seed, 99])
        values = draw_answers(draw_person(rng), 16, rng)
        together.append(session_p(values[:8], values[8:], FLOOR))
    assert excess(np.array(together)) <= float(np.sqrt(np.log(1.0 / 0.001) / (2.0 * sessions)))


def test_the_excess_sees_p_values_that_are_too_small() -> None:
    uniform = np.arange(1, 101) / 100.0
    assert excess(uniform) == pytest.approx(0.0, abs=1e-9)
    assert excess(uniform**2) == pytest.approx(0.25, abs=0.01)
    assert excess(np.sqrt(uniform)) == pytest.approx(0.0, abs=1e-9)
