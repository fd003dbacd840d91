"""AASIST-L in torch: spectro-temporal graph attention on raw waveforms (Jung et al. 2022, arXiv:2110.01200).

Written anew after clovaai/aasist (Copyright 2021-present NAVER Corp., MIT) at a04c9863, so that its checkpoints load. The
first batch normalisation of its residual blocks has no effect there (its output is overwritten) and is left out here.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from models.build.aasist import FILTERS, GRAPH, POOLED, TEMPERATURES, sinc_filters

TRUNK_BLOCKS = 3
"""Residual blocks that belong to the part whose outputs are kept during training: nine tenths of the work."""


class Residual(nn.Module):
    """One convolutional block; time is divided by three."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels_out, (2, 3), padding=(1, 1))
        self.bn2 = nn.BatchNorm2d(channels_out)
        self.conv2 = nn.Conv2d(channels_out, channels_out, (2, 3), padding=(0, 1))
        if channels_in != channels_out:
            self.conv_downsample = nn.Conv2d(channels_in, channels_out, (1, 3), padding=(0, 1))

    def forward(self, value: Tensor) -> Tensor:
        """(N, C, F, T) to (N, C', F, T / 3)."""
        inner = self.conv2(nn.functional.selu(self.bn2(self.conv1(value))))
        if hasattr(self, "conv_downsample"):
            value = self.conv_downsample(value)
        return nn.functional.max_pool2d(inner + value, (1, 3))


class Attention(nn.Module):
    """Graph attention over nodes of one kind."""

    def __init__(self, width_in: int, width: int, temperature: float) -> None:
        super().__init__()
        self.att_proj = nn.Linear(width_in, width)
        self.att_weight = nn.Parameter(torch.zeros(width, 1))
        self.proj_with_att = nn.Linear(width_in, width)
        self.proj_without_att = nn.Linear(width_in, width)
        self.bn = nn.BatchNorm1d(width)
        self.input_drop = nn.Dropout(0.2)
        self._temperature = temperature

    def forward(self, nodes: Tensor) -> Tensor:
        """(N, nodes, width in) to (N, nodes, width)."""
        nodes = self.input_drop(nodes)
        pairs = torch.tanh(self.att_proj(nodes.unsqueeze(2) * nodes.unsqueeze(1)))
        weight = torch.softmax((pairs @ self.att_weight).squeeze(-1) / self._temperature, dim=2)
        out = self.proj_with_att(weight @ nodes) + self.proj_without_att(nodes)
        return nn.functional.selu(self.bn(out.transpose(1, 2)).transpose(1, 2))


