"""Follows the applicant's face from frame to frame.

Landmarks are sought in a square region about the face, which stays where it is until the face nears its edge: the
landmarker follows a face only while its picture keeps its place. Whole frames are searched only without a face, and
every other second for further people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from biometrics.face.boxes import Box, Image, Landmarks, Region, around, extent
from biometrics.face.locate import Finder, locate
from fraudmodel.signals import Reason

REGION = 2.2
"""Side of the region, in lengths of the face: room to move, and detail for the landmarks."""
FROM_DETECTION = 2.0
"""Side of the first region, in widths of the box that the finder gave."""
MARGIN = 0.08
"""The region moves once the face comes closer to its edge than this share of its side."""
SMALLEST, LARGEST = 0.25, 0.7
"""The region is resized once the face's length leaves these shares of its side."""
LONGEST_PX = 320
"""Regions are shrunk to this: the landmark model sees 192 or 256 px about the face."""
RETRY_S = 0.2
"""How often a frame without a face is searched."""
LOOK_AROUND_S = 2.0
"""How often the frame is searched for further people."""
SAME_SIZE = 0.8
"""Two faces this close in width are both candidates: nobody can say which is the applicant's."""
OTHER_SCORE = 0.6
"""What counts as a further face: none of them is checked by landmarks."""
OVERLAP = 0.3
_CANDIDATES = 2
"""How many located boxes are tried for landmarks: the largest may be no face."""


class Follower(Protocol):
    """Finds the landmarks of one face in successive pictures of one region."""

    def follow(self, rgb: Image, t_ms: int, /) -> Landmarks | None: ...

    def restart(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Tracked:
    """One face in one frame. ``others`` counts further faces, as of the last look around."""

    landmarks: Landmarks
    track: int
    others: int


class FaceTracker:
    """One session's face. The same frames at the same times give the same tracks."""

    def __init__(self, finder: Finder, follower: Follower) -> None:
        self._finder = finder
        self._follower = follower
        self._region: Region | None = None
        self._track = 0
        self._others: list[Box] = []
        self._looked = float("-inf")
        self._missing: Reason = Reason.NO_FACE

    def observe(self, image: Image, t: float) -> Tracked | Reason:
        """The applicant's face in a BGR frame at ``t`` s, or why there is none. ``t`` grows from call to call."""
        landmarks = self._follow(image, t)
        if landmarks is None:
            landmarks = self._acquire(image, t)
        elif t - self._looked >= LOOK_AROUND_S:
            self._looked = t
            self._others = _others(locate(image, self._finder, thorough=True), extent(landmarks))
        if landmarks is None:
            return self._missing
        return Tracked(landmarks, self._track, len(self._others))

    def _follow(self, image: Image, t: float) -> Landmarks | None:
        if self._region is None:
            return None
        landmarks = seek(image, self._region, self._follower, t)
        if landmarks is None or not _visible(landmarks, image):
            self._region = None
            self._looked = float("-inf")
            return None
        if not comfortable(landmarks, self._region):
            self._centre(landmarks)
        return landmarks

    def _acquire(self, image: Image, t: float) -> Landmarks | None:
        if t - self._looked < RETRY_S:
            return None
        self._looked = t
        found = locate(image, self._finder, thorough=True)
        if ambiguous(found, SAME_SIZE):
            self._missing = Reason.SEVERAL_FACES
            return None
        self._missing = Reason.NO_FACE
        for box in by_size(found)[:_CANDIDATES]:
            self._region = around(box.centre, FROM_DETECTION * box.width)
            self._follower.restart()
            landmarks = seek(image, self._region, self._follower, t)
            if landmarks is not None and _visible(landmarks, image):
                self._track += 1
                self._others = _others(found, extent(landmarks))
                if not comfortable(landmarks, self._region):
                    self._centre(landmarks)
                return landmarks
        self._region = None
        return None

    def _centre(self, landmarks: Landmarks) -> None:
        self._region = region_about(landmarks)
        self._follower.restart()


def seek(image: Image, region: Region, follower: Follower, t: float) -> Landmarks | None:
    """The landmarks of the face in one region of a BGR frame, in pixels of the frame."""
    crop, scale = region.crop(image, LONGEST_PX)
    rgb: Image = np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    found = follower.follow(rgb, round(t * 1000))
    if found is None:
        return None
    return found * np.float32(scale) + np.array([region.left, region.top, 0], dtype=np.float32)


def region_about(landmarks: Landmarks) -> Region:
    """The region that gives the face room on every side."""
    box = extent(landmarks)
    return around(box.centre, REGION * max(box.width, box.height))


def comfortable(landmarks: Landmarks, region: Region) -> bool:
    """Whether the face still has its place in the region: neither near its edge, nor much smaller or larger than meant."""
    box = extent(landmarks)
    margin = MARGIN * region.side
    return (
        SMALLEST <= max(box.width, box.height) / region.side <= LARGEST
        and box.x - region.left >= margin
        and box.y - region.top >= margin
        and region.left + region.side - box.x - box.width >= margin
        and region.top + region.side - box.y - box.height >= margin
    )


def by_size(boxes: Sequence[Box]) -> list[Box]:
    """Widest first: the applicant sits closest to the camera."""
    return sorted(boxes, key=lambda box: (-box.width, -box.score, box.x, box.y))


def ambiguous(boxes: Sequence[Box], share: float) -> bool:
    """Whether the second widest face has at least this share of the widest one's width."""
    sizes = by_size([box for box in boxes if box.score >= OTHER_SCORE])
    return len(sizes) > 1 and sizes[1].width >= share * sizes[0].width


def _others(found: Sequence[Box], applicant: Box) -> list[Box]:
    return [box for box in found if box.score >= OTHER_SCORE and box.covered_by(applicant) <= OVERLAP]


def _visible(landmarks: Landmarks, image: Image) -> bool:
    """Whether the face's centre is in the frame: the landmarker also extrapolates beyond the edge."""
    x, y = extent(landmarks).centre
    height, width = image.shape[:2]
    return bool(0 <= x < width and 0 <= y < height)
