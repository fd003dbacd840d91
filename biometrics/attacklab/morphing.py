"""Bend pictures from one set of landmarks to another, and set a patch into a picture without a seam.

Two ways of each, that share nothing: triangles or thin plates; a feathered edge or a membrane over the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.heads import EYES, MOUTH, OVAL
from biometrics.attacklab.optics import Floats
from biometrics.face.boxes import Image

INNER_MOUTH = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
"""The line between lips and mouth, in order."""
CONTROL = (
    *OVAL, *EYES[0][::2], *EYES[1][::2], *MOUTH, *INNER_MOUTH,
    *(70, 63, 105, 66, 107, 336, 296, 334, 293, 300),  # brows
    *(1, 2, 4, 5, 6, 168, 48, 278, 98, 327),  # nose
    *(50, 280, 205, 425, 151, 9),  # cheeks and forehead
)  # fmt: skip
"""Landmarks that carry a face's shape and expression."""

Points = NDArray[np.float32]
"""(k, 2) px."""
Box = tuple[int, int, int, int]
"""(left, top, right, bottom) px of the picture."""
Cover = NDArray[np.float32]
"""(h, w) 0..1."""
Maps = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Which x and y px of the source each px of a box shows, each (h, w)."""
Warp = Callable[[Points, Points, Box], Maps]
"""From points of the picture and the same points of the source to the maps of a box of the picture."""


@dataclass(frozen=True, slots=True)
class Triangles:
    """Piecewise affine over fixed triangles (m, 3) of the points. Px outside all of them show the source's corner."""

    corners: NDArray[np.int64]

    @classmethod
    def over(cls, points: Points) -> Triangles:
        """Delaunay's triangles of these points."""
        low, high = points.min(axis=0) - 2, points.max(axis=0) + 2
        net = cv2.Subdiv2D((int(low[0]), int(low[1]), int(high[0] - low[0]) + 2, int(high[1] - low[1]) + 2))
        for x, y in points:
            net.insert((float(x), float(y)))
        corners = np.asarray(net.getTriangleList()).reshape(-1, 3, 2)
        apart = np.linalg.norm(corners[:, :, np.newaxis] - points[np.newaxis, np.newaxis], axis=3)
        inside = apart.min(axis=2).max(axis=1) < 0.5
        return cls(apart.argmin(axis=2)[inside].astype(np.int64))

    def __call__(self, target: Points, source: Points, box: Box) -> Maps:
        left, top, right, bottom = box
        which = np.zeros((bottom - top, right - left), np.int32)
        shapes = np.round((target[self.corners] - (left, top)) * 16).astype(np.int32)
        for number, shape in enumerate(shapes, start=1):
            cv2.fillConvexPoly(which, shape, number, cv2.LINE_8, 4)
        ones = np.ones((*self.corners.shape, 1))
        flat = np.linalg.det(np.concatenate([target[self.corners], ones], axis=2))
        known = np.concatenate(
            [target[self.corners] + _UNFOLD * (abs(flat) < 1e-3)[:, np.newaxis, np.newaxis], ones], axis=2
        )
        affine = np.linalg.solve(known, source[self.corners])  # (m, 3, 2): x, y, 1 -> source
        table = np.concatenate([np.zeros((1, 3, 2)), affine]).astype(np.float32)
        x = np.arange(left, right, dtype=np.float32)[np.newaxis]
        y = np.arange(top, bottom, dtype=np.float32)[:, np.newaxis]
        return (
            table[which, 0, 0] * x + table[which, 1, 0] * y + table[which, 2, 0],
            table[which, 0, 1] * x + table[which, 1, 1] * y + table[which, 2, 1],
        )


_UNFOLD = np.array([[0.0, 0.0], [0.01, 0.0], [0.0, 0.01]])
"""What keeps a triangle that has closed, as of a lid, from having no area."""


def thin_plate(target: Points, source: Points, box: Box, step_px: float = 9.0) -> Maps:
    """The smoothest bending that takes each point to its own (Bookstein 1989), on a grid and linear between.

    It gives a little at each point, so that landmarks that tremble do not fold it.
    """
    left, top, right, bottom = box
    centre, size = target.mean(axis=0), float(target.std()) + 1e-6
    at = (target.astype(np.float64) - centre) / size
    n = len(at)
    system = np.zeros((n + 3, n + 3))
    system[:n, :n] = _plate(at, at) + 1e-3 * np.eye(n)
    system[:n, n] = system[n, :n] = 1
    system[:n, n + 1 :], system[n + 1 :, :n] = at, at.T
    wanted = np.zeros((n + 3, 2))
    wanted[:n] = source
    weights = np.linalg.solve(system, wanted)
    height, width = bottom - top, right - left
    rows, columns = max(2, round(height / step_px)), max(2, round(width / step_px))
    x, y = np.linspace(left, right - 1, columns), np.linspace(top, bottom - 1, rows)
    grid = (np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2) - centre) / size
    found = _plate(grid, at) @ weights[:n] + weights[n] + grid @ weights[n + 1 :]
    down, across = _between(height, rows), _between(width, columns)
    x_map, y_map = (
        down @ found[:, axis].reshape(rows, columns).astype(np.float32) @ across.T for axis in (0, 1)
    )
    return np.asarray(x_map), np.asarray(y_map)


def _between(length: int, nodes: int) -> NDArray[np.float32]:
    """(length, nodes) weights of linear interpolation between nodes, the first and last at the ends."""
    at = np.linspace(0, nodes - 1, length)[:, np.newaxis]
    return np.maximum(0, 1 - abs(at - np.arange(nodes))).astype(np.float32)


