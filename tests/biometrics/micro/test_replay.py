"""A movement shown again: held still, magnified where the face moved, and only there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest

from biometrics.face.boxes import Image
from biometrics.media import Frame
from biometrics.micro.magnify import flow_between
from biometrics.micro.replay import (
    COLUMNS,
    EYES_PX,
    MOST,
    SIZE_PX,
    Replay,
    aligned_points,
    closer,
    depth_of,
    mask_of,
    replay_of,
    thinned,
)
from biometrics.views import FaceView
from fraudmodel.signals import Reason
from tests.biometrics.face.fakes import a_face

STEP_S = 1 / 30
BROW = (276.0, 205.0)
"""Where the painted face's right brow is, px of its 640x480 frame."""


@cache
def portrait() -> Image:
    """A textured picture under the landmarks of `a_face`, which are what is known of the face."""
    rough = np.random.default_rng(2).integers(0, 256, (480, 640, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(rough, (0, 0), 2.5)
    return np.asarray(np.clip(128 + 5.0 * (smooth - smooth.mean()), 0, 255), dtype=np.uint8)


def view(
    t: float, raised_px: float = 0.0, shift: tuple[float, float] = (0.0, 0.0), told: bool = True
) -> FaceView:
    """One frame: the brow raised, the whole face elsewhere; ``told`` whether the landmarks say so."""
    y, x = np.mgrid[0:480, 0:640].astype(np.float32)
    brow = np.exp(-((x - BROW[0]) ** 2 + (y - BROW[1]) ** 2) / (2.0 * 9.0**2)).astype(np.float32)
    image = cv2.remap(portrait(), x, y + raised_px * brow, cv2.INTER_CUBIC)
    image = cv2.warpAffine(
        image,
        np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]]]),
        (640, 480),
        borderMode=cv2.BORDER_REFLECT,
    )
    face = a_face()
    if told:
        landmarks = face.landmarks + np.array([*shift, 0.0], np.float32)
        face = replace(face, landmarks=landmarks)
    return FaceView(Frame(t, round(t * 1000), np.asarray(image, np.uint8)), face, None, 0, 30.0)


@cache
def movement(told: bool = True) -> list[FaceView]:
    """Rest, a brow that goes up by 1 px and back, rest; the head drifts all the while."""
    raised = [0.0] * 5 + [0.25, 0.7, 1.0, 0.7, 0.25] + [0.0] * 4
    return [view(i * STEP_S, px, (0.4 * np.sin(i / 3.0), 0.05 * i), told=told) for i, px in enumerate(raised)]


@cache
def shown(told: bool = True) -> Replay:
    replay = replay_of(movement(told), 4 * STEP_S, 7 * STEP_S, 10 * STEP_S)
    assert replay is not None
    return replay


def brow_on_square() -> tuple[int, int]:
    """Where the brow lies on the square: as far from the landmark nearest to it, in distances of the eyes, as in the frame."""
    face = a_face()
    points, frame = aligned_points(face), face.landmarks
    nearest = int(np.argmin(np.hypot(*(frame[:, :2] - BROW).T)))
    apart = np.linalg.norm(frame[[33, 133], :2].mean(axis=0) - frame[[263, 362], :2].mean(axis=0))
    x, y = points[nearest, :2] + (np.array(BROW) - frame[nearest, :2]) * EYES_PX / apart
    return round(float(x)), round(float(y))


@pytest.mark.parametrize("told", [True, False])
def test_raised_brow_is_shown_factor_times_as_high(told: bool) -> None:
    replay = shown(told)
    assert (replay.onset, replay.apex, replay.offset) == (4, 7, 10)
    x, y = brow_on_square()
    near = (slice(y - 3, y + 4), slice(x - 3, x + 4))
    rest = replay.seen[replay.onset]
    was, is_shown = (
        -float(flow_between(rest, pictures[replay.apex])[near][..., 1].mean())
        for pictures in (replay.seen, replay.magnified)
    )
    assert was > 0.5
    assert is_shown == pytest.approx(replay.factor * was, rel=0.25)


def test_head_is_held_still_and_rest_stays_rest() -> None:
    replay = shown(told=False)
    rest = replay.seen[replay.onset].astype(float)
    centre = (slice(100, 200), slice(100, 200))
    for index in (0, 2, 12):
        assert np.abs(replay.seen[index].astype(float) - rest)[centre].mean() < 4.0
        assert np.abs(replay.magnified[index].astype(float) - replay.seen[index])[centre].mean() < 4.0


