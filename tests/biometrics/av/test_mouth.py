"""The opening of a mouth does not depend on where the head turns; the reasons why it is not measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.av.mouth import mouth_of, opening, upwards
from biometrics.face.pose import angles
from biometrics.views import Face, FaceView, HeadPose
from fraudmodel.signals import Reason
from tests.biometrics.face.fakes import GOOD, a_face, a_view, face_landmarks, turned


def wide(px: float = 60.0) -> Face:
    face = a_face(width=260.0)
    landmarks = face.landmarks.copy()
    landmarks[78, :2], landmarks[308, :2] = (300.0, 300.0), (300.0 + px, 300.0)
    return replace(face, landmarks=landmarks)


def seen(face: Face | None, reason: Reason | None = None, fps: float = 25.0) -> FaceView:
    return replace(a_view(1.0, face, reason), fps=fps)


@settings(max_examples=40, deadline=None)
@given(st.floats(-40, 40), st.floats(-30, 30), st.floats(-30, 30))
def test_the_vertical_is_the_rotations_middle_column(yaw: float, pitch: float, roll: float) -> None:
    """Against a rotation that was built from first principles."""
    turn = turned(yaw, pitch, roll)
    assert upwards(angles(turn)) == pytest.approx(turn[:, 1], abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.floats(-25, 25), st.floats(-20, 20), st.floats(-30, 30), st.floats(0.3, 3.0))
def test_turning_or_coming_closer_does_not_open_a_mouth(
    yaw: float, pitch: float, roll: float, near: float
) -> None:
    frontal = opening(face_landmarks(width=200.0), HeadPose(0.0, 0.0, 0.0))
    pose = angles(turned(yaw, pitch, roll))
    other = opening(face_landmarks(width=200.0 * near, turn=turned(yaw, pitch, roll)), pose)
    assert other == pytest.approx(frontal, abs=1e-3)


def test_lips_that_part_by_a_tenth_of_the_eyes_distance_open_by_a_tenth() -> None:
    landmarks = face_landmarks(width=200.0)
    eyes = [(landmarks[a, :] + landmarks[b, :]) / 2 for a, b in ((33, 133), (263, 362))]
    apart = float(np.linalg.norm(eyes[0] - eyes[1]))
    open_mouth = landmarks.copy()
    open_mouth[17, 1] += 0.1 * apart
    pose = HeadPose(0.0, 0.0, 0.0)
    assert opening(open_mouth, pose) - opening(landmarks, pose) == pytest.approx(0.1, abs=1e-5)


def test_a_mouth_that_can_be_measured_is_measured_once() -> None:
    view = seen(wide())
    found = mouth_of(view)
    assert not isinstance(found, Reason)
    assert found[1] == pytest.approx(60.0)
    assert mouth_of(view) is found


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (seen(None, Reason.SEVERAL_FACES), Reason.SEVERAL_FACES),
        (seen(wide(30.0)), Reason.FACE_TOO_SMALL),
        (seen(replace(wide(), quality=replace(GOOD, inter_ocular_px=20.0))), Reason.FACE_TOO_SMALL),
        (seen(replace(wide(), pose=HeadPose(40.0, 0.0, 0.0))), Reason.FACE_TURNED),
        (seen(replace(wide(), quality=replace(GOOD, luma=10.0))), Reason.TOO_DARK),
        (seen(replace(wide(), quality=replace(GOOD, inside=0.5))), Reason.FACE_CUT_OFF),
        (seen(wide(), fps=8.0), Reason.LOW_FRAME_RATE),
    ],
)
def test_why_it_is_not_measured(view: FaceView, reason: Reason) -> None:
    assert mouth_of(view) is reason
