from __future__ import annotations

from dataclasses import replace
from math import e, exp

import numpy as np
import pytest

from fraudmodel.calibration import Logistic
from fraudmodel.datasets import ScoreTable, joined
from fraudmodel.errors import FitError
from fraudmodel.fit import REPLICATES, fit_isotonic, fit_signal, held_out_llrs
from fraudmodel.metrics import cllr, cllr_min
from fraudmodel.pooling import Pooling
from fraudmodel.signal_parameters import SignalParameters, parse_signal, signal_document
from tests.fraudmodel.builders import FACE, MODEL, gaussian_table, pair_table


def fitted(table: ScoreTable, **options: object) -> SignalParameters:
    return fit_signal(table, FACE, model=MODEL, version="1", data="drawn", pooling=Pooling(), **options)  # type: ignore[arg-type]


def llr(signal: SignalParameters, score: float, **covariates: float) -> float:
    return signal.calibrator.llr(score, covariates)


def test_gaussian_scores_get_their_true_llr() -> None:
    signal = fitted(gaussian_table(800, 3, separation=2.0))
    for score in (-1.0, 0.0, 1.0, 2.0, 3.0):
        assert llr(signal, score) == pytest.approx(2.0 * score - 2.0, abs=0.25)


def test_the_proportion_of_attacks_in_the_table_does_not_matter() -> None:
    table = gaussian_table(400, 4)
    kept = ~table.attack | (np.arange(len(table)) % 4 == 3)
    names = np.array(table.subjects)[kept].tolist()
    fewer = ScoreTable(
        "fewer", table.scores[kept], table.attack[kept], tuple(names), tuple(names), ("",) * kept.sum()
    )
    assert llr(fitted(fewer), 1.0) == pytest.approx(llr(fitted(table), 1.0), abs=0.25)


def test_on_people_never_seen_it_is_calibrated() -> None:
    signal, fresh = fitted(gaussian_table(200, 3)), gaussian_table(2000, 3, seed=9)
    llrs = np.array([llr(signal, score) for score in fresh.scores])
    ones = np.ones(len(fresh))
    assert cllr(llrs, fresh.attack, ones) - cllr_min(fresh.scores, fresh.attack, ones) <= 0.05


def test_the_figures_measured_are_those_of_held_out_people() -> None:
    table = gaussian_table(100, 3)
    signal = fitted(table)
    strength = min(signal.data.bona_fide_effective, signal.data.attack_effective)
    held_out = np.clip(held_out_llrs(table, (), strength), *signal.bounds)
    assert signal.measured["cllr"].value == pytest.approx(
        cllr(held_out, table.attack, np.ones(len(table))), abs=1e-6
    )
    assert signal.measured["cllr"].low < signal.measured["cllr"].value < signal.measured["cllr"].high
    assert signal.information == pytest.approx(1.0 - signal.measured["cllr"].value, abs=1e-6)
    assert signal.measured["eer"].n == len(table)


def test_ninety_percent_of_refits_hold_the_truth_about_ninety_percent_of_the_time() -> None:
    hits = 0
    for seed in range(12):
        signal = fitted(gaussian_table(60, 2, seed=seed))
        drawn = signal.calibrator.draws(np.full(REPLICATES, 2.5), {})
        low, high = np.quantile(drawn, [0.05, 0.95])
        hits += low <= 2.0 * 2.5 - 2.0 <= high
    # Binomial(12, 0.9): fewer than 8 happens once in 230 times; the draws are fixed.
    assert hits >= 8


def test_separable_pairs_stay_within_what_their_people_support() -> None:
    signal = fitted(pair_table(10, 4, noise=0.1))
    assert signal.measured["eer"].value == 0.0
    assert signal.data.bona_fide == 60
    assert signal.data.bona_fide_effective < 60.0
    assert 0.0 < signal.bounds[1] < np.log(signal.data.bona_fide_effective / 3.0) + 0.1
    mated, non_mated = 0.01, 1.0
    assert llr(signal, mated) < 0.0 < llr(signal, non_mated)


def test_a_covariate_that_blunts_scores_lowers_their_weight() -> None:
    rng = np.random.default_rng(0)
    table = gaussian_table(500, 4)
    seconds = rng.uniform(1.0, 10.0, len(table))
    noisy = table.scores + np.where(seconds < 3.0, 2.0, 0.0) * rng.standard_normal(len(table))
    signal = fitted(
        replace(table, scores=noisy, covariates={"net_speech_s": seconds}), log_covariates=["net_speech_s"]
    )
    gain_short = llr(signal, 3.0, net_speech_s=1.5) - llr(signal, 0.0, net_speech_s=1.5)
    gain_long = llr(signal, 3.0, net_speech_s=9.0) - llr(signal, 0.0, net_speech_s=9.0)
    assert 0.0 < 1.5 * gain_short < gain_long


