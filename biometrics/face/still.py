"""The one face in a photo: an ID photo, a scanned card, a frame of a recording."""

from __future__ import annotations

import cv2
import numpy as np

from biometrics.face.boxes import Box, Image, Landmarks, around
from biometrics.face.locate import Finder, locate
from biometrics.face.track import FROM_DETECTION, Follower, ambiguous, by_size, region_about, seek
from fraudmodel.signals import Reason

OTHER_PERSON = 0.6
"""A second face this wide, against the widest, makes the photo one of several people; a card's ghost image is smaller."""
_PASSES = 3
_FRAME_S = 0.04
_BORDER = 0.5
_CANDIDATES = 3


def locate_still(image: Image, finder: Finder, follower: Follower) -> Landmarks | Reason:
    """The landmarks of the one face in a BGR photo, or NO_FACE or SEVERAL_FACES."""
    found = _search(image, finder)
    if ambiguous(found, OTHER_PERSON):
        return Reason.SEVERAL_FACES
    for box in by_size(found)[:_CANDIDATES]:
        landmarks = _refine(image, box, follower)
        if landmarks is not None:
            return landmarks
    return Reason.NO_FACE


def _search(image: Image, finder: Finder) -> list[Box]:
    """Search the photo, then with a border about it: the finder misses a face that fills its picture."""
    found = locate(image, finder, thorough=True)
    if found:
        return found
    border = round(_BORDER * max(image.shape[:2]))
    wider = cv2.copyMakeBorder(image, border, border, border, border, cv2.BORDER_REPLICATE)
    return [box.moved(-border, -border, 1.0) for box in locate(np.asarray(wider, dtype=np.uint8), finder)]


def _refine(image: Image, box: Box, follower: Follower) -> Landmarks | None:
    """Land on the face as video does: first by its box, then centred on its own landmarks, until they settle."""
    region = around(box.centre, FROM_DETECTION * box.width)
    follower.restart()
    landmarks = seek(image, region, follower, 0.0)
    if landmarks is None:
        return None
    region = region_about(landmarks)
    follower.restart()
    for step in range(_PASSES):
        landmarks = seek(image, region, follower, step * _FRAME_S)
        if landmarks is None:
            return None
    return landmarks
