"""The second encoder's filterbank against SpeechBrain's own (1.1.2, ``Fbank(n_mels=80)``, then its sentence norm)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.voice.ecapa import EcapaEncoder, log_filterbank
from models.hub import ModelId, Rows
from tests.models.noise import noise

GOLDEN = Path(__file__).parents[2] / "models" / "golden" / "ecapa.npz"


def sound() -> NDArray[np.float32]:
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(32_000) / 16_000)
    return np.asarray(0.1 * noise(32_000, seed=5) + tone, np.float32)


def test_it_is_speechbrains_filterbank() -> None:
    with np.load(GOLDEN) as golden:
        np.testing.assert_allclose(log_filterbank(sound())[::10], golden["fbank"], atol=1e-3)


@given(st.floats(0.01, 3.0))
def test_loudness_does_not_matter(gain: float) -> None:
    """The mean over time takes a constant level off; the floor lies 80 dB below the peak, wherever that is."""
    quiet = log_filterbank(np.asarray(gain * sound()[:8000], np.float32))
    np.testing.assert_allclose(quiet, log_filterbank(sound()[:8000]), atol=2e-3)


def test_less_than_a_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="25 ms"):
        log_filterbank(np.zeros(399, np.float32))


class Mean:
    """A network whose embedding is each bin's mean of squares."""

    id = ModelId("ecapa", "1", "0" * 64, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        return (np.asarray((inputs[0] ** 2).mean(axis=1), np.float32),)


def test_a_voiceprint_has_length_one_and_names_its_model() -> None:
    encoder = EcapaEncoder(Mean())
    assert np.linalg.norm(encoder.embed(sound())) == pytest.approx(1.0, abs=1e-6)
    assert encoder.model == "ecapa@00000000"
