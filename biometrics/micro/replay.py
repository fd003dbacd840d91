"""A movement shown again: its pictures with the face held still, as they were and with what moved magnified.

Faces are 256 px squares with 96 px between the eyes, twice the size of what is measured (`align`), but not turned straight. They are
held still by the landmarks that move with the skull, and then by the pictures themselves. The picture of the onset is the one of rest:
all motion is shown from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, cos, radians, sin
from typing import Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.align import sample
from biometrics.face.boxes import Image, Landmarks
from biometrics.face.pose import CANONICAL, POINTS, WEIGHTS, angles
from biometrics.face.quality import LEFT_EYE, RIGHT_EYE
from biometrics.micro import align
from biometrics.micro.align import place_of
from biometrics.micro.magnify import (
    Flow,
    Plane,
    above_noise,
    drift_between,
    exaggerated,
    factor_for,
    flow_between,
    noise_of,
    rigid_part,
    showable,
)
from biometrics.views import Face, FaceView

T = TypeVar("T")

SIZE_PX: Final = 2 * align.SIZE_PX
EYES_PX: Final = 2 * align.INTER_OCULAR_PX
COLUMNS: Final = 8
"""Pictures in a row of a sheet."""
AROUND_S: Final = 0.3
"""Shown before the onset and after the offset."""
MOST: Final = 80
"""Pictures at most: of a longer movement every second, third ... is shown."""
_NEAR_S: Final = 0.1
"""Onset, apex and offset need a face so near to them."""
_SPARE: Final = 0.1
"""So much more than the square is kept of a frame on each side: pictures shift a little when they are brought to lie on each other."""
_BEYOND_PX: Final = 6.0
"""The edge of what is magnified is soft: the picture goes over from moved to not moved within a few pixels."""
_LEAST_EYES_PX: Final = 16.0
"""A face whose eyes are nearer to each other than this is no face that could be shown."""
_EYES_AT_PX: Final = np.array([(SIZE_PX - 1) / 2, 2 * align.EYE_LINE_PX])
_EYES_FROM_CENTRE_CM: Final = (
    CANONICAL[np.isin(POINTS, (*LEFT_EYE, *RIGHT_EYE))].mean(axis=0) - WEIGHTS @ CANONICAL
)


@dataclass(frozen=True, slots=True)
class Replay:
    """``times`` s of media of each picture; ``seen`` and ``magnified`` (256, 256, 3) uint8 BGR; ``onset``, ``apex`` and ``offset``
    count into them. ``factor`` is how many times further than it did everything is shown to have moved since the onset."""

    times: tuple[float, ...]
    seen: tuple[Image, ...]
    magnified: tuple[Image, ...]
    factor: float
    onset: int
    apex: int
    offset: int

    def sheet(self) -> Image:
        """All pictures in rows of `COLUMNS`: first as seen, then, from a new row on, magnified."""
        return np.concatenate([_rows(self.seen), _rows(self.magnified)])

    def still(self) -> Image:
        """Onset, apex, and the apex magnified, beside each other: (256, 768, 3)."""
        return np.concatenate(
            [self.seen[self.onset], self.seen[self.apex], self.magnified[self.apex]], axis=1
        )


@dataclass(frozen=True, slots=True)
class _Sight:
    """A face in its frame, and where the square lies there."""

    view: FaceView
    face: Face
    place: NDArray[np.float64]


def replay_of(views: Sequence[FaceView], onset_s: float, apex_s: float, offset_s: float) -> Replay | None:
    """Show a movement again from views of it in order of time; None where no face is seen at its onset, apex or offset."""
    shown = thinned([sight for view in views if (sight := _sight(view)) is not None])
    times = tuple(sight.view.t for sight in shown)
    onset, apex, offset = (_nearest(times, t) for t in (onset_s, apex_s, offset_s))
    if onset is None or apex is None or offset is None:
        return None
    seen = _steadied(shown, onset)
    rest = aligned_points(shown[onset].face)
    mask = mask_of(rest)
    moved = _moved(seen, onset, depth_of(rest), mask)
    factor = factor_for(moved[onset : offset + 1], mask)
    magnified = tuple(
        exaggerated(picture, showable(flow, factor, mask), factor)
        for picture, flow in zip(seen, moved, strict=True)
    )
    return Replay(times, tuple(seen), magnified, factor, onset, apex, offset)


def closer(view: FaceView) -> FaceView:
    """The view with no more of its picture than the square can show: a second of whole frames is hundreds of megabytes."""
    sight = _sight(view)
    if sight is None:
        return replace(view, frame=replace(view.frame, image=view.frame.image[:1, :1].copy()), face=None)
    height, width = view.frame.image.shape[:2]
    corners = np.array(
        [(-_SPARE, -_SPARE), (_SPARE + 1, -_SPARE), (-_SPARE, _SPARE + 1), (_SPARE + 1, _SPARE + 1)]
    )
    there = SIZE_PX * corners @ sight.place[:, :2].T + sight.place[:, 2]
    left, top = np.clip(np.floor(there.min(axis=0)), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(np.ceil(there.max(axis=0)), (left + 1, top + 1), (width, height)).astype(int)
    landmarks = sight.face.landmarks - np.array([left, top, 0.0], np.float32)
    return replace(
        view,
        frame=replace(view.frame, image=view.frame.image[top:bottom, left:right].copy()),
        face=replace(sight.face, landmarks=landmarks),
    )


def thinned(pictures: Sequence[T]) -> list[T]:
    """Every picture, or every second, third ... so that they are `MOST` or fewer."""
    return list(pictures[:: max(1, ceil(len(pictures) / MOST))])


def to_frame(landmarks: Landmarks) -> NDArray[np.float64]:
    """The (2, 3) map from px of the square to px of the frame: upright, the eyes level and in their place, however the head is turned."""
    place = place_of(landmarks)
    turn, _ = cv2.Rodrigues(place.turn)
    roll, scale = radians(angles(np.asarray(turn, np.float64)).roll_deg), place.inter_ocular_px / EYES_PX
    linear = scale * np.array([[cos(roll), -sin(roll)], [sin(roll), cos(roll)]])
    eyes = place.centre + place.px_per_cm * turn[:2] @ _EYES_FROM_CENTRE_CM
    return np.column_stack([linear, eyes * (1.0, -1.0) - linear @ _EYES_AT_PX])


def aligned_points(face: Face) -> NDArray[np.float64]:
    """The (478, 3) landmarks in px of the square; depth in the same scale."""
    inverse = cv2.invertAffineTransform(to_frame(face.landmarks))
    points = face.landmarks.astype(np.float64)
    scale = float(np.hypot(inverse[0, 0], inverse[1, 0]))
    return np.column_stack([points[:, :2] @ inverse[:, :2].T + inverse[:, 2], points[:, 2] * scale])


def depth_of(points: NDArray[np.float64]) -> Plane:
    """How far each pixel of the square is behind the picture's plane, px: the landmarks' own, smoothed over what lies between."""
    total, weight = (np.zeros((SIZE_PX, SIZE_PX), np.float32) for _ in range(2))
    inside = points[np.all((points[:, :2] >= 0) & (points[:, :2] < SIZE_PX - 0.5), axis=1)]
    x, y = np.round(inside[:, 0]).astype(int), np.round(inside[:, 1]).astype(int)
    np.add.at(total, (y, x), inside[:, 2].astype(np.float32))
    np.add.at(weight, (y, x), np.float32(1.0))
    near, count = (cv2.GaussianBlur(each, (0, 0), SIZE_PX / 24.0) for each in (total, weight))
    return np.asarray(near / np.maximum(count, 1e-6), dtype=np.float32)


def mask_of(points: NDArray[np.float64]) -> Plane:
    """1 in the face, 0 outside of it, with a soft edge: hair and background are not magnified."""
    inside = np.zeros((SIZE_PX, SIZE_PX), np.uint8)
    hull = cv2.convexHull(np.round(points[:, :2]).astype(np.int32))
    cv2.fillConvexPoly(inside, hull, 1)
    soft = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), _BEYOND_PX)
    return np.asarray(np.clip(2.0 * soft - 1.0, 0.0, 1.0), dtype=np.float32)


def _moved(seen: Sequence[Image], onset: int, depth: Plane, mask: Plane) -> list[Flow]:
    """How far what is the face's own has moved since the onset, in each picture."""
    flows = [flow_between(seen[onset], picture) for picture in seen]
    own = [np.asarray(flow - rigid_part(flow, depth, mask), dtype=np.float32) for flow in flows]
    noise = noise_of(own[:onset], mask.shape)
    return [above_noise(flow, noise) * mask[..., np.newaxis] for flow in own]


