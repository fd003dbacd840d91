"""A neutral face set up before a camera: its texture, its landmarks on the picture, and how each unit and each turn moves its pixels."""

from __future__ import annotations

from collections.abc import Mapping
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
from biometrics.facs.units import Side, half, halves

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


class Rig:
    """One face in one picture of ``size`` (height, width) px, its eyes ``inter_ocular_px`` apart. Costs a second or two; renders any plan."""

    def __init__(self, face: NeutralFace, size: tuple[int, int], inter_ocular: float) -> None:
        self.name, self.size = face.name, size
        place = _placing(face.landmarks, size, inter_ocular)
        self.landmarks: Landmarks = _moved(face.landmarks, place)
        self.own = own_frame(self.landmarks)
        self.texture = _texture(face, place, size)
        self.lattice = Lattice(size, max(1, round(inter_ocular / _NODES)), pad=4)
        x, y = self.lattice.axes()
        rings = [_grown(self.landmarks, ring) for ring in _RINGS]
        controls = np.concatenate([self.landmarks[:FACE, :2].astype(np.float64), *rings])
        self._fixed = len(controls) - FACE
        self._spline = ThinPlate(controls)
        self._inside = _fading(x, y, self.landmarks, (1.0 + _RINGS[0]) / 2, _RINGS[1])
        self._nodes = np.flatnonzero(self._inside.ravel() > 0)
        self._at = self.lattice.points()[self._nodes]
        self.head = _fading(x, y, self.landmarks, *_HEAD)
        self.depth = self._depth()
        self._units: dict[tuple[str, Side], Field] = {}

    def unit(self, name: str, side: Side) -> Field:
        """What half a unit does to the lattice's nodes, px; at full strength both halves move one landmark by one unit of the own frame."""
        known = self._units.get((name, side))
        if known is None:
            moved = half(name, side, self.own.points) @ self.own.to_px[:, :2].T
            known = self._units[name, side] = self._spread(moved)
        return known

    def movement(self, planted: PlantedMovement) -> Field:
        """A movement at its apex, px on the lattice: the landmark that goes farthest goes exactly its amplitude.

        Raises ValueError for an amplitude at which the skin would fold over itself.
        """
        field = self.weighted(self.shares(planted))
        if self.lattice.steepest(field) > _STEEPEST:
            raise ValueError(
                f"{', '.join(planted.units)} at {planted.amplitude:.3f} would fold the skin of {self.name}"
            )
        return field

    def read(self, x: Plane, y: Plane) -> NDArray[np.float32]:
        """The texture (H, W, 3) at places of the face at rest."""
        half_px = np.float32((OVERSAMPLED - 1) / 2)
        u, v = (axis * np.float32(OVERSAMPLED) + half_px for axis in (x, y))
        seen = cv2.remap(self.texture, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(seen, dtype=np.float32)

    def shares(self, planted: PlantedMovement) -> dict[tuple[str, Side], float]:
        """What each half unit contributes to a movement at its apex."""
        parts = halves(planted.units, planted.asymmetry)
        moved = (
            sum(share * half(n, s, self.own.points) for (n, s), share in parts.items())
            @ self.own.to_px[:, :2].T
        )
        farthest = float(np.linalg.norm(moved, axis=1).max())
        scale = planted.amplitude * inter_ocular_px(self.landmarks) / farthest
        return {part: share * scale for part, share in parts.items()}

    def weighted(self, shares: Mapping[tuple[str, Side], float]) -> Field:
        """Half units together, px on the lattice."""
        total = np.zeros((*self.lattice.shape, 2), np.float32)
        for (name, side), share in shares.items():
            total += np.float32(share) * self.unit(name, side)
        return total

    def _spread(self, moved: Floats) -> Field:
        """From the 468 landmarks (468, 2) to the lattice, fading out beyond the face."""
        field = np.zeros((self._inside.size, 2), np.float32)
        field[self._nodes] = self._spline(np.concatenate([moved, np.zeros((self._fixed, 2))]), self._at)
        return np.asarray(field.reshape(*self.lattice.shape, 2) * self._inside[:, :, np.newaxis])

    def _depth(self) -> Plane:
        """Px away from the camera, relative to the face's outline."""
        z = self.landmarks[:FACE, 2:].astype(np.float64)
        z = z - z[list(OVAL)].mean()
        depth = np.zeros(self._inside.size, np.float32)
        depth[self._nodes] = self._spline(np.concatenate([z, np.zeros((self._fixed, 1))]), self._at)[:, 0]
        return np.asarray(depth.reshape(self.lattice.shape) * self._inside)


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
