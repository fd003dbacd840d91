from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.calibration import FloatArray
from fraudmodel.datasets import ScoreTable
from fraudmodel.effective import (
    effective_trials,
    equal_error_rate,
    intra_class_correlation,
    least_correlation,
    supported_bounds,
    trial_worth,
    trials_of_rate,
)
from fraudmodel.intervals import clopper_pearson
from fraudmodel.metrics import Mask
from tests.fraudmodel.builders import gaussian_table, pair_table


def table_of(scores: FloatArray, people: Sequence[int], attack: Sequence[bool] | None = None) -> ScoreTable:
    names = tuple(f"p{person}" for person in people)
    labels = np.arange(len(names)) > 0 if attack is None else np.array(attack)
    return ScoreTable("by hand", scores, labels, names, names, ("",) * len(names))


def everything(table: ScoreTable) -> Mask:
    return np.ones(len(table), dtype=bool)


def test_trials_of_one_person_each_are_independent() -> None:
    table = table_of(np.array([1.0, 5.0, 2.0]), [1, 2, 3])
    assert trial_worth(table, everything(table)).tolist() == [1.0, 1.0, 1.0]


def test_trials_that_repeat_a_person_exactly_are_worth_one_each_person() -> None:
    table = table_of(
        np.repeat([0.3, 0.1, 0.9, 0.5], [1, 2, 5, 12]), np.repeat([1, 2, 3, 4], [1, 2, 5, 12]).tolist()
    )
    assert effective_trials(table, everything(table)) == pytest.approx(4.0)


def test_one_person_is_one_trial_however_often_measured() -> None:
    table = table_of(np.arange(6.0), [1] * 6)
    assert effective_trials(table, everything(table)) == pytest.approx(1.0)


def test_the_variance_of_the_best_mean_is_that_of_so_many_independent_trials() -> None:
    # 2000 tables of 14 people with 1 to 14 trials each, ICC 0.4, variance 1.
    rng, icc = np.random.default_rng(0), 0.4
    people = np.repeat(np.arange(14), np.arange(1, 15))
    means, numbers = [], []
    for _ in range(2000):
        scores = rng.normal(0.0, np.sqrt(icc), 14)[people] + rng.normal(0.0, np.sqrt(1.0 - icc), len(people))
        table = table_of(scores, people.tolist())
        worth = trial_worth(table, everything(table))
        means.append(np.average(scores, weights=worth))
        numbers.append(worth.sum())
    assert np.mean(numbers) == pytest.approx(1.0 / np.var(means), rel=0.1)


def test_intra_class_correlation_is_the_variance_between_people() -> None:
    rng, icc = np.random.default_rng(1), 0.3
    people = np.repeat(np.arange(3000), 4)
    scores = rng.normal(0.0, np.sqrt(icc), 3000)[people] + rng.normal(0.0, np.sqrt(1.0 - icc), len(people))
    assert intra_class_correlation(scores, people) == pytest.approx(icc, abs=0.02)
    assert intra_class_correlation(rng.standard_normal(12_000), people) < 0.02


def test_four_people_cannot_show_that_their_trials_are_independent() -> None:
    """Scores that are all the same but one do not vary between people, and say nothing about it: 720 are not 720 people."""
    people = np.repeat(np.arange(4), 180)
    alike = np.where(np.arange(720) == 7, 1.0, 0.0)
    assert intra_class_correlation(alike, people) == pytest.approx(0.0, abs=1e-9)
    constant = table_of(alike, people.tolist())
    noise = table_of(np.random.default_rng(2).standard_normal(720), people.tolist())
    assert effective_trials(constant, everything(constant)) < 100.0
    assert 50.0 < effective_trials(noise, everything(noise)) < 100.0


def test_the_least_correlation_is_what_independent_trials_exceed_once_in_twenty() -> None:
    """Of 4000 draws from a true correlation of just that, the estimate of independence (F below 1) comes up in 5 %."""
    rng, groups, each = np.random.default_rng(3), 4, 30
    icc = least_correlation(np.full(groups, float(each)))
    below = 0
    for _ in range(4000):
        scores = rng.normal(0.0, np.sqrt(icc), (groups, 1)) + rng.normal(
            0.0, np.sqrt(1 - icc), (groups, each)
        )
        between = each * scores.mean(axis=1).var(ddof=1)
        below += bool(between < scores.var(axis=1, ddof=1).mean())
    assert below / 4000 == pytest.approx(0.05, abs=0.012)
    assert least_correlation(np.ones(5)) == 0.0


