"""The product's claims about comparisons, on real voices and faces with the real models."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from biometrics.detector import DetectorContext
from biometrics.detectors.face_match import DETECTOR as FACE_MATCH
from biometrics.detectors.voice_match import DETECTOR as VOICE_MATCH
from biometrics.enrolment import enrol_face
from biometrics.evaluation.calibrating import calibrate_voice, fit_comparison
from biometrics.evaluation.face_pairs import FaceTrials
from biometrics.evaluation.figures import score_table
from biometrics.evaluation.trials import Experiment
from biometrics.evaluation.voice_pairs import Condition, VoiceTrials, read_sittings
from biometrics.face.perception import FacePerception
from biometrics.media import Frame
from biometrics.template import Template
from biometrics.views import FaceView
from biometrics.voice.cohort import shipped_cohort
from fraudmodel.effective import equal_error_rate
from fraudmodel.parameters import load_parameters
from fraudmodel.scoring import Scorer
from fraudmodel.signal_parameters import SignalParameters
from fraudmodel.signals import Absent
from models.local_hub import LocalHub

pytestmark = [pytest.mark.models, pytest.mark.shared]

EVERY_S = 0.5


def silent(done: int, total: int, what: str) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def perception(hub: LocalHub) -> Iterator[FacePerception]:
    with FacePerception(hub) as found:
        yield found


@pytest.fixture(scope="module")
def voices(shared: Path, hub: LocalHub) -> Experiment:
    trials = VoiceTrials(read_sittings(shared / "data" / "speech"), hub, silent)
    return trials.experiment(Condition())


@pytest.fixture(scope="module")
def faces(shared: Path, hub: LocalHub, perception: FacePerception) -> Experiment:
    return FaceTrials(shared / "data" / "faces", hub, perception, silent).experiment()


def test_voices_are_told_apart_from_three_seconds_of_speech(voices: Experiment) -> None:
    figure = equal_error_rate(score_table(voices, "LibriSpeech test-other"))
    assert len(voices.subjects) == 10
    assert figure.n > 4000
    assert figure.value <= 0.01


def test_photos_of_two_people_are_further_apart_than_photos_of_one(faces: Experiment) -> None:
    assert len(faces.trials) == 300
    assert equal_error_rate(score_table(faces, "photos")).value == 0.0


def test_the_shipped_calibration_of_faces_is_what_these_pairs_give(faces: Experiment) -> None:
    shipped = load_parameters().signals[FACE_MATCH.kind]
    refit = fit_comparison(FACE_MATCH.kind, faces, "again", "1", shipped.pooling.autocorrelation)
    is_the_same(refit.parameters, shipped)


@pytest.mark.slow
def test_the_shipped_calibration_of_voices_is_what_the_command_gives(shared: Path, hub: LocalHub) -> None:
    shipped = load_parameters().signals[VOICE_MATCH.kind]
    refit = calibrate_voice(shared / "data" / "speech", hub, "again", "1", silent, shipped_cohort)
    is_the_same(refit.parameters, shipped)


def is_the_same(refit: SignalParameters, shipped: SignalParameters) -> None:
    assert refit.model == shipped.model
    assert (refit.data.bona_fide, refit.data.attack) == (shipped.data.bona_fide, shipped.data.attack)
    assert refit.bounds == pytest.approx(shipped.bounds, abs=1e-2)
    for score in np.linspace(0.1, 1.0, 10):
        llr = refit.calibrator.llr(float(score), {})
        assert llr == pytest.approx(shipped.calibrator.llr(float(score), {}), abs=5e-2)


def test_voices_of_other_people_support_fraud_and_ones_own_do_not(voices: Experiment) -> None:
    shipped = load_parameters().signals[VOICE_MATCH.kind]
    wrong = sum((shipped.calibrator.llr(t.statistic, {}) < 0) != t.mated for t in voices.trials)
    assert wrong / len(voices.trials) < 0.001


@pytest.fixture(scope="module")
def clips(shared: Path, hub: LocalHub) -> dict[str, list[FaceView]]:
    return {path.stem: list(watch(path, hub)) for path in sorted((shared / "data" / "clips").glob("*.mp4"))}


def watch(path: Path, hub: LocalHub) -> Iterator[FaceView]:
    due = 0.0
    with FacePerception(hub) as perception, av.open(str(path)) as container:
        for index, decoded in enumerate(container.decode(video=0)):
            t = float(decoded.time)
            if t >= due:
                due += EVERY_S
                image = np.asarray(decoded.to_ndarray(format="bgr24"), dtype=np.uint8)
                yield perception.observe(Frame(t, index, image))


def test_every_clip_matches_a_frame_of_itself_and_no_other(
    clips: dict[str, list[FaceView]], hub: LocalHub, perception: FacePerception
) -> None:
    references = {
        name: enrol_face(
            cv2.imencode(".png", views[len(views) // 2].frame.image)[1].tobytes(), perception, hub
        )
        for name, views in clips.items()
    }
    assert len(clips) == 8
    for (name, reference), (other, views) in product(references.items(), clips.items()):
        llr = evidence(reference, views, hub)
        assert llr < 0 if name == other else llr > 0, (name, other, llr)


def evidence(reference: Template, views: list[FaceView], hub: LocalHub) -> float:
    model = hub.get("dlib_resnet")
    detector = FACE_MATCH.build(DetectorContext({"dlib_resnet": model}, {"face": reference}))
    assert not isinstance(detector, Absent)
    scorer = Scorer(FACE_MATCH.kind, load_parameters().signals[FACE_MATCH.kind], None)
    for reading in [*(r for view in views for r in detector.observe(view)), *detector.finish()]:
        scorer.add(reading)
    llr = scorer.score().llr
    assert not isinstance(llr, Absent)
    return llr
