"""Following corners of a face and of what surrounds it: a held photo carries its surroundings along."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image, Landmarks
from biometrics.face.pad.planarity import depth_at, planarity
from biometrics.views import Face, FaceView

PERIOD_S = 0.1
TURNED_DEG = 6.0
_FACE_PX = 110
"""Faces are followed at this width: larger ones cost time and tell no more."""
_REACH = 1.1
"""Surroundings are watched as far as this many face widths to each side."""
_FORGET_S = 2.0
_CORNERS = 40
_LEAST_PX = 32
_LEAST_AROUND = 8
_MOVED = 0.002
"""RMS movement a step, in face widths, below which nobody can say what moves with what."""
_JUDGE_S = 0.5
_OUTLINE = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
            148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)  # fmt: skip
"""The face's oval, in order."""
_SOFT = (0, 61, 291, 17, 57, 287, 18, 37, 267)
"""The mouth, which moves by itself."""
_LIDS = ((33, 159, 133, 145), (263, 386, 362, 374))

Points = NDArray[np.float32]
Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Movement:
    """What a stretch of time showed. ``planarity`` as `planarity.planarity`, the median of its pairs; ``comotion`` -1..1, 1
    where face and surroundings move as one. None where that could not be told."""

    planarity: float | None
    comotion: float | None


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a frame about a face, in px of the frame, and how much it is scaled down."""

    left: int
    top: int
    right: int
    bottom: int
    scale: float

    def cut(self, image: Image) -> Grey:
        grey = cv2.cvtColor(image[self.top : self.bottom, self.left : self.right], cv2.COLOR_BGR2GRAY)
        if self.scale == 1.0:
            return np.asarray(grey, dtype=np.uint8)
        size = (max(round(grey.shape[1] * self.scale), 1), max(round(grey.shape[0] * self.scale), 1))
        return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def moved(self, landmarks: Landmarks) -> Landmarks:
        """From px of the frame to px of the part."""
        shifted = landmarks - np.array([self.left, self.top, 0], np.float32)
        return np.asarray(shifted * np.float32(self.scale), dtype=np.float32)


@dataclass(slots=True)
class _Anchor:
    """The frame at which corners were found. ``start`` and ``now`` (n, 2) px of the scaled picture, ``alive`` (n,)."""

    t: float
    track: int
    part: _Part
    yaw_deg: float
    pitch_deg: float
    inter_ocular_px: float
    start: Points
    depth: NDArray[np.float64]
    faces: int
    now: Points
    alive: NDArray[np.bool_]
    grey: Grey
    judged: float = field(default=-1.0)


class MotionTracker:
    """Watches one stretch of views; `take` gives what it showed and begins the next."""

    def __init__(self) -> None:
        self._anchor: _Anchor | None = None
        self._t = float("-inf")
        self._planarity: list[float] = []
        self._product = self._power = 0.0
        self._steps = 0

    def push(self, view: FaceView, face: Face) -> None:
        """Follow the corners into a view, ten times a second."""
        if view.t - self._t < PERIOD_S:
            return
        self._t = view.t
        anchor = self._anchor
        if anchor is None or anchor.track != face.track or view.t - anchor.t > _FORGET_S:
            self._anchor = _anchor(view, face)
            return
        grey = anchor.part.cut(view.frame.image)
        if grey.shape != anchor.grey.shape or not self._follow(anchor, grey):
            self._anchor = _anchor(view, face)
            return
        self._judge(anchor, view.t, face)

    def take(self) -> Movement:
        """What was seen since the last call."""
        flat = float(np.median(self._planarity)) if self._planarity else None
        moved = self._steps > 0 and self._power > 2 * self._steps * _MOVED**2
        found = Movement(flat, 2 * self._product / self._power if moved else None)
        self._planarity, self._product, self._power, self._steps = [], 0.0, 0.0, 0
        return found

    def _follow(self, anchor: _Anchor, grey: Grey) -> bool:
        """Whether enough of the face's corners could be followed into the picture."""
        after, status, _ = cv2.calcOpticalFlowPyrLK(
            anchor.grey, grey, anchor.now, np.zeros_like(anchor.now), winSize=(13, 13), maxLevel=2
        )
        alive = anchor.alive & (status.ravel() > 0)
        step = (after - anchor.now) / _FACE_PX
        anchor.now, anchor.alive, anchor.grey = np.asarray(after, dtype=np.float32), alive, grey
        on_face = np.arange(len(alive)) < anchor.faces
        own, around = step[alive & on_face], step[alive & ~on_face]
        if len(own) < _LEAST_AROUND:
            return False
        if len(around) >= _LEAST_AROUND:
            face, rest = np.median(own, axis=0), np.median(around, axis=0)
            self._product += float(face @ rest)
            self._power += float(face @ face + rest @ rest)
            self._steps += 1
        return True

    def _judge(self, anchor: _Anchor, t: float, face: Face) -> None:
        """Compare the two models where the head has turned since the corners were found, twice a second at most."""
        turned = np.hypot(face.pose.yaw_deg - anchor.yaw_deg, face.pose.pitch_deg - anchor.pitch_deg)
        if turned < TURNED_DEG or t - anchor.judged < _JUDGE_S:
            return
        anchor.judged = t
        kept = anchor.alive[: anchor.faces]
        before, after = anchor.start[: anchor.faces][kept], anchor.now[: anchor.faces][kept]
        found = planarity(
            before.astype(np.float64), anchor.depth[kept], after.astype(np.float64), anchor.inter_ocular_px
        )
        if found is not None:
            self._planarity.append(found)


