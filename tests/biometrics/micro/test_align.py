from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from biometrics.face.boxes import Landmarks
from biometrics.face.perception import describe
from biometrics.face.quality import LEFT_EYE, RIGHT_EYE
from biometrics.media import Frame
from biometrics.micro.align import (
    EYE_LINE_PX,
    INTER_OCULAR_PX,
    SIZE_PX,
    Aligned,
    Aligner,
    OneEuro,
    on_canvas,
    place_from,
    place_of,
    relief_cm,
    straight,
)
from biometrics.views import FaceView
from fraudmodel.signals import Reason
from tests.biometrics.face.fakes import turned
from tests.biometrics.micro import faces


def moved(
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    size: float = 1.0,
    shift: tuple[float, float] = (0.0, 0.0),
) -> Landmarks:
    """The painted face's landmarks under another pose, about their middle."""
    points = faces.landmarks().astype(np.float64)
    middle = points.mean(axis=0)
    upright = (points - middle) * (1.0, -1.0, -1.0)
    seen = (upright @ turned(yaw, pitch, roll).T) * (1.0, -1.0, -1.0)
    return np.asarray(size * seen + middle + (*shift, 0.0), dtype=np.float32)


def eyes(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    right, left = (points[list(eye)].mean(axis=0) for eye in (RIGHT_EYE, LEFT_EYE))
    return right, left


@pytest.mark.parametrize(
    "pose", [(0.0, 0.0, 0.0), (15.0, 0.0, 0.0), (0.0, -12.0, 0.0), (0.0, 0.0, 20.0), (10.0, 8.0, -5.0)]
)
def test_whichever_way_a_head_is_turned_its_eyes_lie_at_the_same_places(
    pose: tuple[float, float, float],
) -> None:
    landmarks = moved(*pose, size=1.3, shift=(25.0, -14.0))
    right, left = eyes(on_canvas(landmarks, place_of(landmarks)))
    middle = (SIZE_PX - 1) / 2
    np.testing.assert_allclose(right, (middle - INTER_OCULAR_PX / 2, EYE_LINE_PX), atol=0.3)
    np.testing.assert_allclose(left, (middle + INTER_OCULAR_PX / 2, EYE_LINE_PX), atol=0.3)


def test_a_place_is_what_turned_scaled_and_shifted_the_face() -> None:
    place = place_of(moved(yaw=12.0, size=1.25))
    turn, _ = cv2.Rodrigues(place.turn)
    np.testing.assert_allclose(turn, turned(12.0), atol=2e-3)
    assert place.inter_ocular_px == pytest.approx(1.25 * faces.INTER_OCULAR_PX, rel=0.01)
    again = place_from(place.numbers)
    np.testing.assert_allclose(again.centre, place.centre)
    assert again.px_per_cm == pytest.approx(place.px_per_cm)


def test_a_picture_that_is_shifted_rolled_and_scaled_gives_the_same_straight_face() -> None:
    image, landmarks = faces.picture(0, 0.0), faces.landmarks()
    plain = straight(image, place_of(landmarks))
    x, y = (float(v) for v in landmarks[:, :2].mean(axis=0))
    turn = cv2.getRotationMatrix2D((x, y), 9.0, 1.1) + np.array([[0, 0, 12.0], [0, 0, -7.0]])
    other = cv2.warpAffine(image, turn, (640, 480), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    there = landmarks.copy()
    there[:, :2] = landmarks[:, :2] @ turn[:, :2].T + turn[:, 2]
    there[:, 2] *= 1.1
    again = straight(np.asarray(other, np.uint8), place_of(there))
    inner = slice(24, -24)
    difference = again[inner, inner].astype(float) - plain[inner, inner]
    assert np.sqrt((difference**2).mean()) < 0.15 * plain[inner, inner].std()


def test_the_relief_has_the_nose_in_front_and_the_temples_behind() -> None:
    relief = relief_cm()
    nose = np.unravel_index(int(relief.argmax()), relief.shape)
    assert abs(nose[1] - SIZE_PX / 2) < 3
    assert EYE_LINE_PX < nose[0] < 80
    assert relief[40, 4] < relief[40, 64] - 3.0


def test_the_filter_keeps_what_stands_still_and_follows_what_moves() -> None:
    still = OneEuro()
    value = np.arange(6.0)
    for _ in range(5):
        np.testing.assert_allclose(still.push(value, 1 / 30), value)
    moving = OneEuro()
    for k in range(30):
        seen = moving.push(np.full(6, 1.0 * k / 30), 1 / 30)
    np.testing.assert_allclose(seen, 29 / 30, atol=0.02)


def test_the_filter_calms_trembling() -> None:
    rng = np.random.default_rng(1)
    trembling = 0.0005 * rng.normal(size=(200, 6))
    calm = OneEuro()
    filtered = np.array([calm.push(each, 1 / 30) for each in trembling])
    assert filtered[20:].std() < 0.8 * trembling[20:].std()


def view(t: float, track: int = 1) -> FaceView:
    face = replace(describe(faces.picture(0, 0.0), faces.landmarks(), track), track=track)
    return FaceView(Frame(t, 0, faces.picture(0, 0.0)), face, None, 0, 30.0)


def test_gaps_other_tracks_and_missing_faces_break_the_run() -> None:
    aligner = Aligner()

    def unbroken(each: FaceView) -> bool:
        found = aligner.push(each)
        assert isinstance(found, Aligned)
        return found.unbroken

    assert [unbroken(view(0.0)), unbroken(view(0.03)), unbroken(view(0.5)), unbroken(view(0.53))] == [
        False,
        True,
        False,
        True,
    ]
    assert not unbroken(view(0.56, track=2))
    assert (
        aligner.push(FaceView(Frame(0.6, 0, faces.picture(0, 0.0)), None, Reason.NO_FACE, 0, 30.0))
        is Reason.NO_FACE
    )
    assert not unbroken(view(0.63, track=2))
