"""More faces from few: a neutral face with other proportions, mirrored, in other light.

Movements look different on a long face and on a broad one. What is drawn stays within what adults' proportions differ by (Farkas 1994:
about 5 % standard deviation), and leaves the picture a photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from biometrics.attacklab.heads import OVAL
from biometrics.attacklab.optics import to_linear, to_srgb
from biometrics.face.boxes import Image, Landmarks
from biometrics.facs.faces import NeutralFace
from biometrics.facs.lattice import Lattice
from biometrics.facs.mesh import FACE, Floats, mirrored, own_frame
from biometrics.facs.spline import ThinPlate

_IRISES = (473, 476, 475, 474, 477, 468, 471, 470, 469, 472)
"""Which of the ten points of the irises lies where each one lies in a mirror."""
_RING = 1.7
_NODES = 24


@dataclass(frozen=True, slots=True)
class Variant:
    """How a face is changed. Shares of the face's own size: ``width``, ``length`` of the lower face, ``brows`` up, ``mouth`` wider, ``nose`` wider.

    ``exposure`` factor of the light, ``side`` how much more of it comes from the image's right, ``warmth`` of it.
    """

    width: float = 0.0
    length: float = 0.0
    brows: float = 0.0
    mouth: float = 0.0
    nose: float = 0.0
    mirrored: bool = False
    exposure: float = 1.0
    side: float = 0.0
    warmth: float = 0.0


def draw_variant(rng: np.random.Generator) -> Variant:
    """Some other face."""
    width, length, brows, mouth, nose = (float(v) for v in np.clip(rng.normal(0, 1, 5), -2, 2))
    return Variant(
        width=0.04 * width,
        length=0.05 * length,
        brows=0.03 * brows,
        mouth=0.05 * mouth,
        nose=0.05 * nose,
        mirrored=bool(rng.uniform() < 0.5),
        exposure=float(np.exp(rng.uniform(np.log(0.35), np.log(1.15)))),
        side=float(np.clip(rng.normal(0.0, 0.2), -0.5, 0.5)),
        warmth=float(np.clip(rng.normal(0.0, 0.06), -0.15, 0.15)),
    )


def varied(face: NeutralFace, variant: Variant) -> NeutralFace:
    """The face so changed. Its landmarks go with it."""
    shaped = _shaped(face, variant)
    turned = _mirrored(shaped) if variant.mirrored else shaped
    return NeutralFace(face.name, _lit(turned.image, turned.landmarks, variant), turned.landmarks)


def _shaped(face: NeutralFace, variant: Variant) -> NeutralFace:
    """Pixels and landmarks moved by one smooth field that ends beyond the face."""
    own = own_frame(face.landmarks)
    moved = _proportions(own.points, variant) @ own.to_px[:, :2].T
    outline = face.landmarks[list(OVAL), :2].astype(np.float64)
    middle = outline.mean(axis=0)
    still = middle + _RING * (outline - middle)
    controls = np.concatenate([face.landmarks[:FACE, :2].astype(np.float64), still])
    spline = ThinPlate(controls)
    values = np.concatenate([moved, np.zeros((len(still), 2))])
    height, width = face.image.shape[:2]
    lattice = Lattice((height, width), max(1, round(own.inter_ocular_px / _NODES)), pad=4)
    x, y = lattice.axes()
    radius = 1.02 * np.abs(still - middle).max(axis=0)
    inside = ((x - middle[0]) / radius[0]) ** 2 + ((y - middle[1]) / radius[1]) ** 2 < 1.0
    field = np.zeros((*lattice.shape, 2), np.float32)
    field[inside] = spline(values, lattice.points()[inside.ravel()])
    soft = cv2.GaussianBlur(field, (0, 0), 1.0)
    back = lattice.refined(lattice.inverse(np.asarray(soft, np.float32)))
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    image = cv2.remap(
        face.image,
        columns + back[:, :, 0],
        rows + back[:, :, 1],
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    landmarks = face.landmarks.copy()
    landmarks[:, :2] += spline(values, face.landmarks[:, :2].astype(np.float64)).astype(np.float32)
    return NeutralFace(face.name, np.asarray(image, np.uint8), landmarks)


def _proportions(points: Floats, variant: Variant) -> Floats:
    """(468, 2) displacement in the face's own frame, inter-ocular distances."""
    x, y = points[:, 0], points[:, 1]
    lower = np.clip(-y, 0.0, None)
    mouth = _bump(points, points[[61, 291, 0, 17]], 0.3)
    nose = _bump(points, points[[129, 358, 4]], 0.25)
    brows = _bump(points, points[[105, 334, 107, 336]], 0.25)
    across = x * (variant.width + mouth * variant.mouth + nose * variant.nose)
    return np.stack([across, brows * variant.brows - lower * variant.length], axis=1)


def _bump(points: Floats, centres: Floats, reach: float) -> Floats:
    apart = ((points[:, np.newaxis, :2] - centres[np.newaxis, :, :2]) / reach) ** 2
    return np.asarray(np.exp(-0.5 * apart.sum(axis=2)).max(axis=1))


def _mirrored(face: NeutralFace) -> NeutralFace:
    order = np.concatenate([mirrored(), np.array(_IRISES)])
    landmarks = face.landmarks[order].copy()
    landmarks[:, 0] = face.image.shape[1] - 1 - landmarks[:, 0]
    return NeutralFace(face.name, np.ascontiguousarray(face.image[:, ::-1]), landmarks)


def _lit(image: Image, landmarks: Landmarks, variant: Variant) -> Image:
    own = own_frame(landmarks)
    middle = float(landmarks[list(OVAL), 0].mean())
    across = np.tanh((np.arange(image.shape[1]) - middle) / (1.5 * own.inter_ocular_px))
    lamp = variant.exposure * (1.0 + variant.side * across)
    tint = np.array([1.0 - variant.warmth, 1.0, 1.0 + variant.warmth])
    return to_srgb((to_linear(image) * (lamp[np.newaxis, :, np.newaxis] * tint)).astype(np.float32))
