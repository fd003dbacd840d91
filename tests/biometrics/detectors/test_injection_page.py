"""The page's detector: one reading for each report that says something of the camera."""

from __future__ import annotations

from typing import Any

from biometrics.detector import DetectorContext
from biometrics.detectors.injection_page import DETECTOR, InjectionPage, build
from biometrics.views import Fact
from fraudmodel.signals import Abstention, Observation, Reason
from tests.biometrics.injection.test_page import WEBCAM


def page(t: float, **values: Any) -> Fact:  # noqa: ANN401 - JSON
    return Fact(t, "page", values)


def test_a_fake_device_fires_and_a_webcam_does_not() -> None:
    for label, score in (("fake_device_0", 4.0), ("HD Webcam", 0.0)):
        (reading,) = build(DetectorContext({})).observe(page(1.0, **WEBCAM | {"label": label}))
        assert isinstance(reading, Observation)
        assert reading.score == score


def test_an_edge_that_reports_shows_that_the_page_should_have() -> None:
    detector = InjectionPage()
    (reading,) = detector.observe(Fact(10.0, "transport", {}))
    assert isinstance(reading, Abstention)
    assert reading.reason is Reason.NO_PAGE_REPORT
    detector.observe(page(11.0, **WEBCAM))
    assert list(detector.observe(Fact(20.0, "transport", {}))) == []


def test_a_page_that_never_described_a_camera_is_said_to_have_not_and_once() -> None:
    detector = InjectionPage()
    assert list(detector.observe(page(2.0, event="visibility", hidden=True))) == []
    (reading,) = detector.finish()
    assert isinstance(reading, Abstention)
    assert (reading.reason, reading.span.end) == (Reason.NO_PAGE_REPORT, 2.0)
    assert list(detector.finish()) == []
    heard = InjectionPage()
    heard.observe(page(0.0, **WEBCAM))
    assert list(heard.finish()) == []


def test_what_was_odd_about_the_first_camera_still_counts_after_another_was_chosen() -> None:
    detector = InjectionPage()
    detector.observe(page(0.0, **WEBCAM | {"label": "OBS Virtual Camera"}))
    (reading,) = detector.observe(page(60.0, **WEBCAM))
    assert isinstance(reading, Observation)
    assert reading.score == 4.0


def test_reports_before_the_camera_s_are_kept_and_hidden_pages_say_nothing() -> None:
    detector = InjectionPage()
    same = {"frame_rate": 15, "got_height": 480, "got_frame_rate": 30, "took_ms": 1, "error": ""}
    tries = [{"height": height, **same} for height in (240, 480, 720)]
    (before,) = detector.observe(page(0.0, event="probe", tries=tries))
    assert isinstance(before, Abstention)
    (reading,) = detector.observe(page(1.0, **WEBCAM))
    assert isinstance(reading, Observation)
    assert reading.covariates["cue_deaf_to_constraints"] == reading.score == 1.0
    assert list(detector.observe(page(2.0, event="visibility", hidden=True))) == []


def test_it_needs_no_consent_because_it_tells_nothing_about_the_person() -> None:
    assert DETECTOR.consent is None
    assert DETECTOR.view is Fact
