"""The officer's echo: found at its delay whatever its gain and colour, and nothing else is taken for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.views import FarView
from biometrics.voices.echo import ALIKE, EchoPath, FarTrack, echo_frames, find_echo
from fraudmodel.signals import Span
from tests.biometrics.voices.signals import Sound, background, delayed, far_views, in_room, murmur

RATE = 16_000
OFFICER = murmur(6.0, seed=1)
SOMEBODY = murmur(6.0, seed=2)


def cut(sound: Sound, start_s: float, seconds: float) -> Sound:
    return sound[round(start_s * RATE) : round((start_s + seconds) * RATE)]


def scale(sound: Sound, db: float) -> Sound:
    return np.asarray(sound * 10 ** (db / 20), np.float32)


def path(far: Sound) -> EchoPath:
    made = EchoPath()
    for view in far_views(far):
        made.far.push(view)
    return made


@pytest.mark.parametrize("delay_s", [0.0, 0.1, 0.33, 0.9])
@pytest.mark.parametrize("gain_db", [-10.0, -25.0])
def test_an_echo_is_found_at_its_delay(delay_s: float, gain_db: float) -> None:
    near = 10 ** (gain_db / 20) * in_room(delayed(OFFICER, delay_s), seed=5) + background(6.0)
    echo = find_echo(cut(near, 3.0, 1.5), cut(OFFICER, 2.0, 2.5))
    assert echo.likeness > 0.8
    assert echo.delay_s == pytest.approx(delay_s, abs=0.03)


def test_somebody_else_is_not_taken_for_it_even_while_the_officer_talks() -> None:
    assert find_echo(cut(SOMEBODY, 3.0, 1.5), cut(OFFICER, 2.0, 2.5)).likeness < ALIKE - 0.1


@settings(max_examples=25, deadline=None)
@given(st.floats(-50.0, 20.0), st.floats(-50.0, 20.0), st.integers(0, 50))
def test_gain_does_not_matter_on_either_side(near_db: float, far_db: float, seed: int) -> None:
    near = cut(in_room(delayed(OFFICER, 0.2), seed), 3.0, 1.0)
    far = cut(OFFICER, 2.0, 2.0)
    plain = find_echo(near, far)
    scaled = find_echo(scale(near, near_db), scale(far, far_db))
    assert scaled.likeness == pytest.approx(plain.likeness, abs=0.02)
    assert scaled.delay_s == plain.delay_s


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.5, 2.0))
def test_silence_on_the_officers_track_removes_nothing(seed: int, seconds: float) -> None:
    near = cut(murmur(3.0, seed), 0.5, seconds)
    assert not path(np.zeros(5 * RATE, np.float32)).echoed(1.5, near).any()


def test_echo_under_an_answer_is_left_out_where_it_stands_alone() -> None:
    """The officer talks throughout; the applicant, 20 dB louder, only in the first 1.5 s."""
    near = 0.1 * in_room(delayed(OFFICER, 0.2), seed=5) + background(6.0)
    near[3 * RATE : round(4.5 * RATE)] += cut(SOMEBODY, 3.0, 1.5)
    made = path(OFFICER)
    assert made.echoed(1.0, cut(near, 1.0, 1.5)).all()
    frames = made.echoed(3.0, cut(near, 3.0, 3.0))
    half = round(1.5 / 0.032)
    assert frames[: half - 10].mean() < 0.1
    assert frames[half + 10 :].mean() > 0.8


def test_frames_before_any_sound_are_no_echo() -> None:
    assert not echo_frames(np.zeros(2048, np.float32), np.zeros(2048 + RATE, np.float32), 0.2).any()
    assert echo_frames(np.zeros(100, np.float32), np.zeros(100 + RATE, np.float32), 0.2).shape == (0,)


def test_the_track_gives_what_was_said_and_silence_around_it() -> None:
    track = FarTrack()
    track.push(FarView(Span(1.0, 1.0 + 4 / RATE), np.array([1, 2, 3, 4], np.float32), 0.0))
    track.push(FarView(Span(1.0 + 4 / RATE, 1.0 + 6 / RATE), np.array([5, 6], np.float32), 0.0))
    assert track.between(RATE - 2, 10).tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 0, 0]


def test_what_the_officer_said_while_it_was_lost_is_unknown() -> None:
    track = FarTrack()
    assert not track.known(0.0, 1.0)
    silent = np.zeros(320, np.float32)
    track.push(FarView(Span(2.0, 2.02), silent, 0.0))
    assert not track.known(0.5, 1.5)
    assert track.known(2.5, 3.5)
    track.push(FarView(Span(5.0, 5.02), silent, 1.0))
    assert not track.known(4.5, 5.5)
    assert track.known(5.1, 6.0)
    track.push(FarView(Span(6.0, 6.02), silent, 0.02))
    assert track.known(5.5, 6.5)


def test_old_sound_is_forgotten() -> None:
    made = path(np.ones(60 * RATE, np.float32))
    assert made.far.between(0, 10).tolist() == [0.0] * 10
    assert len(made.far._pieces) < 700
