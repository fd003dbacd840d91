from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from biometrics.detector import DetectorContext
from biometrics.detectors.rppg import DETECTOR, PERIOD_S
from biometrics.evaluation.rppg_scene import Scene, pictures, views
from biometrics.media import Frame
from biometrics.views import FaceView
from fraudmodel.signals import Absent, Abstention, Observation, Reading, Reason
from tests.biometrics.face.fakes import a_face

GREY = np.full((480, 640, 3), 120, np.uint8)


def play(seen: Iterable[FaceView]) -> list[Reading]:
    detector = DETECTOR.build(DetectorContext({}))
    assert not isinstance(detector, Absent)
    given = [reading for view in seen for reading in detector.observe(view)]
    return [*given, *detector.finish()]


@cache
def painted(green: float, wall: float = 0.0) -> tuple[FaceView, ...]:
    """21 s of painted skin at 20 frames a second, uncoded."""
    scene = Scene(green=green, wall=wall, fps=20.0, duration_s=21.0, scale=0.6)
    return tuple(views(scene, *pictures(scene, np.random.default_rng(2)), None))


def grey(seconds: float, fps: float = 30.0, coded_bytes: int = 0) -> list[FaceView]:
    """A face in plain pictures whose colour flickers by one level at random."""
    rng = np.random.default_rng(3)
    seen = []
    for k in range(round(seconds * fps)):
        image = GREY + rng.integers(2, size=3).astype(np.uint8)
        seen.append(FaceView(Frame(k / fps, k, image, coded_bytes=coded_bytes), a_face(), None, 0, fps))
    return seen


def reasons(given: Sequence[Reading]) -> list[Reason]:
    assert all(isinstance(reading, Abstention) for reading in given), given
    return [reading.reason for reading in given if isinstance(reading, Abstention)]


def test_a_pulse_of_a_third_of_a_per_cent_is_found_in_pictures() -> None:
    first, rest = play(painted(0.003))
    assert isinstance(first, Observation)
    assert first.covariates["bpm"] == pytest.approx(72.0, abs=1.0)
    assert first.covariates["snr_db"] > 6.0
    assert first.score < -0.5
    assert first.evidence[0].box is not None
    assert isinstance(rest, Abstention)
    assert rest.reason is Reason.NOT_YET


def test_skin_that_is_gone_is_not_read_again() -> None:
    chair = [FaceView(Frame(21 + k / 20, k, GREY), None, Reason.NO_FACE, 0, 20.0) for k in range(200)]
    first, then, *_ = play([*painted(0.003), *chair])
    assert isinstance(first, Observation)
    assert first.span.end <= 21.0
    assert isinstance(then, Abstention)
    assert then.reason is Reason.NO_FACE


def test_a_wall_that_beats_too_is_flicker() -> None:
    first, _ = play(painted(0.003, wall=0.01))
    assert isinstance(first, Abstention)
    assert first.reason is Reason.FLICKER


def test_skin_without_a_pulse_says_nothing() -> None:
    first, _ = play(painted(0.0))
    assert isinstance(first, Abstention)
    assert first.reason is Reason.NO_PULSE
    assert "dB" in first.detail


def test_it_reads_every_ten_seconds_from_the_twentieth_on() -> None:
    given = play(grey(45.0))
    ends = [reading.span.end for reading in given]
    assert ends == pytest.approx([20.0, 30.0, 40.0, 45.0], abs=0.05)
    assert ends[1] - ends[0] == pytest.approx(PERIOD_S, abs=0.05)


def test_few_bits_are_an_abstention_that_says_how_few() -> None:
    first, *_ = play(grey(21.0, coded_bytes=2000))
    assert isinstance(first, Abstention)
    assert first.reason is Reason.LOW_BITRATE
    assert first.detail == "480 kbit/s, at least 800 are needed"


def test_enough_bits_are_not() -> None:
    coded = [replace(view, frame=replace(view.frame, coded_bytes=7500)) for view in painted(0.003)]
    first, _ = play(coded)
    assert isinstance(first, Observation)
    assert first.covariates["kbps"] == pytest.approx(1200.0, rel=0.01)


def test_a_slow_camera_is_an_abstention() -> None:
    for fps in (5.0, 12.0):
        assert reasons(play(grey(21.0, fps=fps)))[0] is Reason.LOW_FRAME_RATE


def test_a_face_that_leaves_gives_the_reason() -> None:
    seen = [
        replace(view, face=None, reason=Reason.NO_FACE) if view.t % 5 < 1 else view for view in grey(31.0)
    ]
    assert set(reasons(play(seen))) == {Reason.NO_FACE}


def test_a_stalling_line_is_lost_media() -> None:
    seen = [view for view in grey(31.0) if view.t % 5 > 1]
    assert reasons(play(seen))[0] is Reason.MEDIA_LOST


def test_finish_says_what_was_left_once() -> None:
    detector = DETECTOR.build(DetectorContext({}))
    assert not isinstance(detector, Absent)
    for view in grey(3.0):
        assert not list(detector.observe(view))
    assert reasons(list(detector.finish())) == [Reason.NOT_YET]
    assert not list(detector.finish())


@pytest.mark.slow
def test_the_codec_takes_the_pulse() -> None:
    scene = Scene(green=0.01)
    frames, places = pictures(scene, np.random.default_rng(5))
    good, poor = (play(views(scene, frames, places, kbps))[0] for kbps in (2500, 500))
    assert isinstance(good, Observation)
    assert good.covariates["bpm"] == pytest.approx(72.0, abs=1.0)
    assert good.score < 0.0
    assert isinstance(poor, Abstention)
    assert poor.reason is Reason.LOW_BITRATE
