"""A neutral face set up before a camera: its texture, its landmarks on the picture, and how each unit and each turn moves its pixels."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.heads import OVAL
from biometrics.face.boxes import Landmarks
from biometrics.face.quality import inter_ocular_px
from biometrics.facs.faces import NeutralFace
from biometrics.facs.lattice import Field, Lattice, Plane
from biometrics.facs.mesh import FACE, Floats, own_frame
from biometrics.facs.plan import PlantedMovement
from biometrics.facs.spline import ThinPlate
from biometrics.facs.units import SIDES, UNITS, Side, combined, half, halves

OVERSAMPLED: Final = 3
"""Texture px for each px of the picture: what a resampling filter does to it then hardly depends on where it is read."""
_NODES: Final = 44
"""Nodes of the lattice from eye to eye: finer than the lids' movements."""
_RINGS: Final = (1.35, 1.75)
"""Grown by so much, the face's outline does not move: what moves skin fades out between."""
_HEAD: Final = (1.3, 2.0)
"""Grown by so much, the outline holds what moves with the head, and what stands still."""
_EYE_LINE: Final = 0.42
"""Share of the picture's height at which the eyes are."""
_TEXTURE_BLUR: Final = 1.05
_STEEPEST: Final = 0.85
_RELIEF: Final = 0.1
"""Sigma that evens out the depth, inter-ocular distances: a turn of the head must not fold the edge of the face."""


