from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.face.boxes import Image
from biometrics.face.pad.motion import MotionTracker, Movement
from biometrics.face.pad.planarity import depth_at, planarity
from biometrics.face.perception import describe
from biometrics.face.pose import CANONICAL
from biometrics.media import Frame
from biometrics.views import FaceView, HeadPose
from tests.biometrics.face.fakes import a_face, face_landmarks, turned

CENTRE = (320.0, 240.0)
IOD = 70.0
Floats = NDArray[np.float64]


def cloud(yaw_deg: float, seed: int = 1) -> tuple[Floats, Floats]:
    """Points of the canonical face (n, 2) px as a camera far away sees it turned, and their depths."""
    rng = np.random.default_rng(seed)
    points = rng.dirichlet(np.ones(5), 60) @ CANONICAL[rng.choice(len(CANONICAL), 5, replace=False)]
    points = np.concatenate([points, CANONICAL])
    scale = 160.0 / (CANONICAL[:, 0].max() - CANONICAL[:, 0].min())
    seen = points @ turned(yaw_deg).T * scale
    return seen[:, :2] * (1, -1) + CENTRE, -seen[:, 2]


def followed(points: Floats, seed: int = 7) -> Floats:
    """As corners are: off by a fifth of a pixel."""
    return points + np.random.default_rng(seed).normal(0, 0.2, points.shape)


@pytest.mark.parametrize("yaw_deg", [10.0, 18.0, 25.0])
def test_a_head_that_turns_is_not_flat(yaw_deg: float) -> None:
    before, depth = cloud(0.0)
    after, _ = cloud(yaw_deg)
    found = planarity(followed(before), depth, followed(after, 8), IOD)
    assert found is not None
    assert found > 1.0


@pytest.mark.parametrize("tilt", [0.0, 2e-4, 6e-4])
def test_a_warped_photo_is_flat(tilt: float) -> None:
    before, depth = cloud(0.0)
    turn = np.array([[0.93, 0.05, 12.0], [-0.04, 1.02, -6.0], [tilt, tilt / 2, 1.0]])
    after = cv2.perspectiveTransform(before[np.newaxis], turn)[0].astype(np.float64)
    found = planarity(followed(before), depth, followed(after, 8), IOD)
    assert found is not None
    assert found < 0.2


def test_few_points_say_nothing() -> None:
    before, depth = cloud(0.0)
    assert planarity(before[:8], depth[:8], before[:8], IOD) is None


def test_points_in_one_place_do_not_break_it() -> None:
    same = np.full((20, 2), 5.0)
    found = planarity(same, np.zeros(20), same, IOD)
    assert found is None or np.isfinite(found)


def test_the_depth_at_a_landmark_is_its_own() -> None:
    landmarks = face_landmarks()
    found = depth_at(landmarks[[4, 33, 263], :2].astype(np.float64), landmarks, near=1)
    np.testing.assert_allclose(found, landmarks[[4, 33, 263], 2], rtol=1e-5)


_SOFT = cv2.GaussianBlur(
    np.random.default_rng(0).integers(0, 256, (480, 640, 3)).astype(np.uint8), (0, 0), 1.6
)
TEXTURE: Image = np.clip((_SOFT.astype(float) - 127) * 4 + 127, 0, 255).astype(np.uint8)


def shifted(image: Image, dx: float, dy: float) -> Image:
    move = np.array([[1, 0, dx], [0, 1, dy]], np.float64)
    return np.asarray(cv2.warpAffine(image, move, (640, 480), borderMode=cv2.BORDER_REFLECT), np.uint8)


def in_front(face: Image, room: Image, dx: float, dy: float) -> Image:
    mask = np.zeros((480, 640), np.uint8)
    cv2.ellipse(mask, (round(320 + dx), round(240 + dy)), (95, 110), 0, 0, 360, 255, -1)
    return np.asarray(np.where(mask[..., None] > 0, face, room), np.uint8)


