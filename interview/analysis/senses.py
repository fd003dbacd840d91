"""What a pipeline is made of: perception, detectors and the assessor, behind small protocols."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from biometrics.detector import DetectorSpec
from biometrics.media import AudioChunk, Frame
from biometrics.views import FaceView, SpeechView
from fraudmodel.assessment import FraudAssessment, Sequential
from fraudmodel.signals import Absent, Reading, SignalKind
from interview.analysis.protocol import AnalysisSpec
from models.hub import ModelHub
from models.manifest import Manifest


class FaceSense(Protocol):
    """Sees the applicant's face. One for each session, from one thread."""

    def observe(self, frame: Frame, /) -> FaceView: ...

    def close(self) -> None: ...


class SpeechSense(Protocol):
    """Hears speech. One for each session, from one thread."""

    def feed(self, chunk: AudioChunk, /) -> Iterable[SpeechView]: ...

    def finish(self) -> Iterable[SpeechView]: ...


class Assessor(Protocol):
    """Turns readings into a fraud probability. Pure: the same readings in the same order assess the same."""

    def add(self, reading: Reading, /) -> None: ...

    def withdraw(self, kind: SignalKind, absent: Absent, /) -> None: ...

    def go_on(self, sequential: Sequential, /) -> None: ...

    def assess(self, t: float, /) -> FraudAssessment: ...


Expected = Mapping[SignalKind, Absent | None]
"""Every signal there could be: None where its detector is at work, otherwise why it says nothing."""


def consents_of(detectors: Iterable[DetectorSpec[Any]]) -> frozenset[str]:
    """Consent to everything that these detectors do."""
    return frozenset(part for each in detectors for part in (each.consent, *each.also) if part is not None)


@dataclass(frozen=True, slots=True)
class Parts:
    """What every session's pipeline in a process is built from.

    ``assessor`` gets the session's spec and the expected signals. It raises where the spec names parameters or a
    policy that do not exist. ``manifest`` is what the hub's models are, own weights among them.
    """

    hub: ModelHub
    detectors: Sequence[DetectorSpec[Any]]
    face: Callable[[ModelHub], FaceSense]
    speech: Callable[[ModelHub], SpeechSense]
    assessor: Callable[[AnalysisSpec, Expected], Assessor]
    close: Callable[[], None] = lambda: None
    manifest: Manifest = field(default_factory=Manifest.default)