def _plate(a: Floats, b: Floats) -> Floats:
    squared = (a**2).sum(axis=1)[:, np.newaxis] + (b**2).sum(axis=1) - 2 * (a @ b.T)
    squared = np.maximum(squared, 1e-12).astype(np.float32)
    return np.asarray(0.5 * squared * np.log(squared))


def similarity(source: Points, target: Points) -> Floats:
    """(2, 3) turn, scale and shift that take points to others with least squares (Umeyama 1991, without reflection)."""
    middle, other = source.mean(axis=0), target.mean(axis=0)
    x, y = (source - middle).astype(np.float64).T
    u, v = (target - other).astype(np.float64).T
    power = max(float((x * x + y * y).sum()), 1e-9)
    along, across = float((x * u + y * v).sum()) / power, float((x * v - y * u).sum()) / power
    turn = np.array([[along, -across], [across, along]])
    return np.asarray(np.column_stack([turn, other - turn @ middle]))


def moved(points: Points, by: Floats) -> Points:
    """Points (k, 2) through a (2, 3) affine."""
    return np.asarray(points @ by[:, :2].T + by[:, 2], dtype=np.float32)


def bent(source: Image, maps: Maps) -> Image:
    """The source seen through maps."""
    return np.asarray(
        cv2.remap(source, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8
    )


def box_about(points: Points, size: tuple[int, int], margin_px: int = 4) -> Box:
    """The box of some points with a margin, inside a picture of (height, width)."""
    low, high = np.floor(points.min(axis=0)) - margin_px, np.ceil(points.max(axis=0)) + margin_px
    left, top = (int(min(max(v, 0), side - 2)) for v, side in zip(low, size[::-1], strict=True))
    right, bottom = (int(min(max(v, 2), side)) for v, side in zip(high, size[::-1], strict=True))
    return left, top, max(right, left + 2), max(bottom, top + 2)


_MOST_SHIFT = 60.0
"""A membrane must not carry the dark of hair or collar into the face."""


def cover(outline: Points, box: Box, soft_px: float) -> Cover:
    """1 inside an outline, falling to 0 over ``soft_px`` inwards of it and a little outwards."""
    shape = np.zeros((box[3] - box[1], box[2] - box[0]), np.float32)
    cv2.fillPoly(shape, [np.round(outline - box[:2]).astype(np.int32)], 1.0)
    if soft_px < 0.5:
        return shape
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(soft_px) + 1,) * 2)
    inner = cv2.erode(shape, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(cv2.GaussianBlur(inner, (0, 0), soft_px / 2), dtype=np.float32)


def grown(outline: Points, by: float) -> Points:
    """An outline scaled about its middle."""
    middle = outline.mean(axis=0)
    return np.asarray((outline - middle) * by + middle, dtype=np.float32)


def feathered(picture: Image, patch: Image, box: Box, share: Cover) -> None:
    """Mix a patch into a box of a picture, in place."""
    region = picture[box[1] : box[3], box[0] : box[2]]
    mixed = region + share[..., np.newaxis] * (patch.astype(np.float32) - region)
    region[:] = np.round(mixed)


def seamless(picture: Image, patch: Image, box: Box, share: Cover) -> None:
    """Set a patch into a box of a picture, in place, its colours shifted by a membrane that fits at the edge.

    The gradient-domain blend of Perez et al. (2003), its membrane by pulling and pushing (Farbman et al. 2011).
    """
    region = picture[box[1] : box[3], box[0] : box[2]]
    inside = (share > 0.5).astype(np.uint8)
    inner = cv2.erode(inside, np.ones((5, 5), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    edge = inside - inner
    gap = np.clip(region.astype(np.float32) - patch, -_MOST_SHIFT, _MOST_SHIFT)
    known = edge.astype(np.float32)
    shifted = patch + _pushed(gap * known[..., np.newaxis], known)
    soft = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 1.0)[..., np.newaxis]
    region[:] = np.clip(np.round(region + soft * (shifted - region)), 0, 255)


def _pushed(values: NDArray[np.float32], weight: Cover) -> NDArray[np.float32]:
    """Weighted values (h, w, 3), where there are any, continued smoothly to everywhere else."""
    height, width = weight.shape
    if min(height, width) <= 2:
        total = max(float(weight.sum()), 1e-6)
        return np.broadcast_to(values.sum(axis=(0, 1)) / total, values.shape).astype(np.float32)
    half = (-(-width // 2), -(-height // 2))
    less = cv2.resize(weight, half, interpolation=cv2.INTER_AREA)
    coarse = _pushed(
        np.asarray(cv2.resize(values, half, interpolation=cv2.INTER_AREA), np.float32),
        np.asarray(less, np.float32),
    )
    wide = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    sure = np.minimum(weight, 1.0)[..., np.newaxis]
    own = values / np.maximum(weight, 1e-6)[..., np.newaxis]
    return np.asarray(wide + sure * (own - wide), dtype=np.float32)


def coloured_like(patch: Image, model: Image, share: Cover, strength: float = 1.0) -> Image:
    """A patch with the mean and spread of the model's colours, both where ``share`` is (Reinhard et al. 2001, on CIELAB)."""
    inside = share[::2, ::2] > 0.5
    if inside.sum() < 16:
        return patch
    own, other = (cv2.cvtColor(each, cv2.COLOR_BGR2LAB).astype(np.float32) for each in (patch, model))
    mine, theirs = own[::2, ::2][inside], other[::2, ::2][inside]
    spread = np.clip(theirs.std(axis=0) / np.maximum(mine.std(axis=0), 1.0), 0.5, 2.0)
    moved = (own - mine.mean(axis=0)) * spread + theirs.mean(axis=0)
    mixed = np.clip(own + strength * (moved - own), 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(mixed, cv2.COLOR_LAB2BGR), dtype=np.uint8)
