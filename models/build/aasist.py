"""AASIST-L speech anti-spoofing (Jung et al. 2022, arXiv:2110.01200) as ONNX, from its torch checkpoint.

A bank of fixed sinc filters, six residual blocks, then graphs: nodes of frequency and nodes of time attend to each other,
each graph is thinned to the nodes that matter, and a master node listens to all. As in clovaai/aasist, where the weights
come from, the first batch normalisation of each block has no effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.build.checkpoint import read_checkpoint
from models.build.folding import Weights, scale_shift
from models.build.graph import GraphBuilder

WINDOW = 64_512
"""Samples at 16 kHz: 4.032 s, whole 32 ms frames. The network was published with 64,600."""
CLASSES = 2
SINCS, TAPS = 70, 129
FILTERS = (32, 32, 24, 24, 24, 24)
GRAPH = (24, 32)
"""Width of a node before and after the mixed graphs."""
POOLED = (0.4, 0.5, 0.7)
"""Share of nodes kept: spectral, temporal, mixed."""
TEMPERATURES = (2.0, 2.0, 100.0)
_RATE_HZ = 16_000


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``checkpoint`` into ONNX: wave (N, 64512) in -1..1 -> logit (N, 2), index 1 = bona fide."""
    weights = read_checkpoint(parts["checkpoint"])
    return _Aasist(weights).build()


def sinc_filters() -> NDArray[np.float32]:
    """The fixed filter bank (70, 1, 129): Hamming-windowed band passes whose edges are even on the mel scale."""
    highest = 2595 * np.log10(1 + _RATE_HZ / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0.0, highest, SINCS + 1) / 2595) - 1)
    taps = np.arange(-(TAPS - 1) / 2, (TAPS - 1) / 2 + 1)
    low_pass = [2 * edge / _RATE_HZ * np.sinc(2 * edge * taps / _RATE_HZ) for edge in edges]
    bands = np.diff(np.array(low_pass), axis=0).astype(np.float32)
    return np.asarray(bands * np.hamming(TAPS).astype(np.float32), dtype=np.float32)[:, np.newaxis]