def _anchor(view: FaceView, face: Face) -> _Anchor | None:
    """Corners of a face and of its surroundings; None where the face shows too few."""
    part = _part(view.frame.image.shape, face)
    if part is None:
        return None
    grey = part.cut(view.frame.image)
    landmarks = part.moved(face.landmarks)
    inside, outside = _masks(grey.shape, landmarks)
    own, around = (_corners(grey, mask) for mask in (inside, outside))
    if len(own) < _LEAST_AROUND:
        return None
    points = np.concatenate([own, around])
    return _Anchor(
        t=view.t,
        track=face.track,
        part=part,
        yaw_deg=face.pose.yaw_deg,
        pitch_deg=face.pose.pitch_deg,
        inter_ocular_px=max(face.quality.inter_ocular_px * part.scale, 1.0),
        start=points,
        depth=depth_at(own.astype(np.float64), landmarks),
        faces=len(own),
        now=points,
        alive=np.ones(len(points), np.bool_),
        grey=grey,
    )


def _part(size: tuple[int, ...], face: Face) -> _Part | None:
    """A face and what surrounds it, as far as it lies in the frame; None where that is next to nothing."""
    x, y, across, down = face.box
    reach = _REACH * across
    left, right = max(int(x - reach), 0), min(int(x + across + reach), size[1])
    top, bottom = max(int(y - reach), 0), min(int(y + down + reach), size[0])
    if right - left < _LEAST_PX or bottom - top < _LEAST_PX:
        return None
    return _Part(left, top, right, bottom, min(1.0, _FACE_PX / max(across, 1.0)))


def _corners(grey: Grey, mask: Grey) -> Points:
    """(n, 2) float32 strong corners (Shi & Tomasi 1994) within a mask."""
    found = cv2.goodFeaturesToTrack(grey, _CORNERS, 0.01, 4, mask=mask)
    return np.zeros((0, 2), np.float32) if found is None else np.asarray(found, np.float32).reshape(-1, 2)


def _masks(size: tuple[int, ...], landmarks: Landmarks) -> tuple[Grey, Grey]:
    """Where to look for a face's rigid corners, and for those of its surroundings."""
    points = landmarks[:, :2]
    inside, outside = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    _fill(inside, points[list(_OUTLINE)], 255)
    for soft in (_SOFT, *_LIDS):
        _fill(inside, points[list(soft)], 0)
    middle = points[list(_OUTLINE)].mean(axis=0)
    for grown, value in ((2.6, 255), (1.5, 0)):
        _fill(outside, middle + (points[list(_OUTLINE)] - middle) * grown, value)
    # Neck and shoulders move with a head that is alive.
    outside[max(int(points[152, 1]), 0) :] = 0
    return inside, outside


def _fill(mask: Grey, points: NDArray[np.floating], value: int) -> None:
    hull = cv2.convexHull(np.clip(points, -30000, 30000).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, value)
