"""Which voice is the session's own: what most of the first windows share."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.voice.embed import Vector, unit
from biometrics.voices.own import BOUNDARY, FIRST, OwnVoice


def near(axis: int, seed: int, spread: float = 0.2) -> Vector:
    """A window of the speaker on ``axis``: some 0.1 to 0.3 from others of theirs, about 1 from anybody else's."""
    noise = np.random.default_rng(seed).normal(0.0, spread / np.sqrt(32), 32)
    return unit((np.eye(32)[axis] + noise).astype(np.float32))


def learned(*windows: Vector) -> OwnVoice:
    own = OwnVoice()
    for window in windows:
        assert not own.known
        own.learn(window)
    return own


def test_five_windows_of_one_speaker_make_the_voice() -> None:
    own = learned(*(near(0, k) for k in range(FIRST)))
    assert own.known
    assert own.windows == FIRST
    assert own.distance(near(0, 50)) < 0.1
    assert own.distance(near(1, 51)) > BOUNDARY


def test_windows_of_somebody_else_among_them_do_not_count() -> None:
    own = learned(near(0, 1), near(3, 2), near(3, 3), *(near(0, 10 + k) for k in range(FIRST - 1)))
    assert own.distance(near(0, 50)) < 0.1
    assert own.distance(near(3, 51)) > BOUNDARY


def test_it_waits_until_enough_are_alike_and_says_how_many() -> None:
    own = learned(*(near(k, k) for k in range(12)), *(near(20, k) for k in range(3)))
    assert not own.known
    assert own.windows == 3


def test_later_windows_refine_it_up_to_a_minute_and_strangers_never() -> None:
    own = learned(*(near(0, k, 0.5) for k in range(FIRST)))
    before = own.distance(near(0, 99, 0.0))
    for k in range(100):
        own.refine(near(0, 100 + k, 0.5))
        own.refine(near(5, 100 + k))
    assert own.windows == 40
    assert own.distance(near(0, 99, 0.0)) < before
    assert own.distance(near(5, 300)) > BOUNDARY


def test_before_it_is_known_nothing_can_be_compared() -> None:
    with pytest.raises(ValueError, match="no voice is known yet"):
        OwnVoice().distance(near(0, 1))
