"""Heads from landmarks: their rigid pose in every frame, their shape as mesh and height field, where eyes and mouth are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.optics import Floats
from biometrics.attacklab.surfaces import Mesh, Plane, Pose, triangulated
from biometrics.face.boxes import Landmarks
from biometrics.face.pose import CANONICAL, POINTS, WEIGHTS, rotation

FACE = 468
"""Landmarks of the skin; the irises follow."""
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152),
    *(148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
"""The face's outline, in order (MediaPipe's FACE_OVAL)."""
EYES = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
)
"""The rims of both eyes, in order."""
MOUTH = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
"""The outline of the lips, in order."""
_MIRROR = np.diag((1.0, -1.0, -1.0))


def head_poses(landmarks: NDArray[np.float32]) -> list[Pose]:
    """Each frame's rigid pose (n, 478, 3): turn from the canonical face, scale in px per cm, centre in px.

    Averaged a little over time: landmarks tremble, skulls do not.
    """
    turns, scales, centres = [], [], []
    for points in landmarks.astype(np.float64):
        rigid = points[POINTS]
        centre = WEIGHTS @ rigid
        turns.append(_MIRROR @ rotation(rigid * (1.0, -1.0, -1.0)) @ _MIRROR)
        scales.append(_size(rigid - centre) / _size(CANONICAL - WEIGHTS @ CANONICAL))
        centres.append(centre[:2])
    calm = _calmed(np.array(turns).reshape(len(turns), 9)).reshape(-1, 3, 3)
    scale, centre = _calmed(np.array(scales)[:, np.newaxis])[:, 0], _calmed(np.array(centres))
    return [Pose(_orthonormal(turn), float(s), c) for turn, s, c in zip(calm, scale, centre, strict=True)]


def _size(points: Floats) -> float:
    return float(np.sqrt(WEIGHTS @ (points**2).sum(axis=1)))


def _calmed(series: Floats) -> Floats:
    if len(series) < 3:
        return series
    padded = np.concatenate([series[:1], series, series[-1:]])
    return np.asarray(0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:])


def _orthonormal(turn: Floats) -> Floats:
    u, _, v = np.linalg.svd(turn)
    return np.asarray(u @ v)


def relative(worn: Pose, still: Pose, grow: float = 1.0) -> Pose:
    """The pose to give to what was cut from ``still``, so that it sits on the head that is at ``worn``."""
    return Pose(worn.turn @ still.turn.T, grow * worn.scale / still.scale, worn.centre)


@dataclass(frozen=True, slots=True)
class Cast:
    """The shape of a face in one frame. ``region`` (left, top, right, bottom) px of the frame; everything else in its px.

    ``points`` (468, 3) round the head's centre; ``uv`` (468, 2); ``origin`` (x, y) of the centre; ``depth`` (h, w) px
    away from the camera relative to the centre, continued smoothly beyond the face; ``cover`` (h, w) 1 on the face.
    """

    region: tuple[int, int, int, int]
    points: Floats
    uv: Floats
    triangles: NDArray[np.intp]
    origin: tuple[float, float]
    depth: Plane
    cover: Plane

    def mesh(self) -> Mesh:
        """As triangles."""
        return Mesh(self.points, self.uv, self.triangles)

    def filled(self, outline: tuple[int, ...], grow: float = 1.0) -> Plane:
        """(h, w) 1 inside an outline of landmarks, grown about its middle."""
        corners = self.uv[list(outline)]
        middle = corners.mean(axis=0)
        shape = np.zeros(self.depth.shape, np.float32)
        cv2.fillPoly(shape, [np.round((corners - middle) * grow + middle).astype(np.int32)], 1.0)
        return shape


def cast(landmarks: Landmarks, still: Pose, picture: tuple[int, int], margin: float = 0.1) -> Cast:
    """Take the shape of a face in a frame of (height, width), with a margin of its size around."""
    points = landmarks[:FACE].astype(np.float64)
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    grow = margin * (high - low)
    left, top = np.maximum(np.floor(low - grow), 0).astype(int)
    right, bottom = np.minimum(np.ceil(high + grow), (picture[1], picture[0])).astype(int)
    centre = WEIGHTS @ landmarks[POINTS].astype(np.float64)
    round_centre = points - centre
    triangles = triangulated((round_centre @ still.turn)[:, :2])
    uv = points[:, :2] - (left, top)
    depth, cover = _height_field(uv, round_centre[:, 2], triangles, (bottom - top, right - left))
    region = (int(left), int(top), int(right), int(bottom))
    origin = (float(centre[0] - left), float(centre[1] - top))
    return Cast(region, round_centre, uv, triangles, origin, depth, cover)


def _height_field(
    uv: Floats, z: Floats, triangles: NDArray[np.intp], size: tuple[int, int]
) -> tuple[Plane, Plane]:
    """Depth between the points, and beyond them what a wide blur continues; and where the points are."""
    texture = np.column_stack([z, np.zeros_like(z)])
    seen = Mesh(np.column_stack([uv, z]), texture, triangles).view(Pose(np.eye(3), 1.0, np.zeros(2)), size)
    depth, inside = np.zeros(size, np.float32), np.zeros(size, np.float32)
    if seen is not None:
        height, width = seen.u.shape
        place = np.s_[seen.top : seen.top + height, seen.left : seen.left + width]
        depth[place], inside[place] = seen.u, seen.inside > 0
    reach = max(size) / 12
    near = cv2.GaussianBlur(inside, (0, 0), reach) + np.float32(1e-6)
    beyond = cv2.GaussianBlur(depth * inside, (0, 0), reach) / near
    edge = float(z.max())
    beyond = np.where(near > 1e-3, beyond, edge).astype(np.float32)
    joined = np.where(inside > 0, depth, beyond).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(joined, (0, 0), 1.2)), inside
