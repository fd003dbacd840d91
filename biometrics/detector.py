"""What a detector is. Adding one is adding one file to `biometrics/detectors/`: see docs/adding-a-detector.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar, runtime_checkable

from biometrics.template import Template
from biometrics.views import FaceView, Fact, SpeechView, Topic
from fraudmodel.signals import Absent, Reading, Reason, SignalKind
from models.hub import Model

ConsentPart = Literal["face", "voice", "behaviour"]
"""A part of the analysis that the applicant can refuse: who the face is, who the voice is, how the person behaves."""

V = TypeVar("V", FaceView, SpeechView, Fact)
V_contra = TypeVar("V_contra", contravariant=True)


class Detector(Protocol[V_contra]):
    """Watches one session, from one thread, in order of media time. Two instances fed the same views read the same."""

    def observe(self, view: V_contra, /) -> Iterable[Reading]:
        """Look at one view of the type that the spec names; give the readings that became ready."""
        ...

    def finish(self) -> Iterable[Reading]:
        """End of media: give what was still held back."""
        ...


@runtime_checkable
class Learner(Protocol):
    """A detector of media that is also told facts: its spec names their topics."""

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """Take a fact of one of the topics; give the readings that became ready."""
        ...


@dataclass(frozen=True, slots=True)
class DetectorContext:
    """What a detector may have: its models by manifest name, and the applicant's references by modality."""

    models: Mapping[str, Model]
    references: Mapping[str, Template] = field(default_factory=dict)

    def reference(self, modality: str, encoder: str) -> Template | Absent:
        """The applicant's ``face`` or ``voice`` reference, or why there is none that ``encoder``'s probes compare with."""
        found = self.references.get(modality)
        if found is None:
            return Absent(Reason.NO_REFERENCE)
        if found.model != encoder:
            return Absent(
                Reason.NO_REFERENCE, f"made with {found.model}, and {encoder} is in use: enrol again"
            )
        return found


@dataclass(frozen=True, slots=True)
class DetectorSpec(Generic[V]):
    """Declares a detector.

    ``view`` the view type it reads; ``models`` the manifest names it needs (where one is not installed the signal is
    absent, with the reason, and ``build`` is not called); ``consent`` the part of the applicant's consent without
    which it does not run, None for what tells nothing about the person; ``latency_s`` how far back a reading may lie;
    ``build`` makes one for a session, or says why not; ``topics`` which facts it is told: a detector whose view is
    `Fact` observes them, any other must be a `Learner`; ``hears_far`` whether it is also shown each `FarView`, for echo and
    nothing else; ``also`` further parts of the consent without which it does not run, for one that compares the face with the voice.
    """

    kind: SignalKind
    view: type[V]
    models: tuple[str, ...]
    consent: ConsentPart | None
    latency_s: float
    build: Callable[[DetectorContext], Detector[V] | Absent]
    topics: tuple[Topic, ...] = ()
    hears_far: bool = False
    also: tuple[ConsentPart, ...] = ()
