"""Simulated calls do what their plan says."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.evaluation.room_scene import APPLICANT_RMS, Call, Plan, Room, in_room, levelled, make_call
from biometrics.voices.echo import find_echo
from biometrics.voices.turns import level_db
from fraudmodel.signals import Span
from tests.biometrics.voices.signals import murmur

RATE = 16_000
PEOPLE = [[murmur(5.0, seed)] for seed in (1, 2, 3)]


def call(plan: Plan, turns: int = 1) -> Call:
    return make_call(PEOPLE[0] * turns, PEOPLE[1], PEOPLE[2], plan)


def level(call: Call, span: Span) -> float:
    """Below the applicant's speech, dB, without the first and last tenth of a second."""
    piece = call.near[round((span.start + 0.1) * RATE) : round((span.end - 0.1) * RATE)]
    return level_db(piece) - 20 * float(np.log10(APPLICANT_RMS))


def test_everybody_speaks_at_their_level_in_their_turn() -> None:
    made = call(Plan("speaks", -10.0), turns=2)
    assert [len(spans) for spans in (made.applicant, made.officer, made.other)] == [2, 2, 2]
    assert abs(len(made.near) - len(made.far)) < 320
    assert level(made, made.applicant[0]) == pytest.approx(0.0, abs=2.0)
    assert level(made, made.other[0]) == pytest.approx(-10.0, abs=2.5)
    assert level(made, made.officer[0]) < -40.0
    for asked, helped, answered in zip(made.officer, made.other, made.applicant, strict=True):
        assert asked.end < helped.start < helped.end < answered.start


def test_the_officer_is_echoed_late_and_at_its_level() -> None:
    made = call(Plan(echo_db=-20.0, delay_s=0.3))
    asked = made.officer[0]
    late = Span(asked.start + 0.3, asked.end + 0.3)
    assert level(made, late) == pytest.approx(-20.0, abs=2.5)
    start = round((late.start + 0.3) * RATE)
    echo = find_echo(made.near[start : start + RATE], made.far[start - RATE : start + RATE])
    assert echo.likeness > 0.75
    assert echo.delay_s == pytest.approx(0.3, abs=0.03)


def test_a_whisper_has_no_pitch_and_the_same_words() -> None:
    rng = np.random.default_rng(0)
    t = np.arange(4 * RATE) / RATE
    pulses = (np.diff(np.floor(120 * t), prepend=0) > 0).astype(np.float64)
    voiced = [np.asarray(in_room(pulses, Room(0.02, 0.0), rng), np.float32)]
    spoken, whispered = (
        make_call(PEOPLE[0], PEOPLE[1], voiced, Plan(other, 0.0, seed=3)) for other in ("speaks", "whispers")
    )
    assert spoken.other == whispered.other
    assert _pitch(spoken) > 0.5
    assert _pitch(whispered) < 0.35


def _pitch(call: Call) -> float:
    """Autocorrelation at 120 Hz where somebody else speaks."""
    span = call.other[0]
    piece = call.near[round((span.start + 0.3) * RATE) : round((span.end - 0.3) * RATE)].astype(np.float64)
    lags = [np.dot(piece[:-lag], piece[lag:]) / np.dot(piece, piece) for lag in range(128, 140)]
    return float(max(lags))


def test_noises_are_nobodys_speech() -> None:
    made = call(Plan("noises", -15.0))
    assert made.other == ()
    assert made.near.std() > 0


def test_the_same_plan_gives_the_same_call() -> None:
    one, other = call(Plan("speaks", seed=4)), call(Plan("speaks", seed=4))
    assert np.array_equal(one.near, other.near)
    assert not np.array_equal(one.near, call(Plan("speaks", seed=5)).near)


def test_level_is_that_of_the_speech_not_of_its_pauses() -> None:
    sound = np.concatenate([np.zeros(RATE), 0.3 * np.ones(RATE)])
    assert float(levelled(sound).max()) == pytest.approx(1.0, abs=0.01)
    assert not np.any(levelled(np.zeros(RATE)))
