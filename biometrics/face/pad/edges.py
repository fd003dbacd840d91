"""Straight edges about a face: the rim of a tablet, of a phone or of a sheet of paper."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image
from biometrics.face.crops import context_box

SIDE_PX = 160
SCALE = 4.0
PARALLEL_DEG = 6.0
_SHORTEST = 0.15
"""Edges shorter than this share of the crop's side are not looked at."""


class BezelAnalyser:
    """Finds line segments (von Gioi et al. 2010) in the crop of `SCALE` about a face."""

    def __init__(self) -> None:
        self._detector: Any = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE)

    def __call__(self, image: Image, box: tuple[float, float, float, float]) -> float:
        """How much two parallel straight edges enclose the face, 0..1: the shorter one's share of the crop's side."""
        height, width = image.shape[:2]
        left, top, right, bottom = context_box(width, height, box, SCALE)
        patch = image[top : bottom + 1, left : right + 1]
        if min(patch.shape[:2]) < 8:
            return 0.0
        grey = cv2.cvtColor(patch, cv2.COLOR_BGR2GRAY)
        grey = cv2.resize(grey, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        lines = self._detector.detect(grey)[0]
        if lines is None:
            return 0.0
        zoom = np.array([SIDE_PX / patch.shape[1], SIDE_PX / patch.shape[0]])
        corner = (np.array(box[:2]) - (left, top)) * zoom
        size = np.array(box[2:]) * zoom
        return enclosure(lines.reshape(-1, 2, 2), corner, size) / SIDE_PX


def enclosure(lines: NDArray[np.floating], corner: NDArray[np.floating], size: NDArray[np.floating]) -> float:
    """The length, px, of the shorter of two parallel lines on opposite sides of a box, the best pair; 0 without one.

    ``lines`` (n, 2, 2) end points (x, y); ``corner`` and ``size`` (2,) of the face's box.
    """
    along = lines[:, 1] - lines[:, 0]
    length = np.hypot(along[:, 0], along[:, 1])
    lines, along, length = (each[length >= _SHORTEST * SIDE_PX] for each in (lines, along, length))
    middle = lines.mean(axis=1) - corner
    upright = np.abs(along[:, 1]) > np.abs(along[:, 0])
    angle = np.degrees(np.arctan2(along[:, 1], along[:, 0])) % 180.0
    best = 0.0
    for axis, chosen in ((0, upright), (1, ~upright)):
        before = chosen & (middle[:, axis] < 0.1 * size[axis])
        after = chosen & (middle[:, axis] > 0.9 * size[axis])
        best = max(best, _longest_pair(angle, length, before, after))
    return best


def _longest_pair(
    angle: NDArray[np.floating],
    length: NDArray[np.floating],
    before: NDArray[np.bool_],
    after: NDArray[np.bool_],
) -> float:
    turned = np.abs(angle[before][:, np.newaxis] - angle[after])
    parallel = np.minimum(turned, 180.0 - turned) <= PARALLEL_DEG
    shorter = np.minimum(length[before][:, np.newaxis], length[after])
    return float(np.max(np.where(parallel, shorter, 0.0), initial=0.0))