def turning(t: float, px: float) -> FaceView:
    """One frame of a head that turns without a mien: each pixel goes sideways by as much as the face is deep there."""
    y, x = np.mgrid[0:480, 0:640].astype(np.float32)

    def bowl(at_x: np.ndarray[Any, Any], at_y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.asarray(((at_x - 320.0) ** 2 + (at_y - 240.0) ** 2) / 80.0**2)

    image = cv2.remap(portrait(), x - np.float32(px) * bowl(x, y).astype(np.float32), y, cv2.INTER_CUBIC)
    landmarks = a_face().landmarks.copy()
    landmarks[:, 2] = 40.0 * bowl(landmarks[:, 0], landmarks[:, 1])
    face = replace(a_face(), landmarks=landmarks)
    return FaceView(Frame(t, round(t * 1000), np.asarray(image, np.uint8)), face, None, 0, 30.0)


def test_head_that_turns_is_no_movement_of_the_face() -> None:
    turned = [0.0] * 4 + [0.5, 1.2, 2.0, 1.2, 0.5] + [0.0] * 2
    replay = replay_of(
        [turning(i * STEP_S, px) for i, px in enumerate(turned)], 3 * STEP_S, 6 * STEP_S, 9 * STEP_S
    )
    assert replay is not None
    face = mask_of(aligned_points(a_face())) > 0.5
    seen, magnified = (each[replay.apex].astype(float) for each in (replay.seen, replay.magnified))
    assert np.abs(seen - replay.seen[replay.onset])[face].mean() > 4.0, "the turn itself is seen"
    assert np.abs(magnified - seen)[face].mean() < 10.0, "and it is not magnified: that would be 26"


def test_outside_of_the_face_nothing_is_magnified() -> None:
    replay = shown()
    outside = mask_of(aligned_points(a_face())) == 0.0
    assert outside.mean() > 0.05
    for seen, magnified in zip(replay.seen, replay.magnified, strict=True):
        # What lies just inside moves out by a few pixels: only what is clear of the edge is compared.
        clear = cv2.erode(outside.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
        assert np.array_equal(seen[clear], magnified[clear])


def test_the_same_views_give_the_same_pictures() -> None:
    again = replay_of(movement(), 4 * STEP_S, 7 * STEP_S, 10 * STEP_S)
    assert again is not None
    assert np.array_equal(again.sheet(), shown().sheet())


def test_eyes_lie_where_they_always_do() -> None:
    points = aligned_points(a_face(width=300.0))
    left, right = points[[263, 362], :2].mean(axis=0), points[[33, 133], :2].mean(axis=0)
    assert left - right == pytest.approx([EYES_PX, 0.0], abs=0.5)
    assert (left + right) / 2 == pytest.approx([(SIZE_PX - 1) / 2, 80.0], abs=0.5)


def test_depth_follows_the_landmarks() -> None:
    y, x = np.mgrid[20:236:12, 20:236:12].reshape(2, -1).astype(float)
    depth = depth_of(np.column_stack([x, y, 0.5 * x - 0.2 * y]))
    middle = depth[80:176:24, 80:176:24]
    row, column = np.mgrid[80:176:24, 80:176:24]
    assert middle == pytest.approx(0.5 * column - 0.2 * row, abs=3.0)


def test_sheet_has_the_seen_above_the_magnified() -> None:
    replay = shown()
    rows = -(-len(replay.times) // COLUMNS)
    sheet = replay.sheet()
    assert sheet.shape == (2 * rows * SIZE_PX, COLUMNS * SIZE_PX, 3)
    assert np.array_equal(sheet[:SIZE_PX, SIZE_PX : 2 * SIZE_PX], replay.seen[1])
    assert np.array_equal(sheet[rows * SIZE_PX : (rows + 1) * SIZE_PX, :SIZE_PX], replay.magnified[0])
    assert replay.still().shape == (SIZE_PX, 3 * SIZE_PX, 3)
    assert np.array_equal(replay.still()[:, 2 * SIZE_PX :], replay.magnified[replay.apex])


def test_without_a_face_where_it_matters_there_is_nothing() -> None:
    views = movement()
    assert replay_of([], 0.1, 0.2, 0.3) is None
    assert replay_of(views, 0.1, 0.2, 5.0) is None
    gone = [
        FaceView(v.frame, None, Reason.NO_FACE, 0, 30.0) if 4 <= i <= 10 else v for i, v in enumerate(views)
    ]
    assert replay_of(gone, 4 * STEP_S, 7 * STEP_S, 10 * STEP_S) is None


def test_closer_view_shows_the_same_with_less_of_the_frame() -> None:
    near = [closer(view) for view in movement()]
    assert all(
        each.frame.image.size < view.frame.image.size / 2 for each, view in zip(near, movement(), strict=True)
    )
    replay = replay_of(near, 4 * STEP_S, 7 * STEP_S, 10 * STEP_S)
    assert replay is not None
    assert np.abs(replay.sheet().astype(int) - shown().sheet()).mean() < 0.2
    gone = closer(FaceView(movement()[0].frame, None, Reason.NO_FACE, 0, 30.0))
    assert (gone.face, gone.reason, gone.frame.image.shape) == (None, Reason.NO_FACE, (1, 1, 3))


def test_long_movement_is_thinned() -> None:
    assert thinned([]) == []
    assert thinned(list(range(MOST))) == list(range(MOST))
    assert thinned(list(range(MOST + 1))) == list(range(0, MOST + 1, 2))
