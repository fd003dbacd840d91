"""The pitch tracker and what moves pitch, against voices whose pitch is known."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from biometrics.attacklab.speech.pitch import pitch_of
from biometrics.attacklab.speech.psola import repitched
from biometrics.attacklab.speech.waves import Floats
from biometrics.voice.features import Samples
from tests.biometrics.attacklab.speech.voices import vowel


@pytest.mark.parametrize("hz", [80.0, 120.0, 200.0, 330.0, 400.0])
def test_a_steady_vowels_pitch_is_found_within_half_a_percent(hz: float) -> None:
    pitch = pitch_of(vowel(hz))
    assert pitch.voiced.mean() > 0.95
    assert np.exp(pitch.log_mean) == pytest.approx(hz, rel=0.005)
    assert pitch.log_deviation < 0.05


def test_a_gliding_pitch_is_followed() -> None:
    glide = np.geomspace(100.0, 200.0, 32_000)
    pitch = pitch_of(vowel(glide))
    inner = slice(20, -20)
    expected = np.geomspace(100.0, 200.0, len(pitch.hz))[inner]
    assert np.abs(np.log(pitch.hz[inner] / expected)).max() < 0.03


def test_noise_and_silence_have_no_voice() -> None:
    noise = np.random.default_rng(0).standard_normal(32_000).astype(np.float32)
    assert pitch_of(noise * np.float32(0.1)).voiced.mean() < 0.05
    assert not pitch_of(np.zeros(16_000, np.float32)).voiced.any()


def _most_memory(seconds: int) -> int:
    tracemalloc.start()
    pitch_of(np.zeros(seconds * 16_000, np.float32))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_recording() -> None:
    """But for the recording itself: six times as long takes hardly more."""
    assert _most_memory(90) < 1.5 * _most_memory(15)


def test_where_blocks_meet_nothing_is_lost() -> None:
    pitch = pitch_of(vowel(120.0, 25.0))
    assert len(pitch.hz) == len(pitch.voiced) == 5001
    assert np.abs(pitch.hz[1980:2020] / 120.0 - 1).max() < 0.005


def moved_by(samples: Samples, ratio: float) -> Floats:
    pitch = pitch_of(samples)
    return repitched(samples, pitch, pitch.hz * ratio)


@pytest.mark.parametrize("ratio", [0.75, 0.8, 1.25, 1.5])
@pytest.mark.parametrize("hz", [110.0, 150.0, 220.0])
def test_a_pitch_is_moved_by_the_asked_ratio(hz: float, ratio: float) -> None:
    moved = moved_by(vowel(hz), ratio)
    assert np.exp(pitch_of(np.asarray(moved, np.float32)).log_mean) == pytest.approx(hz * ratio, rel=0.02)
    assert len(moved) == 32_000


def test_moving_the_pitch_leaves_the_resonances() -> None:
    before, after = vowel(120.0), moved_by(vowel(120.0), 1.25)
    assert _first_resonance(after) == pytest.approx(_first_resonance(before), rel=0.12)


def _first_resonance(samples: Samples | Floats) -> float:
    """Centre of gravity of the power between 400 and 1000 Hz."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / 16_000)
    near = (hz > 400) & (hz < 1000)
    return float(np.average(hz[near], weights=power[near]))
