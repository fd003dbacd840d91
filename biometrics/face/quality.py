"""Whether a face is good enough to be measured, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from biometrics.face.boxes import Image, Landmarks, around, extent
from biometrics.views import Face, FaceQuality, FaceView
from fraudmodel.signals import Reason

RIGHT_EYE = (33, 133)
"""Outer and inner corner of the person's right eye."""
LEFT_EYE = (263, 362)
FIXED_PX = 128
"""Luma and sharpness are measured on the face at this size, so that they do not depend on the camera's resolution."""


@dataclass(frozen=True, slots=True)
class FaceGate:
    """The least that an analytic asks of a face; angles and the upper luma are the most.

    At ``sharpness`` 20 a photo lies 0.2 from its own blurred copy, and up to 0.28: half of what separates two people.
    """

    yaw_deg: float
    pitch_deg: float
    inter_ocular_px: float = 40.0
    luma: tuple[float, float] = (40.0, 225.0)
    sharpness: float = 20.0
    inside: float = 0.95


PRESENTATION = FaceGate(yaw_deg=25.0, pitch_deg=20.0)
"""For presentation attack detection."""
COMPARE = FaceGate(yaw_deg=30.0, pitch_deg=30.0)
"""For face comparison, which bears a little more turning."""


def measure(image: Image, landmarks: Landmarks) -> FaceQuality:
    """Measure a face in a BGR frame."""
    box = extent(landmarks)
    crop, _ = around(box.centre, max(box.width, box.height, 2.0)).crop(image, FIXED_PX)
    if crop.shape[0] != FIXED_PX:
        crop = np.asarray(cv2.resize(crop, (FIXED_PX, FIXED_PX)), dtype=np.uint8)
    luma = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    inner = luma[FIXED_PX // 4 : -FIXED_PX // 4, FIXED_PX // 4 : -FIXED_PX // 4]
    return FaceQuality(
        inter_ocular_px=inter_ocular_px(landmarks),
        luma=float(inner.mean()),
        sharpness=float(cv2.Laplacian(inner, cv2.CV_32F).var()),
        inside=_inside(image, landmarks),
    )


def inter_ocular_px(landmarks: Landmarks) -> float:
    """Distance of the eye centres, which foreshortens as the head turns."""
    right, left = (landmarks[list(eye), :2].mean(axis=0) for eye in (RIGHT_EYE, LEFT_EYE))
    return float(np.linalg.norm(left - right))


def _inside(image: Image, landmarks: Landmarks) -> float:
    height, width = image.shape[:2]
    points = landmarks[:, :2]
    within = (points >= 0).all(axis=1) & (points[:, 0] < width) & (points[:, 1] < height)
    return float(within.mean())


def refuse(view: FaceView, gate: FaceGate) -> Reason | None:
    """Why a view cannot be measured, the most telling reason first; None lets it through."""
    if view.face is None:
        return view.reason or Reason.NO_FACE
    return refuse_face(view.face, gate)


def refuse_face(face: Face, gate: FaceGate) -> Reason | None:
    """Why a face cannot be measured, the most telling reason first; None lets it through."""
    quality, pose = face.quality, face.pose
    darkest, brightest = gate.luma
    checks = (
        (quality.inside < gate.inside, Reason.FACE_CUT_OFF),
        (quality.inter_ocular_px < gate.inter_ocular_px, Reason.FACE_TOO_SMALL),
        (abs(pose.yaw_deg) > gate.yaw_deg or abs(pose.pitch_deg) > gate.pitch_deg, Reason.FACE_TURNED),
        (quality.luma < darkest, Reason.TOO_DARK),
        (quality.luma > brightest, Reason.TOO_BRIGHT),
        (quality.sharpness < gate.sharpness, Reason.BLURRED),
    )
    return next((reason for failed, reason in checks if failed), None)


_FULL_QUALITY_PX = 80.0
_LEAST_QUALITY = 0.1


def grade(face: Face, gate: FaceGate) -> float:
    """How good a face that passed the gate is, 0..1: near 1 frontal with eyes 80 px apart, least at the gate's edge."""
    size = min(face.quality.inter_ocular_px / _FULL_QUALITY_PX, 1.0)
    turned = max(abs(face.pose.yaw_deg) / gate.yaw_deg, abs(face.pose.pitch_deg) / gate.pitch_deg)
    return min(max(size * (1.0 - 0.5 * turned**2), _LEAST_QUALITY), 1.0)


def covariates(face: Face) -> dict[str, float]:
    """What calibration may need to know about a measured face."""
    return {
        "inter_ocular_px": face.quality.inter_ocular_px,
        "yaw_deg": face.pose.yaw_deg,
        "pitch_deg": face.pose.pitch_deg,
        "luma": face.quality.luma,
        "sharpness": face.quality.sharpness,
    }
