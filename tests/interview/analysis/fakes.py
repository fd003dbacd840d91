"""Perception, detectors and an assessor that need no model, all at module level so that a worker can be handed them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.media import AudioChunk, Frame
from biometrics.views import Face, FaceQuality, FaceView, FarView, HeadPose, SpeechView
from fraudmodel.assessment import (
    AbsentSignal,
    Band,
    Contribution,
    Crossing,
    FraudAssessment,
    Sequential,
)
from fraudmodel.sequential import advanced
from fraudmodel.signals import (
    Absent,
    Abstention,
    EvidenceRef,
    Observation,
    Reading,
    Reason,
    SignalKind,
    Span,
)
from interview.analysis.protocol import AnalysisSpec
from interview.analysis.senses import Expected, Parts
from models.errors import ModelNotInstalled
from models.hub import Model, ModelId, Rows

BRIGHTNESS = SignalKind("brightness")
LOUDNESS = SignalKind("loudness")
ECHO = SignalKind("echo")
SPEC = AnalysisSpec("s1", consents=frozenset({"face", "voice"}))


@dataclass
class FakeModel:
    name: str

    @property
    def id(self) -> ModelId:
        return ModelId(self.name, "1", "ab" * 32, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        return inputs


@dataclass
class FakeHub:
    """Has every model but the ``missing`` ones."""

    missing: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)

    def get(self, name: str) -> Model:
        self.asked.append(name)
        if name in self.missing:
            raise ModelNotInstalled(f"{name} is not installed")
        return FakeModel(name)

    def file(self, name: str) -> Path:
        raise ModelNotInstalled(f"{name} is not installed")


class FakeFaceSense:
    """Sees a face in every frame; ``fps`` counts frames since it was made, so that a fresh one shows."""

    def __init__(self, hub: FakeHub) -> None:
        self.frames = 0
        self.closed = False

    def observe(self, frame: Frame) -> FaceView:
        self.frames += 1
        return FaceView(frame, face_in(frame), None, 0, float(self.frames))

    def close(self) -> None:
        self.closed = True


def face_in(frame: Frame) -> Face:
    height, width = frame.image.shape[:2]
    quality = FaceQuality(80.0, float(frame.image.mean()), 100.0, 1.0)
    box = (width / 4, height / 4, width / 2, height / 2)
    return Face(box, np.zeros((478, 3), np.float32), HeadPose(0.0, 0.0, 0.0), quality, 1)


class FakeSpeechSense:
    """A view for each chunk, all of it speech."""

    def __init__(self, hub: FakeHub) -> None:
        self.chunks = 0

    def feed(self, chunk: AudioChunk) -> list[SpeechView]:
        self.chunks += 1
        speech = np.ones(len(chunk.samples) // 512, np.float32)
        return [SpeechView(Span(chunk.t, chunk.end), chunk.samples, speech, chunk.lost_s)]

    def finish(self) -> list[SpeechView]:
        return []


class Brightness:
    """Reads every fifth frame's mean; ``count`` is its own state, so that a fresh one shows."""

    def __init__(self) -> None:
        self.count = 0

    def observe(self, view: FaceView) -> Iterable[Reading]:
        self.count += 1
        if self.count % 5 == 0:
            yield Observation(
                BRIGHTNESS, Span(view.t, view.t), float(view.frame.image.mean()), 1.0, "fake@abababab",
                (EvidenceRef("video", Span(view.t, view.t), (0.25, 0.25, 0.5, 0.5)),), {"count": float(self.count)},
            )  # fmt: skip

    def finish(self) -> Iterable[Reading]:
        return []


class Loudness:
    """Reads a second of sound at a time; the rest comes at the end."""

    def __init__(self) -> None:
        self.start: float | None = None
        self.energy = 0.0

    def observe(self, view: SpeechView) -> Iterable[Reading]:
        self.start = view.span.start if self.start is None else self.start
        self.energy += float(np.square(view.samples, dtype=np.float64).sum())
        if view.span.end - self.start >= 1.0:
            yield from self._reading(view.span.end)
            self.start, self.energy = None, 0.0

    def finish(self) -> Iterable[Reading]:
        if self.start is not None:
            start, self.start = self.start, None
            yield Abstention(LOUDNESS, Span(start, start), Reason.NOT_ENOUGH_SPEECH)

    def _reading(self, end: float) -> Iterable[Reading]:
        assert self.start is not None
        yield Observation(LOUDNESS, Span(self.start, end), self.energy, 1.0, "fake@abababab")


class EchoEar:
    """Reads each half second of sound: the energy of the officer's sound until then, and how many pieces it came in."""

    def __init__(self) -> None:
        self.pieces = 0
        self.energy = 0.0
        self.start: float | None = None

    def observe(self, view: SpeechView | FarView) -> Iterable[Reading]:
        if isinstance(view, FarView):
            self.pieces += 1
            self.energy += float(np.square(view.samples, dtype=np.float64).sum())
            return
        self.start = view.span.start if self.start is None else self.start
        if view.span.end - self.start >= 0.5:
            span, self.start = Span(self.start, view.span.end), None
            yield Observation(
                ECHO, span, self.energy, 1.0, "fake@abababab", covariates={"pieces": float(self.pieces)}
            )

    def finish(self) -> Iterable[Reading]:
        return []


