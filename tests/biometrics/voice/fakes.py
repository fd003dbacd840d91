"""Hand-written models and voices: what they say can be worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biometrics.voice.features import SAMPLE_RATE_HZ
from models.errors import ModelNotInstalled
from models.hub import Model, ModelId, Rows

RNG_SEED = 7


@dataclass
class LoudIsSpeech:
    """Speaks of speech wherever the frame's mean square is above 1e-4. Its state counts the frames it heard."""

    rows: list[NDArray[np.float32]] = field(default_factory=list)
    states: list[float] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        return ModelId("silero_vad", "fake", "f" * 64, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        row, state = inputs
        if row.shape != (1, 576) or state.shape != (1, 2, 128):
            raise ValueError(f"shapes {row.shape} and {state.shape}")
        self.rows.append(row[0].copy())
        self.states.append(float(state[0, 0, 0]))
        loud = float(np.mean(np.square(row[0, 64:])) > 1e-4)
        return np.array([[loud]], dtype=np.float32), (state + 1).astype(np.float32)


@dataclass
class ShapeOfSpectrum:
    """A voiceprint of 80: how much each filterbank bin moves. Different synthetic voices move different bins."""

    calls: int = 0
    sha256: str = "a" * 64

    @property
    def id(self) -> ModelId:
        return ModelId("campplus", "fake", self.sha256, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        self.calls += 1
        (fbank,) = inputs
        return (np.asarray(fbank.std(axis=1) ** 4, dtype=np.float32),)


@dataclass
class FakeHub:
    """Both voice models, by their manifest names."""

    activity: LoudIsSpeech = field(default_factory=LoudIsSpeech)
    encoder: ShapeOfSpectrum = field(default_factory=ShapeOfSpectrum)

    def get(self, name: str) -> Model:
        """The model of that name."""
        models: dict[str, Model] = {"silero_vad": self.activity, "campplus": self.encoder}
        if name not in models:
            raise ModelNotInstalled(f"{name} is not installed")
        return models[name]

    def file(self, name: str) -> Path:
        """No files here."""
        raise ModelNotInstalled(f"{name} is not installed")


def voice(seconds: float, low_hz: float, high_hz: float, seed: int = RNG_SEED) -> NDArray[np.float32]:
    """A synthetic voice (n,): four syllables of noise a second; one band of it is heard in every other syllable only.

    Two voices with different bands are different people to `ShapeOfSpectrum`.
    """
    count = round(seconds * SAMPLE_RATE_HZ)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ)
    band = (frequency >= low_hz) & (frequency < high_hz)
    t = np.arange(count) / SAMPLE_RATE_HZ
    syllables = np.clip(3 + 4 * np.sin(2 * np.pi * 4 * t), 0, 1)
    inside = np.fft.irfft(np.where(band, spectrum, 0), count) * (np.floor(4 * t) % 2)
    outside = np.fft.irfft(np.where(band, 0, spectrum), count)
    return np.asarray(syllables * (0.2 * inside + 0.05 * outside), dtype=np.float32) + hush(seconds, seed)


def hush(seconds: float, seed: int = RNG_SEED) -> NDArray[np.float32]:
    """Background (n,) some 60 dB below full scale."""
    count = round(seconds * SAMPLE_RATE_HZ)
    return np.asarray(1e-3 * np.random.default_rng(seed).standard_normal(count), dtype=np.float32)


def low_voice(seconds: float, seed: int = RNG_SEED) -> NDArray[np.float32]:
    """One speaker."""
    return voice(seconds, 200, 1000, seed)


def high_voice(seconds: float, seed: int = RNG_SEED) -> NDArray[np.float32]:
    """Another speaker."""
    return voice(seconds, 3000, 5000, seed)
