"""Rigid textured surfaces under rotation: masks and bent sheets. Two renderers that share nothing but their interface.

`Relief` inverts the projection of a height field by fixed-point iteration; `Mesh` draws triangles from back to front.
Coordinates are those of landmarks: x right, y down, z away from the camera, px, seen in weak perspective.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.optics import Floats, Light, Radiance

Plane = NDArray[np.float32]
"""(h, w) float32."""
_REACH_PX = 3
_STEPS = 10
_CALM = 0.6
_SMOOTH = 1 / 45
_SUBPIXEL_BITS = 4
_CAMERA = np.array((0.0, 0.0, -1.0))


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a rigid thing is: its (3, 3) ``turn``, its ``scale``, and its ``centre`` (2,) on the picture in px."""

    turn: Floats
    scale: float
    centre: Floats


@dataclass(frozen=True, slots=True)
class View:
    """Which texture px (``u``, ``v``; (h, w)) each px of a region of the picture shows. ``inside`` 0..1; ``left``, ``top`` of the region."""

    left: int
    top: int
    u: Plane
    v: Plane
    inside: Plane


class Shape(Protocol):
    """A surface that has texture coordinates."""

    def view(self, pose: Pose, picture: tuple[int, int]) -> View | None:
        """See it in a picture of (height, width); None where it lies outside."""
        ...


