from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest
from numpy.typing import NDArray

from models.build.pad_window import build

COUNT, TEXTURE = 5, 7
LOW, HIGH = (-2.0, 0.0, -3.0, 0.0, 0.0), (2.0, 3.0, 0.0, 1.0, 4.0)
Inputs = dict[str, NDArray[np.float32]]


def a_fit(seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(3, 3))
    return {
        "cues": [
            {
                "name": f"c{k}",
                "mean": rng.normal(),
                "deviation": rng.uniform(0.5, 2),
                "low": LOW[k],
                "high": HIGH[k],
                "weight": rng.normal(),
            }
            for k in range(COUNT)
        ],
        "bias": -0.7,
        "gamut": {"mean": rng.normal(size=3).tolist(), "precision": (root @ root.T + np.eye(3)).tolist()},
        "texture": rng.uniform(0, 0.1, TEXTURE).tolist(),
    }


def some_rows(n: int = 6) -> Inputs:
    rng = np.random.default_rng(1)
    return {
        "cues": rng.normal(0, 5, (n, COUNT - 2)).astype(np.float32),
        "known": rng.integers(0, 2, (n, COUNT - 2)).astype(np.float32),
        "gamut": rng.normal(size=(n, 3)).astype(np.float32),
        "texture": rng.uniform(0, 0.1, (n, TEXTURE)).astype(np.float32),
        "seen": rng.integers(0, 2, (n, 2)).astype(np.float32),
    }


def run(fit: dict[str, Any], rows: Inputs) -> list[NDArray[np.float32]]:
    session = ort.InferenceSession(build({"fit": json.dumps(fit).encode()}))
    return list(session.run(["score", "values", "parts"], rows))


def by_hand(fit: dict[str, Any], rows: Inputs, k: int) -> tuple[float, list[float], list[float]]:
    away = rows["gamut"][k] - np.array(fit["gamut"]["mean"])
    gamut = float(np.sqrt(away @ np.array(fit["gamut"]["precision"]) @ away))
    texture = sum(
        (a - b) ** 2 / (a + b + 1e-6) for a, b in zip(rows["texture"][k], fit["texture"], strict=True)
    )
    values = [*rows["cues"][k].tolist(), gamut, float(texture)]
    known = [*rows["known"][k], *rows["seen"][k]]
    parts = [
        cue["weight"] * min(max((value - cue["mean"]) / cue["deviation"], cue["low"]), cue["high"])
        if there
        else 0.0
        for cue, value, there in zip(fit["cues"], values, known, strict=True)
    ]
    return fit["bias"] + sum(parts), values, parts


def test_the_graph_is_the_formula() -> None:
    fit, rows = a_fit(), some_rows()
    score, values, parts = run(fit, rows)
    for k in range(len(score)):
        expected = by_hand(fit, rows, k)
        assert score[k, 0] == pytest.approx(expected[0], abs=1e-4)
        np.testing.assert_allclose(values[k], expected[1], rtol=1e-4)
        np.testing.assert_allclose(parts[k], expected[2], atol=1e-4)


def test_nothing_known_leaves_the_bias() -> None:
    rows = some_rows()
    score, _, parts = run(a_fit(), {**rows, "known": rows["known"] * 0, "seen": rows["seen"] * 0})
    np.testing.assert_allclose(score, -0.7, atol=1e-6)
    assert not parts.any()


def test_no_cue_counts_for_more_than_its_range() -> None:
    fit, rows = a_fit(), some_rows()
    _, _, parts = run(fit, {**rows, "cues": rows["cues"] * 1e6})
    weights = np.array([cue["weight"] for cue in fit["cues"]])
    bounds = np.sort(np.stack([weights * LOW, weights * HIGH]), axis=0)
    assert (parts >= bounds[0] - 1e-5).all()
    assert (parts <= bounds[1] + 1e-5).all()


def test_the_same_fit_gives_the_same_bytes() -> None:
    data = {"fit": json.dumps(a_fit()).encode()}
    assert build(data) == build(data)