def _sight(view: FaceView) -> _Sight | None:
    if view.face is None or place_of(view.face.landmarks).inter_ocular_px < _LEAST_EYES_PX:
        return None
    return _Sight(view, view.face, to_frame(view.face.landmarks))


def _steadied(shown: Sequence[_Sight], onset: int) -> list[Image]:
    """The squares, each brought to lie on that of the onset: landmarks tremble by more than a slight movement moves."""
    squares = [_square(each.view.frame.image, each.place) for each in shown]
    mask = mask_of(aligned_points(shown[onset].face))
    flat = np.zeros((SIZE_PX, SIZE_PX), np.float32)
    steady = []
    for each, square in zip(shown, squares, strict=True):
        moved = rigid_part(drift_between(squares[onset], square), flat, mask)
        steady.append(_square(each.view.frame.image, _composed(each.place, moved)))
    return steady


def _composed(place: NDArray[np.float64], moved: NDArray[np.float32]) -> NDArray[np.float64]:
    """Where the pixels of a square lie in the frame, once moved by an affine flow: ``place`` after it."""
    corners = np.array([(0, 0), (SIZE_PX - 1, 0), (0, SIZE_PX - 1)], dtype=np.int64)
    there = corners + moved[corners[:, 1], corners[:, 0]]
    affine = cv2.getAffineTransform(corners.astype(np.float32), there.astype(np.float32))
    return np.column_stack([place[:, :2] @ affine[:, :2], place[:, :2] @ affine[:, 2] + place[:, 2]])


def _square(image: Image, place: NDArray[np.float64]) -> Image:
    """Sample the square from the frame, as densely as the frame is where the face in it is larger."""
    fine = max(1, round(float(np.hypot(place[0, 0], place[1, 0]))))
    return sample(image, place, SIZE_PX, fine, interpolation=cv2.INTER_CUBIC, border=cv2.BORDER_REPLICATE)


def _nearest(times: Sequence[float], t: float) -> int | None:
    near = min(range(len(times)), key=lambda index: abs(times[index] - t), default=None)
    return None if near is None or abs(times[near] - t) > _NEAR_S else near


def _rows(pictures: Sequence[Image]) -> Image:
    count = ceil(len(pictures) / COLUMNS) * COLUMNS
    tiles = [*pictures, *([np.zeros((SIZE_PX, SIZE_PX, 3), np.uint8)] * (count - len(pictures)))]
    rows = [np.concatenate(tiles[at : at + COLUMNS], axis=1) for at in range(0, count, COLUMNS)]
    return np.concatenate(rows)
