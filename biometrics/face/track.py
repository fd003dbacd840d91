"""Follows the applicant's face from frame to frame.

Landmarks are sought in a square region about the face, which stays where it is until the face nears its edge: the
landmarker follows a face only while its picture keeps its place. Whole frames are searched only without a face, and
every other second for further people.
"""

from __future__ import annotations

from dataclasses import dataclass

from biometrics.face.boxes import Image, Landmarks, Region, extent
from biometrics.face.confirm import Follower, ambiguous, confirmed, length, region_about, seek
from biometrics.face.locate import Finder, locate
from fraudmodel.signals import Reason

MARGIN = 0.08
"""The region moves once the face comes closer to its edge than this share of its side."""
SMALLEST, LARGEST = 0.25, 0.7
"""The region is resized once the face's length leaves these shares of its side."""
RETRY_S = 0.2
"""How often a frame without a face is searched."""
LOOK_AROUND_S = 2.0
"""How often the frame is searched for further people."""
SAME_SIZE = 0.8
"""Two faces this close in length are both candidates: nobody can say which is the applicant's."""
OTHER_SCORE = 0.7
"""Least score of a further face. Real faces reached 0.89 and more, hands with landmarks on them 0.63 and less."""
OTHER_OVERLAP = 0.3
"""A box that covers more of the applicant's face than this is that face."""
_CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Tracked:
    """One face in one frame. ``others`` counts further faces, as of the last look around."""

    landmarks: Landmarks
    track: int
    others: int


class FaceTracker:
    """One session's face. The same frames at the same times give the same tracks.

    ``follower`` keeps to the applicant; ``checker`` is another one, that confirms what ``finder`` boxed.
    """

    def __init__(self, finder: Finder, follower: Follower, checker: Follower) -> None:
        self._finder = finder
        self._follower = follower
        self._checker = checker
        self._region: Region | None = None
        self._track = 0
        self._others = 0
        self._looked = float("-inf")
        self._missing = Reason.NO_FACE

    def observe(self, image: Image, t: float) -> Tracked | Reason:
        """The applicant's face in a BGR frame at ``t`` s, or why there is none. ``t`` grows from call to call."""
        landmarks = self._follow(image, t)
        if landmarks is None:
            landmarks = self._acquire(image, t)
        elif t - self._looked >= LOOK_AROUND_S:
            self._looked = t
            self._others = self._count_others(image, landmarks)
        if landmarks is None:
            return self._missing
        return Tracked(landmarks, self._track, self._others)

    def _follow(self, image: Image, t: float) -> Landmarks | None:
        if self._region is None:
            return None
        landmarks = seek(image, self._region, self._follower, t)
        if landmarks is None:
            self._region = None
            self._looked = float("-inf")
        elif not comfortable(landmarks, self._region):
            self._settle(landmarks)
        return landmarks

    def _acquire(self, image: Image, t: float) -> Landmarks | None:
        if t - self._looked < RETRY_S:
            return None
        self._looked = t
        faces = confirmed(image, locate(image, self._finder, thorough=True), self._checker, most=_CANDIDATES)
        if not faces or ambiguous(faces, SAME_SIZE):
            self._missing = Reason.SEVERAL_FACES if faces else Reason.NO_FACE
            return None
        self._settle(faces[0])
        self._track += 1
        self._others = len(faces) - 1
        return faces[0]

    def _settle(self, landmarks: Landmarks) -> None:
        self._region = region_about(landmarks)
        self._follower.restart()

    def _count_others(self, image: Image, applicant: Landmarks) -> int:
        face = extent(applicant)
        boxes = [
            box
            for box in locate(image, self._finder, thorough=True)
            if box.score >= OTHER_SCORE and box.covered_by(face) <= OTHER_OVERLAP
        ]
        return len(confirmed(image, boxes, self._checker, most=_CANDIDATES))


def comfortable(landmarks: Landmarks, region: Region) -> bool:
    """Whether the face still has its place in the region: neither near its edge, nor much smaller or larger than meant."""
    box = extent(landmarks)
    margin = MARGIN * region.side
    return (
        SMALLEST <= length(landmarks) / region.side <= LARGEST
        and box.x - region.left >= margin
        and box.y - region.top >= margin
        and region.left + region.side - box.x - box.width >= margin
        and region.top + region.side - box.y - box.height >= margin
    )