def watched(picture: Callable[[float, float], Image], seconds: float = 2.0) -> Movement:
    """What a tracker says of a face that moves to and fro."""
    tracker = MotionTracker()
    for k in range(int(seconds * 10)):
        dx, dy = 8 * np.sin(k / 3), 4 * np.cos(k / 4)
        image = picture(dx, dy)
        face = a_face()
        landmarks = face.landmarks + np.array([dx, dy, 0], np.float32)
        tracker.push(
            FaceView(Frame(k * 0.1, k, image), describe(image, landmarks, 1), None, 0, 30.0),
            replace(face, landmarks=landmarks),
        )
    return tracker.take()


def test_a_photo_that_is_held_moves_with_what_is_on_it() -> None:
    found = watched(lambda dx, dy: shifted(TEXTURE, dx, dy))
    assert found.comotion is not None
    assert found.comotion > 0.9
    assert found.planarity is None


def test_a_head_moves_before_a_room_that_stands_still() -> None:
    room = np.asarray(TEXTURE[::-1, ::-1].copy(), np.uint8)
    found = watched(lambda dx, dy: in_front(shifted(TEXTURE, dx, dy), room, dx, dy))
    assert found.comotion is not None
    assert abs(found.comotion) < 0.2


def test_where_nothing_moves_nothing_is_said() -> None:
    assert watched(lambda dx, dy: TEXTURE) == Movement(None, None)


def test_a_blank_wall_gives_nothing_to_follow() -> None:
    assert watched(lambda dx, dy: np.full((480, 640, 3), 90, np.uint8)) == Movement(None, None)


def warped(turn_deg: float) -> Image:
    """The picture on a sheet that turns about the vertical before a camera."""
    angle = np.radians(turn_deg)
    turn = np.array([[np.cos(angle), 0, 0], [0, 1, 0], [np.sin(angle) / 1400, 0, 1]])
    to_middle = np.array([[1, 0, -320], [0, 1, -240], [0, 0, 1.0]])
    whole = np.linalg.inv(to_middle) @ turn @ to_middle
    return np.asarray(
        cv2.warpPerspective(TEXTURE, whole, (640, 480), borderMode=cv2.BORDER_REFLECT), np.uint8
    )


def test_a_sheet_that_turns_is_flat_to_the_tracker() -> None:
    tracker = MotionTracker()
    for k in range(16):
        yaw = 1.0 * k
        face = replace(a_face(), pose=HeadPose(yaw, 0.0, 0.0))
        tracker.push(FaceView(Frame(k * 0.1, k, warped(yaw)), face, None, 0, 30.0), face)
    found = tracker.take()
    assert found.planarity is not None
    assert found.planarity < 0.3
    assert tracker.take() == Movement(None, None)


def remapped(yaw_deg: float) -> Image:
    """The picture on a head, a half ellipsoid as deep as it is wide, that turns about the vertical."""
    y, x = np.mgrid[:480, :640].astype(np.float64)
    u, v = (x - 320) / 100, (y - 240) / 120
    angle = np.radians(yaw_deg)
    inside = u**2 + v**2 < 0.98
    z = np.sqrt(np.maximum(1 - u**2 - v**2, 0))
    back = u * np.cos(angle) - z * np.sin(angle)
    at_x = np.where(inside, 320 + 100 * back, x).astype(np.float32)
    return np.asarray(cv2.remap(TEXTURE, at_x, y.astype(np.float32), cv2.INTER_LINEAR), np.uint8)


def test_a_head_that_turns_is_deep_to_the_tracker() -> None:
    points = face_landmarks()
    radius = np.hypot((points[:, 0] - 320) / 100, (points[:, 1] - 240) / 120)
    points[:, 2] = -100 * np.sqrt(np.maximum(1 - radius**2, 0))
    tracker = MotionTracker()
    for k in range(16):
        yaw = 1.0 * k
        face = replace(a_face(), landmarks=points, pose=HeadPose(yaw, 0.0, 0.0))
        tracker.push(FaceView(Frame(k * 0.1, k, remapped(yaw)), face, None, 0, 30.0), face)
    found = tracker.take()
    assert found.planarity is not None
    assert found.planarity > 0.5