class Rig:
    """One face in one picture of ``size`` (height, width) px, its eyes ``inter_ocular_px`` apart. Takes most of a second; plays any plan."""

    def __init__(self, face: NeutralFace, size: tuple[int, int], inter_ocular: float) -> None:
        self.name, self.size = face.name, size
        place = _placing(face.landmarks, size, inter_ocular)
        self.landmarks: Landmarks = _moved(face.landmarks, place)
        self.own = own_frame(self.landmarks)
        self.texture = _texture(face, place, size)
        self.lattice = Lattice(size, max(1, round(inter_ocular / _NODES)), pad=4)
        x, y = self.lattice.axes()
        self._inside = _fading(x, y, self.landmarks, (1.0 + _RINGS[0]) / 2, _RINGS[1])
        self.head = _fading(x, y, self.landmarks, *_HEAD)
        self.depth, self._units = self._fields()

    def unit(self, name: str, side: Side) -> Field:
        """What half a unit does to the lattice's nodes, px; at full strength both halves move one landmark by one unit of the own frame."""
        return self._units[name, side]

    def movement(self, planted: PlantedMovement) -> Field:
        """A movement at its apex, px on the lattice: the landmark that goes farthest goes exactly its amplitude.

        Raises ValueError for an amplitude at which the skin would fold over itself.
        """
        units, asymmetry = planted.units, planted.asymmetry
        moved = self._seen(combined(units, asymmetry, self.own.points))
        scale = planted.amplitude * self.own.inter_ocular_px / float(np.linalg.norm(moved, axis=1).max())
        field = np.zeros((*self.lattice.shape, 2), np.float32)
        for (name, side), share in halves(units, asymmetry).items():
            field += np.float32(scale * share) * self.unit(name, side)
        if self.lattice.steepest(field) > _STEEPEST:
            raise ValueError(
                f"{', '.join(units)} at {planted.amplitude:.3f} would fold the skin of {self.name}"
            )
        return field

    def read(self, x: Plane, y: Plane) -> NDArray[np.float32]:
        """The texture (H, W, 3) at places of the face at rest."""
        half_px = np.float32((OVERSAMPLED - 1) / 2)
        u, v = (axis * np.float32(OVERSAMPLED) + half_px for axis in (x, y))
        seen = cv2.remap(self.texture, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(seen, dtype=np.float32)

    def _seen(self, moved: Floats) -> Floats:
        """A shift in the face's own plane (468, 2) as it appears on the picture, px."""
        return np.asarray(moved @ self.own.to_px[:, :2].T)

    def _fields(self) -> tuple[Plane, dict[tuple[str, Side], Field]]:
        """On the lattice: px away from the camera, relative to the face's outline, and what each half unit does."""
        parts = [(name, side) for name in UNITS for side in SIDES]
        moved = np.column_stack([self._seen(half(*each, self.own.points)) for each in parts])
        z = self.landmarks[:FACE, 2:].astype(np.float64)
        z -= z[list(OVAL)].mean()
        # Beyond the outline hair and ears lie as deep as the outline, and no skin moves.
        rings = np.tile(np.column_stack([z[list(OVAL)], np.zeros((len(OVAL), moved.shape[1]))]), (2, 1))
        planes = self._spread(np.concatenate([np.column_stack([z, moved]), rings]))
        depth = cv2.GaussianBlur(planes[0], (0, 0), _RELIEF * self.own.inter_ocular_px / self.lattice.step)
        pairs = ((planes[k], planes[k + 1]) for k in range(1, len(planes), 2))
        units = {part: np.stack(pair, axis=2) for part, pair in zip(parts, pairs, strict=True)}
        return np.asarray(depth, np.float32), units

    def _spread(self, known: Floats) -> NDArray[np.float32]:
        """From the landmarks and both rings (n, k) to the lattice (k, rows, columns), fading out beyond the face."""
        rings = [_grown(self.landmarks, ring) for ring in _RINGS]
        spline = ThinPlate(np.concatenate([self.landmarks[:FACE, :2].astype(np.float64), *rings]))
        nodes = np.flatnonzero(self._inside.ravel() > 0)
        planes = np.zeros((known.shape[1], self._inside.size), np.float32)
        planes[:, nodes] = spline(known, self.lattice.points()[nodes]).T
        return np.asarray(planes.reshape(-1, *self.lattice.shape) * self._inside)


def _placing(landmarks: Landmarks, size: tuple[int, int], inter_ocular: float) -> Floats:
    """(2, 3) from px of the source to px of the picture: eyes level with where they are in the source, face in the middle."""
    scale = inter_ocular / inter_ocular_px(landmarks)
    across = landmarks[list(OVAL), 0]
    middle = (float(across.min() + across.max()) / 2, float(landmarks[[33, 133, 263, 362], 1].mean()))
    return np.array(
        [[scale, 0, size[1] / 2 - scale * middle[0]], [0, scale, _EYE_LINE * size[0] - scale * middle[1]]]
    )


def _moved(landmarks: Landmarks, place: Floats) -> Landmarks:
    moved = landmarks.astype(np.float64) * place[0, 0]
    moved[:, :2] += place[:, 2]
    return np.asarray(moved, dtype=np.float32)


def _texture(face: NeutralFace, place: Floats, size: tuple[int, int]) -> NDArray[np.float32]:
    """(3 H, 3 W, 3) sRGB codes: the source placed in the picture, a little blurred so that no phase of reading is sharper than another."""
    fine = place * OVERSAMPLED
    fine[:, 2] += (OVERSAMPLED - 1) / 2
    source = face.image.astype(np.float32)
    shrink = 1.0 / fine[0, 0]
    if shrink > 1.0:
        sigma = 0.5 * float(np.sqrt(shrink**2 - 1.0)) + 1e-3
        source = np.asarray(cv2.GaussianBlur(source, (0, 0), sigma), dtype=np.float32)
    shape = (size[1] * OVERSAMPLED, size[0] * OVERSAMPLED)
    flags = cv2.INTER_CUBIC if shrink < 1.0 else cv2.INTER_LINEAR
    seen = cv2.warpAffine(source, fine, shape, flags=flags, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), _TEXTURE_BLUR).clip(0, 255), dtype=np.float32)


def _grown(landmarks: Landmarks, factor: float) -> Floats:
    outline = landmarks[list(OVAL), :2].astype(np.float64)
    middle = outline.mean(axis=0)
    return np.asarray(middle + factor * (outline - middle))


def _fading(x: Plane, y: Plane, landmarks: Landmarks, inner: float, outer: float) -> Plane:
    """1 within the outline grown by ``inner``, 0 beyond ``outer``, smooth between. The outline is taken for an ellipse."""
    outline = landmarks[list(OVAL), :2]
    low, high = outline.min(axis=0), outline.max(axis=0)
    middle, radius = (low + high) / 2, (high - low) / 2
    away = np.sqrt(((x - middle[0]) / radius[0]) ** 2 + ((y - middle[1]) / radius[1]) ** 2)
    share = np.clip((outer - away) / (outer - inner), 0.0, 1.0)
    return np.asarray(share * share * (3 - 2 * share), dtype=np.float32)
