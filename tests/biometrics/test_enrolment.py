from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest

from biometrics.enrolment import enrol_face
from biometrics.errors import EnrolmentError
from biometrics.face.boxes import Image
from biometrics.face.embed import FaceEncoder
from biometrics.views import Face, HeadPose
from fraudmodel.signals import Reason
from tests.biometrics.face.fakes import GOOD, EncoderHub, Noticing, a_face


@dataclass
class Sees:
    """Says what it was told to see in any photo."""

    found: Face | Reason

    def locate_still(self, image: Image) -> Face | Reason:
        return self.found


PIXELS = np.random.default_rng(4).integers(0, 256, (480, 640, 3), np.uint8)
PHOTO = cv2.imencode(".png", PIXELS)[1].tobytes()


def test_a_template_is_the_embedding_of_the_photos_face() -> None:
    template = enrol_face(PHOTO, Sees(a_face()), EncoderHub())
    encoder = FaceEncoder(Noticing())
    assert template.modality == "face"
    assert template.model == encoder.model == "dlib_resnet@dddddddd"
    assert np.array_equal(template.vector, encoder.embed(PIXELS, a_face().landmarks))
    assert dict(template.covariates)["inter_ocular_px"] == 70.0


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (Reason.NO_FACE, "No face was found in the photo: choose one that shows the applicant's whole face"),
        (Reason.SEVERAL_FACES, "The photo shows several faces: choose one of the applicant alone."),
        (
            a_face(quality=replace(GOOD, inter_ocular_px=31.0)),
            "too small (31 px between the eyes, and a reference",
        ),
        (a_face(pose=HeadPose(-41.0, 3.0, 0.0)), "turned away (-41° sideways, 3° up)"),
        (a_face(quality=replace(GOOD, inside=0.9)), "cut off at the edge"),
        (a_face(quality=replace(GOOD, luma=20.0)), "too dark"),
        (a_face(quality=replace(GOOD, luma=240.0)), "overexposed"),
        (a_face(quality=replace(GOOD, sharpness=5.0)), "blurred"),
    ],
)
def test_a_photo_that_cannot_be_a_reference_says_what_to_do(found: Face | Reason, sentence: str) -> None:
    with pytest.raises(EnrolmentError) as caught:
        enrol_face(PHOTO, Sees(found), EncoderHub())
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("data", "sentence"), [(b"", "empty"), (b"hello", "no picture"), (PHOTO[:99], "damaged")]
)
def test_a_file_that_is_no_photo_says_so(data: bytes, sentence: str) -> None:
    with pytest.raises(EnrolmentError, match=sentence):
        enrol_face(data, Sees(a_face()), EncoderHub())
