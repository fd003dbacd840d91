from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.voice.features import FBANK_BINS, log_fbank, resample, rolloff_hz


def mel(frequency_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(frequency_hz / 700.0))


def reference_fbank(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Kaldi's filterbank, written down again from its documentation in plain numpy, mean not yet taken off."""
    size, shift, fft = 400, 160, 512
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / (size - 1))) ** 0.85
    edges = np.linspace(mel(np.array(20.0)), mel(np.array(8000.0)), FBANK_BINS + 2)
    bins = mel(np.arange(fft // 2) * 16_000 / fft)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    filters = np.maximum(0.0, np.minimum(rising, falling))
    rows = []
    for start in range(0, len(samples) - size + 1, shift):
        frame = samples[start : start + size].astype(np.float64)
        frame = frame - frame.mean()
        frame = np.concatenate([[frame[0] * (1 - 0.97)], frame[1:] - 0.97 * frame[:-1]])
        power = np.abs(np.fft.rfft(frame * window, fft)) ** 2
        rows.append(np.log(np.maximum(filters @ power[: fft // 2], 1.19209e-07)))
    return np.array(rows)


def noise(count: int, scale: float = 0.1) -> NDArray[np.float32]:
    return np.asarray(scale * np.random.default_rng(3).standard_normal(count), dtype=np.float32)


def test_fbank_equals_the_definition() -> None:
    samples = noise(16_000)
    expected = reference_fbank(samples)
    expected -= expected.mean(axis=0)
    actual = log_fbank(samples)
    assert actual.shape == (98, 80)
    assert np.abs(actual - expected).max() < 1e-3


def test_fbank_is_the_same_twice() -> None:
    samples = noise(8_000)
    assert np.array_equal(log_fbank(samples), log_fbank(samples))


@settings(max_examples=20, deadline=None)
@given(st.floats(0.25, 20.0))
def test_fbank_does_not_hear_loudness(gain: float) -> None:
    samples = noise(4_000)
    assert np.abs(log_fbank(samples) - log_fbank((gain * samples).astype(np.float32))).max() < 1e-2


def test_fbank_refuses_less_than_a_frame() -> None:
    assert log_fbank(noise(400)).shape == (1, 80)
    with pytest.raises(ValueError, match="400 samples"):
        log_fbank(noise(399))


@pytest.mark.parametrize("edge_hz", [1000.0, 2500.0, 3400.0, 6000.0])
def test_rolloff_finds_where_a_band_ends(edge_hz: float) -> None:
    samples = noise(48_000)
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / 16_000) > edge_hz] = 0
    band = np.fft.irfft(spectrum, len(samples)).astype(np.float32)
    assert rolloff_hz(band) == pytest.approx(edge_hz, abs=0.05 * edge_hz + 32)


def test_rolloff_of_silence_and_of_nothing_is_zero() -> None:
    assert rolloff_hz(np.zeros(16_000, dtype=np.float32)) == 0.0
    assert rolloff_hz(noise(100)) == 0.0


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_resampling_keeps_a_tone(rate: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype(np.float32)
    resampled = resample(tone, rate)
    expected = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    assert len(resampled) == 16_000
    assert np.abs(resampled[2_000:-2_000] - expected[2_000:-2_000]).max() < 1e-2


def test_resampling_removes_what_16_khz_cannot_hold() -> None:
    tone = np.sin(2 * np.pi * 11_000 * np.arange(48_000) / 48_000).astype(np.float32)
    assert np.abs(resample(tone, 48_000)[2_000:-2_000]).max() < 1e-2


def test_16_khz_passes_untouched() -> None:
    samples = noise(1_000)
    assert resample(samples, 16_000) is samples


@pytest.mark.parametrize(("module", "loaded"), [("features", False), ("preloaded", True)])
def test_only_a_process_that_forks_workers_loads_librosa_at_once(module: str, loaded: bool) -> None:
    code = f"import sys, biometrics.voice.{module}; print('librosa.core.spectrum' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(loaded)
