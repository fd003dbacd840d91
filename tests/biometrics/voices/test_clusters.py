from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.template import Template
from biometrics.voice.embed import Vector, unit
from biometrics.voices.clusters import MEMORY_S, Heard, Voices
from fraudmodel.signals import Span


def vector(axis: int, seed: int, spread: float = 0.3) -> Vector:
    """Near an axis of eight."""
    rng = np.random.default_rng(seed)
    return unit(np.asarray(np.eye(8)[axis] + spread * rng.standard_normal(8) / np.sqrt(8), np.float32))


def heard(axis: int, t: float, speech_s: float = 1.5) -> Heard:
    return Heard(Span(t, t + 1.5), vector(axis, round(t)), speech_s, -26.0 if axis == 0 else -36.0)


def sorted_in(axes: list[int], reference: Template | None = None) -> Voices:
    voices = Voices(reference)
    for number, axis in enumerate(axes):
        voices.add(heard(axis, 2.0 * number))
    return voices


def test_who_speaks_most_is_the_applicant() -> None:
    voices = sorted_in([1, 0, 0, 1, 0])
    assert voices.applicant is not None
    assert voices.applicant.speech_s == pytest.approx(4.5)
    assert voices.applicant.level_db == pytest.approx(-26.0)
    assert voices.applicant.distance(vector(0, 99)) < 0.1 < 0.8 < voices.applicant.distance(vector(1, 99))


def test_with_a_reference_it_is_the_voice_nearest_to_it() -> None:
    voices = sorted_in([1, 1, 1, 0, 0], Template("voice", vector(0, 7), "any"))
    assert voices.applicant is not None
    assert voices.applicant.speech_s == pytest.approx(3.0)


def test_a_reference_that_nobody_resembles_decides_nothing() -> None:
    voices = sorted_in([1, 1, 1, 0, 0], Template("voice", vector(5, 7), "any"))
    assert voices.applicant is not None
    assert voices.applicant.speech_s == pytest.approx(4.5)


def test_before_anybody_spoke_there_is_no_applicant() -> None:
    assert Voices().applicant is None
    assert Voices().recent(0.0) == []


def test_recent_voices_bring_their_segments_of_the_last_minute() -> None:
    voices = Voices()
    for t, axis in ((0.0, 1), (2.0, 0), (9.0, 1), (MEMORY_S + 4.0, 0), (MEMORY_S + 5.0, 1)):
        voices.add(heard(axis, t))
    told = {
        round(segments[0].level_db): [s.span.start for s in segments] for _, segments in voices.recent(30.0)
    }
    assert told == {-26: [MEMORY_S + 4.0], -36: [9.0, MEMORY_S + 5.0]}


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_well_separated_voices_are_never_mixed(axes: list[int]) -> None:
    voices = Voices()
    for number, axis in enumerate(axes):
        voices.add(heard(axis, 0.5 * number))
    counts = sorted(len(segments) for _, segments in voices.recent(-1.0))
    assert counts == sorted(axes.count(axis) for axis in set(axes))


def test_voices_are_bounded() -> None:
    voices = Voices()
    rng = np.random.default_rng(0)
    for t in range(200):
        far = unit(np.asarray(rng.standard_normal(192), np.float32))
        voices.add(Heard(Span(t, t + 1), far, 1.0, -30.0))
    assert len(voices._voices) <= 24
