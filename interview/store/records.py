"""What the repository takes and gives: plain frozen records, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from biometrics.template import Template
from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import FraudAssessment
from fraudmodel.confirmed import Confirmed
from fraudmodel.rulebook import Rulebook
from fraudmodel.signals import Reading
from interview.questions.records import QuestionSet
from interview.session import Progress, Side

Modality = Literal["face", "voice"]
Detail = Mapping[str, str | float | bool | None]
"""What an audit entry adds in words and numbers: never biometrics."""


class Role(StrEnum):
    """What an account may do: hold interviews, review them, or manage accounts."""

    OFFICER = "officer"
    COMPLIANCE = "compliance"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """A person who may sign in."""

    id: str
    username: str
    display_name: str
    role: Role
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """The applicant's one-time link as stored: ``nonce`` makes it this link and no earlier one.

    ``browser`` is the SHA-256 of the secret that the first browser to open it keeps; None until then.
    """

    nonce: str
    expires_at: datetime
    browser: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """What was recorded over one media connection: file name within the session's folder, media time in seconds."""

    side: Side
    index: int
    file: str
    start: float
    end: float | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """That a person took a reference back: from then on nothing new is compared with it. ``by`` is a user id."""

    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A biometric reference: the file it was made of and its template.

    ``taken_from`` is the earlier interview whose recording it was made of; then there is no file, and ``source`` is empty.
    """

    modality: Modality
    media_type: str
    source: bytes
    template: Template
    taken_from: str | None = None


@dataclass(frozen=True, slots=True)
class ReferenceNote:
    """What there is to say of one version of a reference, without biometrics. ``model`` is the encoder of its template; ``measured`` is what its quality
    was found to be, such as ``net_speech_s``, ``utterances`` and ``snr_db`` of a voice."""

    modality: Modality
    version: int
    made_at: datetime
    model: str
    taken_from: str | None = None
    revoked: Revoked | None = None
    measured: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewSession:
    """An interview about to be created. ``simulated`` marks one that no person takes part in; ``questions`` is the template that it keeps, and
    ``rulebook`` the documents of its parameters and policy, whose versions ``parameters`` and ``policy`` are."""

    id: str
    applicant_name: str
    product: str
    language: str
    officer_id: str
    created_at: datetime
    link: Link
    references: tuple[Reference, ...] = ()
    parameters: str = "default"
    policy: str = "default"
    prior: float = 0.005
    simulated: bool = False
    jurisdiction: str = "default"
    questions: QuestionSet | None = None
    rulebook: Rulebook | None = None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One interview as stored. ``probability`` and ``band`` are those of the latest assessment; ``duration_s`` media time."""

    id: str
    applicant_name: str
    product: str
    language: str
    officer_id: str
    officer_name: str
    decider_name: str | None
    created_at: datetime
    progress: Progress
    link: Link
    references: tuple[ReferenceNote, ...] = ()
    """Every version, by modality, the latest last."""
    segments: tuple[Segment, ...] = ()
    models: tuple[str, ...] = ()
    parameters: str = "default"
    policy: str = "default"
    prior: float = 0.005
    probability: float | None = None
    band: str | None = None
    duration_s: float | None = None
    simulated: bool = False
    jurisdiction: str = "default"

    @property
    def modalities(self) -> frozenset[str]:
        """Of what there is a reference that this interview is compared with."""
        return frozenset(each.modality for each in self.references if self.uses(each))

    def uses(self, reference: ReferenceNote) -> bool:
        """Whether the interview's analysis is made with this version: the latest one that was not revoked before the start.

        What was compared before a reference was revoked stays as it is, so that it can still be computed again.
        """
        began = self.progress.started_at
        usable = [
            each.version
            for each in self.references
            if each.modality == reference.modality
            and (each.revoked is None or (began is not None and each.revoked.at > began))
        ]
        return bool(usable) and reference.version == max(usable)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: the records, and how many there are in all."""

    items: tuple[SessionRecord, ...]
    total: int


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A reading with its place in the session's outputs."""

    seq: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class StoredAssessment:
    """An assessment with its place in the session's outputs."""

    seq: int
    assessment: FraudAssessment


@dataclass(frozen=True, slots=True)
class StoredSpeech:
    """What the meter of speech said, with its place in the session's outputs."""

    seq: int
    heard: SpeechHeard


@dataclass(frozen=True, slots=True)
class KeptOutcome:
    """A confirmed outcome as stored: when it was imported and by whom (a user id); ``number`` counts those of one interview from 0, the last holds."""

    confirmed: Confirmed
    number: int
    imported_at: datetime
    imported_by: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that happened, for good. ``actor`` is a user id, ``applicant`` or ``system``."""

    at: datetime
    actor: str
    action: str
    session_id: str | None = None
    detail: Detail = field(default_factory=dict)
    seq: int = 0
