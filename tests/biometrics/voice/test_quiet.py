"""When nothing was measured for a while, and why."""

from __future__ import annotations

import numpy as np

from biometrics.views import SpeechView
from biometrics.voice.quiet import Quiet
from biometrics.voice.segments import SpeechSegments
from biometrics.voice.vad import FRAME_S, VAD_FRAME
from fraudmodel.signals import Reason, SignalKind, Span

KIND = SignalKind("listening")


def view(start: float, frames: int, speech: float) -> SpeechView:
    samples = np.zeros(frames * VAD_FRAME, np.float32)
    return SpeechView(
        Span(start, start + frames * FRAME_S), samples, np.full(frames, speech, np.float32), 0.0
    )


def test_nothing_is_said_before_anything_was_seen() -> None:
    quiet = Quiet(KIND, SpeechSegments(), 3.0, 5.0)
    assert list(quiet.told()) == []
    assert list(quiet.rest()) == []


def test_silence_is_told_once_it_lasted_and_again_only_after_as_long() -> None:
    segments = SpeechSegments()
    quiet = Quiet(KIND, segments, 3.0, 5.0)
    told = []
    for start in range(12):
        heard = view(float(start), 31, 0.0)
        quiet.hear(heard)
        segments.push(heard)
        told += list(quiet.told())
    assert [(each.span.start, each.reason, each.detail) for each in told] == [
        (0.0, Reason.NO_SPEECH, ""),
        (told[0].span.end, Reason.NO_SPEECH, ""),
    ]
    assert told[0].span.end >= 5.0


def test_too_little_speech_says_how_much_there_was() -> None:
    segments = SpeechSegments()
    quiet = Quiet(KIND, segments, 3.0, 5.0)
    spoken = view(0.0, 50, 1.0)
    quiet.hear(spoken)
    segments.push(spoken)
    (rest,) = quiet.rest()
    assert (rest.reason, rest.detail) == (Reason.NOT_ENOUGH_SPEECH, "1.6 s of 3 s")
    assert list(quiet.rest()) == []


def test_what_was_measured_is_not_quiet() -> None:
    quiet = Quiet(KIND, SpeechSegments(), 3.0, 5.0)
    quiet.hear(view(0.0, 200, 0.0))
    quiet.measured()
    assert list(quiet.told()) == []
    assert list(quiet.rest()) == []
