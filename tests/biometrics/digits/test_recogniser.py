"""The recogniser on synthetic voices, where a speech synthesiser is installed."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.digits.recogniser import DigitRecogniser
from biometrics.evaluation.digits_voices import Voice, synthetic


def voice(name: str, language: str) -> Voice:
    found = synthetic(name, language)
    if found is None:
        pytest.skip("espeak-ng is not installed, and no recording of digits may be committed")
    return found


def heard(spoken: Voice, language: str) -> int:
    recogniser = DigitRecogniser()
    room = np.random.default_rng(6).normal(0.0, 1e-3, 4800).astype(np.float32)
    takes = [np.concatenate([room, said[1], room]) for said in spoken.takes]
    return sum(recogniser.hear(samples, language) == digit for digit, samples in enumerate(takes))


def test_english_digits_are_understood_as_english() -> None:
    spoken = voice("en-us", "en")
    assert heard(spoken, "en") >= 6


def test_mandarin_digits_are_understood_better_than_by_chance() -> None:
    assert heard(voice("cmn", "zh"), "zh") >= 3


def test_silence_says_nothing_and_the_same_sound_says_the_same() -> None:
    recogniser = DigitRecogniser()
    assert recogniser.hear(np.zeros(8000, np.float32), "en") is None
    assert recogniser.hear(np.zeros(0, np.float32), "en") is None
    noise = np.random.default_rng(7).normal(0.0, 0.05, 8000).astype(np.float32)
    first = recogniser.hear(noise, "zh")
    recogniser.hear(noise[::-1].copy(), "zh")
    assert recogniser.hear(noise, "zh") == first
