"""What each stage of the analysis costs: the same pipeline, its parts wrapped in meters."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import psutil

from biometrics.detector import Detector, DetectorContext, DetectorSpec, Learner
from biometrics.media import AudioChunk, Frame
from biometrics.views import FaceView, Fact, SpeechView
from fraudmodel.assessment import FraudAssessment, Sequential
from fraudmodel.signals import Absent, Reading, SignalKind
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import AnalysisSpec
from interview.analysis.senses import Assessor, Expected, FaceSense, Parts, SpeechSense
from interview.media.packets import Packet
from models.hub import ModelHub

T = TypeVar("T")

DECODE = "decode"
ASSESS = "fraud model"


@dataclass(frozen=True, slots=True)
class StageCost:
    """CPU of one stage, over all threads of the process: ``ms_per_s`` milliseconds a second of media."""

    stage: str
    ms_per_s: float


@dataclass(frozen=True, slots=True)
class StageReport:
    """``wall_s`` and ``media_s`` of the whole run; memory of the process at its peak, MiB; analysed ``frames``."""

    stages: tuple[StageCost, ...]
    media_s: float
    wall_s: float
    peak_mib: float
    frames: int

    @property
    def speed(self) -> float:
        """Media time over wall time: above 1 is faster than real time."""
        return self.media_s / self.wall_s if self.wall_s else 0.0


class Meter:
    """Adds up CPU time by stage. What runs inside another stage's call counts for the inner one only."""

    def __init__(self, cpu_s: Callable[[], float] = time.process_time) -> None:
        self._cpu_s = cpu_s
        self._open: list[str] = []
        self._since = 0.0
        self.spent_s: dict[str, float] = {}

    def call(self, stage: str, work: Callable[[], T]) -> T:
        """Run ``work`` as part of ``stage``."""
        self._switch()
        self._open.append(stage)
        try:
            return work()
        finally:
            self._switch()
            self._open.pop()

    def _switch(self) -> None:
        now = self._cpu_s()
        if self._open:
            stage = self._open[-1]
            self.spent_s[stage] = self.spent_s.get(stage, 0.0) + now - self._since
        self._since = now


def metered(parts: Parts, meter: Meter) -> Parts:
    """The same parts, each of them metered."""

    def assessor(spec: AnalysisSpec, expected: Expected) -> Assessor:
        return _MeteredAssessor(parts.assessor(spec, expected), meter)

    def face(hub: ModelHub) -> FaceSense:
        return _MeteredFace(parts.face(hub), meter)

    def speech(hub: ModelHub) -> SpeechSense:
        return _MeteredSpeech(parts.speech(hub), meter)

    detectors = [_metered_detector(each, meter) for each in parts.detectors]
    return Parts(parts.hub, detectors, face, speech, assessor, parts.close)


def measure_stages(packets: Iterable[Packet], spec: AnalysisSpec, parts: Parts) -> StageReport:
    """Analyse packets once, as fast as they come, and say what that cost."""
    meter = Meter()
    frames = 0

    def watch(view: FaceView | SpeechView) -> None:
        nonlocal frames
        frames += isinstance(view, FaceView)

    pipeline = Pipeline(spec, metered(parts, meter), watch=watch)
    pipeline.warm()
    began, media_s = time.perf_counter(), 0.0
    for packet in packets:
        meter.call(DECODE, lambda packet=packet: pipeline.feed(packet))  # type: ignore[misc]
        media_s = max(media_s, packet.t)
    meter.call(DECODE, pipeline.finish)
    wall_s = time.perf_counter() - began
    costs = [
        StageCost(name, 1000 * spent / max(media_s, 1e-9)) for name, spent in sorted(meter.spent_s.items())
    ]
    return StageReport(tuple(costs), media_s, wall_s, _peak_mib(), frames)


def _peak_mib() -> float:
    memory = psutil.Process().memory_info()
    return float(getattr(memory, "peak_wset", 0) or _peak_rss() or memory.rss) / 2**20


def _peak_rss() -> int:
    try:
        import resource
    except ImportError:  # Windows, which has peak_wset
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if psutil.MACOS else peak * 1024)


def _metered_detector(spec: DetectorSpec[Any], meter: Meter) -> DetectorSpec[Any]:
    def build(context: DetectorContext) -> Detector[Any] | Absent:
        built = spec.build(context)
        if isinstance(built, Absent):
            return built
        plain = _MeteredDetector(spec.kind, built, meter)
        return _MeteredLearner(plain, built) if isinstance(built, Learner) else plain

    return replace(spec, build=build)


class _MeteredDetector:
    def __init__(self, kind: SignalKind, detector: Detector[Any], meter: Meter) -> None:
        self._kind, self._detector, self._meter = kind, detector, meter

    def observe(self, view: Any, /) -> Iterable[Reading]:  # noqa: ANN401 - any view
        return self.measure(lambda: self._detector.observe(view))

    def finish(self) -> Iterable[Reading]:
        return self.measure(self._detector.finish)

    def measure(self, work: Callable[[], Iterable[Reading]]) -> Iterable[Reading]:
        return self._meter.call(self._kind, lambda: list(work()))


class _MeteredLearner:
    """Apart from `_MeteredDetector`, because having ``learn`` is what makes a detector a `Learner`."""

    def __init__(self, plain: _MeteredDetector, learner: Learner) -> None:
        self.observe, self.finish = plain.observe, plain.finish
        self._plain, self._learner = plain, learner

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        return self._plain.measure(lambda: self._learner.learn(fact))


class _MeteredFace:
    def __init__(self, face: FaceSense, meter: Meter) -> None:
        self._face, self._meter = face, meter

    def observe(self, frame: Frame, /) -> FaceView:
        return self._meter.call("face perception", lambda: self._face.observe(frame))

    def close(self) -> None:
        self._face.close()


class _MeteredSpeech:
    def __init__(self, speech: SpeechSense, meter: Meter) -> None:
        self._speech, self._meter = speech, meter

    def feed(self, chunk: AudioChunk, /) -> Iterable[SpeechView]:
        return self._meter.call("speech perception", lambda: list(self._speech.feed(chunk)))

    def finish(self) -> Iterable[SpeechView]:
        return self._meter.call("speech perception", lambda: list(self._speech.finish()))


class _MeteredAssessor:
    def __init__(self, assessor: Assessor, meter: Meter) -> None:
        self._assessor, self._meter = assessor, meter

    def add(self, reading: Reading, /) -> None:
        self._meter.call(ASSESS, lambda: self._assessor.add(reading))

    def withdraw(self, kind: SignalKind, absent: Absent, /) -> None:
        self._assessor.withdraw(kind, absent)

    def go_on(self, sequential: Sequential, /) -> None:
        self._assessor.go_on(sequential)

    def assess(self, t: float, /) -> FraudAssessment:
        return self._meter.call(ASSESS, lambda: self._assessor.assess(t))
