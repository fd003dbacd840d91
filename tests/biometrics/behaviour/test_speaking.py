"""How an answer was spoken: known answers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.behaviour import speaking
from biometrics.behaviour.speaking import Heard
from biometrics.behaviour.syllables import nuclei
from biometrics.voice.envelope import levels_db
from fraudmodel.signals import Span


def sound(seconds: float, speaks: Callable[[float], bool], syllables_hz: float = 4.0) -> Heard:
    """Speech that is as loud as a voice with so many syllables a second."""
    at = np.arange(0.0, seconds, 0.032)
    steps = np.arange(0.0, seconds, 0.016)
    level = np.where(
        [speaks(t) for t in steps], -40.0 + 10.0 * np.sin(2 * np.pi * syllables_hz * steps), -80.0
    )
    speech = np.array([0.95 if speaks(t) else 0.02 for t in at])
    return Heard(at, speech, steps, np.repeat(level[:, np.newaxis], 6, axis=1), 0.016, np.zeros(0))


def test_words_are_what_stands_between_pauses_and_clicks_are_none() -> None:
    heard = sound(10.0, lambda t: 1.0 <= t < 2.0 or 2.1 <= t < 3.0 or 5.0 <= t < 5.05 or 6.0 <= t < 8.0)
    first, second = speaking.words(heard)
    assert (first.start, first.end) == (pytest.approx(1.0, abs=0.04), pytest.approx(3.0, abs=0.04))
    assert (second.start, second.end) == (pytest.approx(6.0, abs=0.04), pytest.approx(8.0, abs=0.04))


def test_the_latency_runs_to_the_first_word() -> None:
    spoken = (Span(0.5, 1.5), Span(3.2, 5.0))
    assert speaking.latency_s(spoken, 2.0) == pytest.approx(1.2)
    assert speaking.latency_s(spoken, 1.0) is None
    assert speaking.latency_s(spoken, 6.0) is None


def test_the_pause_ratio_counts_silence_between_words_only() -> None:
    heard = sound(20.0, lambda t: 4.0 <= t < 8.0 or 10.0 <= t < 14.0)
    assert speaking.pause_ratio(speaking.words(heard), heard) == pytest.approx(0.2, abs=0.01)
    short = sound(5.0, lambda t: 1.0 <= t < 1.5)
    assert speaking.pause_ratio(speaking.words(short), short) is None


@pytest.mark.parametrize("syllables_hz", [2.0, 4.0, 6.0])
def test_syllables_are_counted_for_each_second_of_speech(syllables_hz: float) -> None:
    heard = sound(30.0, lambda t: t % 5.0 > 1.0, syllables_hz)
    assert speaking.syllables_per_s(heard) == pytest.approx(syllables_hz, rel=0.12)


def test_too_little_speech_has_no_pace() -> None:
    assert speaking.syllables_per_s(sound(5.0, lambda t: t < 0.6)) is None


def test_bursts_of_a_vowel_are_counted_in_sound() -> None:
    """From samples on: a 120 Hz voice that swells 3 times a second, over noise."""
    t = np.arange(0.0, 10.0, 1 / 16_000)
    voice = sum(np.sin(2 * np.pi * 120.0 * k * t) / k for k in range(1, 25))
    loud = np.square(np.sin(np.pi * 3.0 * t))
    noise = np.random.default_rng(3).normal(0.0, 1e-3, len(t))
    levels = levels_db((0.05 * voice * loud + noise).astype(np.float32))
    assert nuclei(levels, np.ones(len(levels), np.bool_), 0.016) == pytest.approx(30, abs=1)
    hiss = levels_db(np.random.default_rng(4).normal(0.0, 1e-5, 160_000).astype(np.float32))
    assert nuclei(hiss, np.zeros(len(hiss), np.bool_), 0.016) == 0


@given(st.floats(80.0, 300.0), st.floats(0.5, 4.0))
def test_the_pitch_deviation_is_in_semitones_whatever_the_voice(middle_hz: float, sd_st: float) -> None:
    f0_hz = middle_hz * 2.0 ** (np.random.default_rng(5).normal(0.0, sd_st, 4000) / 12.0)
    found = speaking.pitch_sd_st(f0_hz)
    assert found == pytest.approx(sd_st, rel=0.06)
    wrong = f0_hz.copy()
    wrong[:200] /= 2.0
    assert speaking.pitch_sd_st(wrong) == pytest.approx(sd_st, rel=0.35)


def test_little_voice_has_no_pitch() -> None:
    assert speaking.pitch_sd_st(np.full(10, 120.0)) is None
