"""ECAPA-TDNN speaker embedding (Desplanques et al., 2020, arXiv:2005.07143) as ONNX, from SpeechBrain's checkpoint.

As in SpeechBrain, where the weights come from: a normalisation follows its activation, convolutions mirror the signal at
both ends, and the pooling's attention sees the mean and deviation of the whole utterance.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.build.checkpoint import read_checkpoint
from models.build.folding import Weights, scale_shift
from models.build.graph import GraphBuilder

BINS = 80
_DILATIONS = (2, 3, 4)
"""Of the three squeeze-and-excitation blocks."""
_LEAST_VARIANCE = 1e-12


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``checkpoint`` into ONNX: fbank (N, T, 80) log-energies, mean-subtracted -> embedding (N, 192)."""
    return network(read_checkpoint(parts["checkpoint"]))


def network(weights: Weights) -> bytes:
    """The graph of a state dict of SpeechBrain's ``ECAPA_TDNN``, of any width."""
    graph = GraphBuilder("ecapa")
    fbank = graph.input("fbank", ["N", "T", BINS])
    value = _tdnn(graph, graph.node("Transpose", fbank, perm=[0, 2, 1]), "blocks.0", 1, weights)
    outputs = []
    for number, dilation in enumerate(_DILATIONS, start=1):
        value = _block(graph, value, f"blocks.{number}", dilation, weights)
        outputs.append(value)
    value = _tdnn(graph, graph.node("Concat", *outputs, axis=1), "mfa", 1, weights)
    pooled = _normalised(graph, _pooled(graph, value, weights), "asp_bn.norm", weights)
    embedding = graph.node("Squeeze", _conv(graph, pooled, "fc.conv", 1, weights), graph.integers(2))
    graph.output(embedding, "embedding", ["N", len(weights["fc.conv.weight"])])
    return graph.finish()


def _block(graph: GraphBuilder, value: str, name: str, dilation: int, weights: Weights) -> str:
    """A residual block: Res2Net between two layers of width 1, then squeeze and excitation."""
    inner = _tdnn(graph, value, f"{name}.tdnn1", 1, weights)
    inner = _res2net(graph, inner, f"{name}.res2net_block.blocks", dilation, weights)
    inner = _tdnn(graph, inner, f"{name}.tdnn2", 1, weights)
    mean = graph.node("ReduceMean", inner, axes=[2], keepdims=1)
    gate = graph.node("Relu", _conv(graph, mean, f"{name}.se_block.conv1.conv", 1, weights))
    gate = graph.node("Sigmoid", _conv(graph, gate, f"{name}.se_block.conv2.conv", 1, weights))
    return graph.node("Add", graph.node("Mul", inner, gate), value)


def _res2net(graph: GraphBuilder, value: str, name: str, dilation: int, weights: Weights) -> str:
    """Channels in equal groups: the first passes, each other one is filtered together with what its neighbour gave."""
    groups = 1 + sum(key.startswith(f"{name}.") and key.endswith(".conv.conv.weight") for key in weights)
    parts = graph.nodes("Split", value, outputs=groups, axis=1)
    given = [parts[0]]
    for index, part in enumerate(parts[1:]):
        mixed = part if index == 0 else graph.node("Add", part, given[-1])
        given.append(_tdnn(graph, mixed, f"{name}.{index}", dilation, weights))
    return graph.node("Concat", *given, axis=1)


def _pooled(graph: GraphBuilder, value: str, weights: Weights) -> str:
    """Attentive statistics: mean and deviation over time, each channel with an attention of its own."""
    mean, deviation = _statistics(graph, value, None)
    context = graph.node("Concat", mean, deviation, axis=1)
    frames = graph.node("Shape", value, start=2)
    wide = graph.node("Expand", context, graph.node("Concat", graph.integers(1, 1), frames, axis=0))
    attention = _tdnn(graph, graph.node("Concat", value, wide, axis=1), "asp.tdnn", 1, weights)
    attention = _conv(graph, graph.node("Tanh", attention), "asp.conv.conv", 1, weights)
    return graph.node("Concat", *_statistics(graph, value, graph.node("Softmax", attention, axis=2)), axis=1)


def _statistics(graph: GraphBuilder, value: str, attention: str | None) -> tuple[str, str]:
    """Mean and deviation over time (N, C, 1); without attention every frame counts alike."""

    def mean_of(each: str) -> str:
        if attention is None:
            return graph.node("ReduceMean", each, axes=[2], keepdims=1)
        return graph.node("ReduceSum", graph.node("Mul", attention, each), graph.integers(2), keepdims=1)

    mean = mean_of(value)
    centred = graph.node("Sub", value, mean)
    variance = mean_of(graph.node("Mul", centred, centred))
    floor = graph.constant(np.array([_LEAST_VARIANCE]))
    return mean, graph.node("Sqrt", graph.node("Max", variance, floor))


def _tdnn(graph: GraphBuilder, value: str, name: str, dilation: int, weights: Weights) -> str:
    active = graph.node("Relu", _conv(graph, value, f"{name}.conv.conv", dilation, weights))
    return _normalised(graph, active, f"{name}.norm.norm", weights)


def _conv(graph: GraphBuilder, value: str, name: str, dilation: int, weights: Weights) -> str:
    kernel = weights[f"{name}.weight"]
    around = dilation * (kernel.shape[-1] - 1) // 2
    if around:
        value = graph.node("Pad", value, graph.integers(0, 0, around, 0, 0, around), mode="reflect")
    constants = (graph.constant(weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.node("Conv", value, *constants, dilations=[dilation])


def _normalised(graph: GraphBuilder, value: str, norm: str, weights: Weights) -> str:
    scale, shift = (graph.constant(part.reshape(-1, 1)) for part in scale_shift(weights, norm))
    return graph.node("Add", graph.node("Mul", value, scale), shift)
