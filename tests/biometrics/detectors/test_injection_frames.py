"""The pictures' detector: loops, stills and honest talk, as the call's codec delivers them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.attacklab.channel import Channel, decoded, encode
from biometrics.detectors.injection_frames import InjectionFrames
from biometrics.injection.hashes import Fingerprinting
from biometrics.injection.motion import areas, luma_of, small
from biometrics.injection.points import LARGEST_SCORE
from biometrics.media import Frame
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from tests.biometrics.face.fakes import GOOD, a_face

FPS = 25.0


def head(seconds: float, seed: int = 1) -> NDArray[np.uint8]:
    """(n, 240, 320, 3) an oval that moves and mouths without repeating, before a wall."""
    rng, t = np.random.default_rng(seed), np.arange(int(seconds * FPS)) / FPS
    sway = [
        sum(a * np.sin(2 * np.pi * (f * t + p)) for a, f, p in rng.uniform([3, 0.1, 0], [8, 1.0, 1], (4, 3)))
        for _ in range(3)
    ]
    wall = cv2.GaussianBlur(rng.integers(60, 180, (240, 320, 3), np.uint8), (0, 0), 6.0)
    frames = []
    for x, y, mouth in zip(*sway, strict=True):
        image = cv2.ellipse(
            wall.copy(), (round(160 + x), round(120 + y)), (60, 80), 0, 0, 360, (150, 170, 210), -1
        )
        image = cv2.ellipse(
            image, (round(160 + x), round(160 + y)), (20, round(4 + abs(mouth))), 0, 0, 360, (40, 40, 90), -1
        )
        noisy = image + rng.normal(0, 2, image.shape)
        frames.append(noisy.clip(0, 255).astype(np.uint8))
    return np.stack(frames)


def play(frames: Iterable[Frame], luma: float = 120.0) -> list[Reading]:
    detector = InjectionFrames()
    face = replace(a_face(quality=replace(GOOD, luma=luma)), box=(90.0, 30.0, 140.0, 180.0))
    readings: list[Reading] = []
    for frame in frames:
        readings += detector.observe(FaceView(frame, face, None, 0, FPS))
    return [*readings, *detector.finish()]


def sent(frames: NDArray[np.uint8], kbps: int = 500) -> Iterator[Frame]:
    return decoded(encode(frames, np.arange(len(frames)) / FPS, Channel(kbps)))


def worst(readings: list[Reading]) -> Observation:
    return max((r for r in readings if isinstance(r, Observation)), key=lambda r: r.score)


def test_a_loop_is_found_within_two_rounds() -> None:
    reading = worst(play(sent(np.tile(head(4.0), (2, 1, 1, 1)))))
    assert reading.covariates["cue_repeats"] > 4.0
    assert reading.covariates["repeat_lag_s"] == pytest.approx(4.0, abs=0.05)
    assert reading.score == pytest.approx(
        sum(v for name, v in reading.covariates.items() if name.startswith("cue_"))
    )


def test_the_same_time_of_motion_that_does_not_repeat_is_not() -> None:
    readings = play(sent(head(8.0)))
    assert worst(readings).covariates["cue_repeats"] == 0.0
    assert worst(readings).score < 1.0


def test_a_still_picture_is_frozen_and_no_loop() -> None:
    still = np.broadcast_to(head(0.1)[:1], (150, 240, 320, 3))
    reading = worst(play(sent(still, kbps=1500)))
    assert reading.covariates["cue_frozen"] == 2.0
    assert "cue_repeats" not in reading.covariates
    assert reading.covariates["loop_searched"] == 0.0


def grainy(seconds: float) -> list[Frame]:
    """A wall and a face that keep still, under a sensor's grain: nothing moves, and nothing is frozen."""
    rng, scene = np.random.default_rng(3), cv2.GaussianBlur(head(0.1)[0].astype(np.float32), (0, 0), 3.0)
    count = int(seconds * FPS)
    pictures = [np.clip(scene + rng.normal(0, 3, scene.shape), 0, 255).astype(np.uint8) for _ in range(count)]
    return [Frame(k / FPS, k, picture) for k, picture in enumerate(pictures)]


def reasons(readings: Iterable[Reading]) -> list[Reason | None]:
    return [reading.reason if isinstance(reading, Abstention) else None for reading in readings]


def test_a_scene_in_which_nothing_moves_could_not_be_compared() -> None:
    assert reasons(play(grainy(8.0))) == [Reason.STILL_SCENE] * 2


def test_a_session_too_short_for_two_stretches_could_not_be_compared_yet() -> None:
    frames = [Frame(k / FPS, k, image) for k, image in enumerate(head(3.0))]
    assert reasons(play(frames)) == [Reason.NOT_YET]


def test_pictures_between_gaps_could_not_be_compared() -> None:
    """0.8 s of motion, then a gap of a second, all over again."""
    frames = [Frame(k / FPS, k, image) for k, image in enumerate(head(30.0))]
    assert reasons(play(frame for frame in frames if frame.t % 1.8 < 0.8)) == [Reason.MEDIA_LOST] * 7


