"""The pitch: against the paper's equations written out, against librosa, and on sounds whose pitch is known."""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.evaluation.audio import read_audio
from biometrics.views import SpeechView
from biometrics.voice.envelope import STEP
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.prosody import (
    FRAME,
    HIGH_HZ,
    LOW_HZ,
    TROUGH,
    VOICED,
    WINDOW,
    pitch_hz,
    spoken_pitch,
)
from fraudmodel.signals import Span

HOP = 8192


def voice(hz: NDArray[np.float64] | float, seconds: float = 1.0, noise: float = 0.0) -> Samples:
    """Harmonics up to 3 kHz that fall off as those of a voice, of a steady or of a changing pitch."""
    count = round(seconds * SAMPLE_RATE_HZ)
    phase = 2.0 * np.pi * np.cumsum(np.broadcast_to(hz, count)) / SAMPLE_RATE_HZ
    parts = int(3000.0 / np.max(hz))
    tone = sum(np.sin(k * phase) / k for k in range(1, parts + 1))
    hiss = np.random.default_rng(2).normal(0.0, noise, count)
    return (0.1 * np.asarray(tone) + hiss).astype(np.float32)


def by_hand(frame: NDArray[np.float64]) -> float:
    """Steps 2 to 5 of de Cheveigne & Kawahara 2002, one lag at a time."""
    longest = FRAME - WINDOW - 1
    d = [float(np.sum((frame[:WINDOW] - frame[lag : lag + WINDOW]) ** 2)) for lag in range(longest + 1)]
    normal = [1.0] + [d[lag] * lag / max(sum(d[1 : lag + 1]), 1e-12) for lag in range(1, longest + 1)]
    lags = range(int(SAMPLE_RATE_HZ / HIGH_HZ), longest)
    dips = [
        lag for lag in lags[1:-1] if normal[lag] < TROUGH and normal[lag - 1] > normal[lag] <= normal[lag + 1]
    ]
    lag = dips[0] if dips else min(lags, key=lambda each: normal[each])
    if normal[lag] >= VOICED or lag in (lags[0],):
        return np.nan
    before, here, after = normal[lag - 1 : lag + 2]
    bend = before - 2.0 * here + after
    return SAMPLE_RATE_HZ / (lag + (0.5 * (before - after) / bend if bend > 1e-12 else 0.0))


def cents(found: NDArray[np.float64], expected: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(1200.0 * np.abs(np.log2(found / expected)))


def test_it_is_the_papers_equations() -> None:
    sweep = voice(np.geomspace(90.0, 300.0, SAMPLE_RATE_HZ // 2), 0.5, noise=0.01)
    found = pitch_hz(sweep)
    frames = [sweep[k * STEP : k * STEP + FRAME].astype(np.float64) for k in range(len(found))]
    np.testing.assert_allclose(found, [by_hand(frame) for frame in frames], rtol=1e-6)
    assert (~np.isnan(found)).mean() > 0.9


@settings(max_examples=30, deadline=None)
@given(st.floats(75.0, 400.0), st.floats(0.0, 0.01))
def test_a_steady_voice_has_the_pitch_that_it_has(hz: float, noise: float) -> None:
    found = pitch_hz(voice(hz, 0.4, noise))
    assert np.nanmax(cents(found, hz)) < 20.0


def test_librosa_hears_the_same() -> None:
    swing = np.sin(np.pi * np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ)
    glide = voice(120.0 * 2.0 ** (0.25 * swing), 2.0)
    own = pitch_hz(glide)
    theirs = librosa.yin(
        glide, fmin=LOW_HZ, fmax=HIGH_HZ, sr=SAMPLE_RATE_HZ, frame_length=1024, hop_length=STEP,
        trough_threshold=TROUGH, center=False,
    )  # fmt: skip
    count = min(len(own), len(theirs))
    # Its window is longer than ours, so that the middle of what it looks at lies 0.006 s later.
    assert np.percentile(cents(own[:count], theirs[:count]), 95) < 20.0


@pytest.mark.shared
def test_on_real_speech_librosa_hears_the_same(shared: Path) -> None:
    file = sorted((shared / "data" / "speech" / "librispeech_test_other" / "1688").glob("*.flac"))[0]
    speech = read_audio(file)[: 6 * SAMPLE_RATE_HZ]
    own = pitch_hz(speech)
    theirs = librosa.yin(
        speech, fmin=LOW_HZ, fmax=HIGH_HZ, sr=SAMPLE_RATE_HZ, frame_length=1024, hop_length=STEP,
        trough_threshold=TROUGH, center=False,
    )  # fmt: skip
    count = min(len(own), len(theirs))
    voiced = ~np.isnan(own[:count])
    apart = cents(own[:count][voiced], theirs[:count][voiced])
    assert np.median(apart) < 25.0
    assert np.mean(apart > 300.0) < 0.05


def test_noise_silence_and_scraps_have_no_pitch() -> None:
    rng = np.random.default_rng(1)
    noise = rng.normal(0.0, 0.1, SAMPLE_RATE_HZ).astype(np.float32)
    assert np.isnan(pitch_hz(noise)).mean() > 0.97
    assert np.isnan(pitch_hz(np.zeros(HOP, np.float32))).all()
    assert pitch_hz(np.zeros(FRAME - 1, np.float32)).shape == (0,)


@given(st.floats(1e-2, 5.0))
def test_how_loud_it_is_does_not_matter(gain: float) -> None:
    samples = voice(150.0, 0.2)
    np.testing.assert_allclose(pitch_hz((gain * samples).astype(np.float32)), pitch_hz(samples), rtol=1e-3)


def a_view(samples: Samples, speech: list[float]) -> SpeechView:
    span = Span(2.0, 2.0 + len(samples) / SAMPLE_RATE_HZ)
    return SpeechView(span, samples, np.array(speech, np.float32), 0.0)


def test_only_what_was_spoken_is_told() -> None:
    fact = spoken_pitch(a_view(voice(150.0, HOP / SAMPLE_RATE_HZ), [0.9] * 8 + [0.1] * 8))
    assert (fact.t, fact.topic) == (pytest.approx(2.512), "prosody")
    f0_hz = fact.values["f0_hz"]
    at = [fact.values["first_s"] + k * fact.values["step_s"] for k in range(len(f0_hz))]
    assert all((hz is not None) == (t < 2.256) for t, hz in zip(at, f0_hz, strict=True))
    assert all(abs(hz - 150.0) < 1.0 for hz in f0_hz if hz is not None)


@pytest.mark.parametrize("count", [0, 512, 1024, HOP])
def test_short_and_silent_hops_are_borne(count: int) -> None:
    fact = spoken_pitch(a_view(np.zeros(count, np.float32), [0.0] * (count // 512)))
    assert all(hz is None for hz in fact.values["f0_hz"])
    loud = spoken_pitch(a_view(np.zeros(count, np.float32), [1.0] * (count // 512)))
    assert loud.values == fact.values
