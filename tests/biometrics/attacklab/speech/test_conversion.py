"""Conversion: pitch and resonances become the target's."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import numpy as np
import pytest

from biometrics.attacklab.speech.cepstral_vocoder import analysed
from biometrics.attacklab.speech.conversion import by_waveform, from_nearest, through_vocoder
from biometrics.attacklab.speech.pitch import pitch_of
from biometrics.attacklab.speech.speakers import heard_speaker, path
from biometrics.errors import EvaluationError
from biometrics.voice.features import Samples
from tests.biometrics.attacklab.speech.voices import shifted, spoken, vowel

EVERY = (through_vocoder, from_nearest, by_waveform)


@pytest.mark.parametrize("convert", EVERY)
@pytest.mark.parametrize(("own", "wanted"), [(110.0, 180.0), (200.0, 140.0)])
def test_the_pitch_becomes_the_targets(convert: Callable[..., Samples], own: float, wanted: float) -> None:
    made = convert(spoken(3.0, 1, own), spoken(3.0, 2, wanted), np.random.default_rng(3))
    target = pitch_of(spoken(3.0, 2, wanted)).log_mean
    assert pitch_of(made).log_mean == pytest.approx(target, abs=0.08)


@pytest.mark.parametrize("convert", EVERY)
def test_the_long_term_envelope_comes_nearer_to_the_targets(convert: Callable[..., Samples]) -> None:
    own, target = spoken(4.0, 1, 120.0), spoken(4.0, 2, 170.0, factor=1.15)
    made = convert(own, target, np.random.default_rng(3))
    wanted = heard_speaker(target).mean[1:20]
    before, after = (np.linalg.norm(heard_speaker(each).mean[1:20] - wanted) for each in (own, made))
    assert after < 0.8 * before


def test_a_shorter_vocal_tract_is_found() -> None:
    own, target = heard_speaker(vowel(120.0)), heard_speaker(vowel(120.0, resonances=shifted(1.14)))
    assert path(own, target).factor == pytest.approx(1.14, abs=0.03)
    assert path(own, own).factor == 1.0
    assert path(own, target).ratio == pytest.approx(1.0, abs=0.01)


def test_the_nearest_envelopes_of_oneself_are_ones_own() -> None:
    own = spoken(3.0, 1)
    made = from_nearest(own, own, np.random.default_rng(0))
    gap = heard_speaker(made).mean[1:20] - heard_speaker(own).mean[1:20]
    assert np.linalg.norm(gap) < 0.35


@pytest.mark.parametrize("convert", EVERY)
def test_too_little_voice_is_said(convert: Callable[..., Samples]) -> None:
    with pytest.raises(EvaluationError, match="say too little of a speaker"):
        convert(spoken(3.0), np.zeros(16_000, np.float32), np.random.default_rng(0))


@pytest.mark.parametrize(("convert", "times"), [(through_vocoder, 2), (from_nearest, 2), (by_waveform, 3)])
def test_no_speech_is_taken_apart_twice(convert: Callable[..., Samples], times: int) -> None:
    """The words, the target, and what was made of the words where that is filtered once more."""
    taken: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is analysed.__code__:
            taken.append(event)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        convert(spoken(3.0, 1, 120.0), spoken(3.0, 2, 180.0), np.random.default_rng(3))
    finally:
        sys.setprofile(before)
    assert len(taken) == times
