"""Whether brief movements can be seen at all: frame rate, bit rate, repeated frames, and the face's size, sharpness, light and pose.

A coder that has too few bits takes small movements away first, and what is left of them moves in steps. Where this gate closes, nothing is
said, and why.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from biometrics.face.quality import FaceGate, refuse
from biometrics.views import Face, FaceView
from fraudmodel.signals import Reason

OVER_S: Final = 2.0
LEAST_S: Final = 0.9
LEAST_FPS: Final = 24.0
_FPS_SLACK = 0.5
"""Film has 23.976 frames a second, and one of two seconds' frames may repeat."""
MOST_REPEATED: Final = 0.05
LEAST_KBPS: Final = 500.0
"""For a face with the eyes 88 px apart in a picture of 640x480: docs/reports/2026-11-28-microexpression.md has the curve."""
_MEANT_SHARE = 88.0**2 / (640.0 * 480.0)
GATE: Final = FaceGate(yaw_deg=25.0, pitch_deg=20.0, inter_ocular_px=80.0, sharpness=20.0)
_EVERY_ROW = 16


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why brief movements cannot be seen now: the ``reason``, and a ``detail`` with the figure."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class _Frame:
    t: float
    bytes: int
    repeated: bool


class Observability:
    """Judges one session's views, in order of time, by the last `OVER_S`."""

    def __init__(self) -> None:
        self._frames: deque[_Frame] = deque()
        self._picture = b""
        self.repeated = False
        self.fps = 0.0
        self.kbps: float | None = None

    def push(self, view: FaceView) -> Refusal | None:
        """Why nothing can be seen at this view; None where it can. `repeated` then says whether its picture repeats the last one."""
        picture = view.frame.image[::_EVERY_ROW].tobytes()
        self.repeated = picture == self._picture
        self._picture = picture
        self._frames.append(_Frame(view.t, view.frame.coded_bytes, self.repeated))
        while self._frames[0].t < view.t - OVER_S:
            self._frames.popleft()
        if view.face is None:
            return Refusal(view.reason or Reason.NO_FACE, "")
        return self._channel() or self._face(view, view.face)

    def _channel(self) -> Refusal | None:
        first, last = self._frames[0], self._frames[-1]
        span = last.t - first.t
        if span < LEAST_S:
            return Refusal(Reason.NOT_YET, "")
        later = list(self._frames)[1:]
        repeated = sum(frame.repeated for frame in later)
        self.fps = (len(later) - repeated) / span
        coded = sum(frame.bytes for frame in later)
        self.kbps = coded * 8.0 / 1000.0 / span if coded else None
        if self.fps < LEAST_FPS - _FPS_SLACK:
            return Refusal(
                Reason.LOW_FRAME_RATE, f"{self.fps:.1f} frames a second; {LEAST_FPS:.0f} are needed"
            )
        if repeated > MOST_REPEATED * len(later):
            share = 100.0 * repeated / len(later)
            detail = (
                f"{share:.0f} % of the frames repeat the one before; {100.0 * MOST_REPEATED:.0f} % are borne"
            )
            return Refusal(Reason.LOW_FRAME_RATE, detail)
        return None

    def _face(self, view: FaceView, face: Face) -> Refusal | None:
        needed = needed_kbps(view, face)
        if self.kbps is not None and self.kbps < needed:
            return Refusal(
                Reason.LOW_BITRATE,
                f"{self.kbps:.0f} kbit/s; {needed:.0f} are needed for this face in this picture",
            )
        reason = refuse(view, GATE)
        return None if reason is None else Refusal(reason, _detail(reason, face))


def needed_kbps(view: FaceView, face: Face) -> float:
    """The least bit rate: a coder shares it out over the whole picture, so that a face that fills less of it needs more."""
    height, width = view.frame.image.shape[:2]
    share = float(face.quality.inter_ocular_px**2 / (width * height))
    return LEAST_KBPS * max(_MEANT_SHARE / max(share, 1e-6), 1.0)


def _detail(reason: Reason, face: Face) -> str:
    quality, pose = face.quality, face.pose
    match reason:
        case Reason.FACE_TOO_SMALL:
            return f"eyes {quality.inter_ocular_px:.0f} px apart; {GATE.inter_ocular_px:.0f} are needed"
        case Reason.FACE_TURNED:
            return (
                f"turned {abs(pose.yaw_deg):.0f} degrees aside and {abs(pose.pitch_deg):.0f} up or down; "
                f"{GATE.yaw_deg:.0f} and {GATE.pitch_deg:.0f} are borne"
            )
        case Reason.BLURRED:
            return f"sharpness {quality.sharpness:.0f}; {GATE.sharpness:.0f} are needed"
        case Reason.TOO_DARK | Reason.TOO_BRIGHT:
            return f"mean light of the face {quality.luma:.0f} of 255"
        case _:
            return ""