def test_covariates_enter_on_the_scale_that_was_asked() -> None:
    table = replace(
        gaussian_table(50, 2), covariates={"a": np.linspace(1.0, e**2, 200), "b": np.linspace(-1.0, 1.0, 200)}
    )
    signal = fitted(table, covariates=["b"], log_covariates=["a"])
    assert isinstance(signal.calibrator, Logistic)
    by_name = {c.name: c for c in signal.calibrator.covariates}
    assert (by_name["a"].log, by_name["b"].log) == (True, False)
    assert by_name["a"].high == pytest.approx(exp(2.0), rel=1e-6)
    assert by_name["a"].centre == pytest.approx(np.log(np.linspace(1.0, e**2, 200)).mean(), rel=1e-6)


def test_a_fit_is_repeatable_and_survives_its_document() -> None:
    table = pair_table(8, 3)
    once, again = fitted(table), fitted(table)
    assert signal_document(once) == signal_document(again)
    read = parse_signal(signal_document(once), "face_match.json")
    assert read == once
    assert isinstance(read.calibrator, Logistic)
    assert read.calibrator.replicates.shape == (REPLICATES, 2)


def test_the_spread_of_a_persons_scores_is_kept_for_pooling() -> None:
    assert fitted(gaussian_table(300, 4, person_sd=2.0)).pooling.reading_sd == pytest.approx(1.0, abs=0.05)


def test_scores_of_the_wrong_sign_are_refused() -> None:
    table = gaussian_table(50, 2)
    with pytest.raises(FitError, match="is their sign turned round"):
        fitted(replace(table, scores=-table.scores))


def test_too_few_people_are_refused() -> None:
    with pytest.raises(FitError, match="at least 4 subjects are needed, there are 3"):
        fitted(gaussian_table(3, 9))


def test_covariates_that_cannot_be_fitted_are_refused() -> None:
    table = gaussian_table(20, 2)
    with pytest.raises(FitError, match="there is no column snr_db"):
        fitted(table, covariates=["snr_db"])
    flat = replace(table, covariates={"snr_db": np.zeros(len(table))})
    with pytest.raises(FitError, match="snr_db is constant"):
        fitted(flat, covariates=["snr_db"])
    signed = replace(table, covariates={"snr_db": np.linspace(-1.0, 1.0, len(table))})
    with pytest.raises(FitError, match="above 0"):
        fitted(signed, log_covariates=["snr_db"])


def test_scores_that_never_differ_are_refused() -> None:
    table = gaussian_table(20, 2)
    with pytest.raises(FitError, match="all scores are the same"):
        fitted(replace(table, scores=np.zeros(len(table))))


def test_isotonic_calibration_follows_the_true_llr_and_needs_many_trials() -> None:
    table = gaussian_table(3000, 3)
    calibrator = fit_isotonic(table)
    for score in (0.0, 1.0, 2.0):
        assert calibrator.llr(score, {}) == pytest.approx(2.0 * score - 2.0, abs=0.35)
    with pytest.raises(FitError, match="needs 500 trials of each class, there are 200"):
        fit_isotonic(gaussian_table(100, 2))


def test_isotonic_calibration_of_separate_classes_is_refused() -> None:
    table = gaussian_table(300, 2)
    with pytest.raises(FitError, match="do not overlap"):
        fit_isotonic(replace(table, scores=table.attack.astype(float)))


def test_a_calibration_of_one_condition_can_be_judged_on_another() -> None:
    home = gaussian_table(subjects=40, seed=1)
    away = replace(home, scores=home.scores + 5.0)
    both = joined("both", [away, home])
    at_home = np.arange(len(both)) >= len(away)
    moved = held_out_llrs(both, (), 100.0, fitted_on=at_home)
    assert moved[at_home] == pytest.approx(held_out_llrs(home, (), 100.0), abs=1e-4)
    slope = (moved[at_home][0] - moved[at_home][1]) / (home.scores[0] - home.scores[1])
    assert slope > 0.0
    assert cllr(moved[~at_home], away.attack, np.ones(len(away))) > cllr(
        moved[at_home], home.attack, np.ones(len(home))
    )
