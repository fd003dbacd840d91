"""A small residual network over the spectrogram of speech, as ONNX, from the checkpoint of ``biometrics.training.voice_pad``.

The spectrogram is part of the graph: windows of 32 ms every 10 ms, log power of 257 frequencies. Of every frequency its
mean over the window is taken off, and with it the response of the microphone and most of the room (cepstral mean
subtraction, Atal 1974, in the spectral domain).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.build.checkpoint import read_checkpoint
from models.build.folding import Weights, conv_bn
from models.build.graph import GraphBuilder

WINDOW: Final = 64_512
"""Samples at 16 kHz: 4.032 s, whole 32 ms frames of the voice activity detector."""
CLASSES: Final = 2
FFT, HOP = 512, 160
BINS: Final = FFT // 2 + 1
FLOOR: Final = 1e-7
"""Power that is added before the logarithm; speech comes with a root mean square of 0.05."""
SPREAD: Final = 2.5
"""What the logarithms are divided by: about their standard deviation."""
STAGES: Final = (((2, 2), 16), ((2, 2), 32), ((2, 1), 48), ((2, 2), 64))
"""Strides over frequency and time, and channels."""
VARIANCE_FLOOR: Final = 1e-5


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``checkpoint`` into ONNX: wave (N, 64512) in -1..1 -> logit (N, 2), index 1 = bona fide."""
    return network(read_checkpoint(parts["checkpoint"]))


def network(weights: Weights) -> bytes:
    """The graph for these weights."""
    graph = GraphBuilder("spectral")
    value = _spectrogram(graph, graph.input("wave", ["N", WINDOW]))
    for number, (strides, _) in enumerate(STAGES):
        value = _stage(graph, value, number, strides, weights)
    value = graph.node("Relu", conv_bn(graph, value, "narrow", "narrow_bn", weights))
    told = _statistics(graph, value)
    hidden = graph.node("Relu", _linear(graph, told, "hidden", weights))
    graph.output(_linear(graph, hidden, "out", weights), "logit", ["N", CLASSES])
    return graph.finish()


def fourier() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The real and the imaginary part of a transform of `FFT` samples under a periodic Hann window, as kernels (257, 1, 512)."""
    samples = np.arange(FFT)
    hann = 0.5 - 0.5 * np.cos(2.0 * np.pi * samples / FFT)
    turns = 2.0 * np.pi * np.outer(np.arange(BINS), samples) / FFT
    return (np.cos(turns) * hann)[:, np.newaxis], (-np.sin(turns) * hann)[:, np.newaxis]


def _spectrogram(graph: GraphBuilder, wave: str) -> str:
    """(N, 1, 257, frames): log power less its mean over the window."""
    line = graph.node("Unsqueeze", wave, graph.integers(1))
    squared = [
        graph.node("Mul", part, part)
        for part in (graph.node("Conv", line, graph.constant(kernel), strides=[HOP]) for kernel in fourier())
    ]
    power = graph.node("Add", graph.node("Add", *squared), graph.constant(np.array(FLOOR)))
    logarithm = graph.node("Log", power)
    centred = graph.node("Sub", logarithm, graph.node("ReduceMean", logarithm, axes=[2], keepdims=1))
    return graph.node(
        "Unsqueeze", graph.node("Div", centred, graph.constant(np.array(SPREAD))), graph.integers(1)
    )


def _stage(graph: GraphBuilder, value: str, number: int, strides: tuple[int, int], weights: Weights) -> str:
    """A strided convolution and a residual block."""
    name = f"stages.{number}"
    value = conv_bn(
        graph, value, f"{name}.strided", f"{name}.strided_bn", weights, strides=list(strides), pads=[1] * 4
    )
    value = graph.node("Relu", value)
    inner = graph.node("Relu", conv_bn(graph, value, f"{name}.conv1", f"{name}.bn1", weights, pads=[1] * 4))
    inner = conv_bn(graph, inner, f"{name}.conv2", f"{name}.bn2", weights, pads=[1] * 4)
    return graph.node("Relu", graph.node("Add", value, inner))


def _statistics(graph: GraphBuilder, value: str) -> str:
    """Mean and standard deviation over time (Snyder et al. 2018, statistics pooling) of every channel at every frequency."""
    flat = graph.node("Reshape", value, graph.integers(0, -1, _frames()))
    mean = graph.node("ReduceMean", flat, axes=[2], keepdims=1)
    off = graph.node("Sub", flat, mean)
    variance = graph.node("ReduceMean", graph.node("Mul", off, off), axes=[2], keepdims=0)
    deviation = graph.node("Sqrt", graph.node("Add", variance, graph.constant(np.array(VARIANCE_FLOOR))))
    return graph.node("Concat", graph.node("Squeeze", mean, graph.integers(2)), deviation, axis=1)


def _frames() -> int:
    """Steps of time that the last stage leaves."""
    frames = (WINDOW - FFT) // HOP + 1
    for (_, stride), _ in STAGES:
        frames = (frames - 1) // stride + 1
    return frames


def _linear(graph: GraphBuilder, value: str, name: str, weights: Weights) -> str:
    product = graph.node("MatMul", value, graph.constant(weights[f"{name}.weight"].T))
    return graph.node("Add", product, graph.constant(weights[f"{name}.bias"]))
