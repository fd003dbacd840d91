"""Recognition of brief movements from flow and strain, as ONNX, from the checkpoint of ``biometrics.training.micro``.

A few small members, each a convolutional stem that keeps places and a layer over them, answer for the map and for its mirror image, and
the mean of their log-probabilities is the answer. How far each half of each action unit went comes beside it, from the same layer:
that is where the movement was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.build.checkpoint import read_checkpoint
from models.build.folding import Weights
from models.build.graph import GraphBuilder

SIZE: Final = 28
SIGNS: Final = (-1.0, 1.0, 1.0)
"""What a mirror makes of u, v and strain."""
MEMBERS: Final = 4
FIRST, SECOND, NARROW = 16, 24, 12
"""Channels of the three convolutions."""
DEEP: Final = 5
"""Side of the first one's kernel."""
CELLS: Final = 7
HIDDEN, OWN = 64, 16
UNITS: Final = 30
"""Halves of action units, left before right."""
CLASSES: Final = 3
INPUT, PROBABILITY, STRENGTH = "maps", "probability", "units"


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``checkpoint`` into ONNX: maps (N, 3, 28, 28) -> probability (N, 3) of negative, positive, surprise; units (N, 30)."""
    return network(read_checkpoint(parts["checkpoint"]))


def network(weights: Weights) -> bytes:
    """The graph for these weights."""
    graph = GraphBuilder("micro_expression")
    maps = graph.input(INPUT, ["N", len(SIGNS), SIZE, SIZE])
    both = graph.node("Concat", maps, _mirrored(graph, maps), axis=0)
    answers = [_member(graph, both, number, weights) for number in range(MEMBERS)]
    logs = _mean(graph, [graph.node("LogSoftmax", logit, axis=1) for logit, _ in answers])
    logs = _mean(graph, graph.nodes("Split", logs, outputs=2, axis=0))
    straight, turned = graph.nodes("Split", _mean(graph, [units for _, units in answers]), outputs=2, axis=0)
    units = _mean(graph, [straight, graph.node("Gather", turned, graph.integers(*changed_over()), axis=1)])
    graph.output(graph.node("Softmax", logs, axis=1), PROBABILITY, ["N", CLASSES])
    graph.output(graph.node("Relu", units), STRENGTH, ["N", UNITS])
    return graph.finish()


def changed_over() -> NDArray[np.int64]:
    """(30,): the other half of each half."""
    return np.arange(UNITS).reshape(-1, 2)[:, ::-1].ravel()


def _mirrored(graph: GraphBuilder, maps: str) -> str:
    bounds = (graph.integers(value) for value in (-1, -SIZE - 1, 3, -1))
    signs = graph.constant(np.array(SIGNS).reshape(1, -1, 1, 1))
    return graph.node("Mul", graph.node("Slice", maps, *bounds), signs)


def _member(graph: GraphBuilder, maps: str, number: int, weights: Weights) -> tuple[str, str]:
    """Logits and units of one member."""
    value = _pooled(graph, _conv(graph, maps, f"{number}.first", weights))
    value = _pooled(graph, _conv(graph, value, f"{number}.second", weights))
    value = graph.node("Relu", _conv(graph, value, f"{number}.third", weights))
    side = SIZE // CELLS
    raw = graph.node("AveragePool", maps, kernel_shape=[side, side], strides=[side, side])
    places = graph.node("Concat", *(graph.node("Flatten", each, axis=1) for each in (value, raw)), axis=1)
    hidden = graph.node("Relu", _linear(graph, places, f"{number}.hidden", weights))
    return _linear(graph, hidden, f"{number}.out", weights), _linear(
        graph, hidden, f"{number}.units", weights
    )


def _conv(graph: GraphBuilder, value: str, name: str, weights: Weights) -> str:
    kernel = weights[f"{name}.weight"]
    pads = [kernel.shape[-1] // 2] * 4
    return graph.node(
        "Conv", value, graph.constant(kernel), graph.constant(weights[f"{name}.bias"]), pads=pads
    )


def _pooled(graph: GraphBuilder, value: str) -> str:
    return graph.node("Relu", graph.node("MaxPool", value, kernel_shape=[2, 2], strides=[2, 2]))


def _linear(graph: GraphBuilder, value: str, name: str, weights: Weights) -> str:
    product = graph.node("MatMul", value, graph.constant(weights[f"{name}.weight"].T))
    return graph.node("Add", product, graph.constant(weights[f"{name}.bias"]))


def _mean(graph: GraphBuilder, values: list[str]) -> str:
    return graph.node("Mul", graph.node("Sum", *values), graph.constant(np.array(1.0 / len(values))))