def test_without_an_error_the_equal_error_rate_is_bounded_by_the_independent_trials() -> None:
    table = pair_table(10, 4, noise=0.05)
    measured = equal_error_rate(table)
    trials = min(effective_trials(table, chosen) for chosen in (table.attack, ~table.attack))
    assert (measured.value, measured.low) == (0.0, 0.0)
    assert measured.high == pytest.approx(1.0 - 0.025 ** (1.0 / trials))


@given(st.integers(0, 200))
def test_effective_trials_are_between_one_and_all(seed: int) -> None:
    table = pair_table(5, 3, seed=seed)
    for chosen in (table.attack, ~table.attack):
        assert 0.5 <= effective_trials(table, chosen) <= chosen.sum() + 1e-9


def test_comparisons_that_share_people_are_worth_less_than_their_number() -> None:
    table = pair_table(8, 4)
    assert effective_trials(table, table.attack) < 0.3 * table.attack.sum()
    free = gaussian_table(400, 1)
    assert effective_trials(free, free.attack) == pytest.approx(400.0)


def test_300_bona_fide_trials_never_support_more_than_a_likelihood_ratio_of_100() -> None:
    llrs = np.concatenate([np.full(300, -50.0), np.full(10_000, 50.0)])
    attack = np.arange(10_300) >= 300
    low, high = supported_bounds(llrs, attack, 300.0, 10_000.0)
    assert exp(high) == pytest.approx(100.0, rel=0.01)
    assert exp(-low) == pytest.approx(10_000.0 / 3.0, rel=0.02)


def test_bounds_are_those_of_the_best_threshold() -> None:
    llrs, attack = np.array([0.0, 1.0, 2.0, 3.0]), np.array([False, True, False, True])
    # Above 2 lie one of two attacks and no bona fide; above 0 both attacks and one bona fide.
    candidates = [
        clopper_pearson(hits, 2, 0.9)[0] / clopper_pearson(alarms, 2, 0.9)[1]
        for hits, alarms in ((1, 0), (2, 1))
    ]
    assert supported_bounds(llrs, attack, 2, 2)[1] == pytest.approx(max(log(max(candidates)), 0.0))


@given(st.integers(0, 50), st.floats(1.0, 4.0))
def test_bounds_mirror_when_the_classes_change_places(seed: int, separation: float) -> None:
    table = gaussian_table(30, 2, separation=separation, seed=seed)
    low, high = supported_bounds(table.scores, table.attack, 60.0, 50.0)
    mirrored = supported_bounds(-table.scores, ~table.attack, 50.0, 60.0)
    assert (-mirrored[1], -mirrored[0]) == pytest.approx((low, high))


@given(st.integers(0, 50))
def test_more_independent_trials_support_stronger_evidence(seed: int) -> None:
    table = gaussian_table(30, 2, separation=3.0, seed=seed)
    few = supported_bounds(table.scores, table.attack, 30.0, 30.0)
    many = supported_bounds(table.scores, table.attack, 60.0, 60.0)
    assert many[0] <= few[0] <= 0.0 <= few[1] <= many[1]


def test_a_rate_rests_on_as_many_trials_as_people_tell_apart() -> None:
    """Three trials each of two people: one trial a person where people differ, half-way where nothing shows; no fewer than one."""
    people = ["p0"] * 3 + ["p1"] * 3
    assert trials_of_rate(np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0]), people) == pytest.approx(2.0)
    assert trials_of_rate(np.zeros(6), people) == pytest.approx(2 * 3 / (1.0 + 2 * 0.5))
    assert trials_of_rate(np.ones(3), ["p0"] * 3) == pytest.approx(1.5)
    assert trials_of_rate(np.array([1.0, 0.0]), ["p0", "p1"]) == pytest.approx(2.0)
