"""Batch normalisation at inference, folded into what it follows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from models.build.checkpoint import Array
from models.build.graph import GraphBuilder

_EPSILON = 1e-5

Weights = Mapping[str, Array]


def scale_shift(weights: Weights, norm: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The normalisation as ``scale * x + shift`` per channel."""
    mean = weights[f"{norm}.running_mean"].astype(np.float64)
    deviation = np.sqrt(weights[f"{norm}.running_var"].astype(np.float64) + _EPSILON)
    gain = weights[f"{norm}.weight"].astype(np.float64) if f"{norm}.weight" in weights else np.ones_like(mean)
    offset = weights[f"{norm}.bias"].astype(np.float64) if f"{norm}.bias" in weights else np.zeros_like(mean)
    return gain / deviation, offset - mean * gain / deviation


def conv_bn(
    graph: GraphBuilder, value: str, conv: str, norm: str, weights: Weights, **attributes: list[int] | int
) -> str:
    """Add a bias-free convolution and the normalisation after it, as one convolution."""
    kernel = weights[f"{conv}.weight"].astype(np.float64)
    scale, shift = scale_shift(weights, norm)
    folded = kernel * scale.reshape(-1, *[1] * (kernel.ndim - 1))
    return graph.node("Conv", value, graph.constant(folded), graph.constant(shift), **attributes)
