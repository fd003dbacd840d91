from __future__ import annotations

import pytest

from biometrics.detector import DetectorContext
from biometrics.detectors.face_continuity import DETECTOR, FIRST_FACES, FaceContinuity
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from tests.biometrics.face.fakes import Noticing, a_face, a_view

APPLICANT, STRANGER = 1, 2


@pytest.fixture
def detector() -> FaceContinuity:
    built = DETECTOR.build(DetectorContext({"dlib_resnet": Noticing()}))
    assert isinstance(built, FaceContinuity)
    return built


def watch(detector: FaceContinuity, start: float, end: float, seed: int, track: int = 1) -> list[Reading]:
    face = a_face(track=track)
    times = [start + k * 0.1 for k in range(round((end - start) * 10))]
    return [one for t in times for one in detector.observe(a_view(t, face, seed=seed))]


def observations(readings: list[Reading]) -> list[Observation]:
    return [one for one in readings if isinstance(one, Observation)]


def test_the_first_faces_become_the_sessions_own_reference(detector: FaceContinuity) -> None:
    readings = watch(detector, 0.0, 5.0, APPLICANT)
    assert len(readings) == FIRST_FACES
    assert [one.reason for one in readings if isinstance(one, Abstention)] == [Reason.NOT_YET] * FIRST_FACES
    assert isinstance(readings[2], Abstention)
    assert readings[2].detail == "face 3 of 5 to compare with"


def test_the_same_person_stays_close(detector: FaceContinuity) -> None:
    watch(detector, 0.0, 5.0, APPLICANT)
    assert [one.score for one in observations(watch(detector, 5.0, 8.0, APPLICANT))] == pytest.approx(
        [0.0, 0.0, 0.0], abs=1e-6
    )


def test_somebody_else_who_sits_down_is_far_from_the_first_second_on(detector: FaceContinuity) -> None:
    watch(detector, 0.0, 7.0, APPLICANT)
    swapped = observations(watch(detector, 7.0, 9.0, STRANGER))
    assert [one.score > 0.5 for one in swapped] == [True, True]


def test_a_new_track_is_read_at_once(detector: FaceContinuity) -> None:
    watch(detector, 0.0, 6.5, APPLICANT)
    (reading, *_) = watch(detector, 6.5, 6.6, STRANGER, track=2)
    assert isinstance(reading, Observation)
    assert reading.span.start == pytest.approx(6.5)


def test_without_a_face_it_abstains_and_keeps_its_reference(detector: FaceContinuity) -> None:
    watch(detector, 0.0, 6.0, APPLICANT)
    empty = [one for k in range(20) for one in detector.observe(a_view(6.0 + k * 0.1, None, Reason.NO_FACE))]
    assert [one.reason for one in empty if isinstance(one, Abstention)] == [Reason.NO_FACE]
    assert observations(watch(detector, 8.0, 9.0, APPLICANT, track=2))[0].score == pytest.approx(0, abs=1e-6)
