"""Highlights and colours of a face: glass shines white, and printers and screens hold fewer colours than skin.

Only how far skin's colours spread is measured, never which colour skin has.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image

SIDE_PX = 96
_WIDER = 1.3
_LIGHTEST, _CHROMA = 242, 10.0
"""L* above 95 as 8-bit code, and the CIELAB chroma below which a highlight has no colour."""
_LUMA = (30, 240)
_INNER = 0.72
_FLOOR = 0.05
_LEAST_PX = 64

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Colours:
    """``specular`` share 0..1 of a face's pixels that are white highlights; ``spread`` (3,) matrix logarithm of the
    covariance of its (Cb, Cr), as (first, second, off-diagonal); ``compression`` log of its larger over its smaller eigenvalue."""

    specular: float
    spread: Numbers
    compression: float


def measure_colours(image: Image, box: tuple[float, float, float, float]) -> Colours | None:
    """Measure a face in a BGR frame; None where too little of it is neither dark nor burnt out."""
    small = _nearest(image, box, _WIDER)
    if small is None:
        return None
    skin = _skin(small)
    if len(skin) < _LEAST_PX:
        return None
    spread = spread_of(skin)
    low, high = np.linalg.eigvalsh(np.array([[spread[0], spread[2]], [spread[2], spread[1]]]))
    return Colours(specular_share(small), spread, float(high - low))


def specular_share(bgr: Image) -> float:
    """Share of pixels lighter than L* 95 with a chroma under 10."""
    lab = cv2.cvtColor(bgr, cv2.COLOR_BGR2LAB).astype(np.float32)
    chroma = np.hypot(lab[..., 1] - 128, lab[..., 2] - 128)
    return float(np.mean((lab[..., 0] > _LIGHTEST) & (chroma < _CHROMA)))


def spread_of(chroma: Numbers) -> Numbers:
    """Matrix logarithm (Arsigny et al. 2006) of the covariance of (n, 2) colours: (first, second, off-diagonal)."""
    covariance = np.cov(chroma, rowvar=False) + _FLOOR * np.eye(2)
    values, vectors = np.linalg.eigh(covariance)
    logarithm = (vectors * np.log(values)) @ vectors.T
    return np.array([logarithm[0, 0], logarithm[1, 1], logarithm[0, 1]])


def _skin(bgr: Image) -> Numbers:
    """(n, 2) Cb and Cr of the pixels in the middle of the face that are neither dark nor burnt out."""
    ycc = cv2.cvtColor(bgr, cv2.COLOR_BGR2YCrCb)
    axis = (np.arange(SIDE_PX) + 0.5) / SIDE_PX * 2 - 1
    inside = np.hypot(axis[:, np.newaxis], axis) < _INNER / _WIDER
    luma = ycc[..., 0]
    kept = inside & (luma > _LUMA[0]) & (luma < _LUMA[1])
    return np.asarray(ycc[..., 2:0:-1][kept], dtype=np.float64)


def _nearest(image: Image, box: tuple[float, float, float, float], wider: float) -> Image | None:
    """The box, enlarged and as far as it lies in the frame, by nearest neighbours: an average would dim highlights."""
    x, y, across, down = box
    height, width = image.shape[:2]
    grow_x, grow_y = across * (wider - 1) / 2, down * (wider - 1) / 2
    left, right = max(int(x - grow_x), 0), min(int(x + across + grow_x) + 1, width)
    top, bottom = max(int(y - grow_y), 0), min(int(y + down + grow_y) + 1, height)
    if right <= left or bottom <= top:
        return None
    patch = image[top:bottom, left:right]
    return np.asarray(cv2.resize(patch, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
