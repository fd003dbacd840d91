"""From an ID photo to the applicant's face reference. Voices enrol in `biometrics.voice.enrolment`."""

from __future__ import annotations

from typing import Protocol

from biometrics.errors import EnrolmentError
from biometrics.face.boxes import Image
from biometrics.face.embed import FaceEncoder
from biometrics.face.photo import PhotoError, read_photo
from biometrics.face.quality import FaceGate, covariates, refuse_face
from biometrics.template import Template
from biometrics.views import Face
from fraudmodel.signals import Reason
from models.hub import ModelHub

ENROL = FaceGate(yaw_deg=30.0, pitch_deg=30.0, inside=0.98)
"""What an ID photo must bring. Its eyes may be as close as a live face's: a scanned card is small."""
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
    """Make a face reference of an image file (JPEG, PNG or WebP, turned upright by its EXIF tag).

    Raises EnrolmentError with one sentence for a person where the photo cannot be a reference.
    """
    try:
        image = read_photo(image_bytes)
    except PhotoError as error:
        raise EnrolmentError(str(error)) from error
    face = admit(perception.locate_still(image))
    encoder = FaceEncoder(hub.get("dlib_resnet"))
    vector = encoder.embed(image, face.landmarks)
    return Template("face", vector, encoder.model, tuple(sorted(covariates(face).items())))


def admit(found: Face | Reason) -> Face:
    """The face of a photo that can be a reference. Raises EnrolmentError with what to do instead."""
    if isinstance(found, Reason):
        raise EnrolmentError(_SENTENCES[found], found)
    reason = refuse_face(found, ENROL)
    if reason is not None:
        raise EnrolmentError(_SENTENCES[reason].format(face=found, gate=ENROL), reason)
    return found
