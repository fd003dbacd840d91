from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, roc_curve

from fraudmodel import metrics
from fraudmodel.calibration import FloatArray
from fraudmodel.llr import posterior
from fraudmodel.metrics import Mask
from tests.fraudmodel.builders import gaussian_table


@st.composite
def trials(draw: st.DrawFn) -> tuple[FloatArray, Mask]:
    """Scores with ties and both classes."""
    size = draw(st.integers(2, 40))
    scores = draw(hnp.arrays(np.float64, size, elements=st.integers(-6, 6).map(float)))
    attack = draw(hnp.arrays(np.bool_, size))
    assume(attack.any() and not attack.all())
    return scores, attack


def ones(scores: FloatArray) -> FloatArray:
    return np.ones(len(scores))


@given(trials())
def test_det_is_the_roc_of_scikit_learn(data: tuple[FloatArray, Mask]) -> None:
    scores, attack = data
    curve = metrics.det(scores, attack)
    false_alarms, hits, _ = roc_curve(attack, scores, drop_intermediate=False)
    assert np.allclose(curve.bpcer[::-1], false_alarms)
    assert np.allclose(1.0 - curve.apcer[::-1], hits)


@given(trials())
def test_eer_is_where_the_roc_of_scikit_learn_meets_the_diagonal(data: tuple[FloatArray, Mask]) -> None:
    scores, attack = data
    false_alarms, hits, _ = roc_curve(attack, scores, drop_intermediate=False)
    # Walk the polygon of operating points finely; its points come no nearer to equal errors than the EER itself.
    position = np.linspace(0, len(hits) - 1, 20_000)
    alarms, misses = (np.interp(position, np.arange(len(hits)), rate) for rate in (false_alarms, 1.0 - hits))
    nearest = np.argmin(np.abs(alarms - misses))
    assert metrics.eer(scores, attack, ones(scores)) == pytest.approx(alarms[nearest], abs=2e-3)


@given(trials(), st.sampled_from([np.tanh, np.exp, lambda s: 3.0 * s - 7.0, lambda s: s**3]))
def test_eer_and_cllr_min_do_not_change_under_monotone_maps(
    data: tuple[FloatArray, Mask], rescale: Callable[[FloatArray], FloatArray]
) -> None:
    scores, attack = data
    mapped = rescale(scores / 8.0)
    for metric in (metrics.eer, metrics.cllr_min):
        assert metric(mapped, attack, ones(scores)) == pytest.approx(metric(scores, attack, ones(scores)))


def test_eer_of_two_unit_gaussians_is_the_normal_tail() -> None:
    table = gaussian_table(4000, 3, separation=2.0)
    # Phi(-d / 2) for d = 2.
    assert metrics.eer(table.scores, table.attack, ones(table.scores)) == pytest.approx(0.1587, abs=0.006)


def test_eer_known_answers() -> None:
    attack = np.array([False, False, True, True])
    assert metrics.eer(np.array([0.0, 1.0, 2.0, 3.0]), attack, np.ones(4)) == 0.0
    assert metrics.eer(np.array([2.0, 3.0, 0.0, 1.0]), attack, np.ones(4)) == 1.0
    assert metrics.eer(np.array([0.0, 2.0, 1.0, 3.0]), attack, np.ones(4)) == 0.5
    assert metrics.eer(np.zeros(4), attack, np.ones(4)) == 0.5


@given(trials(), st.data())
def test_a_weight_counts_a_trial_so_many_times(data: tuple[FloatArray, Mask], extra: st.DataObject) -> None:
    scores, attack = data
    times = extra.draw(hnp.arrays(np.int64, len(scores), elements=st.integers(0, 3)))
    assume(attack[times > 0].any() and not attack[times > 0].all())
    repeated = np.repeat(scores, times), np.repeat(attack, times)
    for metric in (metrics.eer, metrics.cllr, metrics.cllr_min):
        weighted = metric(scores, attack, times.astype(float))
        assert weighted == pytest.approx(metric(*repeated, np.ones(times.sum())), abs=1e-9)


