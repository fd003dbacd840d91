"""Against movements whose beginning, size and direction are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.challenges.pose import Direction
from biometrics.evaluation.pose_tracks import Habits, pose_track, pose_views
from biometrics.head.track import Poses, PoseTrack
from biometrics.head.turns import Turn, turns
from fraudmodel.signals import Span

ORDER: tuple[Direction, ...] = ("left", "up", "right", "left", "down", "right")
SHOWN_S = tuple(2.5 + 1.7 * k for k in range(7))
STILL = Habits(reaction_spread=0.0, sway_deg=(0.0, 0.0), jitter_deg=0.0, fps=30.0)


def poses(order: tuple[Direction, ...] | None, habits: Habits, seed: int = 0) -> Poses:
    t, angles = pose_track(order, SHOWN_S, habits, np.random.default_rng(seed))
    track = PoseTrack()
    for view in pose_views(t, angles, habits.fps):
        track.push(view)
    found = track.poses(Span(0.5, SHOWN_S[-1] + 0.5))
    assert found is not None
    return found


def made(order: tuple[Direction, ...] | None, habits: Habits) -> tuple[Turn, ...]:
    return turns(poses(order, habits), ORDER, SHOWN_S)


@pytest.mark.parametrize("reaction_s", [0.0, 0.3, 0.45, 0.7])
@pytest.mark.parametrize("returns", [False, True])
@pytest.mark.parametrize("fps", [12.0, 30.0])
def test_the_reaction_is_found_an_eighth_of_a_turn_late(reaction_s: float, returns: bool, fps: float) -> None:
    habits = replace(STILL, reaction_s=reaction_s, returns=returns, fps=fps)
    found = made(ORDER, habits)
    times = [turn.reaction_s for turn in found if turn.reaction_s is not None]
    assert len(times) == len(ORDER)
    assert np.median(times) == pytest.approx(reaction_s + 0.127 * habits.turn_s, abs=0.5 / fps + 0.02)


def test_each_turn_is_in_its_own_direction_and_as_far_as_it_went() -> None:
    found = made(ORDER, STILL)
    assert [turn.made for turn in found] == list(ORDER)
    assert all(turn.hit and turn.seen for turn in found)
    for turn in found:
        usual = 25.0 if turn.asked in ("left", "right") else 15.0
        assert usual * 0.6 < turn.far_deg < usual * 1.6
        assert 0.5 < turn.held_s < 1.7


def test_a_turn_the_other_way_is_the_one_that_was_made() -> None:
    found = made(ORDER, replace(STILL, slips=1))
    assert [turn.made for turn in found] == ["left", "down", "right", "left", "down", "right"]
    assert [turn.hit for turn in found] == [True, False, True, True, True, True]


def test_a_turn_is_held_while_it_is_beyond_half_of_its_way_and_the_arrow_is_shown() -> None:
    """A turn that begins 0.45 s after the arrow and takes 0.5 s is half-way at 0.7 s of 1.7 s; the first starts from rest."""
    first = made(ORDER, STILL)[0]
    assert first.held_s == pytest.approx(1.0, abs=0.08)


def test_a_head_that_stays_makes_no_turn() -> None:
    found = made(None, replace(STILL, rest_deg=(-14.0, 9.0)))
    assert [turn.made for turn in found] == [None] * len(ORDER), "where it rests is no turn"
    assert not any(turn.hit for turn in found)


def test_a_turn_after_the_time_that_anybody_needs_is_no_hit() -> None:
    found = made(ORDER, replace(STILL, reaction_s=1.35, turn_s=0.3))
    assert not any(turn.hit for turn in found)


def test_what_was_not_seen_is_not_judged() -> None:
    whole = poses(ORDER, STILL)
    hidden = (whole.t > SHOWN_S[2]) & (whole.t < SHOWN_S[3])
    found = turns(Poses(whole.t, whole.angles, whole.seen & ~hidden), ORDER, SHOWN_S)
    assert [turn.seen for turn in found] == [True, True, False, True, True, True]


@settings(max_examples=25)
@given(st.floats(-20.0, 20.0), st.floats(-15.0, 15.0))
def test_where_the_head_rests_does_not_matter(yaw_deg: float, pitch_deg: float) -> None:
    here, there = (made(ORDER, replace(STILL, rest_deg=rest)) for rest in ((0.0, 0.0), (yaw_deg, pitch_deg)))
    for one, other in zip(here, there, strict=True):
        assert one.made == other.made
        assert one.far_deg == pytest.approx(other.far_deg, abs=1e-6)
