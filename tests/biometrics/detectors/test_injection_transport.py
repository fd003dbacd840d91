"""The packets' detector: light remembered from frames, one reading for each report of the edge."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from biometrics.detectors.injection_transport import InjectionTransport
from biometrics.media import Frame
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, Observation, Reason
from tests.biometrics.injection.test_cadence import camera, grid


def view(t: float, luma: int = 120) -> FaceView:
    return FaceView(Frame(t, 0, np.full((48, 64, 3), luma, np.uint8)), None, Reason.NO_FACE, 0, 30.0)


def report(t: float, ticks: list[int], **more: Any) -> Fact:  # noqa: ANN401 - JSON
    return Fact(t, "transport", {"video_ticks": ticks, "span_s": 10.0, "kbps": 900.0, **more})


def read(detector: InjectionTransport, fact: Fact) -> Observation:
    (reading,) = detector.learn(fact)
    assert isinstance(reading, Observation)
    return reading


def test_a_program_scores_above_a_file_in_a_browser_and_that_above_a_real_machine() -> None:
    apart = {"audio_ppm": 40.0, "video_ppm": 0.1, "audio_error_ppm": 1.0, "video_error_ppm": 0.2}
    machine = read(InjectionTransport(), report(70.0, camera(), **apart)).score
    file = read(InjectionTransport(), report(70.0, grid(25.0), **apart | {"audio_ppm": 0.2})).score
    program = read(InjectionTransport(), report(70.0, [3003] * 300)).score
    assert machine < 0 < file < program


def test_the_camera_that_slows_down_in_the_dark() -> None:
    detector = InjectionTransport()
    for k in range(20):
        detector.observe(view(k / 2))
    read(detector, report(10.0, camera(30.0)))
    for k in range(20, 40):
        detector.observe(view(k / 2, luma=40))
    reading = read(detector, report(20.0, camera(15.0)))
    assert reading.covariates["cue_follows_light"] == -1.0
    assert reading.covariates["luma"] == pytest.approx(40.0)
    assert reading.span.start == 10.0


def test_an_edge_that_never_reports_and_one_that_stopped() -> None:
    detector = InjectionTransport()
    silent = [reading for k in range(33) for reading in detector.observe(view(float(k)))]
    assert [(r.span.start, r.span.end) for r in silent] == [(0.0, 15.0), (15.0, 30.0)]
    assert {r.reason for r in silent if isinstance(r, Abstention)} == {Reason.NO_TRANSPORT_REPORT}
    (last,) = detector.finish()
    assert (last.span.start, last.span.end) == (30.0, 32.0)
    assert list(detector.finish()) == []


@pytest.mark.parametrize("ticks", [[], [3000] * 20, None, "3000", [None, -5, "x"]])
def test_a_report_of_too_few_frames_or_of_anything_else(ticks: Any) -> None:  # noqa: ANN401
    (reading,) = InjectionTransport().learn(Fact(10.0, "transport", {"video_ticks": ticks, "span_s": "?"}))
    assert isinstance(reading, Abstention)
    assert reading.reason is Reason.LOW_FRAME_RATE
