"""Boosted trees over a fusion's signals as ONNX, from the JSON that ``candor calibrate fusion --challenger`` makes of a fit.

The fit: ``signals`` by name, in order; ``start``, the value that trees add to; ``slope`` and ``intercept`` of the calibration; and ``trees``, each
with lists over its nodes: ``feature`` and ``threshold`` of a split (at or below goes left, NaN as ``missing_left`` says), ``left`` and ``right``
nodes, and of a leaf its ``value``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from models.build.graph import GraphBuilder

_DOMAIN = "ai.onnx.ml"


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``fit`` into ONNX: llrs (N, signals), nats, NaN for what is missing -> shift (N, 1), nats."""
    fit: dict[str, Any] = json.loads(parts["fit"])
    graph = GraphBuilder("boosted_trees")
    llrs = graph.input("llrs", ["N", len(fit["signals"])])
    raw = graph.node(
        "TreeEnsembleRegressor",
        llrs,
        domain=_DOMAIN,
        n_targets=1,
        post_transform="NONE",
        base_values=[float(fit["start"])],
        **_nodes(fit["trees"]),
    )
    scaled = graph.node("Mul", raw, graph.constant(np.array([fit["slope"]], np.float32)))
    graph.output(
        graph.node("Add", scaled, graph.constant(np.array([fit["intercept"]], np.float32))), "shift", ["N", 1]
    )
    return graph.finish()


def _nodes(trees: list[dict[str, list[Any]]]) -> dict[str, list[Any]]:
    """All trees' nodes as the operator's attributes."""
    found: dict[str, list[Any]] = {
        name: []
        for name in (
            *(f"nodes_{part}" for part in ("treeids", "nodeids", "featureids", "values", "modes")),
            *(f"nodes_{part}" for part in ("truenodeids", "falsenodeids", "missing_value_tracks_true")),
            *(f"target_{part}" for part in ("treeids", "nodeids", "ids", "weights")),
        )
    }
    for number, tree in enumerate(trees):
        for node, leaf in enumerate(tree["leaf"]):
            row = {
                "nodes_treeids": number,
                "nodes_nodeids": node,
                "nodes_featureids": 0 if leaf else tree["feature"][node],
                "nodes_values": 0.0 if leaf else _below(tree["threshold"][node]),
                "nodes_modes": "LEAF" if leaf else "BRANCH_LEQ",
                "nodes_truenodeids": 0 if leaf else tree["left"][node],
                "nodes_falsenodeids": 0 if leaf else tree["right"][node],
                "nodes_missing_value_tracks_true": int(not leaf and tree["missing_left"][node]),
            }
            if leaf:
                row |= {"target_treeids": number, "target_nodeids": node, "target_ids": 0}
                row |= {"target_weights": float(tree["value"][node])}
            for name, value in row.items():
                found[name].append(value)
    return found


def _below(threshold: float) -> float:
    """The greatest float32 that is not above: every float32 score then goes the way that it went where the trees were grown."""
    rounded = np.float32(threshold)
    return float(rounded if float(rounded) <= threshold else np.nextafter(rounded, np.float32(-np.inf)))
