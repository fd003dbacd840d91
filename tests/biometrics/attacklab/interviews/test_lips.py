"""Lips that follow other words, and takes that do not repeat themselves."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.attacklab.interviews import lips
from biometrics.attacklab.interviews.lips import loudness, talking, way
from biometrics.attacklab.interviews.posture import points_moved, posture, seated
from biometrics.attacklab.interviews.repeats import least_unlike
from tests.biometrics.attacklab.interviews.people import films
from tests.biometrics.attacklab.speech.voices import spoken


@given(st.integers(0, 10**6), st.integers(8, 40), st.integers(2, 60))
@settings(max_examples=25, deadline=None)
def test_neighbouring_frames_follow_each_other(seed: int, frames: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    shown = way(rng.uniform(-1, 1, frames), rng.uniform(-1, 1, count), rng)
    assert shown.min() >= 0
    assert shown.max() < frames
    assert set(np.abs(np.diff(shown))) <= {1, 2}


def test_the_way_is_the_cheapest_there_is() -> None:
    openness = np.array([0.1, -0.9, 0.6, 0.3, -0.4, 0.9, -0.2])
    wanted = np.array([0.5, -0.6, 0.8, -0.1, 0.2])
    shown = way(openness, wanted, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    apart = [(openness - level) ** 2 + rng.uniform(0, lips._NOISE, 7) for level in wanted]
    everything = [
        (_price(apart, start, moves), start, moves)
        for start in range(7)
        for moves in product((1, 2, -1, -2), repeat=4)
    ]
    _, start, moves = min(each for each in everything if each[0] < np.inf)
    assert shown.tolist() == np.cumsum([start, *moves]).tolist()


def _price(apart: list[np.ndarray], start: int, moves: tuple[int, ...]) -> float:
    places = np.cumsum([start, *moves])
    if places.min() < 0 or places.max() > 6:
        return float("inf")
    turns = sum(a * b < 0 for a, b in pairwise(moves))
    hurried = sum(abs(move) > 1 for move in moves)
    shown = sum(float(apart[k][place]) for k, place in enumerate(places))
    return shown + lips._TURN * turns + lips._HURRY * hurried


def test_lips_are_open_where_it_is_loud() -> None:
    rng = np.random.default_rng(1)
    openness = np.sin(np.arange(120) * 1.1)
    wanted = loudness(spoken(20.0, 3), 16_000, 25.0, 500)
    shown = way(openness, wanted, rng)
    assert np.corrcoef(openness[shown], wanted)[0, 1] > 0.6


def test_of_a_single_picture_there_is_one_way() -> None:
    assert way(np.zeros(1), np.zeros(5), np.random.default_rng(1)).tolist() == [0] * 5


def test_a_take_lasts_as_long_as_its_words() -> None:
    clip, words = films()[0], spoken(6.0, 2)
    take = talking(clip, words, 6.0, 10.0, np.random.default_rng(4))
    assert len(take.frames) == len(take.landmarks) == 62
    assert take.fps == 10.0
    assert take.audio is words
    again = talking(clip, words, 6.0, 10.0, np.random.default_rng(4))
    assert np.array_equal(take.frames, again.frames)


def test_what_is_said_twice_is_alike_and_noise_is_not() -> None:
    rng = np.random.default_rng(2)
    part = np.cumsum(rng.standard_normal((80, 4)), axis=0)
    other = np.cumsum(rng.standard_normal((160, 4)), axis=0)
    assert least_unlike(np.concatenate([part, other, part]), 25.0) == pytest.approx(0.0, abs=1e-6)
    assert least_unlike(rng.standard_normal((200, 48)), 25.0) > 0.7
    assert least_unlike(part[:40], 25.0) == 1.0


def test_likeness_is_that_of_the_definition() -> None:
    seen = np.cumsum(np.random.default_rng(5).standard_normal((60, 3)), axis=0)
    found = 1.0
    for lag in range(12, 60):
        for start in range(60 - 24 - lag):
            one, other = seen[start : start + 24], seen[start + lag : start + lag + 24]
            varies = sum(float(((each - each.mean(axis=0)) ** 2).sum()) for each in (one, other))
            found = min(found, float(((one - other) ** 2).sum()) / varies)
    assert least_unlike(seen, 10.0) == pytest.approx(found, rel=1e-9)


def test_landmarks_move_with_the_picture() -> None:
    frames = np.zeros((1, 60, 48, 3), np.uint8)
    frames[0, 20:23, 30:33] = 255
    moves = posture(np.array([1.7]), (60, 48), np.random.default_rng(1))
    picture = seated(frames, np.zeros(1, np.int64), moves)[0, ..., 0].astype(float)
    y, x = np.indices(picture.shape)
    middle = (float((x * picture).sum() / picture.sum()), float((y * picture).sum() / picture.sum()))
    point = points_moved(np.array([[[31.0, 21.0, 0.0]]], np.float32), moves)[0, 0]
    assert middle == pytest.approx((point[0], point[1]), abs=0.25)