class Failing:
    """Raises on its ``at``-th view."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.calls = 0

    def observe(self, view: FaceView) -> Iterable[Reading]:
        self.calls += 1
        if self.calls == self.at:
            raise RuntimeError("the lens fell off")
        return []

    def finish(self) -> Iterable[Reading]:
        return []


def brightness_spec(models: tuple[str, ...] = ()) -> DetectorSpec[FaceView]:
    return DetectorSpec(BRIGHTNESS, FaceView, models, "face", 0.0, lambda context: Brightness())


def loudness_spec(needs_reference: bool = False) -> DetectorSpec[SpeechView]:
    def build(context: DetectorContext) -> Loudness | Absent:
        if needs_reference and "voice" not in context.references:
            return Absent(Reason.NO_REFERENCE)
        return Loudness()

    return DetectorSpec(LOUDNESS, SpeechView, (), "voice", 1.0, build)


def echo_spec() -> DetectorSpec[SpeechView]:
    return DetectorSpec(ECHO, SpeechView, (), "voice", 1.0, lambda context: EchoEar(), hears_far=True)


def failing_spec(detector: Failing) -> DetectorSpec[FaceView]:
    return DetectorSpec(SignalKind("failing"), FaceView, (), "face", 0.0, lambda context: detector)


BOUNDS = Sequential(Crossing.UNDECIDED, None, None, 0.2146, -1.0, 0.4, 0.4)
"""A test that `media.call` crosses at 1.5 s only: whoever forgets that it did so does not cross again."""


class MeanAssessor:
    """The mean score by kind moves the log-odds: enough for every number to depend on every reading."""

    def __init__(self, spec: AnalysisSpec, expected: Expected) -> None:
        self.spec = spec
        self.expected = dict(expected)
        self.scores: dict[SignalKind, list[float]] = {}
        self.reasons: dict[SignalKind, Reason] = {}
        self.sequential = BOUNDS

    def add(self, reading: Reading) -> None:
        if isinstance(reading, Observation):
            self.scores.setdefault(reading.kind, []).append(reading.score)
        else:
            self.reasons[reading.kind] = reading.reason

    def withdraw(self, kind: SignalKind, absent: Absent) -> None:
        self.expected[kind] = absent

    def go_on(self, sequential: Sequential) -> None:
        self.sequential = sequential

    def assess(self, t: float) -> FraudAssessment:
        contributions = tuple(
            Contribution(
                kind, sum(scores) / len(scores) / 1e4, 0.1, (-2.0, 2.0), sum(scores), len(scores), "measured"
            )
            for kind, scores in sorted(self.scores.items())
            if self.expected.get(kind) is None
        )
        absent = tuple(
            AbsentSignal(kind, stated.reason if stated else self.reasons.get(kind, Reason.NOT_YET))
            for kind, stated in sorted(self.expected.items())
            if stated or kind not in self.scores
        )
        log_odds = sum(each.contribution for each in contributions)
        odds = 1 / (1 + np.exp(-log_odds))
        self.sequential = advanced(self.sequential, t, log_odds, covered=True, checked_at=-inf)
        return FraudAssessment(
            t, float(odds), (0.0, 1.0), 0.5, log_odds, contributions, absent, 0.5, Band.PROCEED, "impostor", "fake", "fake",
            sequential=self.sequential,
        )  # fmt: skip


def parts(
    specs: Sequence[DetectorSpec[Any]] | None = None,
    hub: FakeHub | None = None,
    face: Callable[[Any], Any] = FakeFaceSense,
    speech: Callable[[Any], Any] = FakeSpeechSense,
    assessor: Callable[[AnalysisSpec, Expected], Any] = MeanAssessor,
) -> Parts:
    usual: list[DetectorSpec[Any]] = [brightness_spec(), loudness_spec()]
    declared = usual if specs is None else specs
    return Parts(hub or FakeHub(), declared, face, speech, assessor)


class Lethal(FakeFaceSense):
    """Kills its process at the frame that ``flag`` names, once: the file is gone afterwards."""

    def __init__(self, hub: FakeHub, flag: Path) -> None:
        super().__init__(hub)
        self._flag = flag

    def observe(self, frame: Frame) -> FaceView:
        if self._flag.exists() and frame.t * 1000 >= int(self._flag.read_text()):
            self._flag.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().observe(frame)


def lethal_parts(flag: Path) -> Parts:
    """Parts for a worker that dies once, in the middle of a frame."""
    return parts(face=partial(Lethal, flag=flag))


class Exploding(MeanAssessor):
    """Breaks one session's pipeline where nothing guards it, once."""

    def __init__(self, spec: AnalysisSpec, expected: Expected, flag: Path) -> None:
        super().__init__(spec, expected)
        self._flag = flag

    def assess(self, t: float) -> FraudAssessment:
        if (
            self.spec.session_id == "broken"
            and self._flag.exists()
            and t * 1000 >= int(self._flag.read_text())
        ):
            self._flag.unlink()
            raise RuntimeError("assessor fell over")
        return super().assess(t)


def exploding_parts(flag: Path) -> Parts:
    """Parts whose assessor raises once, in the session called ``broken``."""
    return parts(assessor=partial(Exploding, flag=flag))


class Poisoned(FakeFaceSense):
    """Dies at every frame of a stretch of media."""

    def __init__(self, hub: FakeHub, from_ms: int, to_ms: int) -> None:
        super().__init__(hub)
        self._from_ms, self._to_ms = from_ms, to_ms

    def observe(self, frame: Frame) -> FaceView:
        if self._from_ms <= frame.t * 1000 < self._to_ms:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().observe(frame)


def poisoned_parts(from_ms: int, to_ms: int) -> Parts:
    """Parts for a worker that dies whenever it sees a certain stretch."""
    return parts(face=partial(Poisoned, from_ms=from_ms, to_ms=to_ms))


def _no_assessor(spec: AnalysisSpec, expected: Expected) -> MeanAssessor:
    raise ValueError("there are no such parameters")


def broken_parts() -> Parts:
    """Parts with which no session can begin."""
    return parts(assessor=_no_assessor)
