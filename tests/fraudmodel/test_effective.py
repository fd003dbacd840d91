from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.effective import design_effect, effective_trials, supported_bounds
from fraudmodel.intervals import clopper_pearson
from tests.fraudmodel.builders import gaussian_table, pair_table


def test_trials_of_one_person_each_are_independent() -> None:
    assert design_effect(np.array([1.0, 5.0, 2.0]), ["a", "b", "c"]) == 1.0


def test_trials_that_repeat_a_person_exactly_are_worth_one_each_person() -> None:
    scores = np.repeat([0.3, 0.1, 0.9, 0.5], 5)
    assert 20.0 / design_effect(scores, np.repeat([1, 2, 3, 4], 5).tolist()) == pytest.approx(4.0)


def test_one_person_is_one_trial_however_often_measured() -> None:
    assert 6.0 / design_effect(np.arange(6.0), ["a"] * 6) == pytest.approx(1.0)


def test_the_design_effect_is_the_inflation_of_the_means_variance() -> None:
    # 4000 tables of 12 people with 8 trials each: the variance of their means is the independent one times 1 + 7 ICC.
    rng, icc = np.random.default_rng(0), 0.4
    people = rng.normal(0.0, np.sqrt(icc), (4000, 12, 1))
    scores = people + rng.normal(0.0, np.sqrt(1.0 - icc), (4000, 12, 8))
    inflation = scores.mean(axis=(1, 2)).var() * 12 * 8
    clusters = np.repeat(np.arange(12), 8).tolist()
    estimated = np.mean([design_effect(table.ravel(), clusters) for table in scores[:400]])
    assert inflation == pytest.approx(1.0 + 7.0 * icc, rel=0.06)
    assert estimated == pytest.approx(inflation, rel=0.08)


@given(st.integers(0, 200))
def test_effective_trials_are_between_one_and_all(seed: int) -> None:
    table = pair_table(5, 3, seed=seed)
    for chosen in (table.attack, ~table.attack):
        assert 0.3 <= effective_trials(table, chosen) <= chosen.sum() + 1e-9


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
