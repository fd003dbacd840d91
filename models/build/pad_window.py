"""The logistic combination of presentation-attack cues as ONNX, from the fit that ``biometrics.training.pad`` wrote.

The fit is JSON: for each cue its name, mean and deviation over live faces, the range in which its distance from that mean
counts (``low``, ``high``, in deviations), and its weight; the bias; the mean and precision (inverse covariance) of live
faces' colour spread; the mean texture of live faces.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from models.build.graph import GraphBuilder

_TINY = 1e-6


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``fit`` into ONNX: cues, known, gamut, texture, seen -> score (N, 1), values and parts (N, cues and distances)."""
    fit: dict[str, Any] = json.loads(parts["fit"])
    count, texture_length = len(fit["cues"]), len(fit["texture"])
    graph = GraphBuilder("pad_window")
    cues = graph.input("cues", ["N", count - 2])
    known = graph.input("known", ["N", count - 2])
    gamut = graph.input("gamut", ["N", 3])
    texture = graph.input("texture", ["N", texture_length])
    seen = graph.input("seen", ["N", 2])
    distances = (
        _gamut_distance(graph, gamut, fit["gamut"]),
        _texture_distance(graph, texture, fit["texture"]),
    )
    values = graph.node("Concat", cues, *distances, axis=1)
    measured = graph.node("Concat", known, seen, axis=1)
    contributions = _parts(graph, values, measured, fit["cues"])
    total = graph.node("ReduceSum", contributions, graph.integers(1), keepdims=1)
    score = graph.node("Add", total, graph.constant(np.array([fit["bias"]], np.float32)))
    graph.output(score, "score", ["N", 1])
    graph.output(values, "values", ["N", count])
    graph.output(contributions, "parts", ["N", count])
    return graph.finish()


def _parts(graph: GraphBuilder, values: str, measured: str, cues: list[dict[str, Any]]) -> str:
    """Weight x (value - mean) / deviation, held between low and high, where measured; 0 elsewhere."""
    mean, deviation, low, high, weight = (
        graph.constant(np.array([cue[name] for cue in cues], np.float32))
        for name in ("mean", "deviation", "low", "high", "weight")
    )
    scaled = graph.node("Div", graph.node("Sub", values, mean), deviation)
    held = graph.node("Max", graph.node("Min", scaled, high), low)
    return graph.node("Mul", graph.node("Mul", held, measured), weight)


def _gamut_distance(graph: GraphBuilder, gamut: str, live: Mapping[str, Any]) -> str:
    """Mahalanobis distance to live faces' colour spread."""
    precision = np.array(live["precision"], np.float64)
    away = graph.node("Sub", gamut, graph.constant(np.array(live["mean"], np.float32)))
    turned = graph.node("MatMul", away, graph.constant(np.linalg.cholesky(precision)))
    squares = graph.node("ReduceSum", graph.node("Mul", turned, turned), graph.integers(1), keepdims=1)
    return graph.node("Sqrt", squares)


def _texture_distance(graph: GraphBuilder, texture: str, live: list[float]) -> str:
    """Chi-square distance to live faces' mean texture."""
    mean = graph.constant(np.array(live, np.float32))
    away = graph.node("Sub", texture, mean)
    floor = graph.constant(np.array([_TINY], np.float32))
    both = graph.node("Add", graph.node("Add", texture, mean), floor)
    share = graph.node("Div", graph.node("Mul", away, away), both)
    return graph.node("ReduceSum", share, graph.integers(1), keepdims=1)
