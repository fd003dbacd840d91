"""One presentation through the product's own perception and detectors: each signal's pooled score, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from biometrics.detector import Detector, DetectorContext, DetectorSpec, Learner
from biometrics.face.perception import FacePerception
from biometrics.media import AudioChunk, Frame
from biometrics.views import FaceView, Fact, FarView, SpeechView
from biometrics.voice.perception import SpeechPerception, heard
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.pooling import Pool, Pooling
from fraudmodel.signals import Absent, Reading, SignalKind
from models.errors import ModelError
from models.hub import ModelHub

Moment = Frame | AudioChunk | Fact
"""What happens in a presentation, in order."""

POOLINGS: Mapping[str, Pooling] = {
    "face_continuity": Pooling("peak-hold", window_s=1.0),
    "injection_frames": Pooling("peak-hold", trim=0.0, window_s=4.0),
    "flash_challenge": Pooling("strongest"),
    "pose_challenge": Pooling("strongest"),
}
"""Signals whose worst moment counts, and challenges, of which the clearest does. Every other is averaged."""


@dataclass(frozen=True, slots=True)
class Scores:
    """``scores`` by signal, greater = more attack-like, and the ``models`` that made them; ``reasons`` why the others have none."""

    scores: Mapping[str, float]
    reasons: Mapping[str, str]
    models: Mapping[str, str]


@dataclass(slots=True)
class _Watcher:
    spec: DetectorSpec[Any]
    detector: Detector[Any]
    pool: Pool = field(init=False)

    def __post_init__(self) -> None:
        self.pool = Pool(pooling_of(self.spec.kind))

    def take(self, readings: Iterable[Reading]) -> None:
        for reading in readings:
            self.pool.add(reading)


def pooling_of(kind: SignalKind) -> Pooling:
    """How the lab pools a signal over one short presentation."""
    return POOLINGS.get(kind, Pooling())


class LabScorer:
    """Scores presentations one after another. ``specs`` are the detectors that need no reference of the applicant; behaviour, which
    nothing simulated may calibrate, is left out."""

    def __init__(
        self,
        hub: ModelHub,
        specs: Sequence[DetectorSpec[Any]],
        perceive: Callable[[ModelHub], FacePerception] = FacePerception,
        listen: Callable[[ModelHub], SpeechPerception] = SpeechPerception,
    ) -> None:
        self._hub = hub
        self._specs = [
            spec for spec in specs if spec.view in (FaceView, SpeechView, Fact) and spec.kind not in BEHAVIOUR
        ]
        self._perceive = perceive
        self._listen = listen

    def score(self, moments: Iterable[Moment]) -> Scores:
        """Show a whole presentation to fresh detectors. Raises what a detector raises: the lab hides no failure."""
        reasons: dict[str, str] = {}
        watchers = list(self._watchers(reasons))
        speech: SpeechPerception | None = None
        with closing(self._perceive(self._hub)) as perception:
            for moment in moments:
                match moment:
                    case Fact():
                        _tell(watchers, moment)
                    case Frame():
                        _show(watchers, perception.observe(moment))
                    case AudioChunk():
                        speech = speech or self._listen(self._hub)
                        _hear(watchers, speech.feed(moment))
        if speech is not None:
            _hear(watchers, speech.finish())
        for watcher in watchers:
            watcher.take(watcher.detector.finish())
        return _result(watchers, reasons)

    def _watchers(self, reasons: dict[str, str]) -> Iterator[_Watcher]:
        for spec in self._specs:
            try:
                models = {name: self._hub.get(name) for name in spec.models}
            except ModelError:
                reasons[spec.kind] = "model_not_installed"
                continue
            built = spec.build(DetectorContext(models))
            if isinstance(built, Absent):
                reasons[spec.kind] = built.reason
            else:
                yield _Watcher(spec, built)


def _tell(watchers: Iterable[_Watcher], fact: Fact) -> None:
    for watcher in watchers:
        if fact.topic in watcher.spec.topics:
            detector = watcher.detector
            watcher.take(detector.learn(fact) if isinstance(detector, Learner) else detector.observe(fact))


def _hear(watchers: Iterable[_Watcher], views: Iterable[SpeechView]) -> None:
    """The applicant's sound; the officer, who says nothing in the lab, is heard by detectors that ask for them."""
    for view in views:
        _tell(watchers, heard(view))
        silence = FarView(view.span, np.zeros_like(view.samples), view.lost_s)
        for watcher in watchers:
            if watcher.spec.hears_far:
                watcher.take(watcher.detector.observe(silence))
            if watcher.spec.view is SpeechView:
                watcher.take(watcher.detector.observe(view))


def _show(watchers: Iterable[_Watcher], view: FaceView) -> None:
    for watcher in watchers:
        if watcher.spec.view is FaceView:
            watcher.take(watcher.detector.observe(view))


def _result(watchers: Iterable[_Watcher], reasons: dict[str, str]) -> Scores:
    scores: dict[str, float] = {}
    models: dict[str, str] = {}
    for watcher in watchers:
        pooled = watcher.pool.pooled()
        if isinstance(pooled, Absent):
            reasons[watcher.spec.kind] = pooled.reason
        else:
            scores[watcher.spec.kind] = pooled.statistic if pooled.peak is None else pooled.peak
            models[watcher.spec.kind] = " and ".join(pooled.models)
    return Scores(scores, reasons, models)