class _Aasist:
    """One graph in the making."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._graph = GraphBuilder("aasist")

    def build(self) -> bytes:
        graph = self._graph
        value = self._encoded(graph.input("wave", ["N", WINDOW]))
        spectral = self._transposed(graph.node("ReduceMax", value, axes=[3], keepdims=0))
        spectral = graph.node("Add", spectral, self._constant("pos_S"))
        temporal = self._transposed(graph.node("ReduceMax", value, axes=[2], keepdims=0))
        rows, columns = 23, _nodes()
        spectral, rows = self._pooled(self._attended(spectral, "GAT_layer_S", 0), "pool_S", rows, POOLED[0])
        temporal, columns = self._pooled(
            self._attended(temporal, "GAT_layer_T", 1), "pool_T", columns, POOLED[1]
        )
        one, other = (self._branch(number, temporal, columns, spectral, rows) for number in ("1", "2"))
        t, s, m = (graph.node("Max", a, b) for a, b in zip(one, other, strict=True))
        told = [*self._extremes(t), *self._extremes(s), graph.node("Squeeze", m, graph.integers(1))]
        graph.output(self._linear(graph.node("Concat", *told, axis=1), "out_layer"), "logit", ["N", CLASSES])
        return graph.finish()

    def _encoded(self, wave: str) -> str:
        """Magnitudes (N, 24, 23, time) of what the residual blocks give."""
        graph = self._graph
        bands = graph.node(
            "Conv", graph.node("Unsqueeze", wave, graph.integers(1)), graph.constant(sinc_filters())
        )
        value = graph.node("Unsqueeze", graph.node("Abs", bands), graph.integers(1))
        value = graph.node("MaxPool", value, kernel_shape=[3, 3], strides=[3, 3])
        scale, shift = (graph.constant(part) for part in scale_shift(self._weights, "first_bn"))
        value = graph.node("Selu", graph.node("Add", graph.node("Mul", value, scale), shift))
        for number in range(len(FILTERS)):
            value = self._residual(value, f"encoder.{number}.0")
        return graph.node("Abs", value)

    def _residual(self, value: str, name: str) -> str:
        graph = self._graph
        inner = self._conv_bn(value, f"{name}.conv1", f"{name}.bn2")
        inner = self._conv(graph.node("Selu", inner), f"{name}.conv2")
        if f"{name}.conv_downsample.weight" in self._weights:
            value = self._conv(value, f"{name}.conv_downsample")
        total = graph.node("Add", inner, value)
        return graph.node("MaxPool", total, kernel_shape=[1, 3], strides=[1, 3])

    def _attended(self, nodes: str, name: str, number: int) -> str:
        graph = self._graph
        pairs = self._pairs(nodes, f"{name}.att_proj")
        board = graph.node("MatMul", pairs, self._constant(f"{name}.att_weight"))
        board = graph.node("Squeeze", board, graph.integers(3))
        return self._projected(nodes, board, name, TEMPERATURES[number])

    def _mixed(
        self, first: str, count: int, second: str, others: int, master: str, name: str
    ) -> tuple[str, str, str]:
        graph = self._graph
        typed = [self._linear(first, f"{name}.proj_type1"), self._linear(second, f"{name}.proj_type2")]
        nodes = graph.node("Concat", *typed, axis=1)
        told = self._told(nodes, master, name)
        kinds = ["att_weight11", "att_weight22", "att_weight12"]
        kernel = np.concatenate([self._weights[f"{name}.{kind}"] for kind in kinds], axis=1)
        boards = graph.node("MatMul", self._pairs(nodes, f"{name}.att_proj"), graph.constant(kernel))
        chosen = graph.node("Mul", boards, graph.constant(_kinds(count, others)))
        board = graph.node("ReduceSum", chosen, graph.integers(3), keepdims=0)
        out = self._projected(nodes, board, name, TEMPERATURES[2])
        ends = graph.integers(0), graph.integers(count), graph.integers(count + others), graph.integers(1)
        one = graph.node("Slice", out, ends[0], ends[1], ends[3])
        return one, graph.node("Slice", out, ends[1], ends[2], ends[3]), told

    def _told(self, nodes: str, master: str, name: str) -> str:
        """What the master node hears."""
        graph = self._graph
        heard = graph.node("Tanh", self._linear(graph.node("Mul", nodes, master), f"{name}.att_projM"))
        kernel = graph.constant(self._weights[f"{name}.att_weightM"] / TEMPERATURES[2])
        weight = graph.node("Softmax", graph.node("MatMul", heard, kernel), axis=1)
        mean = graph.node("MatMul", self._transposed(weight), nodes)
        return graph.node(
            "Add",
            self._linear(mean, f"{name}.proj_with_attM"),
            self._linear(master, f"{name}.proj_without_attM"),
        )

    def _pairs(self, nodes: str, name: str) -> str:
        graph = self._graph
        one, other = (graph.node("Unsqueeze", nodes, graph.integers(axis)) for axis in (2, 1))
        return graph.node("Tanh", self._linear(graph.node("Mul", one, other), name))

    def _projected(self, nodes: str, board: str, name: str, temperature: float) -> str:
        """Each node with what it attends to; ``board`` (N, nodes, nodes) before the softmax."""
        graph = self._graph
        board = graph.node("Div", board, graph.constant(np.array([temperature])))
        near = graph.node("MatMul", graph.node("Softmax", board, axis=2), nodes)
        out = graph.node(
            "Add",
            self._linear(near, f"{name}.proj_with_att"),
            self._linear(nodes, f"{name}.proj_without_att"),
        )
        scale, shift = (graph.constant(part) for part in scale_shift(self._weights, f"{name}.bn"))
        return graph.node("Selu", graph.node("Add", graph.node("Mul", out, scale), shift))

    def _branch(
        self, number: str, temporal: str, columns: int, spectral: str, rows: int
    ) -> tuple[str, str, str]:
        graph = self._graph
        master = self._constant(f"master{number}")
        layers = [f"HtrgGAT_layer_ST{number}{layer}" for layer in "12"]
        t, s, master = self._mixed(temporal, columns, spectral, rows, master, layers[0])
        t, columns = self._pooled(t, f"pool_hT{number}", columns, POOLED[2])
        s, rows = self._pooled(s, f"pool_hS{number}", rows, POOLED[2])
        more = self._mixed(t, columns, s, rows, master, layers[1])
        t, s, m = (graph.node("Add", a, b) for a, b in zip((t, s, master), more, strict=True))
        return t, s, m

    def _pooled(self, nodes: str, name: str, count: int, share: float) -> tuple[str, int]:
        """The nodes that matter most, and how many those are."""
        graph = self._graph
        kept = max(int(count * share), 1)
        scores = graph.node("Sigmoid", self._linear(nodes, f"{name}.proj"))
        _, indices = graph.nodes("TopK", scores, graph.integers(kept), outputs=2, axis=1)
        flat = graph.node("Squeeze", indices, graph.integers(2))
        wide = graph.node("Mul", nodes, scores)
        picked = graph.node("GatherND", wide, graph.node("Unsqueeze", flat, graph.integers(2)), batch_dims=1)
        return picked, kept

    def _extremes(self, nodes: str) -> tuple[str, str]:
        graph = self._graph
        largest = graph.node("ReduceMax", graph.node("Abs", nodes), axes=[1], keepdims=0)
        return largest, graph.node("ReduceMean", nodes, axes=[1], keepdims=0)

    def _linear(self, value: str, name: str) -> str:
        graph = self._graph
        product = graph.node("MatMul", value, graph.constant(self._weights[f"{name}.weight"].T))
        return graph.node("Add", product, self._constant(f"{name}.bias"))

    def _conv(self, value: str, name: str) -> str:
        kernel, bias = self._constant(f"{name}.weight"), self._constant(f"{name}.bias")
        return self._graph.node("Conv", value, kernel, bias, pads=[0, 1, 0, 1])

    def _conv_bn(self, value: str, conv: str, norm: str) -> str:
        """A convolution with a bias and the normalisation after it, as one convolution."""
        scale, shift = scale_shift(self._weights, norm)
        kernel = self._weights[f"{conv}.weight"].astype(np.float64) * scale.reshape(-1, 1, 1, 1)
        bias = self._weights[f"{conv}.bias"].astype(np.float64) * scale + shift
        graph = self._graph
        return graph.node("Conv", value, graph.constant(kernel), graph.constant(bias), pads=[1] * 4)

    def _transposed(self, value: str) -> str:
        return self._graph.node("Transpose", value, perm=[0, 2, 1])

    def _constant(self, name: str) -> str:
        return self._graph.constant(self._weights[name])


def _nodes() -> int:
    """Nodes of time that a window gives: 29."""
    count = (WINDOW - TAPS + 1) // 3
    for _ in FILTERS:
        count //= 3
    return count


def _kinds(count: int, others: int) -> NDArray[Any]:
    """(n, n, 3) which weight holds for each pair of nodes: both of the first kind, both of the second, one of each."""
    first = np.arange(count + others) < count
    both = np.logical_and.outer(first, first)
    neither = np.logical_and.outer(~first, ~first)
    return np.stack([both, neither, ~(both | neither)], axis=2).astype(np.float32)