class MixedAttention(nn.Module):
    """Graph attention over temporal and spectral nodes together, and a master node that listens to both."""

    def __init__(self, width_in: int, width: int, temperature: float) -> None:
        super().__init__()
        self.proj_type1 = nn.Linear(width_in, width_in)
        self.proj_type2 = nn.Linear(width_in, width_in)
        self.att_proj = nn.Linear(width_in, width)
        self.att_projM = nn.Linear(width_in, width)
        for name in ("11", "22", "12", "M"):
            setattr(self, f"att_weight{name}", nn.Parameter(torch.zeros(width, 1)))
        self.proj_with_att = nn.Linear(width_in, width)
        self.proj_without_att = nn.Linear(width_in, width)
        self.proj_with_attM = nn.Linear(width_in, width)
        self.proj_without_attM = nn.Linear(width_in, width)
        self.bn = nn.BatchNorm1d(width)
        self.input_drop = nn.Dropout(0.2)
        self._temperature = temperature

    def forward(self, first: Tensor, second: Tensor, master: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, a, w), (N, b, w), (N or 1, 1, w) to the same with the new width."""
        count = first.size(1)
        nodes = torch.cat([self.proj_type1(first), self.proj_type2(second)], dim=1)
        nodes = self.input_drop(nodes)
        heard = torch.tanh(self.att_projM(nodes * master)) @ self.att_weightM / self._temperature
        told = torch.softmax(heard, dim=1).transpose(1, 2) @ nodes
        master = self.proj_with_attM(told) + self.proj_without_attM(master)
        out = self.proj_with_att(self._weight(nodes, count) @ nodes) + self.proj_without_att(nodes)
        out = nn.functional.selu(self.bn(out.transpose(1, 2)).transpose(1, 2))
        return out[:, :count], out[:, count:], master

    def _weight(self, nodes: Tensor, count: int) -> Tensor:
        pairs = torch.tanh(self.att_proj(nodes.unsqueeze(2) * nodes.unsqueeze(1)))
        is_first = torch.arange(nodes.size(1)) < count
        both, neither = is_first[:, None] & is_first[None], ~(is_first[:, None] | is_first[None])
        board = (pairs @ self.att_weight12).squeeze(-1)
        board = torch.where(both, (pairs @ self.att_weight11).squeeze(-1), board)
        board = torch.where(neither, (pairs @ self.att_weight22).squeeze(-1), board)
        return torch.softmax(board / self._temperature, dim=2)


class Pool(nn.Module):
    """Keeps the share of nodes that matter most."""

    def __init__(self, share: float, width: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, 1)
        self.drop = nn.Dropout(0.3)
        self._share = share

    def forward(self, nodes: Tensor) -> Tensor:
        """(N, nodes, width) to (N, fewer, width)."""
        scores = torch.sigmoid(self.proj(self.drop(nodes)))
        kept = scores.topk(max(int(nodes.size(1) * self._share), 1), dim=1).indices
        return torch.gather(nodes * scores, 1, kept.expand(-1, -1, nodes.size(2)))


class Aasist(nn.Module):
    """AASIST-L. ``trunk`` and ``head`` follow each other."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("filters", torch.from_numpy(sinc_filters()), persistent=False)
        self.first_bn = nn.BatchNorm2d(1)
        widths = [1, *FILTERS]
        self.encoder = nn.Sequential(*(nn.Sequential(Residual(a, b)) for a, b in pairwise(widths)))
        inner, outer = GRAPH
        self.pos_S = nn.Parameter(torch.zeros(1, 23, FILTERS[-1]))
        self.master1 = nn.Parameter(torch.zeros(1, 1, inner))
        self.master2 = nn.Parameter(torch.zeros(1, 1, inner))
        self.GAT_layer_S = Attention(FILTERS[-1], inner, TEMPERATURES[0])
        self.GAT_layer_T = Attention(FILTERS[-1], inner, TEMPERATURES[1])
        for branch in ("1", "2"):
            setattr(self, f"HtrgGAT_layer_ST{branch}1", MixedAttention(inner, outer, TEMPERATURES[2]))
            setattr(self, f"HtrgGAT_layer_ST{branch}2", MixedAttention(outer, outer, TEMPERATURES[2]))
            setattr(self, f"pool_hS{branch}", Pool(POOLED[2], outer))
            setattr(self, f"pool_hT{branch}", Pool(POOLED[2], outer))
        self.pool_S, self.pool_T = Pool(POOLED[0], inner), Pool(POOLED[1], inner)
        self.drop, self.drop_way = nn.Dropout(0.5), nn.Dropout(0.2)
        self.out_layer = nn.Linear(5 * outer, 2)

    def forward(self, waves: Tensor) -> Tensor:
        """Samples (N, n) to logits (N, 2); index 1 is bona fide."""
        return self.head(self.trunk(waves))

    def trunk(self, waves: Tensor) -> Tensor:
        """Samples (N, n) to (N, 24, 23, n / 81 or so)."""
        bands = nn.functional.conv1d(waves.unsqueeze(1), self.filters).unsqueeze(1)
        value = nn.functional.selu(self.first_bn(nn.functional.max_pool2d(bands.abs(), (3, 3))))
        return self.encoder[:TRUNK_BLOCKS](value)

    def head(self, kept: Tensor) -> Tensor:
        """What ``trunk`` gave to logits (N, 2)."""
        value = self.encoder[TRUNK_BLOCKS:](kept).abs()
        spectral = self.pool_S(self.GAT_layer_S(value.amax(dim=3).transpose(1, 2) + self.pos_S))
        temporal = self.pool_T(self.GAT_layer_T(value.amax(dim=2).transpose(1, 2)))
        branches = [self._branch(number, temporal, spectral) for number in ("1", "2")]
        t, s, m = (torch.maximum(*map(self.drop_way, pair)) for pair in zip(*branches, strict=True))
        told = [t.abs().amax(dim=1), t.mean(dim=1), s.abs().amax(dim=1), s.mean(dim=1), m.squeeze(1)]
        return self.out_layer(self.drop(torch.cat(told, dim=1)))

    def _branch(self, number: str, temporal: Tensor, spectral: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        first, second = (getattr(self, f"HtrgGAT_layer_ST{number}{layer}") for layer in "12")
        t, s, master = first(temporal, spectral, getattr(self, f"master{number}"))
        t, s = getattr(self, f"pool_hT{number}")(t), getattr(self, f"pool_hS{number}")(s)
        more_t, more_s, more_master = second(t, s, master)
        return t + more_t, s + more_s, master + more_master


def load(state: Mapping[str, np.ndarray]) -> Aasist:
    """The network with a checkpoint's weights."""
    network = Aasist()
    unused = [name for name in state if name.startswith("encoder.") and ".bn1." in name]
    network.load_state_dict(
        {name: torch.as_tensor(np.array(value)) for name, value in state.items() if name not in unused}
    )
    return network.eval()
