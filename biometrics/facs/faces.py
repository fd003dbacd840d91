"""Neutral faces that movements are planted on: a picture, and where its landmarks are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from biometrics.errors import EvaluationError
from biometrics.face.boxes import Image, Landmarks
from biometrics.face.photo import PhotoError, read_photo
from biometrics.face.quality import FaceGate, refuse_face
from biometrics.views import Face
from fraudmodel.signals import Reason

FRONTAL = FaceGate(yaw_deg=15.0, pitch_deg=20.0, inter_ocular_px=36.0)
"""A face that is turned further has no second half to plant anything on; a smaller one has no texture that moves."""
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
_NAMED = 40
Locate = Callable[[Image], Face | Reason]
"""Finds the one face in a photo: `FacePerception.locate_still`."""


@dataclass(frozen=True, slots=True)
class NeutralFace:
    """A face at rest. ``name`` of its picture; ``image`` (H, W, 3) uint8 BGR; ``landmarks`` (478, 3) px in it."""

    name: str
    image: Image
    landmarks: Landmarks


def neutral_face(name: str, image: Image, locate: Locate) -> NeutralFace | Reason:
    """The one frontal face of a picture, or why it cannot be used."""
    found = locate(image)
    if isinstance(found, Reason):
        return found
    refused = refuse_face(found, FRONTAL)
    return refused if refused is not None else NeutralFace(name, image, found.landmarks)


def read_face(path: Path, locate: Locate) -> NeutralFace:
    """A picture's face. Raises EvaluationError with a sentence that names the file."""
    try:
        image = read_photo(path.read_bytes())
    except (OSError, PhotoError) as error:
        raise EvaluationError(f"{path.name}: {error}") from error
    found = neutral_face(path.stem, image, locate)
    if isinstance(found, Reason):
        raise EvaluationError(f"{path.name}: movements need one frontal face, and here it is: {found.value}")
    return found


def read_faces(
    folder: Path, locate: Locate, only: Collection[str] = ()
) -> tuple[tuple[NeutralFace, ...], tuple[str, ...]]:
    """The faces of a folder's pictures in order of their names, and a sentence for each picture that cannot be used.

    ``only`` names the pictures that are wanted, without their endings; all where it is empty. Raises EvaluationError where none
    can be used, or one that is wanted is not there.
    """
    paths = sorted(each for each in folder.rglob("*") if each.suffix.lower() in PICTURES)
    if missing := sorted(set(only) - {path.stem for path in paths}):
        raise EvaluationError(f"{folder} has no picture {missing[0]!r}: there are {_listed(paths)}")
    paths = [path for path in paths if not only or path.stem in only]
    faces: list[NeutralFace] = []
    refused: list[str] = []
    for path in paths:
        try:
            faces.append(read_face(path, locate))
        except EvaluationError as error:
            refused.append(str(error))
    if not faces:
        raise EvaluationError(f"{folder}: no picture there shows one frontal face")
    return tuple(faces), tuple(refused)


def _listed(paths: Sequence[Path]) -> str:
    names = [path.stem for path in paths]
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "") or "none"
