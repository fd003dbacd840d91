"""Face embeddings: dlib's ResNet (Davis King, CC0) on aligned chips."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.align import face_chip
from biometrics.face.boxes import Image, Landmarks
from models.hub import Model

Vector = NDArray[np.float32]


class FaceEncoder:
    """Turns a face into a point on the unit sphere: the closer two points, the more alike the faces."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def model(self) -> str:
        """The encoder, as templates and observations name it."""
        return str(self._model.id)

    def embed(self, image: Image, landmarks: Landmarks) -> Vector:
        """The embedding (128,) of a face in a BGR frame, L2-normalised: the mean over its chip and the mirrored chip."""
        chip = face_chip(image, landmarks)
        mirrored = np.ascontiguousarray(chip[:, ::-1])
        return unit(np.mean([self._run(chip), self._run(mirrored)], axis=0))

    def _run(self, chip: Image) -> Vector:
        rgb = cv2.cvtColor(chip, cv2.COLOR_BGR2RGB).astype(np.float32)
        (rows,) = self._model(np.ascontiguousarray(rgb.transpose(2, 0, 1))[np.newaxis])
        return np.asarray(rows[0], dtype=np.float32)


def centre(vectors: Sequence[Vector]) -> Vector:
    """The mean direction of unit vectors, normalised again: how several faces become one template."""
    return unit(np.mean(np.stack(vectors), axis=0))


def unit(vector: Vector) -> Vector:
    """``vector`` at length 1. Raises ValueError for a vector of length 0, which has no direction."""
    norm = float(np.linalg.norm(vector))
    if not norm > 0.0:
        raise ValueError("a face embedding of length 0 has no direction")
    return np.asarray(vector / norm, dtype=np.float32)


def distance(probe: Vector, reference: Vector) -> float:
    """Euclidean distance of unit vectors, 0..2: greater means less alike."""
    return float(np.linalg.norm(probe.astype(np.float64) - reference.astype(np.float64)))
