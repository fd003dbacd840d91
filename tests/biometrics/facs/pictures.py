"""Faces for these tests: the public-domain portrait of the golden files, and the same landmarks on pictures that say where their px come from."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from biometrics.facs.faces import NeutralFace

_GOLDEN = Path(__file__).parents[2] / "models" / "golden"


def portrait() -> NeutralFace:
    """NASA's astronaut, 256 px."""
    image = np.asarray(cv2.imread(str(_GOLDEN / "astronaut.jpg")), np.uint8)
    return NeutralFace("astronaut", image, np.load(_GOLDEN / "astronaut.npz")["points"])


def map_of_itself() -> NeutralFace:
    """The same face on a picture whose blue is each px's x and whose green is its y: however it is warped, it says from where."""
    face = portrait()
    y, x = np.mgrid[:256, :256]
    image = np.stack([x, y, np.zeros_like(x)], axis=2).astype(np.uint8)
    return NeutralFace("map", image, face.landmarks)
