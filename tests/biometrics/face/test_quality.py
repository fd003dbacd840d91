from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.face.boxes import Image
from biometrics.face.quality import COMPARE, PRESENTATION, covariates, grade, measure, refuse, refuse_face
from biometrics.views import HeadPose
from fraudmodel.signals import Reason
from tests.biometrics.face.fakes import FRONTAL, GOOD, a_face, a_view, face_landmarks, turned


def as_image(pixels: NDArray[Any]) -> Image:
    return np.asarray(pixels, dtype=np.uint8)


def noise(mean: float, spread: float, shape: tuple[int, int] = (480, 640)) -> Image:
    values = np.random.default_rng(1).normal(mean, spread, (*shape, 3))
    return np.clip(values, 0, 255).astype(np.uint8)


def test_eyes_are_as_far_apart_as_the_canonical_face_says() -> None:
    # Eye centres of the canonical face lie at x = 3.151 cm on either side, its widest points at 7.743 cm.
    quality = measure(noise(120, 20), face_landmarks(width=160))
    assert quality.inter_ocular_px == pytest.approx(160 * 3.151 / 7.743, rel=1e-3)


def test_a_turned_face_has_closer_eyes() -> None:
    frontal = measure(noise(120, 20), face_landmarks(width=160)).inter_ocular_px
    side = measure(noise(120, 20), face_landmarks(width=160, turn=turned(yaw_deg=40))).inter_ocular_px
    assert side < 0.85 * frontal


@pytest.mark.parametrize("mean", [30.0, 120.0, 220.0])
def test_luma_is_that_of_the_face_and_not_of_its_surroundings(mean: float) -> None:
    image = noise(255 - mean, 3)
    image[140:340, 220:420] = noise(mean, 3, (200, 200))
    assert measure(image, face_landmarks(width=160)).luma == pytest.approx(mean, abs=3)


def test_blur_lowers_sharpness_and_resolution_alone_does_not() -> None:
    texture = as_image(cv2.resize(noise(120, 60, (120, 160)), (640, 480), interpolation=cv2.INTER_CUBIC))
    sharp = measure(texture, face_landmarks(width=160)).sharpness
    blurred = measure(as_image(cv2.GaussianBlur(texture, (0, 0), 6)), face_landmarks(width=160)).sharpness
    twice = as_image(cv2.resize(texture, (1280, 960), interpolation=cv2.INTER_CUBIC))
    larger = measure(twice, face_landmarks((640.0, 480.0), 320.0)).sharpness
    assert blurred < sharp / 10
    assert larger == pytest.approx(sharp, rel=0.25)


def test_half_a_face_in_the_frame_is_half_inside() -> None:
    whole = measure(noise(120, 20), face_landmarks())
    half = measure(noise(120, 20), face_landmarks((0.0, 240.0)))
    assert whole.inside == 1.0
    assert half.inside == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"inside": 0.8}, Reason.FACE_CUT_OFF),
        ({"inter_ocular_px": 39.0}, Reason.FACE_TOO_SMALL),
        ({"luma": 39.0}, Reason.TOO_DARK),
        ({"luma": 226.0}, Reason.TOO_BRIGHT),
        ({"sharpness": 19.0}, Reason.BLURRED),
    ],
)
def test_each_defect_has_its_reason(change: dict[str, float], reason: Reason) -> None:
    face = a_face(quality=replace(GOOD, **change))
    assert refuse_face(face, PRESENTATION) is reason
    assert refuse_face(face, COMPARE) is reason


@pytest.mark.parametrize(
    "pose", [HeadPose(26, 0, 0), HeadPose(-26, 0, 0), HeadPose(0, 21, 0), HeadPose(0, -21, 0)]
)
def test_a_turned_face_is_refused_for_presentation_and_still_compared(pose: HeadPose) -> None:
    assert refuse_face(a_face(pose=pose), PRESENTATION) is Reason.FACE_TURNED
    assert refuse_face(a_face(pose=pose), COMPARE) is None


def test_a_good_face_passes_and_a_view_without_one_says_why() -> None:
    assert refuse(a_view(0.0, a_face()), PRESENTATION) is None
    assert refuse(a_view(0.0, None, Reason.SEVERAL_FACES), PRESENTATION) is Reason.SEVERAL_FACES
    assert refuse(a_view(0.0, None), PRESENTATION) is Reason.NO_FACE


@given(yaw=st.floats(-30, 30), pitch=st.floats(-30, 30), apart=st.floats(40, 500))
def test_the_grade_is_a_share_and_best_from_the_front(yaw: float, pitch: float, apart: float) -> None:
    quality = replace(GOOD, inter_ocular_px=apart)
    turned_face, frontal = a_face(pose=HeadPose(yaw, pitch, 0), quality=quality), a_face(quality=quality)
    assert 0.0 < grade(turned_face, COMPARE) <= grade(frontal, COMPARE) <= 1.0


def test_covariates_name_what_calibration_needs() -> None:
    assert covariates(a_face(pose=replace(FRONTAL, yaw_deg=7.0))) == {
        "inter_ocular_px": 70.0,
        "yaw_deg": 7.0,
        "pitch_deg": 0.0,
        "luma": 120.0,
        "sharpness": 200.0,
    }
