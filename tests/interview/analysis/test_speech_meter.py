"""How much speech was heard goes out with the analysis, survives its worker, and comes out the same in a re-run."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.detector import DetectorSpec
from biometrics.media import AudioChunk
from biometrics.views import Fact, SpeechView
from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import FraudAssessment
from fraudmodel.signals import Observation, Reading, SignalKind, Span
from interview.analysis.codec import to_json
from interview.analysis.history import History
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import Output, Resume
from interview.live.specification import resume_of
from interview.media.journal import FeedItem, Restarted
from tests.interview.analysis.fakes import SPEC, FakeHub, brightness_spec, loudness_spec, parts
from tests.interview.analysis.media import audio, call

FRAME = 512
HOP = 16 * FRAME


class Talking:
    """Everything is speech, in hops of 0.512 s, as the real perception gives them."""

    def __init__(self, hub: FakeHub) -> None:
        self._held: NDArray[np.float32] = np.zeros(0, np.float32)
        self._t = 0.0

    def feed(self, chunk: AudioChunk) -> list[SpeechView]:
        if not len(self._held):
            self._t = chunk.t
        self._held = np.concatenate([self._held, chunk.samples])
        if len(self._held) < HOP:
            return []
        hop, self._held = self._held[:HOP], self._held[HOP:]
        start, self._t = self._t, self._t + HOP / 16_000
        return [SpeechView(Span(start, self._t), hop, np.ones(16, np.float32), chunk.lost_s)]

    def finish(self) -> list[SpeechView]:
        return []


def pipeline(resume: Resume | None = None) -> Pipeline:
    return Pipeline(SPEC, parts([loudness_spec()], speech=Talking), resume)


def run(items: list[FeedItem], resume: Resume | None = None) -> list[Output]:
    one = pipeline(resume)
    return [output for item in items for output in one.feed(item)] + one.finish()


def meters(outputs: list[Output]) -> list[SpeechHeard]:
    return [each for each in outputs if isinstance(each, SpeechHeard)]


def test_it_is_said_every_second_just_before_the_assessment() -> None:
    outputs = run([*audio(6.0)])
    told = meters(outputs)
    assert [each.t for each in told[:5]] == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert told[0].net_speech_s == pytest.approx(0.512)
    assert told[-1].net_speech_s == pytest.approx(11 * 0.512)
    assert told[-1].net_speech_s > told[-1].usable_s + told[-1].waiting_s - 1e-9
    for one, after in pairwise(outputs):
        if isinstance(one, SpeechHeard):
            assert isinstance(after, FraudAssessment)
            assert after.t == one.t


def test_without_the_voice_part_of_the_consent_nothing_is_counted() -> None:
    one = Pipeline(replace(SPEC, consents=frozenset({"face"})), parts(speech=Talking))
    assert meters([output for item in call(3.0) for output in one.feed(item)] + one.finish()) == []


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 350))
def test_a_new_worker_counts_on_and_the_re_run_is_one_process(at: int) -> None:
    items: list[FeedItem] = [*audio(6.0)]
    whole = run([*items[:at], Restarted(), *items[at:]])
    dead = pipeline()
    before = [output for item in items[:at] for output in dead.feed(item)]
    history = History()
    history.add(before)
    assert history.resume().speech == resume_of(before).speech
    after = run([Restarted(), *items[at:]], resume_of(before))
    assert [to_json(each) for each in before + after] == [to_json(each) for each in whole]
    counted = [each.net_speech_s for each in meters(whole)]
    assert counted == sorted(counted)


MOUTHS = SignalKind("mouths")


class Mouths:
    """A detector of sound that counts what it is told of mouths."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def observe(self, view: SpeechView) -> list[Reading]:
        return []

    def learn(self, fact: Fact) -> list[Reading]:
        self.facts.append(fact)
        return []

    def finish(self) -> list[Reading]:
        unseen = sum(fact.values["opening"] is None for fact in self.facts)
        span = Span(0.0, self.facts[-1].t if self.facts else 0.0)
        return [
            Observation(MOUTHS, span, float(len(self.facts)), 1.0, "count", (), {"unseen": float(unseen)})
        ]


def test_detectors_of_sound_are_told_of_the_mouth_in_every_frame() -> None:
    listens = DetectorSpec(MOUTHS, SpeechView, (), "voice", 0.0, lambda context: Mouths(), topics=("mouth",))
    one = Pipeline(SPEC, parts([listens, brightness_spec()], speech=Talking))
    outputs = [output for item in call(2.0) for output in one.feed(item)] + one.finish()
    (told,) = [each for each in outputs if isinstance(each, Observation) and each.kind == MOUTHS]
    assert told.score > 10.0
    assert told.covariates["unseen"] == told.score, "the made-up faces are too small to measure"


def test_whoever_refused_the_face_is_not_told_of_by_the_mouth() -> None:
    listens = DetectorSpec(MOUTHS, SpeechView, (), "voice", 0.0, lambda context: Mouths(), topics=("mouth",))
    one = Pipeline(replace(SPEC, consents=frozenset({"voice"})), parts([listens], speech=Talking))
    outputs = [output for item in call(2.0) for output in one.feed(item)] + one.finish()
    (told,) = [each for each in outputs if isinstance(each, Observation) and each.kind == MOUTHS]
    assert told.score == 0.0
