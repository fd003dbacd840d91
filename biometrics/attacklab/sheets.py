"""Bent sheets of paper as surfaces: rolled round a cylinder (height field), or folded and rolled to a cone (mesh)."""

from __future__ import annotations

import cv2
import numpy as np

from biometrics.attacklab.optics import Radiance
from biometrics.attacklab.surfaces import Finish, Mesh, Plane, Relief, Surface

_COLUMNS, _ROWS = 21, 9


def rolled(
    paint: Radiance, cover: Plane, middle: tuple[float, float], radius: float, finish: Finish
) -> Surface:
    """A sheet (h, w) rolled round an upright cylinder behind it; ``middle`` (x, y) px touches the pose's centre.

    ``radius`` px, more than a third of the sheet's width, or its sides would face away.
    """
    height, width = cover.shape
    low, high = radius * np.sin(-middle[0] / radius), radius * np.sin((width - middle[0]) / radius)
    x = np.arange(np.ceil(low), np.floor(high) + 1)
    sine = np.clip(x / radius, -0.999, 0.999)
    along = (middle[0] + radius * np.arcsin(sine)).astype(np.float32)
    u = np.broadcast_to(along, (height, len(x))).copy()
    v = np.broadcast_to(np.arange(height, dtype=np.float32)[:, np.newaxis], u.shape).copy()
    rolled_paint = cv2.remap(paint, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    rolled_cover = cv2.remap(cover, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    depth = np.broadcast_to((radius * (1 - np.sqrt(1 - sine**2))).astype(np.float32), u.shape).copy()
    normals = np.zeros((height, len(x), 3), np.float32)
    normals[..., 0], normals[..., 2] = sine, -np.sqrt(1 - sine**2)
    shape = Relief(depth, (-float(x[0]), middle[1]), smooth=False)
    return Surface(shape, np.asarray(rolled_paint), np.asarray(rolled_cover), normals, finish)


def folded(
    paint: Radiance,
    cover: Plane,
    middle: tuple[float, float],
    radius: float,
    fold_rad: float,
    cone: float,
    finish: Finish,
) -> Surface:
    """A sheet creased upright through its ``middle`` by ``fold_rad`` on each side, then rolled to a cone.

    The cone's radius grows by the share ``cone`` of ``radius`` from the sheet's top to its bottom.
    """
    height, width = cover.shape
    u, v = np.meshgrid(np.linspace(0, width, _COLUMNS), np.linspace(0, height, _ROWS))
    along = u - middle[0]
    bend = radius * (1 + cone * (v / height - 0.5))
    angle = np.abs(along) / bend + fold_rad
    x = np.sign(along) * bend * (np.sin(angle) - np.sin(fold_rad))
    z = bend * (np.cos(fold_rad) - np.cos(angle))
    points = np.stack([x, v - middle[1], z], -1).reshape(-1, 3)
    at = np.arange(_ROWS * _COLUMNS).reshape(_ROWS, _COLUMNS)
    upper = np.stack([at[:-1, :-1], at[:-1, 1:], at[1:, :-1]], -1).reshape(-1, 3)
    lower = np.stack([at[1:, 1:], at[1:, :-1], at[:-1, 1:]], -1).reshape(-1, 3)
    mesh = Mesh(points, np.stack([u, v], -1).reshape(-1, 2), np.concatenate([upper, lower]))
    texel = np.arange(width) - middle[0]
    turned = np.sign(texel) * (np.abs(texel) / radius + fold_rad)
    normals = np.zeros((height, width, 3), np.float32)
    normals[..., 0], normals[..., 2] = np.sin(turned), -np.cos(turned)
    return Surface(mesh, paint, cover, normals, finish)
