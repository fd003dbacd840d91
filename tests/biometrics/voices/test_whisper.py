"""Whispered sound in pauses: what changes its shape as a mouth does, and nothing that keeps one shape or is gone at once."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.evaluation.room_scene import levelled
from biometrics.voices.whisper import whispers
from tests.biometrics.voices.signals import Sound, background, murmur

RATE = 16_000
APPLICANT_DB = 20 * np.log10(0.05)


def pause(sound: Sound | np.ndarray, db: float) -> Sound:
    """Six seconds of background with the sound from the second second on."""
    made = background(6.0)
    made[RATE : RATE + len(sound)] += np.asarray(10 ** (db / 20) * sound, np.float32)
    return made


def found(sound: Sound, speech: slice = slice(0, 0)) -> list[tuple[float, float]]:
    spoken = np.zeros(len(sound) // 512, np.bool_)
    spoken[speech] = True
    return [(each.start / RATE, each.duration_s) for each in whispers(sound, spoken, APPLICANT_DB)]


def breath(rng: np.random.Generator) -> np.ndarray:
    count = round(1.4 * RATE)
    return 0.05 * levelled(np.sin(np.pi * np.arange(count) / count) * rng.standard_normal(count))


def rustle(rng: np.random.Generator) -> np.ndarray:
    steps = np.repeat(rng.uniform(0, 1, 50) ** 2, 800)
    return 0.05 * levelled(steps * rng.standard_normal(len(steps)))


def keys(rng: np.random.Generator) -> np.ndarray:
    sound = np.zeros(3 * RATE)
    for at in range(0, len(sound) - 600, 3000):
        sound[at : at + 600] += np.exp(-np.arange(600) / 60) * rng.standard_normal(600)
    return 0.05 * levelled(sound)


def fan(rng: np.random.Generator) -> np.ndarray:
    return 0.05 * levelled(rng.standard_normal(3 * RATE))


@pytest.mark.parametrize("db", [-15.0, -20.0, -25.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_quiet_sound_that_moves_like_speech_is_found_where_it_is(db: float, seed: int) -> None:
    ((start_s, seconds),) = found(pause(murmur(2.5, seed), db))
    assert start_s == pytest.approx(1.0, abs=0.25)
    assert seconds == pytest.approx(2.5, abs=0.4)


@pytest.mark.parametrize("noise", [breath, rustle, keys, fan])
@pytest.mark.parametrize("db", [-15.0, -25.0])
def test_breath_rustling_keys_and_fans_are_not(noise: object, db: float) -> None:
    for seed in range(5):
        assert callable(noise)
        assert found(pause(noise(np.random.default_rng(seed)), db)) == []


def test_silence_and_background_alone_are_not() -> None:
    assert found(np.zeros(6 * RATE, np.float32)) == []
    assert found(background(6.0)) == []
    assert found(background(0.01)) == []


def test_what_is_as_loud_as_the_applicant_or_drowned_is_not_whispered() -> None:
    assert found(pause(murmur(2.5, 1), -3.0)) == []
    assert found(pause(murmur(2.5, 1), -42.0)) == []


def test_a_short_sound_is_not_judged() -> None:
    assert found(pause(murmur(0.7, 1), -20.0)) == []


def test_it_is_looked_for_in_pauses_only() -> None:
    quiet = pause(murmur(2.5, 1), -20.0)
    assert found(quiet)
    assert found(quiet, slice(28, 115)) == []
