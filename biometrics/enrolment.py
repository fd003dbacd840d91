"""From an ID photo to the applicant's face reference. Voices enrol in `biometrics.voice.enrolment`."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np

from biometrics.errors import EnrolmentError
from biometrics.face.boxes import Image
from biometrics.face.embed import FaceEncoder
from biometrics.face.quality import FaceGate, covariates, refuse_face
from biometrics.template import Template
from biometrics.views import Face
from fraudmodel.signals import Reason
from models.hub import ModelHub

ENROL = FaceGate(yaw_deg=30.0, pitch_deg=30.0, inside=0.98)
"""What an ID photo must bring. Its eyes may be as close as a live face's: a scanned card is small."""
MOST_PIXELS = 100_000_000
"""A photo above this is a mistake or an attack on memory."""

_SENTENCES = {
    Reason.NO_FACE: "No face was found in the photo: choose one that shows the applicant's whole face from the front.",
    Reason.SEVERAL_FACES: "The photo shows several faces: choose one of the applicant alone.",
    Reason.FACE_TOO_SMALL: "The face in the photo is too small ({face.quality.inter_ocular_px:.0f} px between the eyes, "
    "and a reference needs {gate.inter_ocular_px:.0f} px): choose a larger photo, or scan it at a higher resolution.",
    Reason.FACE_TURNED: "The face in the photo is turned away ({face.pose.yaw_deg:.0f}° sideways, "
    "{face.pose.pitch_deg:.0f}° up): choose one that shows it from the front.",
    Reason.FACE_CUT_OFF: "The face in the photo is cut off at the edge: choose one that shows all of it.",
    Reason.TOO_DARK: "The photo is too dark: choose a brighter one.",
    Reason.TOO_BRIGHT: "The photo is overexposed: choose a darker one.",
    Reason.BLURRED: "The photo is blurred: choose a sharper one.",
}


class Stills(Protocol):
    """Finds the one face in a photo: a `FacePerception`."""

    def locate_still(self, image: Image, /) -> Face | Reason: ...


def enrol_face(image_bytes: bytes, perception: Stills, hub: ModelHub) -> Template:
    """Make a face reference of an image file (JPEG, PNG, WebP, BMP or TIFF, turned upright by its EXIF tag).

    Raises EnrolmentError with one sentence for a person where the photo cannot be a reference.
    """
    image = decode(image_bytes)
    face = admit(perception.locate_still(image))
    encoder = FaceEncoder(hub.get("dlib_resnet"))
    vector = encoder.embed(image, face.landmarks)
    return Template("face", vector, encoder.model, tuple(sorted(covariates(face).items())))


def decode(image_bytes: bytes) -> Image:
    """An image file as BGR. Raises EnrolmentError where it is empty, unreadable or far too large."""
    if not image_bytes:
        raise EnrolmentError("The photo is empty: choose another file.")
    try:
        image = cv2.imdecode(np.frombuffer(image_bytes, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise EnrolmentError("The photo is too large to be read: choose one below 100 megapixels.") from error
    if image is None:
        raise EnrolmentError("The file is no picture that can be read: choose a JPEG or PNG photo.")
    if image.shape[0] * image.shape[1] > MOST_PIXELS:
        raise EnrolmentError("The photo is too large to be read: choose one below 100 megapixels.")
    return np.asarray(image, dtype=np.uint8)


def admit(found: Face | Reason) -> Face:
    """The face of a photo that can be a reference. Raises EnrolmentError with what to do instead."""
    if isinstance(found, Reason):
        raise EnrolmentError(_SENTENCES[found])
    reason = refuse_face(found, ENROL)
    if reason is not None:
        raise EnrolmentError(_SENTENCES[reason].format(face=found, gate=ENROL))
    return found
