"""UF1 and UAR against scikit-learn; people are the unit; picking epochs flatters."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, recall_score

from biometrics.evaluation.micro_recognition import best_epoch, by_dataset, recognition, uar, uf1
from biometrics.evaluation.micro_recognition_trials import judged
from biometrics.training.micro.samples import Samples

LABELS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=12, max_size=60)


@given(LABELS)
def test_as_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    every = [(label, label) for label in range(3)]
    truth, told = np.array([*pairs, *every], np.intp).T
    assert uf1(truth, told) == pytest.approx(f1_score(truth, told, average="macro"))
    assert uar(truth, told) == pytest.approx(recall_score(truth, told, average="macro"))


def test_known_figures() -> None:
    truth = np.array([0, 0, 0, 0, 1, 1, 2, 2], np.intp)
    told = np.array([0, 0, 0, 1, 1, 1, 2, 0], np.intp)
    assert uar(truth, told) == pytest.approx((3 / 4 + 1 + 1 / 2) / 3)
    assert uf1(truth, told) == pytest.approx((6 / 8 + 4 / 5 + 2 / 3) / 3)


@given(LABELS, st.integers(0, 10_000))
def test_a_weight_is_a_repetition(pairs: list[tuple[int, int]], seed: int) -> None:
    truth, told = np.array([*pairs, (0, 0), (1, 1), (2, 2)], np.intp).T
    times = np.random.default_rng(seed).integers(1, 4, len(truth))
    assert uf1(truth, told, times.astype(float)) == pytest.approx(
        uf1(truth.repeat(times), told.repeat(times))
    )


def test_a_class_that_nobody_shows_has_no_figure() -> None:
    truth = np.array([0, 1, 0, 1], np.intp)
    assert np.isnan(uar(truth, truth))
    told = recognition(truth, truth[None], np.array(["a", "b", "c", "d"])).as_json()
    assert (told["uar"], told["uar_ci"]) == (None, [None, None])
    json.dumps(told, allow_nan=False)


def test_people_come_and_go_with_all_that_they_did() -> None:
    """Six people of whom one is told wrongly throughout: far less sure than the same mistakes spread over everybody."""
    truth = np.tile(np.array([0, 1, 2], np.intp), 24)
    person = np.repeat([f"p{k}" for k in range(6)], 12)
    one_wrong = np.where(person == "p0", (truth + 1) % 3, truth)
    spread = truth.copy()
    spread[::6] = (truth[::6] + 1) % 3
    clustered = recognition(truth, one_wrong[None], person).uf1
    even = recognition(truth, spread[None], person).uf1
    assert clustered.low < clustered.value < clustered.high
    assert clustered.high - clustered.low > even.high - even.low


def test_the_figure_is_the_mean_over_networks() -> None:
    truth = np.tile(np.array([0, 1, 2], np.intp), 8)
    person = np.repeat(["a", "b", "c", "d"], 6)
    runs = np.stack([truth, (truth + 1) % 3])
    assert recognition(truth, runs, person).uf1.value == pytest.approx(0.5)
    assert by_dataset(truth, runs, person, np.array(["x"] * 24))["x"].uf1.value == pytest.approx(0.5)


def test_picking_epochs_flatters_even_what_only_guesses() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 240)
    person = np.repeat([f"p{k:02d}" for k in range(40)], 6)
    epochs = rng.integers(0, 3, (40, 240))
    assert uf1(truth, epochs[-1]) < 0.42
    assert uf1(truth, best_epoch(truth, epochs, person)) > 0.6


def test_the_last_epoch_counts_not_the_best() -> None:
    truth = np.tile(np.array([0, 1, 2], np.intp), 8)
    person = np.repeat(["a", "b", "c", "d"], 6)
    wrong = (truth + 1) % 3
    samples = Samples(np.zeros((24, 3, 28, 28), np.float32), truth, person, np.array(["x"] * 24))
    found = judged(samples, np.stack([[truth, wrong], [truth, wrong]]))
    assert (found.whole.uf1.value, found.invalid, found.seeds, found.epochs) == (0.0, (1.0, 1.0), 2, 2)
