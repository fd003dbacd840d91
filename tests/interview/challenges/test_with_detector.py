"""The facts that a challenge tells are those that its detector reads: one reading a challenge, and it is the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from biometrics.detectors.digits_challenge import DigitsChallenge
from biometrics.detectors.flash_challenge import FlashChallenge
from biometrics.media import Frame
from biometrics.views import FaceView, SpeechView
from biometrics.voice.embed import VoiceEncoder
from fraudmodel.signals import Abstention, Observation, Reading, Reason, Span
from interview.challenges.conduct import ANSWER_S, LEAD_S, SILENCE_S
from interview.challenges.conductor import Conductor
from interview.challenges.records import Challenge, ChallengeStatus, Cue, End, Show
from interview.challenges.script import script_of
from interview.media.journal import Told
from interview.store.records import StoredReading
from tests.biometrics.voice.fakes import ShapeOfSpectrum
from tests.interview.challenges.fakes import FakeLine, ManualTimer, Page, challenge
from tests.interview.world import START

FPS = 15.0
HOP_S = 0.512


@dataclass
class Watched(FakeLine):
    """A call whose facts go to the real detector, between frames in which nobody is."""

    detector: FlashChallenge = field(default_factory=FlashChallenge)
    readings: list[Reading] = field(default_factory=list)
    at_s: float = 50.0

    def tell(self, told: Told) -> None:
        super().tell(told)
        self.watch()
        self.readings += self.detector.learn(told.fact)

    def watch(self) -> None:
        """The frames up to now."""
        while self.at_s < self.now_s():
            self.at_s += 1 / FPS
            frame = Frame(self.at_s, round(self.at_s * FPS), np.zeros((8, 8, 3), np.uint8))
            self.readings += self.detector.observe(FaceView(frame, None, Reason.NO_FACE, 0, FPS))


class Scene:
    """A conductor whose analysis is the detector."""

    def __init__(self) -> None:
        self.timer = ManualTimer()
        self.page = Page(self.timer)
        self.line = Watched(self.timer, page_key=self.page.key.public)
        self.told: list[ChallengeStatus] = []
        self.conductor = Conductor(self.line, self.timer, self._publish, self._store, lambda: START)
        one = challenge(page_key=self.page.key.public)
        self.conductor.begin(one, script_of("flash", one.seed))

    def _publish(self, payload: ChallengeStatus | Cue) -> None:
        if isinstance(payload, ChallengeStatus):
            self.told.append(payload)
        else:
            self.page.cues.append(payload)

    def _store(self, one: Challenge) -> None:
        """Nothing is stored here."""

    def play(self, steps: int) -> None:
        self.conductor.answer("c1", "ready")
        for _ in range(steps):
            self.timer.go_on(LEAD_S)
            shown = self.page.cues[-1]
            assert isinstance(shown, Show)
            self.conductor.shown("c1", self.page.claim(shown.k))
            self.timer.go_on(1.0 - LEAD_S if shown.k == -1 else 0.5 - LEAD_S)


def whole(scene: Scene) -> None:
    scene.play(34)
    scene.timer.go_on(1.0)


def silent(scene: Scene) -> None:
    scene.play(12)
    scene.timer.go_on(SILENCE_S + 1.0)


def cancelled(scene: Scene) -> None:
    scene.play(3)
    scene.conductor.end("cancelled", "officer")


def refused(scene: Scene) -> None:
    scene.conductor.answer("c1", "refused")


def spared(scene: Scene) -> None:
    scene.conductor.answer("c1", "photosensitive")


def expired(scene: Scene) -> None:
    scene.timer.go_on(ANSWER_S)


@pytest.mark.parametrize(
    ("happens", "how", "reason", "attached"),
    [
        (whole, "done", Reason.NO_FACE, True),
        (silent, "unseen", Reason.CHALLENGE_UNSEEN, True),
        (cancelled, "cancelled", None, False),
        (refused, "refused", Reason.CHALLENGE_REFUSED, False),
        (spared, "spared", Reason.CHALLENGE_SPARED, False),
        (expired, "expired", Reason.CHALLENGE_UNSEEN, False),
    ],
)
def test_one_reading_a_challenge(
    happens: Callable[[Scene], None], how: str, reason: Reason | None, attached: bool
) -> None:
    scene = Scene()
    happens(scene)
    scene.timer.go_on(2.0)
    scene.line.watch()
    assert isinstance(scene.page.cues[-1], End)
    assert scene.page.cues[-1].how == how
    made = [
        one
        for one in (*scene.line.readings, *scene.line.detector.finish())
        if isinstance(one, Abstention) and one.reason is not Reason.NOT_CHALLENGED
    ]
    assert [one.reason for one in made] == ([reason] if reason else [])
    for seq, reading in enumerate(scene.line.readings):
        scene.conductor.heard(StoredReading(seq, reading))
    result = scene.told[-1].result
    assert (result.reading if result else None) == (made[0] if attached else None)


@dataclass
class Listened(FakeLine):
    """A call whose facts go to the detector of digits, between hops of sound in which each digit is followed by noise."""

    detector: DigitsChallenge = field(
        default_factory=lambda: DigitsChallenge(VoiceEncoder(ShapeOfSpectrum()))
    )
    readings: list[Reading] = field(default_factory=list)
    spoken_s: list[float] = field(default_factory=list)
    at_s: float = 50.0

    def tell(self, told: Told) -> None:
        super().tell(told)
        self.listen()
        self.readings += self.detector.learn(told.fact)

    def listen(self) -> None:
        """The hops up to now."""
        rng = np.random.default_rng(9)
        while self.at_s + HOP_S <= self.now_s():
            t = self.at_s + np.arange(8192) / 16_000
            loud = np.zeros(8192, np.bool_)
            for start in self.spoken_s:
                loud |= (t >= start) & (t < start + 0.3)
            samples = rng.normal(0.0, np.where(loud, 0.1, 1e-4)).astype(np.float32)
            speech = np.where(loud.reshape(-1, 512).any(axis=1), 0.9, 0.05).astype(np.float32)
            hop = SpeechView(Span(self.at_s, self.at_s + HOP_S), samples, speech, 0.0)
            self.readings += self.detector.observe(hop)
            self.at_s += HOP_S


@pytest.mark.parametrize("answered", [8, 0])
def test_digits_that_were_shown_are_judged_soon_after_the_last(answered: int) -> None:
    timer = ManualTimer()
    page = Page(timer)
    line = Listened(timer, page_key=page.key.public)
    told: list[ChallengeStatus] = []

    def publish(payload: ChallengeStatus | Cue) -> None:
        if isinstance(payload, ChallengeStatus):
            told.append(payload)
        else:
            page.cues.append(payload)

    conductor = Conductor(line, timer, publish, lambda one: None, lambda: START)
    one = replace(challenge(page_key=page.key.public), kind="digits")
    conductor.begin(one, script_of("digits", one.seed))
    conductor.answer("c1", "ready")
    for k in range(8):
        timer.go_on(LEAD_S)
        shown = page.cues[-1]
        assert isinstance(shown, Show)
        if k < answered:
            line.spoken_s.append(line.now_s() + 0.4 + 0.03 * (k % 3))
        conductor.shown("c1", page.claim(shown.k))
        timer.go_on(0.9 - LEAD_S)
    timer.go_on(2.0)
    line.listen()
    assert isinstance(page.cues[-1], End)
    assert page.cues[-1].how == "done"
    for seq, reading in enumerate(line.readings):
        conductor.heard(StoredReading(seq, reading))
    result = told[-1].result
    assert result is not None
    if answered:
        assert isinstance(result.reading, Observation)
        assert result.reading.covariates["answered"] == 8.0
    else:
        assert isinstance(result.reading, Abstention)
        assert result.reading.reason is Reason.NO_SPEECH
