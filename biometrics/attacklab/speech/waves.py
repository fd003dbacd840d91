"""Short-time spectra that can be turned back into sound, and levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

Floats = NDArray[np.float64]
Spectra = NDArray[np.complex128]
"""(frames, bins)."""
PEAK: Final = 0.98
_ACTIVE: Final = 1e-3
_FRAME: Final = 512


@dataclass(frozen=True, slots=True)
class Grid:
    """Windows of ``size`` samples (Hann, periodic) every ``hop``, which is a quarter of that or less."""

    size: int = 1024
    hop: int = 256

    def __post_init__(self) -> None:
        if not 0 < 4 * self.hop <= self.size:
            raise ValueError(f"windows overlap by three quarters or more, got {self.size} every {self.hop}")

    @property
    def window(self) -> Floats:
        return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self.size) / self.size))

    @property
    def hz(self) -> Floats:
        """(bins,) centres."""
        return np.asarray(np.fft.rfftfreq(self.size, 1 / SAMPLE_RATE_HZ))


def cut(samples: NDArray[np.floating], size: int, hop: int) -> Floats:
    """Frames (f, size) about 0, hop, 2 hop ... of samples (n,), zeros beyond both ends; f = 1 + ceil(n / hop)."""
    return framed(samples, size, hop).copy()


def framed(samples: NDArray[np.floating], size: int, hop: int) -> Floats:
    """What `cut` copies, as a read-only view: frames that overlap take many times the memory of their samples."""
    count = 1 + -(-len(samples) // hop)
    padded = np.zeros((count - 1) * hop + size)
    padded[size // 2 : size // 2 + len(samples)] = samples
    return np.lib.stride_tricks.sliding_window_view(padded, size)[::hop][:count]


def laid(frames: Floats, hop: int, length: int) -> Floats:
    """Frames added up where `cut` took them from, (length,)."""
    size = frames.shape[1]
    total = np.zeros((len(frames) - 1) * hop + size)
    for index, frame in enumerate(frames):
        total[index * hop : index * hop + size] += frame
    return total[size // 2 : size // 2 + length]


def spectra(samples: NDArray[np.floating], grid: Grid) -> Spectra:
    """Short-time Fourier transform (frames, bins)."""
    return np.asarray(np.fft.rfft(cut(samples, grid.size, grid.hop) * grid.window, axis=1))


def sound(made: Spectra, grid: Grid, length: int) -> Floats:
    """The sound (length,) whose spectra are nearest, least squares (Griffin & Lim 1984)."""
    frames = np.fft.irfft(made, grid.size, axis=1) * grid.window
    weight = laid(np.broadcast_to(grid.window**2, frames.shape), grid.hop, length)
    return laid(frames, grid.hop, length) / np.maximum(weight, 1e-8)


def active_rms(samples: NDArray[np.floating]) -> float:
    """Root mean square over the frames of 32 ms within 30 dB of the loudest; 0 for silence, and for less than a frame."""
    frames = np.asarray(samples[: len(samples) // _FRAME * _FRAME], np.float64).reshape(-1, _FRAME)
    powers = np.mean(frames**2, axis=1) if len(frames) else np.zeros(1)
    active = powers[powers > powers.max() * _ACTIVE]
    return float(np.sqrt(active.mean())) if len(active) else 0.0


def as_loud(made: NDArray[np.floating], model: NDArray[np.floating]) -> Samples:
    """``made`` at the level of ``model``, so that loudness tells nothing."""
    return at_level(made, active_rms(model))


def at_level(made: NDArray[np.floating], rms: float) -> Samples:
    """``made`` with an active level of ``rms``, quieter where it would leave -1..1; silence stays silent."""
    own = active_rms(made)
    scaled = np.asarray(made, np.float64) * (rms / own if own > 0.0 else 0.0)
    peak = float(np.abs(scaled).max()) if len(scaled) else 0.0
    return np.asarray(scaled * (min(1.0, PEAK / peak) if peak > 0.0 else 1.0), np.float32)
