"""Offset, correlation and its null of tracks whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.av.sync import LAGS_MS, Sync, compare, pairs
from biometrics.av.timeline import RATE_HZ, STEP_S, Floats
from tests.biometrics.av.signals import tracks

SECONDS = 16.0


def measured(sound: Floats, mouth: Floats, window: slice = slice(None)) -> Sync:
    found = compare(pairs(sound, mouth, np.ones(len(sound), dtype=np.bool_)), window)
    assert found is not None
    return found


@pytest.mark.parametrize("late_ms", [0.0, 120.0, -120.0, 240.0, -240.0, 400.0, -400.0, 37.0])
def test_the_offset_is_what_the_sound_was_moved_by(late_ms: float) -> None:
    errors = [measured(*tracks(SECONDS, 0.6, late_ms / 1e3, seed)).offset_ms - late_ms for seed in range(12)]
    assert np.max(np.abs(errors)) < 40.0
    assert abs(np.mean(errors)) < 10.0


def test_the_correlation_is_the_one_that_was_made() -> None:
    found = [measured(*tracks(SECONDS, 0.5, 0.0, seed)).rho for seed in range(20)]
    assert np.mean(found) == pytest.approx(0.5, abs=0.06)


def test_what_belongs_together_stands_out_of_chance_and_what_does_not_lies_in_it() -> None:
    genuine = [measured(*tracks(SECONDS, 0.5, 0.04, seed)).z for seed in range(12)]
    swapped = [
        measured(tracks(SECONDS, 0.5, 0.04, seed)[0], tracks(SECONDS, 0.5, 0.04, seed + 50)[1]).z
        for seed in range(24)
    ]
    assert min(genuine) > 4.0
    assert abs(np.mean(swapped)) < 0.7
    assert max(swapped) < 4.0


def test_a_shift_that_no_call_makes_counts_as_no_match_though_its_offset_is_found() -> None:
    found = measured(*tracks(SECONDS, 0.6, 0.4))
    assert found.z_any > 4.0
    assert found.z < 3.0


def test_agrees_with_numpys_correlation_at_every_lag() -> None:
    sound, mouth = tracks(SECONDS, 0.4, 0.08)
    rho = pairs(sound, mouth, np.ones(len(sound), dtype=np.bool_)).rho(
        np.arange(len(sound)), np.arange(len(sound))
    )
    for lag, value in zip(np.round(LAGS_MS / 1e3 * RATE_HZ).astype(int), rho, strict=True):
        late = sound[max(lag, 0) : len(sound) + min(lag, 0)]
        early = mouth[max(-lag, 0) : len(mouth) - max(lag, 0)]
        assert value == pytest.approx(np.corrcoef(late, early)[0, 1], abs=1e-9)


def test_a_mouth_that_was_not_seen_is_left_out_not_taken_for_still() -> None:
    sound, mouth = tracks(24.0, 0.6, 0.08)
    mouth[100:160] = np.nan
    found = measured(sound, mouth)
    assert found.offset_ms == pytest.approx(80.0, abs=40.0)
    assert found.z > 4.0


def test_too_short_to_compare_with_other_moments_says_nothing() -> None:
    sound, mouth = tracks(3.0, 0.9)
    assert compare(pairs(sound, mouth, np.ones(len(sound), dtype=np.bool_))) is None


def test_a_mouth_that_never_moves_goes_with_nothing() -> None:
    sound, mouth = tracks(SECONDS, 0.9)
    assert measured(sound, np.zeros_like(mouth)).z == 0.0


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), gain=st.floats(0.01, 100.0), offset=st.floats(-50.0, 50.0))
def test_loudness_and_size_do_not_matter(seed: int, gain: float, offset: float) -> None:
    sound, mouth = tracks(SECONDS, 0.5, 0.0, seed)
    one, other = measured(sound, mouth), measured(gain * sound + offset, mouth * gain)
    assert other.offset_ms == pytest.approx(one.offset_ms, abs=0.5)
    assert other.z == pytest.approx(one.z, abs=0.01)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), steps=st.integers(0, 200))
def test_moving_both_moves_nothing(seed: int, steps: int) -> None:
    sound, mouth = tracks(SECONDS, 0.5, 0.0, seed)
    gap = np.full(steps, np.nan)
    one, other = measured(sound, mouth), measured(np.concatenate([gap, sound]), np.concatenate([gap, mouth]))
    assert other == one


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), steps=st.integers(-8, 8))
def test_moving_the_sound_moves_the_offset_by_as_much(seed: int, steps: int) -> None:
    sound, mouth = tracks(SECONDS + 2.0, 0.8, 0.0, seed)
    room = 25
    still = measured(sound[room:-room], mouth[room:-room])
    moved = measured(sound[room - steps : len(sound) - room - steps], mouth[room:-room])
    assert moved.offset_ms - still.offset_ms == pytest.approx(1e3 * steps * STEP_S, abs=12.0)