class Relief:
    """A height field over its own texture. ``depth`` (h, w) px away from the camera; ``origin`` (x, y) texture px at the pose's centre.

    ``smooth`` evens it out first, which noses need.
    """

    def __init__(self, depth: Plane, origin: tuple[float, float], smooth: bool = True) -> None:
        reach = max(depth.shape) * _SMOOTH  # steeper slopes than are left would fold over at 30 degrees
        self._depth = np.asarray(cv2.GaussianBlur(depth, (0, 0), reach) if smooth else depth, np.float32)
        self._origin = np.asarray(origin, np.float64)

    def view(self, pose: Pose, picture: tuple[int, int]) -> View | None:
        height, width = self._depth.shape
        sides = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64) - self._origin
        flat, lean = pose.scale * pose.turn[:2, :2], pose.scale * pose.turn[:2, 2]
        low, high = float(self._depth.min()), float(self._depth.max())
        seen = np.concatenate([sides @ flat.T + lean * z for z in (low, high)]) + pose.centre
        box = _region(seen, picture)
        if box is None:
            return None
        left, top, right, bottom = box
        back = np.linalg.inv(flat)
        x, y = (
            axis.astype(np.float32) - np.float32(centre)
            for axis, centre in zip(
                np.meshgrid(range(left, right), range(top, bottom)), pose.centre, strict=True
            )
        )
        slip = (back @ lean).astype(np.float32)
        u0 = np.float32(back[0, 0]) * x + np.float32(back[0, 1]) * y + np.float32(self._origin[0])
        v0 = np.float32(back[1, 0]) * x + np.float32(back[1, 1]) * y + np.float32(self._origin[1])
        z = np.full(x.shape, self._depth.mean(), np.float32)
        u, v = u0, v0
        for _ in range(_STEPS):
            u, v = u0 - slip[0] * z, v0 - slip[1] * z
            found = cv2.remap(self._depth, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            z = z + np.float32(_CALM) * (found - z)
        inside = (u >= 0) & (u <= width - 1) & (v >= 0) & (v <= height - 1)
        return View(left, top, u, v, cv2.blur(inside.astype(np.float32), (3, 3)) * inside)


class Mesh:
    """Triangles: ``points`` (n, 3) px round the pose's centre, their texture px ``uv`` (n, 2), ``triangles`` (k, 3) of them."""

    def __init__(self, points: Floats, uv: Floats, triangles: NDArray[np.intp]) -> None:
        self._points = points
        self._uv = uv
        self._triangles = triangles

    def view(self, pose: Pose, picture: tuple[int, int]) -> View | None:
        turned = self._points @ pose.turn.T
        seen = pose.scale * turned[:, :2] + pose.centre
        box = _region(seen, picture)
        if box is None:
            return None
        left, top, right, bottom = box
        local = seen - (left, top)
        order = np.argsort(-turned[self._triangles, 2].mean(axis=1))
        near = self._triangles[order]
        index = _drawn(local, near, (bottom - top, right - left))
        to_uv = _texture_maps(local[near], self._uv[near])[np.maximum(index, 0)]
        y, x = np.mgrid[0 : bottom - top, 0 : right - left].astype(np.float32)
        u = to_uv[..., 0, 0] * x + to_uv[..., 1, 0] * y + to_uv[..., 2, 0]
        v = to_uv[..., 0, 1] * x + to_uv[..., 1, 1] * y + to_uv[..., 2, 1]
        inside = cv2.blur((index >= 0).astype(np.float32), (3, 3)) * (index >= 0)
        return View(left, top, np.ascontiguousarray(u), np.ascontiguousarray(v), np.asarray(inside))


def _region(seen: Floats, picture: tuple[int, int]) -> tuple[int, int, int, int] | None:
    low = np.maximum(np.floor(seen.min(axis=0)) - _REACH_PX, 0).astype(int)
    high = np.minimum(np.ceil(seen.max(axis=0)) + _REACH_PX, (picture[1], picture[0])).astype(int)
    if (high - low < 2).any():
        return None
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _drawn(points: Floats, triangles: NDArray[np.intp], size: tuple[int, int]) -> NDArray[np.int32]:
    """(h, w) which triangle is seen, the last one drawn; -1 for none."""
    index = np.full(size, -1, np.int32)
    outlines = np.round(points[triangles] * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    for i, outline in enumerate(outlines):
        cv2.fillConvexPoly(index, outline, i, shift=_SUBPIXEL_BITS)
    return index


def _texture_maps(seen: Floats, uv: Floats) -> NDArray[np.float32]:
    """(k, 3, 2) from (x, y, 1) on the picture to texture px, for triangles (k, 3, 2). Slivers get the nearest sane map."""
    ones = np.ones((*seen.shape[:2], 1))
    corners = np.concatenate([seen, ones], axis=2)
    thin = np.abs(np.linalg.det(corners)) < 1e-3
    corners[thin] = np.eye(3)
    maps = np.linalg.inv(corners) @ uv
    maps[thin] = 0
    maps[thin, 2] = uv[thin].mean(axis=1)
    return np.asarray(maps, dtype=np.float32)


def triangulated(xy: Floats) -> NDArray[np.intp]:
    """(k, 3) the Delaunay triangles of points (n, 2)."""
    low = xy.min(axis=0) - 8
    side = xy.max(axis=0) + 8 - low
    subdivision = cv2.Subdiv2D((0, 0, int(side[0]) + 2, int(side[1]) + 2))
    places = (xy - low).astype(np.float32)
    ids = {
        tuple(subdivision.getVertex(subdivision.insert(tuple(map(float, p))))[0]): i
        for i, p in enumerate(places)
    }
    found = np.asarray(subdivision.getTriangleList()).reshape(-1, 3, 2)
    rows = [[ids.get(tuple(map(float, corner)), -1) for corner in triangle] for triangle in found]
    return np.array([row for row in rows if min(row) >= 0], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Finish:
    """How a surface takes light. ``light`` (3,) unit vector to the lamp; ``ambient`` share from everywhere; ``gloss`` at ``shine`` (Blinn 1977)."""

    light: Floats
    ambient: float
    gloss: float
    shine: float


@dataclass(frozen=True, slots=True)
class Surface:
    """A shape with what is on it: ``paint`` (h, w, 3) reflectance, ``cover`` (h, w) 0..1, ``normals`` (h, w, 3) before any turn."""

    shape: Shape
    paint: Radiance
    cover: Plane
    normals: NDArray[np.float32]
    finish: Finish

    def over(self, scene: Radiance, pose: Pose, light: Light) -> None:
        """Put it into a scene (H, W, 3), in place."""
        view = self.shape.view(pose, (scene.shape[0], scene.shape[1]))
        if view is None:
            return
        lit = np.dstack([self._lit(pose.turn, light), self.cover])
        seen = cv2.remap(lit, view.u, view.v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        cover = (seen[..., 3] * view.inside)[..., np.newaxis]
        height, width = view.u.shape
        part = scene[view.top : view.top + height, view.left : view.left + width]
        part += cover * (seen[..., :3] - part)

    def _lit(self, turn: Floats, light: Light) -> Radiance:
        seen = self._under(turn, self.finish.light, self.finish.ambient)
        if light.shines:
            seen *= np.float32(light.room)
            seen += self._under(turn, _CAMERA, 0.0) * light.beam.astype(np.float32)
        return seen

    def _under(self, turn: Floats, towards: Floats, ambient: float) -> Radiance:
        """By its own normals, in the light of one white lamp (3,), ``ambient`` of which comes from everywhere."""
        finish = self.finish
        lambert = np.maximum(cv2.transform(self.normals, (turn.T @ towards)[np.newaxis]), 0)
        seen = self.paint * (np.float32(ambient) + np.float32(1 - ambient) * lambert)[..., np.newaxis]
        if finish.gloss > 0:
            half = towards + _CAMERA
            half = half / np.linalg.norm(half)
            shine = np.maximum(cv2.transform(self.normals, (turn.T @ half)[np.newaxis]), 0)
            seen += np.float32(finish.gloss) * (shine ** np.float32(finish.shine))[..., np.newaxis]
        return np.asarray(seen, dtype=np.float32)


def normals_of(depth: Plane) -> NDArray[np.float32]:
    """(h, w, 3) unit normals towards the camera of a height field ``depth`` (h, w), px away from the camera."""
    dx = cv2.Sobel(depth, cv2.CV_32F, 1, 0, scale=1 / 8)
    dy = cv2.Sobel(depth, cv2.CV_32F, 0, 1, scale=1 / 8)
    length = np.sqrt(dx * dx + dy * dy + 1)
    return np.dstack([dx / length, dy / length, -1 / length])