def test_in_the_dark_nothing_odd_is_no_measurement() -> None:
    frames = [Frame(k / FPS, k, image) for k, image in enumerate(head(8.0))]
    assert reasons(play(frames)) == [None, None]
    assert reasons(play(frames, luma=20.0)) == [Reason.TOO_DARK] * 2


def test_in_the_dark_a_loop_still_counts() -> None:
    assert worst(play(sent(np.tile(head(4.0), (2, 1, 1, 1))), luma=20.0)).covariates["cue_repeats"] > 4.0


def test_a_film_at_a_call_s_rate_stutters() -> None:
    """12.5 pictures a second shown 25 times a second: each of them twice."""
    frames = head(6.0)
    shown = np.floor(np.arange(150) / FPS * 12.5 + 1e-9).astype(int) * 2
    assert worst(play(sent(frames[shown]))).covariates["cue_stutter"] == 1.5
    assert worst(play(sent(frames))).covariates["cue_stutter"] == 0.0


def test_a_short_end_is_read_and_a_shorter_one_is_not() -> None:
    frames = [Frame(k / FPS, k, image) for k, image in enumerate(head(4.8))]
    spans = [reading.span for reading in play(frames)]
    assert [round(span.duration_s, 1) for span in spans] == [4.0, 0.8]
    (last,) = play(frames[:5])
    assert isinstance(last, Abstention)
    assert last.reason is Reason.NOT_YET


def test_few_pictures_are_said_to_be_few() -> None:
    (reading, *_) = play([Frame(float(k), k, image) for k, image in enumerate(head(1.0))])
    assert isinstance(reading, Abstention)
    assert reading.reason is Reason.LOW_FRAME_RATE


def clips() -> list[Path]:
    shared = os.environ.get("CANDOR_SHARED")
    return sorted(Path(shared, "data", "clips").glob("talking_*.mp4")) if shared else []


def talking(paths: Iterable[Path]) -> Iterator[Frame]:
    """One clip after another as one session, at a call's size."""
    began = 0.0
    for path in paths:
        t = began
        with av.open(str(path)) as media:
            for picture in media.decode(video=0):
                t = began + float((picture.pts or 0) * (picture.time_base or 0))
                image = picture.reformat(width=picture.width * 480 // picture.height, height=480).to_ndarray(
                    format="bgr24"
                )
                yield Frame(t, round(t * 1000), np.asarray(image, np.uint8))
        began = t + 1 / 30


@pytest.mark.shared
def test_a_minute_of_genuine_talk_does_not_fire() -> None:
    """All clips once, one after the other: 74 s of six people."""
    if not clips():
        pytest.skip("needs CANDOR_SHARED")
    readings = [r for r in play(talking(clips())) if isinstance(r, Observation)]
    assert readings[-1].span.end > 60.0
    assert max(r.score for r in readings) < 1.0
    assert min(r.covariates["unlike"] for r in readings if "unlike" in r.covariates) > 0.7
    assert sum(r.covariates["loop_searched"] > 0 for r in readings) > 12


@pytest.mark.shared
def test_each_of_the_clips_played_twice_fires() -> None:
    if not clips():
        pytest.skip("needs CANDOR_SHARED")
    for path in clips()[3:]:
        assert worst(play(talking([path, path]))).covariates["cue_repeats"] == LARGEST_SCORE, path.name


def test_an_earlier_interview_that_is_played_again_is_found() -> None:
    """Its fingerprint comes as a fact; it is played 0.29 s off the grid, from the middle on, through another codec run."""
    frames = head(14.0)
    making = Fingerprinting()
    for frame in sent(frames, kbps=900):
        making.push(frame.t, areas(small(luma_of(frame.image))))
    scores = {}
    for name, now in (("replayed", frames[50:]), ("another", head(12.0, seed=7))):
        detector, face = InjectionFrames(), replace(a_face(), box=(90.0, 30.0, 140.0, 180.0))
        assert (
            list(detector.learn(Fact(0.0, "past", {"session": "x", **making.fingerprint().values()}))) == []
        )
        readings: list[Reading] = []
        for frame in sent(now, kbps=300):
            readings += detector.observe(FaceView(replace(frame, t=frame.t + 0.29), face, None, 0, FPS))
        scores[name] = max(
            r.covariates.get("cue_seen_before", 0.0) for r in readings if isinstance(r, Observation)
        )
    assert scores["another"] == 0.0
    assert scores["replayed"] > 3.0


def test_a_fact_that_is_no_fingerprint_is_said_to_be_none() -> None:
    (reading,) = InjectionFrames().learn(Fact(3.0, "past", {"stretches": "?"}))
    assert isinstance(reading, Abstention)
    assert reading.reason is Reason.NO_REFERENCE
