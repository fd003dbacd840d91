"""dlib's face recognition ResNet (Davis King, CC0) as ONNX, from the weights that the face-api package carries.

29 convolutions in residual blocks as in dlib's ``dnn_face_recognition_ex.cpp``: mean subtraction, 7x7/2, max pool, then
blocks of two 3x3 convolutions whose channel-wise affine layers are folded into the kernels here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.build.graph import GraphBuilder

SIDE_PX = 150
_MEAN_RGB = (122.782, 117.001, 104.298)
_STAGES = (("conv32", 3, 32), ("conv64", 3, 64), ("conv128", 2, 128), ("conv256", 2, 256))

Weights = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class _Value:
    """A feature map: its name in the graph, its side in pixels and its channels."""

    name: str
    side: int
    channels: int


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``index`` (weights manifest) and ``weights`` into ONNX: rgb (N, 3, 150, 150) 0-255 -> embedding (N, 128)."""
    weights = read_tfjs_weights(parts["index"], parts["weights"])
    graph = GraphBuilder("dlib_resnet")
    value = _stem(graph, graph.input("rgb", ["N", 3, SIDE_PX, SIDE_PX]), weights)
    for stage, blocks, channels in _STAGES:
        if channels != value.channels:
            value = _down(graph, value, f"{stage}_down", weights)
        for block in range(1, blocks + 1):
            value = _residual(graph, value, f"{stage}_{block}", weights)
    value = _down(graph, value, "conv256_down_out", weights)
    pooled = graph.node("Flatten", graph.node("GlobalAveragePool", value.name))
    graph.output(graph.node("MatMul", pooled, graph.constant(weights["fc"])), "embedding", ["N", 128])
    return graph.finish()


def _stem(graph: GraphBuilder, rgb: str, weights: Weights) -> _Value:
    mean = graph.constant(np.array(_MEAN_RGB, np.float32).reshape(1, 3, 1, 1))
    value = graph.node("Div", graph.node("Sub", rgb, mean), graph.constant(np.array(256.0)))
    value = graph.node("Relu", _convolve(graph, value, "conv32_down", weights, stride=2, pad=0))
    value = graph.node("MaxPool", value, kernel_shape=[3, 3], strides=[2, 2])
    return _Value(value, ((SIDE_PX - 7) // 2 + 1 - 3) // 2 + 1, 32)


def _residual(graph: GraphBuilder, value: _Value, name: str, weights: Weights) -> _Value:
    inner = graph.node("Relu", _convolve(graph, value.name, f"{name}/conv1", weights, stride=1, pad=1))
    inner = _convolve(graph, inner, f"{name}/conv2", weights, stride=1, pad=1)
    return _Value(graph.node("Relu", graph.node("Add", inner, value.name)), value.side, value.channels)


def _down(graph: GraphBuilder, value: _Value, name: str, weights: Weights) -> _Value:
    """Halve the side: strided convolutions plus an average-pooled shortcut, zero-padded to the same size as dlib does."""
    inner = graph.node("Relu", _convolve(graph, value.name, f"{name}/conv1", weights, stride=2, pad=0))
    inner = _convolve(graph, inner, f"{name}/conv2", weights, stride=1, pad=1)
    channels = weights[f"{name}/conv2/conv/filters"].shape[3]
    convolved, pooled = (value.side - 3) // 2 + 1, value.side // 2
    shortcut = graph.node("AveragePool", value.name, kernel_shape=[2, 2], strides=[2, 2])
    inner = _pad_to(graph, inner, 0, pooled - convolved)
    shortcut = _pad_to(graph, shortcut, channels - value.channels, 0)
    return _Value(graph.node("Relu", graph.node("Add", shortcut, inner)), pooled, channels)


def _pad_to(graph: GraphBuilder, value: str, channels: int, side: int) -> str:
    if not channels and not side:
        return value
    return graph.node("Pad", value, graph.integers(0, 0, 0, 0, 0, channels, side, side))


def _convolve(graph: GraphBuilder, value: str, name: str, weights: Weights, *, stride: int, pad: int) -> str:
    kernel = weights[f"{name}/conv/filters"].transpose(3, 2, 0, 1)
    scale, shift = weights[f"{name}/scale/weights"], weights[f"{name}/scale/biases"]
    folded = graph.constant(kernel * scale.reshape(-1, 1, 1, 1))
    bias = graph.constant(weights[f"{name}/conv/bias"] * scale + shift)
    return graph.node("Conv", value, folded, bias, strides=[stride, stride], pads=[pad] * 4)


def read_tfjs_weights(index: bytes, data: bytes) -> dict[str, NDArray[np.float32]]:
    """Read TensorFlow.js weights, uint8-quantised (value * scale + min) or float32, in the index's order."""
    weights: dict[str, NDArray[np.float32]] = {}
    offset = 0
    entries: list[dict[str, Any]] = [entry for group in json.loads(index) for entry in group["weights"]]
    for entry in entries:
        quantised = entry.get("quantization")
        dtype = np.dtype(quantised["dtype"] if quantised else "<f4")
        count = int(np.prod(entry["shape"]))
        raw = np.frombuffer(data, dtype, count, offset).astype(np.float32)
        if quantised:
            raw = raw * np.float32(quantised["scale"]) + np.float32(quantised["min"])
        weights[entry["name"]] = raw.reshape(entry["shape"])
        offset += count * dtype.itemsize
    return weights
