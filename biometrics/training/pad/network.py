"""MiniFASNet (Minivision, Silent-Face-Anti-Spoofing) for training, as functions of its checkpoint's tensors.

The same description as ``models.build.minifasnet``, with torch. Batch normalisation keeps its published statistics.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F

Tensor = Any
Weights = Mapping[str, Tensor]

STEM = ("conv1", "conv2_dw", "conv_23", "conv_3")
"""The layers that stay as published: edges and fine texture, at a half and a quarter of the crop's size."""
_STAGES = (("conv_34", "conv_4", 6), ("conv_45", "conv_5", 2))


def stem(weights: Weights, bgr: Tensor) -> Tensor:
    """(N, 64, 20, 20) of crops (N, 3, 80, 80) 0..255."""
    value = _conv_prelu(weights, "conv1", bgr, stride=2, padding=1)
    value = _depthwise(weights, "conv2_dw", value, stride=1)
    value = _bottleneck(weights, "conv_23", value, stride=2)
    return _stage(weights, "conv_3", value, 4)


def logits(weights: Weights, value: Tensor) -> Tensor:
    """(N, 3) from what `stem` gave; index 1 = bona fide."""
    for strided, stage, blocks in _STAGES:
        value = _bottleneck(weights, strided, value, stride=2)
        value = _stage(weights, stage, value, blocks)
    value = _conv_prelu(weights, "conv_6_sep", value)
    groups = weights["conv_6_dw.conv.weight"].shape[0]
    value = _norm(weights, "conv_6_dw.bn", F.conv2d(value, weights["conv_6_dw.conv.weight"], groups=groups))
    value = _norm(weights, "bn", F.linear(value.flatten(1), weights["linear.weight"]))
    return F.linear(value, weights["prob.weight"])


def live_log_odds(rows: Tensor) -> Tensor:
    """(N,) log-odds of bona fide from logits (N, 3)."""
    return rows[:, 1] - torch.logsumexp(rows[:, [0, 2]], dim=1)


def _stage(weights: Weights, name: str, value: Tensor, blocks: int) -> Tensor:
    for block in range(blocks):
        inner = _bottleneck(weights, f"{name}.model.{block}", value, stride=1)
        module = f"{name}.model.{block}.se_module"
        if f"{module}.fc1.weight" in weights:
            inner = inner * _excitation(weights, module, inner)
        value = value + inner
    return value


def _excitation(weights: Weights, name: str, value: Tensor) -> Tensor:
    value = value.mean(dim=(2, 3), keepdim=True)
    value = F.relu(_norm(weights, f"{name}.bn1", F.conv2d(value, weights[f"{name}.fc1.weight"])))
    return torch.sigmoid(_norm(weights, f"{name}.bn2", F.conv2d(value, weights[f"{name}.fc2.weight"])))


def _bottleneck(weights: Weights, name: str, value: Tensor, *, stride: int) -> Tensor:
    value = _conv_prelu(weights, f"{name}.conv", value)
    value = _depthwise(weights, f"{name}.conv_dw", value, stride=stride)
    return _norm(weights, f"{name}.project.bn", F.conv2d(value, weights[f"{name}.project.conv.weight"]))


def _depthwise(weights: Weights, name: str, value: Tensor, *, stride: int) -> Tensor:
    groups = weights[f"{name}.conv.weight"].shape[0]
    return _conv_prelu(weights, name, value, stride=stride, padding=1, groups=groups)


def _conv_prelu(
    weights: Weights, name: str, value: Tensor, *, stride: int = 1, padding: int = 0, groups: int = 1
) -> Tensor:
    value = F.conv2d(value, weights[f"{name}.conv.weight"], stride=stride, padding=padding, groups=groups)
    return F.prelu(_norm(weights, f"{name}.bn", value), weights[f"{name}.prelu.weight"])


def _norm(weights: Weights, name: str, value: Tensor) -> Tensor:
    mean, variance = weights[f"{name}.running_mean"], weights[f"{name}.running_var"]
    return F.batch_norm(value, mean, variance, weights.get(f"{name}.weight"), weights.get(f"{name}.bias"))
