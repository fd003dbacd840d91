"""Is what the finder boxed a face? Only if landmarks are found on it: on small tiles it also boxes hands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import cv2
import numpy as np

from biometrics.face.boxes import Box, Image, Landmarks, Region, around, extent

REGION = 2.2
"""Side of the region that landmarks are sought in, in lengths of the face: room to move, and detail."""
FROM_DETECTION = 2.0
"""Side of the first region, in widths of the finder's box."""
LONGEST_PX = 320
"""Regions are shrunk to this: the landmark model sees 192 or 256 px about the face."""
_SAME_PLACE = 0.5
"""Landmarks that cover less than this of the box belong to a neighbour."""


class Follower(Protocol):
    """Finds the landmarks of one face in successive pictures of one region."""

    def follow(self, rgb: Image, t_ms: int, /) -> Landmarks | None: ...

    def restart(self) -> None: ...


def seek(image: Image, region: Region, follower: Follower, t: float) -> Landmarks | None:
    """The landmarks of the face in one region of a BGR frame, in pixels of the frame; None where its centre is outside."""
    crop, scale = region.crop(image, LONGEST_PX)
    rgb: Image = np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    found = follower.follow(rgb, round(t * 1000))
    if found is None:
        return None
    landmarks = found * np.float32(scale) + np.array([region.left, region.top, 0], dtype=np.float32)
    return landmarks if _visible(landmarks, image) else None


def confirmed(image: Image, boxes: Iterable[Box], follower: Follower, most: int) -> list[Landmarks]:
    """The landmarks of those of the widest ``most`` boxes of a BGR frame that are faces, widest first."""
    faces = [_confirm(image, box, follower) for box in by_size(boxes)[:most]]
    return sorted((face for face in faces if face is not None), key=lambda face: -length(face))


def _confirm(image: Image, box: Box, follower: Follower) -> Landmarks | None:
    follower.restart()
    landmarks = seek(image, around(box.centre, FROM_DETECTION * box.width), follower, 0.0)
    if landmarks is None or extent(landmarks).covered_by(box) < _SAME_PLACE:
        return None
    return landmarks


def by_size(boxes: Iterable[Box]) -> list[Box]:
    """Widest first: the applicant sits closest to the camera."""
    return sorted(boxes, key=lambda box: (-box.width, -box.score, box.x, box.y))


def length(landmarks: Landmarks) -> float:
    """The longer side of a face's box, px."""
    box = extent(landmarks)
    return max(box.width, box.height)


def ambiguous(faces: Sequence[Landmarks], share: float) -> bool:
    """Whether the second longest of faces, longest first, has at least this share of the longest one's length."""
    return len(faces) > 1 and length(faces[1]) >= share * length(faces[0])


def region_about(landmarks: Landmarks) -> Region:
    """The region that gives the face room on every side."""
    return around(extent(landmarks).centre, REGION * length(landmarks))


def _visible(landmarks: Landmarks, image: Image) -> bool:
    """The landmarker also extrapolates beyond the frame's edge."""
    x, y = extent(landmarks).centre
    height, width = image.shape[:2]
    return bool(0 <= x < width and 0 <= y < height)
