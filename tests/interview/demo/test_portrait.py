"""The demo's portrait: what moves, moves where it should; what is still, stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.demo.portrait import Motion, TalkingPortrait, loudness, motion_at, talking_frames

HEIGHT, WIDTH = 120, 160
STILL = Motion(jaw=0.0, lid=0.0, roll_deg=0.0, shift=(0.0, 0.0))


def landmarks() -> np.ndarray:
    """A face whose mouth lies at (80, 80) and whose eyes lie at (60, 40) and (100, 40)."""
    points = np.zeros((478, 3), np.float32)
    at = {13: (80, 78), 14: (80, 82), 78: (65, 80), 308: (95, 80), 152: (80, 105)}
    at |= {159: (60, 38), 145: (60, 42), 33: (52, 40), 133: (68, 40)}
    at |= {386: (100, 38), 374: (100, 42), 362: (92, 40), 263: (108, 40)}
    for index, (x, y) in at.items():
        points[index, :2] = x, y
    return points


@pytest.fixture
def image() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def test_a_still_pose_gives_the_photo_back(image: np.ndarray) -> None:
    assert np.array_equal(TalkingPortrait(image, landmarks()).frame(STILL), image)


@pytest.mark.parametrize(
    ("motion", "moved", "still"),
    [
        (Motion(1.0, 0.0, 0.0, (0.0, 0.0)), (slice(84, 100), slice(75, 85)), (slice(0, 70), slice(0, WIDTH))),
        (
            Motion(0.0, 1.0, 0.0, (0.0, 0.0)),
            (slice(37, 44), slice(56, 64)),
            (slice(70, HEIGHT), slice(0, WIDTH)),
        ),
    ],
)
def test_jaw_and_lids_move_only_their_own_region(
    image: np.ndarray, motion: Motion, moved: tuple[slice, slice], still: tuple[slice, slice]
) -> None:
    frame = TalkingPortrait(image, landmarks()).frame(motion)
    assert np.abs(frame[moved].astype(int) - image[moved]).mean() > 20
    assert np.array_equal(frame[still], image[still])


def test_frames_are_reproducible_from_the_seed(image: np.ndarray) -> None:
    portrait, jaw = TalkingPortrait(image, landmarks()), np.array([0.0, 0.5, 1.0], np.float32)
    first, again, other = (list(talking_frames(portrait, jaw, 25, seed=s)) for s in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_the_mouth_opens_where_the_sound_is() -> None:
    rate, fps = 16000, 25
    sound = np.zeros(rate * 2, np.float32)
    sound[rate:] = np.sin(np.arange(rate) * 0.3).astype(np.float32) * 0.4
    opening = loudness(sound, rate, fps)
    assert opening.shape == (2 * fps,)
    assert opening[: fps - 2].max() == 0.0
    assert opening[fps + 2 : -2].min() > 0.9


@given(st.floats(0, 3600))
def test_motion_stays_small(t: float) -> None:
    motion = motion_at(t, jaw=0.3)
    assert 0.0 <= motion.lid <= 1.0
    assert abs(motion.roll_deg) < 3.0
    assert max(map(abs, motion.shift)) < 5.0
