"""How far a mouth is open, measured in the face's own frame: whichever way the head turns."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.face.pose import POINTS, rotation
from biometrics.face.quality import FaceGate, refuse
from biometrics.views import FaceView
from fraudmodel.signals import Reason

MEASURES: Final = ("opening", "px")
"""The lips' outer edges apart, along the face's height, over the distance of the eyes' centres; and how wide the mouth is in the picture.
Of the inner edges, the corners, the chin and these, these went best with the sound."""
LEAST_PX: Final = 40.0
"""A mouth less wide cannot be measured."""
LEAST_FPS: Final = 12.0
"""Fewer looks a second miss syllables."""
GATE: Final = FaceGate(yaw_deg=25.0, pitch_deg=25.0, sharpness=5.0)
_EYES: Final = (33, 133, 263, 362)
_CORNERS: Final = (78, 308)
_LIPS: Final = (0, 17)

_USED: Final = [*_EYES, *_LIPS]

Floats = NDArray[np.float64]


def mouth_of(view: FaceView) -> Floats | Reason:
    """`MEASURES` (2,) of the view's mouth, computed once for every detector that asks; the reason where it cannot be measured."""
    found: Floats | Reason | None = view.derived.get("mouth")
    if found is None:
        found = view.derived["mouth"] = _measured(view)
    return found


def _measured(view: FaceView) -> Floats | Reason:
    reason = refuse(view, GATE)
    if reason is not None or view.face is None:
        return reason or Reason.NO_FACE
    if view.fps < LEAST_FPS:
        return Reason.LOW_FRAME_RATE
    a, b = view.face.landmarks[list(_CORNERS), :2]
    px = float(np.linalg.norm(a - b))
    return Reason.FACE_TOO_SMALL if px < LEAST_PX else np.array([opening(view.face.landmarks), px])


def opening(landmarks: NDArray[np.float32]) -> float:
    """The first of `MEASURES`, of 478 landmarks."""
    points = landmarks[_USED].astype(np.float64) * (1.0, -1.0, -1.0)
    upright = points @ rotation(landmarks[POINTS].astype(np.float64) * (1.0, -1.0, -1.0))
    right, left = upright[:2].mean(axis=0), upright[2:4].mean(axis=0)
    return float((upright[4, 1] - upright[5, 1]) / max(float(np.linalg.norm(left - right)), 1e-6))
