"""Does a face that turns move like a head or like a sheet of paper?

Two models of eight numbers each explain how corner points moved: a homography, which holds for anything flat, and an
affine camera that also sees each point's depth on the face mesh, which holds for a head. The points are corners
followed in the picture itself, for the mesh sees depth in a flat photo too.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Landmarks

OUTLIER = 0.02
"""Of the distance between the eyes."""
NOISE = 0.003
"""What following a corner is off anyway, in the same unit."""
LEAST_POINTS = 12

Points = NDArray[np.float64]


def planarity(before: Points, depth: Points, after: Points, inter_ocular_px: float) -> float | None:
    """Log of the homography's error over the depth model's: 0 or less for what is flat, above 1 for a head that turned.

    ``before`` and ``after`` (n, 2) px, ``depth`` (n,) px of the first; None for fewer than `LEAST_POINTS` points.
    """
    if len(before) < LEAST_POINTS:
        return None
    cap = 3 * OUTLIER * inter_ocular_px
    flat = _homography_errors(before, after, OUTLIER * inter_ocular_px)
    deep = _depth_errors(before, depth, after, cap / 3)
    if flat is None:
        return None
    noise = NOISE * inter_ocular_px
    ratio = (np.minimum(flat, cap).mean() + noise) / (np.minimum(deep, cap).mean() + noise)
    return float(np.log(ratio))


def depth_at(points: Points, landmarks: Landmarks, near: int = 4) -> Points:
    """(n,) the mesh's depth at points (n, 2) px, from the landmarks nearest to each, px."""
    away = np.linalg.norm(points[:, np.newaxis] - landmarks[np.newaxis, :, :2], axis=2)
    chosen = np.argpartition(away, near, axis=1)[:, :near]
    weight = 1.0 / (np.take_along_axis(away, chosen, axis=1) + 1.0)
    depth = landmarks[:, 2].astype(np.float64)[chosen]
    return np.asarray((weight * depth).sum(axis=1) / weight.sum(axis=1))


def _homography_errors(before: Points, after: Points, outlier_px: float) -> Points | None:
    found: Any = cv2.findHomography(before, after, cv2.RANSAC, outlier_px)[0]
    if found is None:
        return None
    moved = cv2.perspectiveTransform(before[np.newaxis], found)[0]
    return np.asarray(np.linalg.norm(moved - after, axis=1))


def _depth_errors(before: Points, depth: Points, after: Points, outlier_px: float) -> Points:
    """Least squares of ``after`` over (x, y, depth, 1), points far off given less weight (Huber), three times."""
    terms = np.column_stack([before, depth - depth.mean(), np.ones(len(before))])
    weight = np.ones(len(before))
    errors = weight
    for _ in range(3):
        root = np.sqrt(weight)[:, np.newaxis]
        solved = np.linalg.lstsq(terms * root, after * root, rcond=None)[0]
        errors = np.linalg.norm(terms @ solved - after, axis=1)
        weight = outlier_px / np.maximum(errors, outlier_px)
    return np.asarray(errors)
