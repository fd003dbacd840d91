"""A movement of the face that one detector finds is told to those that want to know of it."""

from __future__ import annotations

from biometrics.detector import DetectorSpec
from biometrics.micro.told import KIND
from biometrics.views import FaceView, Fact
from fraudmodel.signals import EvidenceRef, Observation, Reading, SignalKind, Span
from interview.analysis.pipeline import Pipeline
from tests.interview.analysis.fakes import SPEC, parts
from tests.interview.analysis.media import call

TOLD = SignalKind("a_listener")
"""Before the finder in the order of kinds."""


class Finds:
    """A movement in every tenth view, nothing in the fifth; at the end the movement that was held back."""

    def __init__(self) -> None:
        self._seen = 0
        self._held: list[Reading] = []

    def observe(self, view: FaceView) -> list[Reading]:
        self._seen += 1
        if self._seen % 5:
            return []
        span = Span(max(view.t - 0.3, 0.0), view.t)
        moved = self._seen % 10 == 0
        values = {"movement": float(moved)}
        if moved:
            values |= {
                "apex_s": view.t - 0.1,
                "brief": 1.0,
                "upper": 1.0,
                "amplitude": 0.02,
                "asymmetry": -0.5,
            }
            values |= {"region_glabella": 1.0}
        shown = (EvidenceRef("video", span),)
        self._held = [Observation(KIND, span, 12.0 * moved, 1.0, "fake", shown, values)]
        return self._held

    def finish(self) -> list[Reading]:
        return self._held


class Told:
    """Gives what it was told as a reading. Nothing is told to it once it has ended."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._ended = False

    def observe(self, view: FaceView) -> list[Reading]:
        return []

    def learn(self, fact: Fact) -> list[Reading]:
        assert not self._ended
        self.facts.append(fact)
        return [Observation(TOLD, Span(fact.t, fact.t), float(len(fact.values)), 1.0, "told")]

    def finish(self) -> list[Reading]:
        self._ended = True
        return []


def test_each_movement_is_told_once_after_its_own_reading_those_of_the_end_too() -> None:
    listener = Told()
    finds = DetectorSpec(KIND, FaceView, (), "face", 0.0, lambda context: Finds())
    listens = DetectorSpec(TOLD, FaceView, (), "face", 0.0, lambda context: listener, topics=("movement",))
    one = Pipeline(SPEC, parts([finds, listens]))
    outputs = [output for item in call(2.0) for output in one.feed(item)] + one.finish()
    readings = [each for each in outputs if isinstance(each, Observation)]
    moved = [each for each in readings if each.kind == KIND and each.score]
    told = [fact for fact in listener.facts if "onset_s" in fact.values]
    assert len(moved) == len(told) >= 2
    watched = [fact for fact in listener.facts if fact not in told]
    assert watched
    assert all("watched_from_s" in fact.values for fact in watched)
    for reading, fact in zip(moved, told, strict=True):
        assert (fact.topic, fact.t) == ("movement", reading.span.end)
        assert dict(fact.values) == {
            "onset_s": reading.span.start,
            "apex_s": reading.covariates["apex_s"],
            "offset_s": reading.span.end,
            "brief": True,
            "upper": True,
            "amplitude": 0.02,
            "asymmetry": -0.5,
            "regions": ["glabella"],
        }
    assert [each.kind for each in readings] == [KIND, TOLD] * len(listener.facts)
