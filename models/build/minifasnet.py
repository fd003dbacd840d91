"""MiniFASNet presentation-attack detectors of Minivision (Silent-Face-Anti-Spoofing) as ONNX, from their checkpoints.

Both variants are the same pruned MobileFaceNet shape; channel counts and the squeeze-and-excitation modules of V1SE are
read off the checkpoint, so one description serves both.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.build.checkpoint import read_checkpoint
from models.build.folding import Weights, conv_bn, scale_shift
from models.build.graph import GraphBuilder

SIDE_PX = 80
CLASSES = 3
_STAGES = (("conv_23", "conv_3", 4), ("conv_34", "conv_4", 6), ("conv_45", "conv_5", 2))
"""The strided block, the residual stage after it, and how many blocks that stage has."""


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``checkpoint`` into ONNX: bgr (N, 3, 80, 80) 0-255 -> probability (N, 3), index 1 = bona fide."""
    raw = read_checkpoint(parts["checkpoint"])
    weights = {name.removeprefix("module."): value for name, value in raw.items()}
    graph = GraphBuilder("minifasnet")
    value = graph.input("bgr", ["N", 3, SIDE_PX, SIDE_PX])
    value = _conv_prelu(graph, value, "conv1", weights, strides=[2, 2], pads=[1] * 4)
    value = _depthwise(graph, value, "conv2_dw", weights, stride=1)
    for strided, stage, blocks in _STAGES:
        value = _bottleneck(graph, value, strided, weights, stride=2)
        for block in range(blocks):
            value = _residual(graph, value, f"{stage}.model.{block}", weights)
    value = _conv_prelu(graph, value, "conv_6_sep", weights)
    channels = weights["conv_6_dw.conv.weight"].shape[0]
    value = conv_bn(graph, value, "conv_6_dw.conv", "conv_6_dw.bn", weights, group=channels)
    logits = _classify(graph, graph.node("Flatten", value), weights)
    graph.output(graph.node("Softmax", logits, axis=1), "probability", ["N", CLASSES])
    return graph.finish()


def _classify(graph: GraphBuilder, features: str, weights: Weights) -> str:
    """Linear, batch normalisation (folded into it), linear."""
    scale, shift = scale_shift(weights, "bn")
    embed = weights["linear.weight"].astype(np.float64) * scale[:, None]
    embedded = graph.node("MatMul", features, graph.constant(embed.T))
    embedded = graph.node("Add", embedded, graph.constant(shift))
    return graph.node("MatMul", embedded, graph.constant(weights["prob.weight"].T))


def _residual(graph: GraphBuilder, value: str, name: str, weights: Weights) -> str:
    inner = _bottleneck(graph, value, name, weights, stride=1)
    if f"{name}.se_module.fc1.weight" in weights:
        inner = graph.node("Mul", inner, _excitation(graph, inner, f"{name}.se_module", weights))
    return graph.node("Add", value, inner)


def _excitation(graph: GraphBuilder, value: str, name: str, weights: Weights) -> str:
    squeezed = graph.node("GlobalAveragePool", value)
    hidden = graph.node("Relu", conv_bn(graph, squeezed, f"{name}.fc1", f"{name}.bn1", weights))
    return graph.node("Sigmoid", conv_bn(graph, hidden, f"{name}.fc2", f"{name}.bn2", weights))


def _bottleneck(graph: GraphBuilder, value: str, name: str, weights: Weights, *, stride: int) -> str:
    value = _conv_prelu(graph, value, f"{name}.conv", weights)
    value = _depthwise(graph, value, f"{name}.conv_dw", weights, stride=stride)
    return conv_bn(graph, value, f"{name}.project.conv", f"{name}.project.bn", weights)


def _depthwise(graph: GraphBuilder, value: str, name: str, weights: Weights, *, stride: int) -> str:
    channels = weights[f"{name}.conv.weight"].shape[0]
    return _conv_prelu(graph, value, name, weights, strides=[stride, stride], pads=[1] * 4, group=channels)


def _conv_prelu(
    graph: GraphBuilder, value: str, name: str, weights: Weights, **attributes: list[int] | int
) -> str:
    value = conv_bn(graph, value, f"{name}.conv", f"{name}.bn", weights, **attributes)
    slope = graph.constant(weights[f"{name}.prelu.weight"].reshape(-1, 1, 1))
    return graph.node("PRelu", value, slope)
