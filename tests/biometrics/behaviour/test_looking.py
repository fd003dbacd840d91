"""Eyes, blinks and gaze: known answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.behaviour import blinks, gaze
from biometrics.behaviour.eyes import Eyes, eyes_of
from biometrics.evaluation.behaviour_scene import Track, gaze_track
from biometrics.views import Face
from tests.biometrics.behaviour.making import looking
from tests.biometrics.face.fakes import FRONTAL, GOOD, a_face


def eyes(face: Face) -> Eyes:
    found = eyes_of(face)
    assert found is not None
    return found


@pytest.mark.parametrize("gaze_deg", [-20.0, -5.0, 0.0, 12.0])
@pytest.mark.parametrize("yaw_deg", [-20.0, 0.0, 15.0])
@pytest.mark.parametrize("roll_deg", [-10.0, 0.0, 25.0])
def test_the_gaze_is_that_of_the_eyes_whichever_way_the_head_is_turned(
    gaze_deg: float, yaw_deg: float, roll_deg: float
) -> None:
    found = eyes(looking(yaw_deg, gaze_deg, roll_deg))
    assert found.across_deg == pytest.approx(gaze_deg, abs=0.3)
    assert found.up_deg == pytest.approx(0.0, abs=0.3)


def test_eyes_are_as_open_as_their_lids_are_apart() -> None:
    assert eyes(looking(opening=0.3)).opening == pytest.approx(0.3, abs=0.01)
    assert eyes(looking(opening=0.05)).opening == pytest.approx(0.05, abs=0.01)


def test_small_eyes_are_not_read_and_a_turned_head_looks_where_it_is_turned() -> None:
    assert eyes_of(a_face(quality=replace(GOOD, inter_ocular_px=30.0))) is None
    away = eyes(a_face(pose=replace(FRONTAL, yaw_deg=50.0)))
    assert away.across_deg == 50.0
    assert np.isnan(away.opening)


def eye_opening(
    closings: list[tuple[float, float]], fps: float = 25.0, seconds: float = 12.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    t = np.arange(0.0, seconds, 1.0 / fps)
    opening = 0.3 + np.random.default_rng(1).normal(0.0, 0.01, len(t))
    for start, duration in closings:
        opening[(t >= start) & (t < start + duration)] = 0.05
    return t, opening


@pytest.mark.parametrize("fps", [20.0, 25.0, 30.0])
def test_each_blink_is_counted_once(fps: float) -> None:
    t, opening = eye_opening([(1.0, 0.15), (3.0, 0.3), (3.6, 0.15), (8.0, 0.2)], fps)
    assert blinks.blinks(t, opening) == 4


def test_a_long_closing_and_one_that_was_not_seen_to_end_are_no_blinks() -> None:
    t, opening = eye_opening([(1.0, 1.5), (5.0, 0.2), (11.9, 1.0)])
    assert blinks.blinks(t, opening) == 1
    gap = (t < 5.0) | (t > 5.5)
    assert blinks.blinks(t[gap], opening[gap]) == 0


@given(st.floats(0.3, 3.0))
def test_narrow_eyes_blink_as_often_as_wide_ones(scale: float) -> None:
    t, opening = eye_opening([(1.0, 0.15), (3.0, 0.3), (8.0, 0.2)])
    assert blinks.blinks(t, scale * opening) == 3


def share(track: Track, seed: int, fps: float = 25.0, noise_deg: float = 1.0) -> float:
    seen = gaze_track(track, 30.0, fps, noise_deg, np.random.default_rng(seed))
    return gaze.reading_share(gaze.even(seen[:, 0], seen[:, 1:])[:, 0])


@pytest.mark.parametrize("fps", [15.0, 25.0, 30.0])
def test_lines_of_text_are_found(fps: float) -> None:
    shares = [share("reads", seed, fps) for seed in range(8)]
    assert min(shares) > 0.3
    assert np.median(shares) > 0.6


@pytest.mark.parametrize("track", ["reads from right to left", "glances", "swings", "rests"])
def test_what_is_no_reading_is_not_taken_for_it(track: Track) -> None:
    shares = [share(track, seed) for seed in range(8)]
    assert np.median(shares) == 0.0
    assert max(shares) < 0.3


@given(st.floats(-15.0, 15.0), st.integers(0, 20))
def test_where_the_text_stands_does_not_matter(offset_deg: float, seed: int) -> None:
    seen = gaze_track("reads", 15.0, 25.0, 0.8, np.random.default_rng(seed))
    across = gaze.even(seen[:, 0], seen[:, 1:])[:, 0]
    assert gaze.reading_share(across + offset_deg) == pytest.approx(gaze.reading_share(across))


def test_lines_are_read_across_blinks_and_not_across_what_was_not_seen() -> None:
    """Between two jumps of the gaze a second is missing each time: a straight line over it would be a line of text."""
    seen = gaze_track("reads", 30.0, 25.0, 0.5, np.random.default_rng(2))
    across = gaze.even(seen[:, 0], seen[:, 1:])[:, 0]
    place = np.arange(len(across))
    whole = gaze.reading_share(across)
    assert whole > 0.6
    assert gaze.reading_share(np.where(place % 38 < 4, np.nan, across)) > 0.75 * whole
    jumps = np.select([place % 25 < 6, place % 25 < 12], [-8.0, 8.0], np.nan)
    assert gaze.reading_share(jumps) == 0.0


@given(st.integers(0, 20), st.integers(10, 200))
def test_time_that_was_not_seen_is_no_time_without_reading(seed: int, gap: int) -> None:
    seen = gaze_track("reads", 15.0, 25.0, 0.8, np.random.default_rng(seed))
    across = gaze.even(seen[:, 0], seen[:, 1:])[:, 0]
    unseen = np.full(gap, np.nan)
    assert gaze.reading_share(np.concatenate([unseen, across, unseen])) == gaze.reading_share(across)
    assert gaze.reading_share(np.concatenate([across, unseen, across])) == pytest.approx(
        gaze.reading_share(across)
    )


def test_a_gaze_that_was_never_seen_reads_nothing() -> None:
    assert gaze.reading_share(np.full(50, np.nan)) == 0.0
    assert gaze.averted_share(np.full((5, 2), np.nan), np.zeros(2)) == 0.0


def test_the_averted_share_is_the_time_away_from_home() -> None:
    points = np.zeros((100, 2))
    points[:30, 0] = 20.0
    points[30:40, 1] = -15.0
    points[40:50] = np.nan
    assert gaze.averted_share(points, np.zeros(2)) == pytest.approx(40.0 / 90.0)
    assert gaze.averted_share(points + 5.0, np.array([5.0, 5.0])) == pytest.approx(40.0 / 90.0)


def test_the_even_grid_takes_medians_and_leaves_gaps() -> None:
    t = np.array([1.0, 1.02, 1.04, 1.5])
    grid = gaze.even(t, np.array([[0.0, 0.0], [50.0, 0.0], [1.0, 0.0], [3.0, 3.0]]))
    assert grid[0, 0] == 1.0
    assert np.isnan(grid[1:-1]).all()
    assert grid[-1, 0] == 3.0
