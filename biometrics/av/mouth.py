"""How far a mouth is open, measured in the face's own frame: whichever way the head turns."""

from __future__ import annotations

from math import cos, dist, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.face.quality import FaceGate, refuse
from biometrics.views import FaceView, Fact, HeadPose
from fraudmodel.signals import Reason

MEASURES: Final = ("opening", "px")
"""The lips' outer edges apart, along the face's height, over the distance of the eyes' centres; and how wide the mouth is in the picture.
Of the inner edges, the corners, the chin and these, these went best with the sound."""
LEAST_PX: Final = 40.0
"""A mouth less wide cannot be measured."""
LEAST_FPS: Final = 12.0
"""Fewer looks a second miss syllables."""
GATE: Final = FaceGate(yaw_deg=25.0, pitch_deg=25.0, sharpness=5.0)
_CORNERS: Final = [78, 308]
_USED: Final = [33, 133, 263, 362, 0, 17]
"""Corners of the eyes, outer edges of the lips."""

Floats = NDArray[np.float64]


def mouth_of(view: FaceView) -> Floats | Reason:
    """`MEASURES` (2,) of the view's mouth, computed once for every detector that asks; the reason where it cannot be measured."""
    found: Floats | Reason | None = view.derived.get("mouth")
    if found is None:
        found = view.derived["mouth"] = _measured(view)
    return found


def seen(view: FaceView) -> Fact:
    """What detectors of sound are told of a view, topic "mouth", as plain JSON: the face's ``track`` and the mouth's ``opening``, null
    where it cannot be measured. Too little to know a face by."""
    found = mouth_of(view)
    track = view.face.track if view.face is not None else -1
    opening_ = None if isinstance(found, Reason) else float(found[0])
    return Fact(view.t, "mouth", {"track": track, "opening": opening_})


def _measured(view: FaceView) -> Floats | Reason:
    reason = refuse(view, GATE)
    if reason is not None or view.face is None:
        return reason or Reason.NO_FACE
    if view.fps < LEAST_FPS:
        return Reason.LOW_FRAME_RATE
    a, b = view.face.landmarks[_CORNERS, :2].tolist()
    px = dist(a, b)
    return (
        Reason.FACE_TOO_SMALL
        if px < LEAST_PX
        else np.array([opening(view.face.landmarks, view.face.pose), px])
    )


def opening(landmarks: NDArray[np.float32], pose: HeadPose) -> float:
    """The first of `MEASURES`, of 478 landmarks and the pose that was found of them."""
    points = [(x, -y, -z) for x, y, z in landmarks[_USED].tolist()]
    right, left = ([a + b for a, b in zip(*points[k : k + 2], strict=True)] for k in (0, 2))
    apart = dist(right, left) / 2.0
    up = upwards(pose)
    along = sum(u * (a - b) for u, a, b in zip(up, points[4], points[5], strict=True))
    return float(along / max(apart, 1e-6))


def upwards(pose: HeadPose) -> tuple[float, float, float]:
    """The face's own vertical (x right in the picture, y up, z to the camera): the middle column of `face.pose.rotation`."""
    yaw, pitch, roll = (radians(angle) for angle in (pose.yaw_deg, pose.pitch_deg, pose.roll_deg))
    return (
        cos(roll) * -sin(yaw) * sin(pitch) + sin(roll) * cos(yaw),
        cos(roll) * cos(pitch),
        cos(roll) * -cos(yaw) * sin(pitch) - sin(roll) * sin(yaw),
    )
