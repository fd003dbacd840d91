"""The one face in a photo: an ID photo, a scanned card, a frame of a recording."""

from __future__ import annotations

import cv2
import numpy as np

from biometrics.face.boxes import Box, Image, Landmarks
from biometrics.face.confirm import Follower, ambiguous, confirmed, region_about, seek
from biometrics.face.locate import Finder, locate
from fraudmodel.signals import Reason

OTHER_PERSON = 0.6
"""A second face this long, against the longest, makes the photo one of several people; a card's ghost image is smaller."""
_PASSES = 3
_FRAME_S = 0.04
_BORDER = 0.5
_CANDIDATES = 3


def find_in_photo(image: Image, finder: Finder, follower: Follower) -> Landmarks | Reason:
    """The landmarks of the one face in a BGR photo, or NO_FACE or SEVERAL_FACES."""
    faces = confirmed(image, _search(image, finder), follower, most=_CANDIDATES)
    if ambiguous(faces, OTHER_PERSON):
        return Reason.SEVERAL_FACES
    return _refine(image, faces[0], follower) if faces else Reason.NO_FACE


def _search(image: Image, finder: Finder) -> list[Box]:
    """Search the photo, then with a border about it: the finder misses a face that fills its picture."""
    found = locate(image, finder, thorough=True)
    if found:
        return found
    border = round(_BORDER * max(image.shape[:2]))
    wider = cv2.copyMakeBorder(image, border, border, border, border, cv2.BORDER_REPLICATE)
    return [box.moved(-border, -border, 1.0) for box in locate(np.asarray(wider, dtype=np.uint8), finder)]


def _refine(image: Image, landmarks: Landmarks, follower: Follower) -> Landmarks:
    """Settle on the face as video does: centred on its own landmarks, over a few passes."""
    region = region_about(landmarks)
    follower.restart()
    for step in range(_PASSES):
        settled = seek(image, region, follower, step * _FRAME_S)
        landmarks = landmarks if settled is None else settled
    return landmarks
