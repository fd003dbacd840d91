from __future__ import annotations

from dataclasses import replace

import pytest

from biometrics.detector import DetectorContext
from biometrics.detectors.face_match import DETECTOR, FaceMatch
from biometrics.face.embed import FaceEncoder
from biometrics.template import Template
from fraudmodel.signals import Absent, Abstention, Observation, Reading, Reason, Span
from tests.biometrics.face.fakes import GOOD, Noticing, a_face, a_view

OWNER, STRANGER = 1, 2


def reference(seed: int = OWNER, sha256: str = "d" * 64) -> Template:
    encoder = FaceEncoder(Noticing(sha256))
    view = a_view(0.0, a_face(), seed=seed)
    return Template("face", encoder.embed(view.frame.image, a_face().landmarks), encoder.model)


def context(template: Template | None) -> DetectorContext:
    return DetectorContext({"dlib_resnet": Noticing()}, {} if template is None else {"face": template})


@pytest.fixture
def detector() -> FaceMatch:
    built = DETECTOR.build(context(reference()))
    assert isinstance(built, FaceMatch)
    return built


def scores(readings: list[Reading]) -> list[float]:
    return [one.score for one in readings if isinstance(one, Observation)]


def test_the_same_frame_as_the_photo_is_at_distance_0(detector: FaceMatch) -> None:
    (reading,) = detector.observe(a_view(0.5, a_face(), seed=OWNER))
    assert isinstance(reading, Observation)
    assert reading.score == pytest.approx(0.0, abs=1e-6)
    assert reading.span == Span(0.5, 0.5)
    assert reading.model == "dlib_resnet@dddddddd"


def test_a_stranger_is_further_away_than_the_owner(detector: FaceMatch) -> None:
    (owner,) = scores(list(detector.observe(a_view(0.0, a_face(), seed=OWNER))))
    (stranger,) = scores(list(detector.observe(a_view(1.0, a_face(), seed=STRANGER))))
    assert stranger > owner + 0.5


def test_it_reads_once_a_second(detector: FaceMatch) -> None:
    readings = [one for k in range(100) for one in detector.observe(a_view(k * 0.04, a_face(), seed=OWNER))]
    assert [one.span.start for one in readings] == pytest.approx([0.0, 1.0, 2.0, 3.0])


def test_covariates_and_evidence_say_what_was_compared(detector: FaceMatch) -> None:
    (reading,) = detector.observe(a_view(0.0, a_face(), seed=OWNER))
    assert isinstance(reading, Observation)
    assert reading.covariates["inter_ocular_px"] == 70.0
    assert reading.evidence[0].box == pytest.approx((240 / 640, 160 / 480, 160 / 640, 160 / 480), rel=0.3)


def test_a_second_without_a_good_face_is_an_abstention(detector: FaceMatch) -> None:
    small = a_face(quality=replace(GOOD, inter_ocular_px=20.0))
    readings = [one for k in range(5) for one in detector.observe(a_view(k * 0.25, small))]
    assert readings == [Abstention(DETECTOR.kind, Span(0.0, 0.75), Reason.FACE_TOO_SMALL)]
    assert list(detector.finish()) == [Abstention(DETECTOR.kind, Span(1.0, 1.0), Reason.FACE_TOO_SMALL)]
    assert list(detector.finish()) == []


def test_without_a_reference_the_signal_is_absent() -> None:
    assert DETECTOR.build(context(None)) == Absent(Reason.NO_REFERENCE)


def test_a_reference_of_another_model_is_not_compared() -> None:
    built = DETECTOR.build(context(reference(sha256="b" * 64)))
    assert built == Absent(
        Reason.NO_REFERENCE, "made with dlib_resnet@bbbbbbbb, and dlib_resnet@dddddddd is in use: enrol again"
    )