@given(trials())
def test_cllr_is_at_least_cllr_min_and_cllr_min_at_most_one(data: tuple[FloatArray, Mask]) -> None:
    scores, attack = data
    least = metrics.cllr_min(scores, attack, ones(scores))
    assert -1e-12 <= least <= 1.0 + 1e-12
    assert least <= metrics.cllr(scores, attack, ones(scores)) + 1e-9


@given(trials())
def test_saying_nothing_costs_one_bit(data: tuple[FloatArray, Mask]) -> None:
    scores, attack = data
    assert metrics.cllr(np.zeros(len(scores)), attack, ones(scores)) == pytest.approx(1.0)


def test_cllr_known_answer() -> None:
    # One attack at LR 3 and one bona fide at LR 1/7: (log2(1 + 1/3) + log2(1 + 1/7)) / 2.
    llrs, attack = np.log([3.0, 1.0 / 7.0]), np.array([True, False])
    expected = (np.log2(4.0 / 3.0) + np.log2(8.0 / 7.0)) / 2.0
    assert metrics.cllr(llrs, attack, np.ones(2)) == pytest.approx(expected)


def test_true_llrs_of_gaussians_are_calibrated() -> None:
    table = gaussian_table(4000, 3, separation=2.0)
    llrs = 2.0 * table.scores - 2.0
    weights = ones(llrs)
    gap = metrics.cllr(llrs, table.attack, weights) - metrics.cllr_min(llrs, table.attack, weights)
    assert 0.0 <= gap < 0.01
    assert metrics.cllr(3.0 * llrs, table.attack, weights) > metrics.cllr(llrs, table.attack, weights) + 0.2


@given(trials())
def test_pav_is_the_isotonic_regression_of_scikit_learn(data: tuple[FloatArray, Mask]) -> None:
    scores, attack = data
    llrs = metrics.pav_llrs(scores, attack, ones(scores))
    balance = np.where(attack, 1.0 / attack.sum(), 1.0 / (~attack).sum())
    expected = IsotonicRegression().fit(scores, attack.astype(float), sample_weight=balance).predict(scores)
    assert np.allclose(1.0 / (1.0 + np.exp(-llrs)), expected, atol=1e-9)
    assert np.all(np.diff(llrs[np.argsort(scores, kind="stable")][np.isfinite(np.sort(llrs))]) >= -1e-9)


@given(trials())
def test_brier_is_that_of_scikit_learn(data: tuple[FloatArray, Mask]) -> None:
    scores, attack = data
    probabilities = 1.0 / (1.0 + np.exp(-scores))
    assert metrics.brier(probabilities, attack, ones(scores)) == pytest.approx(
        brier_score_loss(attack, probabilities)
    )


def test_ece_is_the_stated_minus_the_observed_rate() -> None:
    attack = np.arange(1000) % 10 == 0
    assert metrics.ece(np.full(1000, 0.1), attack, np.ones(1000)) == pytest.approx(0.0, abs=1e-12)
    assert metrics.ece(np.full(1000, 0.3), attack, np.ones(1000)) == pytest.approx(0.2)


def test_ece_of_no_weights_is_none() -> None:
    attack = np.array([True, False])
    for weights in (np.zeros(2), np.full(2, np.nan)):
        assert np.isnan(metrics.ece(np.array([0.1, 0.2]), attack, weights))


def test_relabelling_prevalence_from_half_to_half_a_percent_keeps_probabilities_calibrated() -> None:
    table = gaussian_table(4000, 3, separation=2.0)
    llrs = 2.0 * table.scores - 2.0
    for prevalence in (0.5, 0.005):
        probabilities = np.array([posterior(prevalence, llr) for llr in llrs])
        weights = np.where(table.attack, prevalence, 1.0 - prevalence)
        assert metrics.ece(probabilities, table.attack, weights) < 0.02


