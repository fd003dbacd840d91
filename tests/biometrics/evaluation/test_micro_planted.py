from __future__ import annotations

import numpy as np
import pytest

from biometrics.evaluation.micro_clips import FPS, LEARNT_S, forwards_and_backwards
from biometrics.evaluation.micro_planted import Reader, in_a_blink, in_speech, said
from biometrics.facs.plan import Blink, PlantedMovement, Utterance
from biometrics.media import Frame
from biometrics.views import FaceView
from fraudmodel.signals import Abstention, Observation, Reason, SignalKind, Span
from tests.biometrics.micro import faces

KIND = SignalKind("micro_expression")
MOVEMENT = PlantedMovement(10.0, 10.1, 10.3, {"AU1": 1.0}, 0.02)


@pytest.mark.parametrize(
    ("t", "hidden"), [(10.1, True), (9.85, True), (9.79, False), (10.45, True), (10.51, False), (2.0, False)]
)
def test_a_blink_hides_what_it_overlaps_and_a_tenth_of_a_second_about_it(t: float, hidden: bool) -> None:
    """A blink of 0.2 s lies half before its moment and half after it."""
    assert in_a_blink(MOVEMENT, [Blink(1.0), Blink(t, 0.2)]) is hidden
    assert not in_a_blink(MOVEMENT, [])


@pytest.mark.parametrize(
    ("start", "end", "spoken"),
    [(8.0, 9.51, True), (8.0, 9.49, False), (10.79, 12.0, True), (10.81, 12.0, False), (9.0, 12.0, True)],
)
def test_speech_reaches_half_a_second_about_itself(start: float, end: float, spoken: bool) -> None:
    assert in_speech(MOVEMENT, [Utterance(start, end)]) is spoken
    assert not in_speech(MOVEMENT, [])


def test_a_clip_is_shown_forwards_and_backwards_and_its_last_showing_counts() -> None:
    count = 45
    views = [
        FaceView(Frame(k / FPS, k, np.full((1, 1, 3), k, np.uint8), keyframe=k == 0), None, None, 0, FPS)
        for k in range(count)
    ]
    shown, since = forwards_and_backwards(views)
    pictures = [int(each.frame.image[0, 0, 0]) for each in shown]
    assert since == pytest.approx(LEARNT_S)
    there_and_back = [*range(count), *range(count - 2, 0, -1)]
    assert pictures == [*there_and_back * 50, *range(count)]
    times = [each.t for each in shown]
    assert min(np.diff(times)) == pytest.approx(1 / FPS)
    assert max(np.diff(times)) == pytest.approx(2 / FPS)
    assert [k for k, t in zip(pictures, times, strict=True) if t >= since - 1e-6] == list(range(1, count))
    assert not any(each.frame.keyframe for each in shown)


def test_readings_in_short() -> None:
    moved = {"movement": 1.0, "apex_s": 20.1, "brief": 1.0, "upper": 0.0, "amplitude": 0.03}
    short = said(
        [
            Abstention(KIND, Span(0.0, 10.0), Reason.NOT_YET, "9 s"),
            Abstention(KIND, Span(10.0, 20.0), Reason.NOT_YET, "14 s"),
            Observation(KIND, Span(20.0, 20.3), 12.0, 1.0, "m", (), moved),
            Observation(KIND, Span(30.0, 40.0), 0.0, 1.0, "m", (), {"movement": 0.0}),
        ],
        [29.0, 31.0, 32.0],
    )
    (found,) = short.found
    assert (found.onset_s, found.apex_s, found.offset_s) == (20.0, 20.1, 20.3)
    assert (found.brief, found.upper, found.strength, found.amplitude) == (True, False, 12.0, 0.03)
    assert (short.empty, dict(short.abstained)) == (1, {Reason.NOT_YET: "14 s"})
    assert short.searched_s(30.0) == pytest.approx(2 / 30)


def test_what_was_searched_is_what_the_detector_looked_at() -> None:
    """Rest is known after 15 s of it, and the last moments of a clip are not looked at."""
    reader = Reader()
    for view in faces.views(22.0, [(19.0, 19.13, 19.33)]):
        reader.see(view)
    short = reader.finish()
    assert [round(each.apex_s, 1) for each in short.found] == [19.1]
    assert 15.0 < min(short.searched) < 17.0
    assert 20.6 < max(short.searched) < 21.3
    assert short.searched_s(0.0) == pytest.approx(max(short.searched) - min(short.searched) + 1 / 30)
