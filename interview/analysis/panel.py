"""The detectors of one session: built, fed by view, and fenced off from each other's failures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from biometrics.detector import Detector, DetectorContext, DetectorSpec, Learner
from biometrics.views import FaceView, Fact, FarView, SpeechView, Topic, View
from fraudmodel.signals import Absent, Abstention, Reading, Reason, SignalKind, Span
from interview.analysis.protocol import AnalysisSpec, Fault
from models.errors import ModelError
from models.hub import Model, ModelHub

log = logging.getLogger(__name__)

Finding = Reading | Fault


class Panel:
    """Runs one session's detectors, in the order of their kinds.

    ``expected`` maps every kind to None where its detector runs, otherwise to the reason why it does not. A detector
    that raises yields a Fault and an Abstention with DETECTOR_FAILED, and is never called again.
    """

    def __init__(self, spec: AnalysisSpec, hub: ModelHub, specs: Sequence[DetectorSpec[Any]]) -> None:
        self.expected: dict[SignalKind, Absent | None] = {}
        self.faults: list[Fault] = []
        self._consented: set[type[View]] = {
            each.view for each in specs if _agreed(each, spec) and not _off(each, spec)
        }
        self._running: dict[SignalKind, tuple[DetectorSpec[Any], Detector[Any]]] = {}
        for declared in sorted(specs, key=lambda each: each.kind):
            built = self._build(declared, spec, hub)
            self.expected[declared.kind] = built if isinstance(built, Absent) else None
            if not isinstance(built, Absent):
                self._running[declared.kind] = (declared, built)

    def watches(self, view: type[View]) -> bool:
        """Whether any detector at work reads views of this type, or is told of speech that the applicant lets us hear."""
        if view is SpeechView and self.may_watch(view):
            return bool(self.kinds(view)) or any(
                "speech" in spec.topics for spec, _ in self._running.values()
            )
        return bool(self.kinds(view))

    def wants(self, topic: Topic) -> bool:
        """Whether any detector at work is told of this topic."""
        return any(topic in spec.topics for spec, _ in self._running.values())

    def may_watch(self, view: type[View]) -> bool:
        """Whether the applicant agreed to anything that reads views of this type."""
        return view in self._consented

    def kinds(self, view: type[View]) -> tuple[SignalKind, ...]:
        """The detectors at work that read views of this type."""
        return tuple(kind for kind, (spec, _) in self._running.items() if spec.view is view)

    def observe(self, view: FaceView | SpeechView) -> Iterator[Finding]:
        """Show a view to every detector that reads its type."""
        for kind in self.kinds(type(view)):
            _, detector = self._running[kind]
            yield from self._guarded(kind, view.t, lambda detector=detector: detector.observe(view))  # type: ignore[misc]

    def far_kinds(self) -> tuple[SignalKind, ...]:
        """The detectors at work that need the officer's sound to leave its echo out."""
        return tuple(kind for kind, (spec, _) in self._running.items() if spec.hears_far)

    def overhear(self, view: FarView) -> Iterator[Finding]:
        """Show the officer's sound to those detectors, and to no other."""
        for kind in self.far_kinds():
            _, detector = self._running[kind]
            yield from self._guarded(kind, view.t, lambda detector=detector: detector.observe(view))  # type: ignore[misc]

    def deafen(self, t: float, reason: Reason, detail: str) -> Iterator[Abstention]:
        """Stop them for good: the officer's sound cannot be had, and its echo would be taken for somebody."""
        for kind in self.far_kinds():
            yield self._stop(kind, t, reason, detail)

    def learn(self, fact: Fact) -> Iterator[Finding]:
        """Tell a fact to every detector that its topic concerns."""
        for kind, (spec, detector) in list(self._running.items()):
            if fact.topic in spec.topics:
                take = detector.learn if isinstance(detector, Learner) else detector.observe
                yield from self._guarded(kind, fact.t, lambda take=take: take(fact))  # type: ignore[misc]

    def finish(self, t: float, last: Topic) -> Iterator[Finding]:
        """End of media at ``t``: what the detectors still held back. Those that are told of ``last`` come after all others, so that
        they can still be told what these found."""
        order = sorted(self._running.items(), key=lambda each: last in each[1][0].topics)
        for kind, (_, detector) in order:
            if kind in self._running:
                yield from self._guarded(kind, t, detector.finish)

    def blind(self, view: type[View], t: float, reason: Reason, detail: str) -> Iterator[Abstention]:
        """Stop every detector of a view for good: what they read cannot be had."""
        self._consented.discard(view)
        for kind in self.kinds(view):
            yield self._stop(kind, t, reason, detail)

    def _stop(self, kind: SignalKind, t: float, reason: Reason, detail: str) -> Abstention:
        del self._running[kind]
        return Abstention(kind, Span(t, t), reason, detail)

    def _guarded(
        self, kind: SignalKind, t: float, call: Callable[[], Iterable[Reading]]
    ) -> Iterator[Finding]:
        try:
            readings = list(call())
            for reading in readings:
                if reading.kind != kind:
                    raise ValueError(f"gave a reading of kind {reading.kind}")
        except Exception as error:
            log.exception("detector %s failed at %.3f s of media", kind, t)
            yield Fault(kind, t, message_of(error))
            yield self._stop(kind, t, Reason.DETECTOR_FAILED, type(error).__name__)
        else:
            yield from readings

    def _build(
        self, declared: DetectorSpec[Any], spec: AnalysisSpec, hub: ModelHub
    ) -> Detector[Any] | Absent:
        if _off(declared, spec):
            return Absent(Reason.CHANNEL_OFF, f"jurisdiction {spec.jurisdiction}")
        if not _agreed(declared, spec):
            return Absent(Reason.NO_CONSENT, ", ".join(sorted(_parts(declared) - spec.consents)))
        models = _models(hub, declared.models)
        if isinstance(models, Absent):
            return models
        try:
            return declared.build(DetectorContext(models, spec.references))
        except Exception as error:
            log.exception("detector %s could not be built", declared.kind)
            self.faults.append(Fault(declared.kind, 0.0, message_of(error)))
            return Absent(Reason.DETECTOR_FAILED, type(error).__name__)


def _agreed(declared: DetectorSpec[Any], spec: AnalysisSpec) -> bool:
    return _parts(declared) <= spec.consents


def _off(declared: DetectorSpec[Any], spec: AnalysisSpec) -> bool:
    return not _parts(declared).isdisjoint(spec.channels_off)


def _parts(declared: DetectorSpec[Any]) -> frozenset[str]:
    own = () if declared.consent is None else (declared.consent,)
    return frozenset((*own, *declared.also))


def message_of(error: Exception) -> str:
    """One line that names an unexpected error."""
    return f"{type(error).__name__}: {error}"


def _models(hub: ModelHub, names: Sequence[str]) -> Mapping[str, Model] | Absent:
    models = {}
    for name in names:
        try:
            models[name] = hub.get(name)
        except ModelError as error:
            return Absent(Reason.MODEL_NOT_INSTALLED, str(error))
    return models
