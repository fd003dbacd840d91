"""The loop search against a direct computation, and on motion that repeats, does not, or is too little."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.injection.alike import changes
from biometrics.injection.frames import STRANGE
from biometrics.injection.loop import LEAST_LAG_S, STILL_RMS, LoopSearch, Repeat
from biometrics.injection.motion import (
    AREAS,
    LEAST_PLACES,
    LENGTH,
    SLOT_HZ,
    STRIDE,
    MotionTrack,
    areas,
    luma_of,
    small,
)
from fraudmodel.signals import Reason


def wander(seconds: float, hz: float = SLOT_HZ, seed: int = 1, size: float = 4.0) -> NDArray[np.float32]:
    """(n, 48) smooth motion that does not repeat."""
    rng, n = np.random.default_rng(seed), int(seconds * hz)
    t = np.arange(n)[:, np.newaxis] / hz
    waves = sum(
        np.sin(2 * np.pi * (rng.uniform(0.1, 1.5, AREAS) * t + rng.uniform(0, 1, AREAS))) for _ in range(4)
    )
    return (size / 2 * np.asarray(waves)).astype(np.float32)


def search(motion: NDArray[np.float32], hz: float = SLOT_HZ) -> list[tuple[float, Repeat]]:
    looking = LoopSearch()
    found = [(k / hz, looking.push(k / hz, each)) for k, each in enumerate(motion)]
    return [(t, repeat) for t, repeat in found if repeat is not None]


def test_it_is_the_direct_computation() -> None:
    """Every lag by its definition: summed squares of the difference over how much both stretches vary about their means; the
    least of them, unless its changes are more unlike."""
    motion = wander(12.0)
    for t, repeat in search(motion)[::7]:
        now = round(t * SLOT_HZ)
        back = STRIDE * np.arange(LENGTH)[::-1]
        direct = {}
        for lag in range(round(LEAST_LAG_S * SLOT_HZ), now - back[0] + 1):
            one, other = motion[now - back].astype(float), motion[now - lag - back].astype(float)
            varies = sum(float(((x - x.mean(axis=0)) ** 2).sum()) for x in (one, other))
            direct[lag] = float(((one - other) ** 2).sum()) / varies
        best = min(direct, key=lambda lag: direct[lag])
        pair = np.stack([motion[now - back], motion[now - best - back]])[:, np.newaxis].astype(float)
        changed = float(changes(pair, np.ones((1, LENGTH), np.bool_))[0])
        assert repeat.unlike == pytest.approx(max(direct[best], changed), rel=1e-3)
        assert repeat.lag_s == pytest.approx(best / SLOT_HZ)


@settings(max_examples=15, deadline=None)
@given(loop_s=st.floats(1.5, 6.0), hz=st.sampled_from([12.0, 20.0, 25.0, 30.0]), seed=st.integers(0, 99))
def test_a_loop_is_found_within_two_rounds_or_as_soon_as_a_stretch_fits(
    loop_s: float, hz: float, seed: int
) -> None:
    """Wherever the loop's length falls between the frames."""
    length = round(loop_s * hz)
    once = wander(7.0, hz, seed)[:length]
    rounds = np.tile(once, (10, 1))
    rounds += np.random.default_rng(seed).normal(0, 0.1, rounds.shape).astype(np.float32)
    latest_s = max(2 * loop_s, loop_s + LENGTH * STRIDE / SLOT_HZ) + 0.5
    seen = [repeat for t, repeat in search(rounds, hz) if t <= latest_s]
    # A seam is a jump for both rounds alike, seen up to half a place apart.
    assert min(repeat.unlike for repeat in seen) < 0.2
    best = min(seen, key=lambda repeat: repeat.unlike)
    assert best.lag_s % (length / hz) == pytest.approx(0.0, abs=0.06) or -best.lag_s % (
        length / hz
    ) == pytest.approx(0.0, abs=0.06)


def test_motion_that_does_not_repeat_is_nowhere_alike() -> None:
    assert min(repeat.unlike for _, repeat in search(wander(60.0, seed=5))) > 0.45


def test_a_still_scene_repeats_without_any_loop_and_is_left_out() -> None:
    still = np.random.default_rng(2).normal(0, STILL_RMS / 2, (500, AREAS)).astype(np.float32)
    assert search(still) == []


