"""`voice_pad` once `candor calibrate voice-pad` has put its file among the parameters: with the real network, it counts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from biometrics.detector import DetectorContext
from biometrics.detectors.voice_pad import KIND, NETWORK, VoicePad, build
from biometrics.evaluation.lab.calibrating import DISCOUNT
from biometrics.evaluation.voice_pad_fit import CAP
from biometrics.voice.perception import SpeechPerception
from fraudmodel.assessment import Contribution, FraudAssessment
from fraudmodel.fit import fit_signal, write_signal
from fraudmodel.pooling import Pooling
from fraudmodel.signals import Reading, Reason
from interview.analysis.protocol import AnalysisSpec
from interview.analysis.stack import assessor
from models.local_hub import LocalHub
from tests.biometrics import degraded
from tests.fraudmodel.builders import gaussian_table

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def readings(hub: LocalHub) -> list[Reading]:
    """What is said of a synthesiser's speech."""
    perception, detector = SpeechPerception(hub), build(DetectorContext({NETWORK: hub.get(NETWORK)}, {}))
    assert isinstance(detector, VoicePad)
    views = [
        view
        for chunk in degraded.as_it_is(degraded.synthetic_speech(20.0))
        for view in perception.feed(chunk)
    ]
    return [*(reading for view in views for reading in detector.observe(view)), *detector.finish()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped parameters, without a calibration of `voice_pad`."""
    for shipped in (files("fraudmodel") / "fitted").iterdir():
        if shipped.name != f"{KIND}.json":
            (tmp_path / shipped.name).write_text(shipped.read_text("utf-8"), "utf-8")
    return tmp_path


def calibrate(folder: Path, model: str) -> None:
    """As the command does, of drawn scores."""
    fitted = fit_signal(
        gaussian_table(30, 3, separation=3.0), KIND, model=model, version="1", data="drawn", pooling=Pooling(), grade="simulated",
        discount=DISCOUNT, cap=CAP,
    )  # fmt: skip
    assert write_signal(fitted, folder) == folder / "voice_pad.json"


def assessed(readings: list[Reading], folder: Path) -> FraudAssessment:
    session = assessor(AnalysisSpec("s", parameters=str(folder)), {KIND: None})
    for reading in readings:
        session.add(reading)
    return session.assess(readings[-1].span.end)


def absence(assessment: FraudAssessment) -> tuple[Reason, str]:
    (found,) = (each for each in assessment.absent if each.kind == KIND)
    return found.reason, found.detail


def contribution(assessment: FraudAssessment) -> Contribution:
    (found,) = (each for each in assessment.contributions if each.kind == KIND)
    return found


def test_a_calibrated_machine_raises_the_probability(
    readings: list[Reading], folder: Path, hub: LocalHub
) -> None:
    before = assessed(readings, folder)
    assert absence(before)[0] is Reason.NOT_CALIBRATED
    assert before.voice is None
    calibrate(folder, str(hub.get(NETWORK).id))
    after = assessed(readings, folder)
    assert 0.0 < contribution(after).llr <= CAP
    assert contribution(after).contribution > 0.0
    assert after.probability > before.probability
    assert after.voice is not None
    assert after.voice.spoof == pytest.approx(contribution(after).llr)


def test_the_calibration_of_another_network_counts_nothing(readings: list[Reading], folder: Path) -> None:
    calibrate(folder, "aasist_l@1510bd9b")
    found = assessed(readings, folder)
    assert absence(found)[0] is Reason.NOT_CALIBRATED
    assert absence(found)[1].startswith("calibrated for aasist_l@1510bd9b, measured with pad_voice@")
    assert found.contributions == ()
