"""What the page, the edge and challenges report reaches the detectors of its topic, and again in a re-run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.views import FaceView, Fact, SpeechView
from fraudmodel.signals import Absent, Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span
from interview.analysis.panel import Panel
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import AnalysisSpec, Fault, Output
from interview.analysis.senses import consents_of
from interview.media.journal import FeedItem, Restarted, Told
from tests.interview.analysis.fakes import LOUDNESS, SPEC, parts
from tests.interview.analysis.media import audio, video

PAGE = SignalKind("page_said")
CHIPS = SignalKind("chips_seen")


class PageSaid:
    """Scores every fact by the number in it."""

    def observe(self, fact: Fact) -> Iterable[Reading]:
        return [Observation(PAGE, Span(fact.t, fact.t), float(fact.values["score"]), 1.0, "page")]

    def finish(self) -> Iterable[Reading]:
        return []


class ChipsSeen:
    """Counts the frames between two facts."""

    def __init__(self) -> None:
        self.frames = 0

    def observe(self, view: FaceView) -> Iterable[Reading]:
        self.frames += 1
        return []

    def learn(self, fact: Fact) -> Iterable[Reading]:
        return [Observation(CHIPS, Span(fact.t, fact.t), float(self.frames), 1.0, "count")]

    def finish(self) -> Iterable[Reading]:
        return []


class Silent:
    """Listens and says nothing."""

    def observe(self, view: SpeechView) -> Iterable[Reading]:
        return []

    def finish(self) -> Iterable[Reading]:
        return []


def page(context: DetectorContext) -> PageSaid:
    return PageSaid()


def chips(context: DetectorContext) -> ChipsSeen:
    return ChipsSeen()


HEARD = SignalKind("heard")


class Heard(ChipsSeen):
    """Scores every stretch of sound by how much of it was speech."""

    def learn(self, fact: Fact) -> Iterable[Reading]:
        span = Span(fact.values["from_s"], fact.values["to_s"])
        return [Observation(HEARD, span, float(fact.values["speech_s"]), 1.0, "count")]


def heard(context: DetectorContext) -> Heard:
    return Heard()


WATCHER_OF_SPEECH = DetectorSpec(HEARD, FaceView, (), "face", 0.0, heard, topics=("speech",))
LISTENER = DetectorSpec(LOUDNESS, SpeechView, (), "voice", 0.0, lambda context: Silent(), topics=())
SPECS = (
    DetectorSpec(PAGE, Fact, (), None, 0.0, page, topics=("page",)),
    DetectorSpec(CHIPS, FaceView, (), "face", 0.0, chips, topics=("flash", "pose")),
)


def run(
    items: Sequence[FeedItem],
    specs: Sequence[DetectorSpec[Any]] = SPECS,
    spec: AnalysisSpec = SPEC,
) -> list[Output]:
    pipeline = Pipeline(spec, parts(list(specs)))
    return [output for item in items for output in pipeline.feed(item)] + pipeline.finish()


def scores(outputs: list[Output], kind: SignalKind) -> list[float]:
    return [output.score for output in outputs if isinstance(output, Observation) and output.kind == kind]


def test_a_fact_reaches_the_detectors_of_its_topic_in_its_place_among_the_packets() -> None:
    frames = list(video(20))
    told = [Told("flash", 100, {}), Told("page", 100, {"score": 2.5}), Told("transport", 100, {})]
    outputs = run([*frames[:10], *told, *frames[10:], Told("pose", 600, {})])
    assert scores(outputs, PAGE) == [2.5]
    assert scores(outputs, CHIPS) == [10.0, 20.0]


def test_facts_need_no_consent_to_the_face() -> None:
    outputs = run([Told("page", 0, {"score": 1})], (SPECS[0],))
    assert scores(outputs, PAGE) == [1.0]


def test_a_fact_that_a_detector_cannot_read_switches_off_that_detector_alone() -> None:
    outputs = run([Told("page", 500, {}), Told("flash", 500, {}), Told("page", 600, {"score": 1})])
    assert [output.kind for output in outputs if isinstance(output, Fault)] == [PAGE]
    assert Abstention(PAGE, Span(0.5, 0.5), Reason.DETECTOR_FAILED, "KeyError") in outputs
    assert scores(outputs, PAGE) == []
    assert scores(outputs, CHIPS) == [0.0]


def test_a_fresh_pipeline_has_forgotten_what_it_was_told() -> None:
    frames = list(video(20))
    outputs = run([*frames, Restarted(), *frames[:5], Told("flash", 900, {})])
    assert scores(outputs, CHIPS) == [5.0]


def test_detectors_of_the_face_are_told_what_was_spoken_when() -> None:
    """Though nothing else listens: whoever may be heard is heard for them."""
    outputs = run(audio(1.0), [WATCHER_OF_SPEECH, replace(LISTENER, build=_absent)])
    spoken = [each for each in outputs if isinstance(each, Observation) and each.kind == HEARD]
    assert spoken
    assert all(0.0 <= each.score <= each.span.duration_s + 1e-6 for each in spoken)
    assert spoken[0].span.start == 0.0
    assert all(a.span.end <= b.span.start + 1e-6 for a, b in pairwise(spoken))


MICRO = SignalKind("micro_expression")


class Twitches:
    """Finds a movement in the fifth frame, and that nothing moved up to the tenth, in two stretches that it searched."""

    def __init__(self) -> None:
        self.frames = 0

    def observe(self, view: FaceView) -> Iterable[Reading]:
        self.frames += 1
        numbers = {5: {**MOVED, "region_glabella": 1.0, "fps": 30.0}, 10: {"movement": 0.0}}.get(self.frames)
        if numbers is None:
            return []
        shown = tuple(EvidenceRef("video", Span(t, view.t)) for t in (0.0, view.t / 2))
        return [Observation(MICRO, Span(0.0, view.t), 4.0, 1.0, "m", shown, numbers)]

    def finish(self) -> Iterable[Reading]:
        return []


MOVED = {"movement": 1.0, "apex_s": 0.1, "brief": 1.0, "upper": 1.0, "amplitude": 0.02, "asymmetry": -0.5}


class Moved(ChipsSeen):
    """Keeps what it is told."""

    def learn(self, fact: Fact) -> Iterable[Reading]:
        apex_s = float(fact.values.get("apex_s", -1.0))
        return [Observation(CHIPS, Span(0.0, fact.t), apex_s, 1.0, str(fact.values.get("regions")))]


def test_movements_of_the_face_are_told_to_who_wants_to_know() -> None:
    spots = DetectorSpec(MICRO, FaceView, (), "face", 0.0, lambda context: Twitches())
    wants = DetectorSpec(CHIPS, FaceView, (), "face", 0.0, lambda context: Moved(), topics=("movement",))
    told = [
        (each.score, each.model)
        for each in run(list(video(20)), [spots, wants])
        if isinstance(each, Observation) and each.kind == CHIPS
    ]
    assert told == [(0.1, "['glabella']"), (-1.0, "None"), (-1.0, "None")]


PITCH = SignalKind("pitch")


class Pitch(ChipsSeen):
    """Scores every stretch of sound by how often its pitch was looked for."""

    def learn(self, fact: Fact) -> Iterable[Reading]:
        span = Span(fact.values["from_s"], fact.values["to_s"])
        return [Observation(PITCH, span, float(len(fact.values["f0_hz"])), 1.0, "count")]


def test_who_wants_the_pitch_is_told_of_it_once_for_each_stretch_of_sound() -> None:
    wants = DetectorSpec(PITCH, FaceView, (), "face", 0.0, lambda context: Pitch(), topics=("prosody",))
    outputs = run(audio(1.0), [wants, WATCHER_OF_SPEECH, LISTENER])
    told = scores(outputs, PITCH)
    assert told
    assert len(told) == len(scores(outputs, HEARD))


def test_nobody_listens_for_them_where_the_voice_was_refused() -> None:
    refused = replace(SPEC, consents=frozenset({"face"}))
    outputs = run(audio(1.0), [WATCHER_OF_SPEECH, LISTENER], refused)
    assert scores(outputs, HEARD) == []


def test_who_compares_the_face_with_the_voice_needs_consent_to_both() -> None:
    both = replace(WATCHER_OF_SPEECH, also=("voice",))
    for consents, absent in (
        ({"face"}, "voice"),
        ({"voice"}, "face"),
        (set[str](), "face, voice"),
        ({"face", "voice"}, None),
    ):
        panel = Panel(replace(SPEC, consents=frozenset(consents)), parts([both]).hub, [both])
        expected = None if absent is None else Absent(Reason.NO_CONSENT, absent)
        assert panel.expected == {HEARD: expected}
    assert consents_of([both]) == {"face", "voice"}


def _absent(context: DetectorContext) -> Absent:
    return Absent(Reason.NO_REFERENCE)
