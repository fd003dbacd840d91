"""The network of `models.build.spectral` in torch: a small residual network over the spectrogram of speech."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from biometrics.training.voice_pad.ship import COUNTER
from models.build.spectral import BINS, CLASSES, FFT, FLOOR, HOP, SPREAD, STAGES, VARIANCE_FLOOR

NARROW: Final = 24
HIDDEN: Final = 48
LEFT_OUT: Final = 0.3
"""Share of the statistics that is left out at random in training (Srivastava et al. 2014)."""


def spectrogram(waves: Tensor) -> Tensor:
    """(N, n) 16 kHz speech to log power (N, 257, frames)."""
    window = torch.hann_window(FFT)
    spectrum = torch.stft(waves, FFT, HOP, FFT, window, center=False, return_complex=True)
    return torch.log(spectrum.abs() ** 2 + FLOOR)


class Stage(nn.Module):
    """A strided convolution and a residual block (He et al. 2016)."""

    def __init__(self, channels_in: int, channels: int, strides: tuple[int, int]) -> None:
        super().__init__()
        self.strided = nn.Conv2d(channels_in, channels, 3, stride=strides, padding=1, bias=False)
        self.strided_bn = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, value: Tensor) -> Tensor:
        """(N, C, frequencies, frames) to (N, C', fewer, fewer)."""
        value = torch.relu(self.strided_bn(self.strided(value)))
        inner = torch.relu(self.bn1(self.conv1(value)))
        return torch.relu(value + self.bn2(self.conv2(inner)))


class Network(nn.Module):
    """Log power (N, 257, frames) to logits (N, 2); index 1 = bona fide."""

    def __init__(self) -> None:
        super().__init__()
        widths = [1, *(channels for _, channels in STAGES)]
        self.stages = nn.ModuleList(
            Stage(before, channels, strides)
            for before, (strides, channels) in zip(widths, STAGES, strict=False)
        )
        self.narrow = nn.Conv2d(widths[-1], NARROW, 1, bias=False)
        self.narrow_bn = nn.BatchNorm2d(NARROW)
        rows = BINS
        for (stride, _), _ in STAGES:
            rows = (rows - 1) // stride + 1
        self.hidden = nn.Linear(2 * NARROW * rows, HIDDEN)
        self.out = nn.Linear(HIDDEN, CLASSES)
        self.dropout = nn.Dropout(LEFT_OUT)

    def forward(self, log_power: Tensor) -> Tensor:
        """The mean of each frequency is taken off here."""
        value = ((log_power - log_power.mean(2, keepdim=True)) / SPREAD).unsqueeze(1)
        for stage in self.stages:
            value = stage(value)
        value = torch.relu(self.narrow_bn(self.narrow(value))).flatten(1, 2)
        spread = torch.sqrt(value.var(2, unbiased=False) + VARIANCE_FLOOR)
        told = self.dropout(torch.cat([value.mean(2), spread], 1))
        logits: Tensor = self.out(self.dropout(torch.relu(self.hidden(told))))
        return logits


def restored(state: Mapping[str, NDArray[Any]]) -> Network:
    """A network with the weights of a checkpoint. Raises ValueError for the checkpoint of another."""
    network = Network()
    tensors = {name: torch.from_numpy(np.array(value)) for name, value in state.items()}
    lacking, strange = network.load_state_dict(tensors, strict=False)
    wrong = [name for name in lacking if not name.endswith(COUNTER)] + list(strange)
    if wrong:
        raise ValueError(f"the checkpoint is not of this network: {wrong[0]} is missing or too much")
    return network