def test_error_rates_count_the_threshold_itself_as_an_alarm() -> None:
    scores = np.array([0.0, 1.0, 2.0, 3.0])
    assert metrics.apcer(scores, 1.0).value == 0.25
    assert metrics.bpcer(scores, 1.0).value == 0.75
    assert metrics.fmr(scores, 3.0) == metrics.apcer(scores, 3.0)
    assert metrics.fnmr(scores, 3.0) == metrics.bpcer(scores, 3.0)


def test_iapar_counts_what_both_stages_accept() -> None:
    detected = np.array([True, False, False, True])
    matched = np.array([True, True, False, False])
    assert metrics.iapar(detected, matched).value == 0.25


def test_the_worst_species_comes_first() -> None:
    scores = np.array([0.0, 5.0, 0.0, 0.0, 5.0, 5.0])
    rates = metrics.apcer_by_species(scores, ["print", "print", "screen", "screen", "mask", "mask"], 1.0)
    assert [(name, figure.value, figure.n) for name, figure in rates.items()] == [
        ("screen", 1.0, 2),
        ("print", 0.5, 2),
        ("mask", 0.0, 2),
    ]


@given(
    hnp.arrays(np.float64, st.integers(1, 60), elements=st.integers(-9, 9).map(float)), st.floats(0.0, 1.0)
)
def test_the_threshold_keeps_bpcer_and_no_lower_one_does(scores: FloatArray, highest: float) -> None:
    threshold = metrics.threshold_at_bpcer(scores, highest)
    assert np.mean(scores >= threshold) <= highest + 1e-9
    lower = scores[scores < threshold]
    if len(lower):
        assert np.mean(scores >= lower.max()) > highest - 1e-9


def test_an_interval_over_subjects_is_wider_than_one_over_trials_that_resemble_each_other() -> None:
    table = gaussian_table(20, 20, separation=2.0, person_sd=1.5)
    alone = metrics.estimate(metrics.eer, table.scores, table.attack, replicates=200)
    together = metrics.estimate(metrics.eer, table.scores, table.attack, table.draw, replicates=200)
    assert together.value == alone.value
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_without_both_classes_there_is_no_figure() -> None:
    one_class = np.array([True, True])
    for metric in (metrics.eer, metrics.cllr, metrics.cllr_min):
        assert np.isnan(metric(np.zeros(2), one_class, np.ones(2)))


@given(trials(), st.floats(0.001, 0.999))
def test_min_dcf_is_the_cheapest_point_of_the_roc_of_scikit_learn(
    data: tuple[FloatArray, Mask], prior: float
) -> None:
    scores, attack = data
    false_alarms, hits, _ = roc_curve(attack, scores, drop_intermediate=False)
    cheapest = (prior * false_alarms + (1.0 - prior) * (1.0 - hits)).min() / min(prior, 1.0 - prior)
    cost = metrics.min_dcf(scores, attack, ones(scores), bona_fide_prior=prior)
    assert cost == pytest.approx(cheapest)
    assert 0.0 <= cost <= 1.0 + 1e-12


def test_min_dcf_of_one_class_is_not_a_number() -> None:
    assert np.isnan(metrics.min_dcf(np.zeros(2), np.array([True, True]), np.ones(2)))


def test_eer_and_min_dcf_are_speechbrains() -> None:
    """``EER`` and ``minDCF`` of SpeechBrain 1.1.2 on the same scores; its minDCF is not normalised, its EER lies at a trial."""
    rng = np.random.default_rng(4)
    mated, non_mated = rng.normal(1.0, 1.0, 400), rng.normal(-1.0, 1.2, 3000)
    distances = -np.concatenate([mated, non_mated])
    attack = np.arange(len(distances)) >= len(mated)
    assert metrics.eer(distances, attack, ones(distances)) == pytest.approx(0.17483333, abs=2.5e-4)
    for prior, cost in ((0.01, 0.00974), (0.05, 0.0447)):
        found = metrics.min_dcf(distances, attack, ones(distances), bona_fide_prior=prior)
        assert found * prior == pytest.approx(cost, abs=1e-6)
