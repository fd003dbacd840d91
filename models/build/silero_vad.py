"""Silero VAD 16 kHz as ONNX with its state as rows, so that frames of many sessions share a batch.

The package's own ONNX files keep the state as (2, batch, 128) or fix the batch at one, and branch at run time. The
network is small enough to write down: STFT by convolution, four convolutions, one LSTM step, one output. The weights
come from ``silero_vad_16k_op15.onnx``; the package's ``.safetensors`` file holds another, older training.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from models.build.graph import GraphBuilder

_CONTEXT = 64
_SAMPLES = 512
_BINS = 129
_HIDDEN = 128
_STRIDES = (1, 2, 2, 1)

Weights = Mapping[str, NDArray[np.float32]]


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``upstream`` (ONNX) into frame (N, 576), state (N, 2, 128) -> speech (N, 1), next_state (N, 2, 128)."""
    upstream = onnx.load_model_from_string(parts["upstream"])
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in upstream.graph.initializer}
    graph = GraphBuilder("silero_vad")
    frame = graph.input("frame", ["N", _CONTEXT + _SAMPLES])
    state = graph.input("state", ["N", 2, _HIDDEN])
    hidden, cell = _lstm_step(graph, _spectrum(graph, frame, weights), state, weights)
    logit = graph.node(
        "Conv", graph.node("Relu", hidden), *_affine(graph, weights, "model.decoder.decoder.2")
    )
    graph.output(graph.node("Squeeze", graph.node("Sigmoid", logit), graph.integers(2)), "speech", ["N", 1])
    rows = [graph.node("Transpose", value, perm=[0, 2, 1]) for value in (hidden, cell)]
    graph.output(graph.node("Concat", *rows, axis=1), "next_state", ["N", 2, _HIDDEN])
    return graph.finish()


def _spectrum(graph: GraphBuilder, frame: str, weights: Weights) -> str:
    """Reflect-pad, magnitude STFT, four convolutions: (N, 576) -> (N, 128, 1)."""
    padded = graph.node("Pad", frame, graph.integers(0, 0, 0, _CONTEXT), mode="reflect")
    value = graph.node("Unsqueeze", padded, graph.integers(1))
    value = graph.node(
        "Conv", value, graph.constant(weights["model.stft.forward_basis_buffer"]), strides=[128]
    )
    parts = graph.nodes("Split", value, graph.integers(_BINS, _BINS), outputs=2, axis=1)
    real, imaginary = (graph.node("Mul", part, part) for part in parts)
    value = graph.node("Sqrt", graph.node("Add", real, imaginary))
    for layer, stride in enumerate(_STRIDES):
        kernel = _affine(graph, weights, f"model.encoder.{layer}.reparam_conv")
        value = graph.node("Conv", value, *kernel, strides=[stride], pads=[1, 1])
        value = graph.node("Relu", value)
    return value


def _lstm_step(graph: GraphBuilder, value: str, state: str, weights: Weights) -> tuple[str, str]:
    """One step of the LSTM; hidden and cell as (N, 128, 1)."""
    sequence = graph.node("Transpose", value, perm=[2, 0, 1])
    by_kind = graph.node("Transpose", state, perm=[1, 0, 2])
    before = graph.nodes("Split", by_kind, graph.integers(1, 1), outputs=2, axis=0)
    kernels = [
        graph.constant(_gates(weights[f"model.decoder.rnn.weight_{side}"])[None]) for side in ("ih", "hh")
    ]
    biases = [_gates(weights[f"model.decoder.rnn.bias_{side}"]) for side in ("ih", "hh")]
    bias = graph.constant(np.concatenate(biases)[None])
    _, hidden, cell = graph.nodes(
        "LSTM", sequence, *kernels, bias, "", *before, outputs=3, hidden_size=_HIDDEN
    )
    as_columns = [graph.node("Transpose", after, perm=[1, 2, 0]) for after in (hidden, cell)]
    return as_columns[0], as_columns[1]


def _gates(stacked: NDArray[np.float32]) -> NDArray[np.float32]:
    """Reorder the gates from torch's input, forget, cell, output to ONNX's input, output, forget, cell."""
    entry, forget, cell, output = np.split(stacked, 4)
    return np.concatenate([entry, output, forget, cell])


def _affine(graph: GraphBuilder, weights: Weights, name: str) -> tuple[str, str]:
    return graph.constant(weights[f"{name}.weight"]), graph.constant(weights[f"{name}.bias"])
