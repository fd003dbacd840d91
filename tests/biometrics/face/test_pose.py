"""The angles are checked against what a camera must see, then against rotations built from first principles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.face.pose import CANONICAL, head_pose
from tests.biometrics.face.fakes import face_landmarks, turned

NOSE_TIP, RIGHT_EYE, LEFT_EYE = 4, 33, 263


def test_a_face_that_looks_into_the_camera_is_not_turned() -> None:
    pose = head_pose(face_landmarks())
    assert (pose.yaw_deg, pose.pitch_deg, pose.roll_deg) == pytest.approx((0, 0, 0), abs=1e-3)


def test_turned_to_the_persons_left_the_nose_goes_right_in_the_image_and_yaw_is_positive() -> None:
    landmarks = face_landmarks(turn=turned(yaw_deg=20))
    eyes = (landmarks[RIGHT_EYE, 0] + landmarks[LEFT_EYE, 0]) / 2
    assert landmarks[NOSE_TIP, 0] > eyes + 5
    assert head_pose(landmarks).yaw_deg == pytest.approx(20, abs=1e-3)


def test_looking_up_the_nose_rises_towards_the_eyes_and_pitch_is_positive() -> None:
    level, raised = face_landmarks(), face_landmarks(turn=turned(pitch_deg=15))
    assert raised[NOSE_TIP, 1] - raised[LEFT_EYE, 1] < level[NOSE_TIP, 1] - level[LEFT_EYE, 1] - 5
    assert head_pose(raised).pitch_deg == pytest.approx(15, abs=1e-3)


def test_clockwise_in_the_image_the_right_hand_eye_sinks_and_roll_is_positive() -> None:
    landmarks = face_landmarks(turn=turned(roll_deg=10))
    assert landmarks[LEFT_EYE, 0] > landmarks[RIGHT_EYE, 0]
    assert landmarks[LEFT_EYE, 1] > landmarks[RIGHT_EYE, 1] + 5
    assert head_pose(landmarks).roll_deg == pytest.approx(10, abs=1e-3)


@given(
    yaw=st.floats(-80, 80),
    pitch=st.floats(-60, 60),
    roll=st.floats(-170, 170),
    width=st.floats(30, 1000),
    x=st.floats(0, 2000),
    y=st.floats(0, 2000),
)
def test_any_turn_is_recovered_at_any_size_and_place(
    yaw: float, pitch: float, roll: float, width: float, x: float, y: float
) -> None:
    pose = head_pose(face_landmarks((x, y), width, turned(yaw, pitch, roll)))
    assert (pose.yaw_deg, pose.pitch_deg, pose.roll_deg) == pytest.approx((yaw, pitch, roll), abs=0.05)


@given(yaw=st.floats(-50, 50), pitch=st.floats(-40, 40), seed=st.integers(0, 1000))
def test_two_percent_of_noise_moves_the_angles_by_a_few_degrees(yaw: float, pitch: float, seed: int) -> None:
    landmarks = face_landmarks(width=160, turn=turned(yaw, pitch))
    landmarks += np.random.default_rng(seed).normal(0, 160 * 0.02, landmarks.shape).astype(np.float32)
    pose = head_pose(landmarks)
    assert (pose.yaw_deg, pose.pitch_deg) == pytest.approx((yaw, pitch), abs=8)


def test_the_canonical_face_is_symmetric() -> None:
    mirrored = CANONICAL * (-1.0, 1.0, 1.0)
    nearest = np.linalg.norm(CANONICAL[:, None] - mirrored[None], axis=2).min(axis=0)
    assert nearest.max() < 1e-3
