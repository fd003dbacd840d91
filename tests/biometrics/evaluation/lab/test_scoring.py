"""The lab shows a presentation to detectors as a session does: pictures, speech, and what is told of a challenge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.evaluation.lab.scoring import LabScorer, Moment
from biometrics.media import AudioChunk, Frame
from biometrics.views import FaceView, Fact, FarView, SpeechView
from fraudmodel.signals import Absent, Observation, Reading, Reason, SignalKind, Span
from models.errors import ModelNotInstalled

SPOKEN, SEEN, MUTE = SignalKind("spoken"), SignalKind("seen"), SignalKind("mute")


class NoModels:
    """A hub without any model."""

    def get(self, name: str) -> Any:  # noqa: ANN401 - never gives one
        raise ModelNotInstalled(f"{name} is not installed")


class Eyes:
    """Sees every frame, and no face in it."""

    def __init__(self, hub: Any) -> None:  # noqa: ANN401 - a fake hub
        self.closed = 0

    def observe(self, frame: Frame) -> FaceView:
        return FaceView(frame, None, Reason.NO_FACE, 0, 30.0)

    def close(self) -> None:
        self.closed += 1


class Ears:
    """Takes every chunk for speech."""

    def __init__(self, hub: Any) -> None:  # noqa: ANN401 - a fake hub
        pass

    def feed(self, chunk: AudioChunk) -> list[SpeechView]:
        speech = np.ones(len(chunk.samples) // 512, np.float32)
        return [SpeechView(Span(chunk.t, chunk.end), chunk.samples, speech, 0.0)]

    def finish(self) -> list[SpeechView]:
        return []


class Spoken:
    """Scores the seconds of speech that it was told of before the first frame after them."""

    def __init__(self) -> None:
        self.told_s = 0.0

    def learn(self, fact: Fact) -> Iterable[Reading]:
        self.told_s += fact.values["speech_s"]
        return []

    def observe(self, view: FaceView) -> Iterable[Reading]:
        return [Observation(SPOKEN, Span(view.t, view.t), self.told_s, 1.0, "count")]

    def finish(self) -> Iterable[Reading]:
        return []


class Seen(Spoken):
    """Scores 1 for every frame."""

    def observe(self, view: FaceView) -> Iterable[Reading]:
        return [Observation(SEEN, Span(view.t, view.t), 1.0, 1.0, "count")]


def spec(kind: SignalKind, make: Any, **more: Any) -> DetectorSpec[Any]:  # noqa: ANN401 - any detector
    def build(context: DetectorContext) -> Any:  # noqa: ANN401 - any detector
        return make()

    return DetectorSpec(kind, FaceView, more.pop("models", ()), "face", 0.0, build, **more)


SPECS = (
    spec(SPOKEN, Spoken, topics=("speech",)),
    spec(SEEN, Seen),
    spec(MUTE, Seen, models=("nobody_has_this",)),
)


def moments() -> Iterable[Moment]:
    """A second of sound, then a frame."""
    yield AudioChunk(0.0, np.zeros(512 * 31, np.float32), 16_000)
    yield Frame(1.0, 0, np.zeros((32, 32, 3), np.uint8))


def scorer() -> LabScorer:
    return LabScorer(NoModels(), SPECS, Eyes, Ears)  # type: ignore[arg-type]


def test_detectors_of_the_face_are_told_of_speech() -> None:
    scores = scorer().score(moments())
    assert scores.scores[SPOKEN] == 31 * 512 / 16_000
    assert scores.scores[SEEN] == 1.0


class Listener:
    """Scores the seconds of the applicant's sound, and keeps what it heard of the officer."""

    def __init__(self) -> None:
        self.heard_s = 0.0
        self.far: list[FarView] = []

    def observe(self, view: SpeechView | FarView, /) -> Iterable[Reading]:
        if isinstance(view, FarView):
            self.far.append(view)
            return []
        self.heard_s += view.span.duration_s
        return [Observation(SPOKEN, view.span, self.heard_s, 1.0, "count")]

    def finish(self) -> Iterable[Reading]:
        return []


@pytest.mark.parametrize("hears_far", [False, True])
def test_detectors_of_speech_hear_the_applicant_and_an_officer_who_is_silent(hears_far: bool) -> None:
    listener = Listener()
    listening = DetectorSpec(
        SPOKEN, SpeechView, (), "voice", 0.0, lambda context: listener, hears_far=hears_far
    )
    scores = LabScorer(NoModels(), [listening], Eyes, Ears).score(moments())  # type: ignore[arg-type]
    assert scores.scores[SPOKEN] == 31 * 512 / 16_000
    assert [view.samples.any() for view in listener.far] == [False] * hears_far


def test_what_has_no_model_says_so() -> None:
    assert scorer().score(moments()).reasons == {MUTE: "model_not_installed"}


def test_an_absent_detector_gives_its_reason() -> None:
    def build(context: DetectorContext) -> Absent:
        return Absent(Reason.NO_REFERENCE)

    absent = DetectorSpec(SEEN, FaceView, (), "face", 0.0, build)
    scores = LabScorer(NoModels(), [absent], Eyes, Ears).score(moments())  # type: ignore[arg-type]
    assert (scores.scores, scores.reasons) == ({}, {SEEN: "no_reference"})


@pytest.mark.parametrize("kind", ["behaviour", "micro_expression"])
def test_behaviour_is_not_scored_on_what_is_simulated(kind: str) -> None:
    def build(context: DetectorContext) -> Absent:
        return Absent(Reason.NO_REFERENCE)

    behaves = DetectorSpec(SignalKind(kind), FaceView, (), "behaviour", 0.0, build)
    scores = LabScorer(NoModels(), [behaves], Eyes, Ears).score(moments())  # type: ignore[arg-type]
    assert (scores.scores, scores.reasons) == ({}, {})


def test_perception_is_closed_even_where_a_detector_fails() -> None:
    class Broken(Seen):
        def observe(self, view: FaceView) -> Iterable[Reading]:
            raise ValueError("broken")

    eyes = Eyes(None)
    broken = LabScorer(NoModels(), [spec(SEEN, Broken)], lambda hub: eyes, Ears)  # type: ignore[arg-type, return-value]
    with pytest.raises(ValueError, match="broken"):
        broken.score(moments())
    assert eyes.closed == 1
