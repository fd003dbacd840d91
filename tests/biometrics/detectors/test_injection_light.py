"""The light's detector: brightness remembered from frames, set beside each report of the edge."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.detectors.injection_light import InjectionLight
from biometrics.media import Frame
from biometrics.views import FaceView
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from tests.biometrics.detectors.test_injection_transport import report
from tests.biometrics.injection.test_cadence import camera


def view(t: float, luma: int = 120) -> FaceView:
    return FaceView(Frame(t, 0, np.full((48, 64, 3), luma, np.uint8)), None, Reason.NO_FACE, 0, 30.0)


def session(*windows: tuple[int, float]) -> list[Reading]:
    """The readings of ten-second windows of (luma, frame rate)."""
    detector = InjectionLight()
    readings: list[Reading] = []
    for k, (luma, fps) in enumerate(windows):
        for half in range(20):
            readings += detector.observe(view(10.0 * k + half / 2, luma))
        readings += detector.learn(report(10.0 * (k + 1), camera(fps)))
    return [*readings, *detector.finish()]


@pytest.mark.parametrize(("dark_fps", "score"), [(15.0, -1.0), (30.0, 0.3)])
def test_a_camera_slows_down_in_the_dark_and_a_file_does_not(dark_fps: float, score: float) -> None:
    before, reading = session((120, 30.0), (40, dark_fps))
    assert isinstance(before, Abstention)
    assert before.reason is Reason.NOT_YET
    assert isinstance(reading, Observation)
    assert reading.score == reading.covariates["cue_follows_light"] == score
    assert reading.covariates["luma"] == pytest.approx(40.0)
    assert (reading.span.start, reading.span.end) == (10.0, 20.0)


def test_a_black_picture_is_dark_and_none_is_not() -> None:
    assert isinstance(session((120, 30.0), (0, 15.0))[-1], Observation)
    (reading,) = InjectionLight().learn(report(10.0, camera()))
    assert isinstance(reading, Abstention)
    assert reading.reason is Reason.NO_VIDEO


def test_one_light_all_day_says_nothing() -> None:
    readings = session(*[(120, 30.0)] * 4)
    assert [r.reason for r in readings if isinstance(r, Abstention)] == [Reason.NOT_YET] * 4


def test_a_report_of_too_few_frames() -> None:
    (reading,) = InjectionLight().learn(report(10.0, [3000] * 20))
    assert isinstance(reading, Abstention)
    assert reading.reason is Reason.LOW_FRAME_RATE


def test_an_edge_that_never_reports_and_one_that_stopped() -> None:
    detector = InjectionLight()
    silent = [reading for k in range(33) for reading in detector.observe(view(float(k)))]
    assert [(r.span.start, r.span.end) for r in silent] == [(0.0, 15.0), (15.0, 30.0)]
    assert {r.reason for r in silent if isinstance(r, Abstention)} == {Reason.NO_TRANSPORT_REPORT}
    (last,) = detector.finish()
    assert (last.span.start, last.span.end) == (30.0, 32.0)
    assert list(detector.finish()) == []
