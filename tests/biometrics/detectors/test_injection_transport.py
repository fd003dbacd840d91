"""The packets' detector: one reading for each report of the edge, and no picture."""

from __future__ import annotations

from typing import Any

import pytest

from biometrics.detectors.injection_transport import DETECTOR, InjectionTransport
from biometrics.views import Fact
from fraudmodel.signals import Abstention, Observation, Reason
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import AnalysisSpec
from interview.media.journal import Told
from tests.biometrics.injection.test_cadence import camera, grid
from tests.interview.analysis.fakes import parts


def report(t: float, ticks: list[int], **more: Any) -> Fact:  # noqa: ANN401 - JSON
    return Fact(t, "transport", {"video_ticks": ticks, "span_s": 10.0, "kbps": 900.0, **more})


def read(detector: InjectionTransport, fact: Fact) -> Observation:
    (reading,) = detector.observe(fact)
    assert isinstance(reading, Observation)
    return reading


def test_a_program_scores_above_a_file_in_a_browser_and_that_above_a_real_machine() -> None:
    apart = {"audio_ppm": 40.0, "video_ppm": 0.1, "audio_error_ppm": 1.0, "video_error_ppm": 0.2}
    machine = read(InjectionTransport(), report(70.0, camera(), **apart)).score
    file = read(InjectionTransport(), report(70.0, grid(25.0), **apart | {"audio_ppm": 0.2})).score
    program = read(InjectionTransport(), report(70.0, [3003] * 300)).score
    assert machine < 0 < file < program


def page(t: float) -> Fact:
    return Fact(t, "page", {"event": "stats", "frames_per_second": 30.0})


def test_where_the_face_is_refused_the_packets_are_judged_all_the_same() -> None:
    pipeline = Pipeline(AnalysisSpec("s", consents=frozenset()), parts([DETECTOR]))
    outputs = pipeline.feed(Told("transport", 10_000, report(10.0, [3003] * 300).values))
    (reading,) = [each for each in outputs if isinstance(each, Observation)]
    assert reading.score > 2.0


def test_an_edge_that_never_reports_and_one_that_stopped() -> None:
    detector = InjectionTransport()
    silent = [reading for k in range(33) for reading in detector.observe(page(float(k)))]
    assert [(r.span.start, r.span.end) for r in silent] == [(0.0, 15.0), (15.0, 30.0)]
    assert {r.reason for r in silent if isinstance(r, Abstention)} == {Reason.NO_TRANSPORT_REPORT}
    (last,) = detector.finish()
    assert (last.span.start, last.span.end) == (30.0, 32.0)
    assert list(detector.finish()) == []


def test_a_page_that_said_one_thing_over_an_edge_that_said_none() -> None:
    detector = InjectionTransport()
    assert list(detector.observe(page(3.0))) == []
    (reading,) = detector.finish()
    assert isinstance(reading, Abstention)
    assert reading.reason is Reason.NO_TRANSPORT_REPORT
    assert list(detector.finish()) == []


@pytest.mark.parametrize("ticks", [[], [3000] * 20, None, "3000", [None, -5, "x"]])
def test_a_report_of_too_few_frames_or_of_anything_else(ticks: Any) -> None:  # noqa: ANN401
    detector = InjectionTransport()
    (reading,) = detector.observe(Fact(10.0, "transport", {"video_ticks": ticks, "span_s": "?"}))
    assert isinstance(reading, Abstention)
    assert reading.reason is Reason.LOW_FRAME_RATE
    assert list(detector.finish()) == []