def test_too_little_is_compared_across_a_gap_of_seconds() -> None:
    motion = wander(4.0)
    looking = LoopSearch()
    for k, each in enumerate(motion):
        looking.push(k / SLOT_HZ, each)
    after = [looking.push(10.0 + k / SLOT_HZ, each) for k, each in enumerate(motion)]
    assert not any(after[: (LEAST_PLACES - 1) * STRIDE])
    best = min((r for r in after if r is not None), key=lambda repeat: repeat.unlike)
    assert best.lag_s == pytest.approx(10.0)
    assert best.unlike < 1e-4


@pytest.mark.parametrize("lost_s", [(2.1, 2.5), (3.0, 3.4), (4.1, 4.5)])
def test_a_loop_is_found_around_lost_packets(lost_s: tuple[float, float]) -> None:
    """5.6 s of a loop of 2.4 s, 0.4 s of which are lost: no two whole stretches are left."""
    rounds = np.tile(wander(2.4), (3, 1))[: round(5.6 * SLOT_HZ)]
    looking = LoopSearch()
    found = [
        looking.push(k / SLOT_HZ, each)
        for k, each in enumerate(rounds)
        if not lost_s[0] <= k / SLOT_HZ < lost_s[1]
    ]
    best = min(filter(None, found), key=lambda repeat: repeat.unlike)
    assert best.lag_s == pytest.approx(2.4)
    assert best.unlike < 0.01


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 99), apart_s=st.floats(2.6, 6.0), hidden_s=st.floats(0.1, 0.4), toggled=st.booleans()
)
def test_what_happens_suddenly_twice_is_no_loop(
    seed: int, apart_s: float, hidden_s: float, toggled: bool
) -> None:
    """The lens is covered for a moment, or a lamp is lit, twice, while somebody moves as before."""
    motion = wander(12.0, seed=seed)
    t = np.arange(len(motion))[:, np.newaxis] / SLOT_HZ
    rng = np.random.default_rng(seed)
    scene, light = rng.normal(0, 30, (2, AREAS)).astype(np.float32)
    lasts_s = 2.0 if toggled else hidden_s
    twice = [(began <= t) & (t < began + lasts_s) for began in (3.0, 3.0 + apart_s)]
    pictures = np.where(twice[0] | twice[1], scene + motion + light if toggled else 0.0, scene + motion)
    for _, repeat in search(pictures.astype(np.float32)):
        assert repeat.unlike > STRANGE


def test_where_packets_are_lost_all_the_time_it_says_so() -> None:
    looking = LoopSearch()
    for k, each in enumerate(wander(20.0)):
        if k % 45 < 25:
            assert looking.push(k / SLOT_HZ, each) is None
    assert looking.missing is Reason.MEDIA_LOST


def test_memory_is_bounded_and_goes_on_after_it_is_full() -> None:
    track, motion = MotionTrack(longest_s=4.0), wander(20.0)
    for k, each in enumerate(motion):
        track.push(k / SLOT_HZ, each)
    distances = track.distances(0)
    assert len(distances) == 100
    direct = ((motion[-100:] - motion[-1]).astype(float) ** 2).sum(axis=1)[::-1]
    np.testing.assert_allclose(distances, direct, rtol=1e-3, atol=1e-2)


def test_times_that_stand_still_or_go_back_are_borne() -> None:
    track = MotionTrack()
    for t in (0.0, 0.0, 5.0, 1.0, 5.0, 5.04, 700.0, 1e6):
        track.push(t, np.zeros(AREAS, np.float32))
    assert track.distances(0)[0] == 0.0


@pytest.mark.parametrize("size", [(480, 640), (1080, 1920), (640, 360), (3, 3), (1, 1), (1, 900)])
def test_a_picture_of_any_size_becomes_areas(size: tuple[int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    found = areas(small(luma_of(image)))
    assert found.shape == (AREAS,)
    assert float(found.mean()) == pytest.approx(0.0, abs=1e-3)


def test_areas_are_means_of_the_whole_picture_whatever_its_brightness() -> None:
    image = np.random.default_rng(0).integers(20, 200, (480, 640, 3), np.uint8)
    luma = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(float)
    blocks = luma.reshape(6, 80, 8, 80).mean(axis=(1, 3)).reshape(-1)
    np.testing.assert_allclose(areas(small(luma_of(image))), blocks - blocks.mean(), atol=0.6)
    np.testing.assert_allclose(
        areas(small(luma_of(image + np.uint8(30)))), areas(small(luma_of(image))), atol=0.6
    )
