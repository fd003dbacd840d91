"""Varying people's movements while learning from them: the other side, another place, size, strength, zero level, noise."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from biometrics.micro.maps import SIZE
from biometrics.training.micro.network import mirrored

_SHIFT_PX, _STRETCH, _TILT = 0.5, 0.03, 0.03
_GAIN, _CHANNEL_GAIN = 0.3, 0.15
_ZERO, _NOISE, _NOISE_CELLS = 0.05, 0.05, 14
_STRAIN: Final = 2


def varied(maps: Tensor, drawn: torch.Generator) -> Tensor:
    """Other maps (n, 3, 28, 28) of the same movements."""
    turned = torch.rand(len(maps), generator=drawn) < 0.5
    shown = torch.where(turned.view(-1, 1, 1, 1), mirrored(maps), maps)
    shown = _moved(shown, drawn)
    gain = _even(drawn, len(maps), 1) * _GAIN + _even(drawn, len(maps), maps.shape[1]) * _CHANNEL_GAIN
    zero = _ZERO * torch.randn(len(maps), maps.shape[1], generator=drawn)
    zero[:, _STRAIN] = 0.0
    coarse = torch.randn(len(maps), maps.shape[1], _NOISE_CELLS, _NOISE_CELLS, generator=drawn)
    noise = functional.interpolate(coarse, size=SIZE, mode="bilinear", align_corners=False)
    return shown * torch.exp(gain)[:, :, None, None] + zero[:, :, None, None] + _NOISE * noise


def _moved(maps: Tensor, drawn: torch.Generator) -> Tensor:
    """Shifted, stretched and tilted a little."""
    count = len(maps)
    shift = _even(drawn, count, 2) * (2.0 * _SHIFT_PX / SIZE)
    size, tilt = 1.0 + _even(drawn, count, 2) * _STRETCH, _even(drawn, count, 1)[:, 0] * _TILT
    rows = (size[:, 0] * torch.cos(tilt), -torch.sin(tilt), torch.sin(tilt), size[:, 1] * torch.cos(tilt))
    turn = torch.stack(rows, 1).view(count, 2, 2)
    grid = functional.affine_grid(
        torch.cat([turn, shift[:, :, None]], 2), list(maps.shape), align_corners=False
    )
    return functional.grid_sample(maps, grid, padding_mode="border", align_corners=False)


def _even(drawn: torch.Generator, *shape: int) -> Tensor:
    """Even numbers between -1 and 1."""
    return torch.rand(*shape, generator=drawn) * 2.0 - 1.0
