from __future__ import annotations

import json

import numpy as np
import onnxruntime as ort
import pytest
from numpy.typing import NDArray

from biometrics.detectors.face_pad import interpret
from biometrics.face.pad.texture import LENGTH
from biometrics.face.pad.window import CUES, DISTANCES
from biometrics.training.pad.combine import (
    FARTHEST,
    FARTHEST_NETWORK,
    POLARITY,
    SHOWN_ONLY,
    Live,
    design,
    document,
    fit,
    live_of,
    scaled,
    weights_of,
)
from biometrics.training.pad.takes import Window, log_odds
from models.build import pad_window

NAMES = (*CUES, *DISTANCES)
Floats = NDArray[np.float64]


def a_window(species: str, subject: str, seed: int) -> Window:
    rng = np.random.default_rng(seed)
    rows = (
        rng.normal(size=(1, len(CUES))).astype(np.float32),
        np.ones((1, len(CUES)), np.float32),
        rng.normal(size=(1, 3)).astype(np.float32),
        rng.dirichlet(np.ones(LENGTH), 1).astype(np.float32),
        np.ones((1, 2), np.float32),
    )
    return Window(f"r{seed}", species, subject, "train", "a", 500.0, {}, rows)


def drawn(beta: Floats, n: int = 6000) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(n, len(NAMES)))
    known = rng.uniform(size=values.shape) < 0.8
    held = scaled(values, known, np.zeros(len(NAMES)), np.ones(len(NAMES)))
    attack = rng.uniform(size=n) < 1 / (1 + np.exp(-held @ beta))
    return values, known, attack


def test_the_names_have_a_polarity_each() -> None:
    assert set(POLARITY) == set(NAMES)


def test_log_odds_of_a_logistic_world_are_found_again() -> None:
    beta = np.array([0.6 * (POLARITY[name] or 1) for name in NAMES])
    values, known, attack = drawn(beta)
    found = fit(values, known, attack, np.ones(len(values)), 1e-6, ())
    true = scaled(values, known, np.zeros(len(NAMES)), np.ones(len(NAMES))) @ beta
    off = found.scores(values, known) - true
    assert np.sqrt(np.mean(off**2)) < 0.2 * true.std()
    assert abs(off.mean()) < 0.15


def test_a_cue_that_speaks_against_physics_is_not_heard() -> None:
    beta = np.array([-0.8 * (POLARITY[name] or 1) for name in NAMES])
    values, known, attack = drawn(beta)
    found = fit(values, known, attack, np.ones(len(values)), 1e-6, ())
    bound = np.array([POLARITY[name] != 0 for name in NAMES])
    np.testing.assert_allclose(found.weight[bound], 0.0, atol=1e-9)
    assert (np.abs(found.weight[~bound]) > 0.2).all()


def test_a_cue_that_is_only_shown_has_no_say() -> None:
    values, known, attack = drawn(np.array([0.8 * (POLARITY[name] or 1) for name in NAMES]))
    found = fit(values, known, attack, np.ones(len(values)), 1e-6)
    muted = np.array([name in SHOWN_ONLY for name in NAMES])
    assert not found.weight[muted].any()
    assert (np.abs(found.weight[~muted]) > 0.2).all()


def test_a_greater_penalty_makes_smaller_weights() -> None:
    values, known, attack = drawn(np.array([0.8 * (POLARITY[name] or 1) for name in NAMES]))
    one, other = (fit(values, known, attack, np.ones(len(values)), penalty, ()) for penalty in (0.01, 0.3))
    assert np.linalg.norm(other.weight) < 0.7 * np.linalg.norm(one.weight)


def test_every_species_and_person_counts_alike() -> None:
    windows = [
        *(a_window("bona_fide", "ann", k) for k in range(6)),
        *(a_window("bona_fide", "bob", 10 + k) for k in range(2)),
        *(a_window("print", "ann", 20 + k) for k in range(3)),
        a_window("mesh_mask", "bob", 30),
    ]
    weight = weights_of(windows)
    assert weight.sum() == pytest.approx(len(windows))
    assert weight[:6].sum() == pytest.approx(3.0)
    assert weight[6:8].sum() == pytest.approx(3.0)
    assert weight[8:11].sum() == pytest.approx(3.0)
    assert weight[11] == pytest.approx(3.0)


def test_the_graph_scores_as_the_fit_does() -> None:
    """From windows through design and fit, and through the document and the product's graph."""
    windows = [a_window("print" if k % 2 else "bona_fide", "ann", k) for k in range(60)]
    live = live_of(windows)
    odds = [np.array([0.1 * k, 0.2]) for k in range(60)]
    values, known = design(windows, live, odds)
    attack = np.array([window.attack for window in windows])
    found = fit(values, known, attack, weights_of(windows), 0.05)
    session = ort.InferenceSession(pad_window.build({"fit": json.dumps(document(found, live)).encode()}))
    names = [each.name for each in session.get_inputs()]
    for k, window in enumerate(windows):
        rows = [window.rows[0].copy(), *window.rows[1:]]
        rows[0][0, CUES.index("network")] = odds[k].mean()
        score, seen, _ = session.run(None, dict(zip(names, rows, strict=True)))
        np.testing.assert_allclose(seen[0], values[k], rtol=2e-3, atol=2e-3)
        assert score[0, 0] == pytest.approx(found.scores(values, known)[k], abs=0.02)


def test_live_faces_are_at_no_distance_from_themselves() -> None:
    windows = [a_window("bona_fide", "ann", k) for k in range(40)]
    live = live_of(windows)
    middle = Window(
        "m", "bona_fide", "ann", "train", "a", 0.0, {},
        (*windows[0].rows[:2], live.mean[np.newaxis].astype(np.float32), live.texture[np.newaxis].astype(np.float32), windows[0].rows[4]),
    )  # fmt: skip
    assert live.distances(middle) == pytest.approx((0.0, 0.0), abs=1e-4)
    assert isinstance(live, Live)


def test_unknown_cues_are_nothing_and_far_ones_are_held() -> None:
    values = np.full((2, len(NAMES)), 1e6)
    values[1] = -1e6
    known = np.ones_like(values, dtype=np.bool_)
    known[:, NAMES.index("bezel")] = False
    more, less = scaled(values, known, np.zeros(len(NAMES)), np.ones(len(NAMES)))
    at = NAMES.index
    assert (more[at("network")], less[at("network")]) == (FARTHEST_NETWORK, -FARTHEST_NETWORK)
    assert (more[at("moire")], less[at("moire")]) == (FARTHEST, 0.0)
    assert (more[at("planarity")], less[at("planarity")]) == (0.0, -FARTHEST)
    assert (more[at("bezel")], less[at("bezel")]) == (0.0, 0.0)


def test_log_odds_are_the_detectors() -> None:
    for live in (0.0, 1e-9, 0.2, 0.5, 0.999, 1.0):
        assert float(log_odds(np.array([live]))[0]) == pytest.approx(interpret([live]), abs=1e-6)
