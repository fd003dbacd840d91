"""How an answer was spoken: known answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.behaviour import speaking
from biometrics.behaviour.speaking import Heard
from biometrics.behaviour.syllables import nuclei
from biometrics.voice.envelope import levels_db


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
    assert [first.start, first.end] == pytest.approx([1.0, 3.0], abs=0.04)
    assert [second.start, second.end] == pytest.approx([6.0, 8.0], abs=0.04)


def lost(heard: Heard, *spans: tuple[float, float]) -> Heard:
    """The same without the sound of ``spans``."""
    arrived = [all(not start <= t < end for start, end in spans) for t in heard.at.tolist()]
    return replace(heard, at=heard.at[arrived], speech=heard.speech[arrived])


def test_the_latency_runs_to_the_first_word() -> None:
    heard = sound(8.0, lambda t: 0.5 <= t < 1.5 or 3.2 <= t < 5.0)
    assert speaking.latency_s(heard, 2.0) == pytest.approx(1.2, abs=0.04)
    assert speaking.latency_s(heard, 1.0) is None
    assert speaking.latency_s(heard, 6.0) is None


def test_an_answer_that_begins_within_articulation_of_the_mark_was_going_on_already() -> None:
    def heard(starts: float) -> Heard:
        return sound(6.0, lambda t: 1.0 <= t < 1.9 or starts <= t < 4.0)

    assert speaking.latency_s(heard(2.05), 2.0) is None
    assert speaking.latency_s(heard(2.3), 2.0) == pytest.approx(0.3, abs=0.04)


@pytest.mark.parametrize(
    ("gap", "known"),
    [
        ((2.4, 2.45), True),
        ((2.4, 2.6), False),
        ((1.9, 2.2), False),
        ((3.0, 3.2), False),
        ((1.0, 1.5), True),
        ((3.4, 4.4), True),
    ],
)
def test_where_a_word_may_have_been_lost_the_latency_is_not_known(
    gap: tuple[float, float], known: bool
) -> None:
    heard = lost(sound(8.0, lambda t: 3.2 <= t < 6.0), gap)
    assert (speaking.latency_s(heard, 2.0) is not None) is known


def test_a_word_at_the_mark_of_which_the_pause_before_was_lost_may_have_begun_earlier() -> None:
    heard = sound(6.0, lambda t: 2.05 <= t < 4.0)
    assert speaking.latency_s(heard, 2.0) == pytest.approx(0.05, abs=0.04)
    assert speaking.latency_s(lost(heard, (1.0, 1.95)), 2.0) is None


def test_the_pause_ratio_counts_silence_between_words_only() -> None:
    heard = sound(20.0, lambda t: 4.0 <= t < 8.0 or 10.0 <= t < 14.0)
    assert speaking.pause_ratio(speaking.words(heard), heard) == pytest.approx(0.2, abs=0.01)
    short = sound(5.0, lambda t: 1.0 <= t < 1.5)
    assert speaking.pause_ratio(speaking.words(short), short) is None


def test_sound_that_was_lost_is_no_pause_and_where_most_was_lost_pauses_are_not_told() -> None:
    heard = sound(20.0, lambda t: 2.0 <= t < 8.0 or 10.0 <= t < 18.0)
    some = lost(heard, (4.0, 7.0), (9.0, 12.0))
    assert speaking.pause_ratio(speaking.words(some), some) == pytest.approx(1.0 / 10.0, abs=0.01)
    most = lost(heard, (3.0, 14.0))
    assert speaking.pause_ratio(speaking.words(most), most) is None


@given(st.floats(0.5, 19.0), st.floats(0.0, 8.0))
def test_a_loss_never_makes_more_pauses_of_steady_speech(start: float, seconds: float) -> None:
    heard = lost(sound(20.0, lambda t: True), (start, start + seconds))
    assert speaking.pause_ratio(speaking.words(heard), heard) == 0.0


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
