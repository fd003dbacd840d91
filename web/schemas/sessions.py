"""Interviews: in a list, on their own page, and what is done with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from fraudmodel.assessment import Band
from interview.consent import Part
from interview.session import Outcome, State
from web.schemas.base import Action, Language, Sdp, UnitInterval, Wire


class Consent(Wire):
    """What the applicant agreed to."""

    recording: bool
    face: bool
    voice: bool
    behaviour: bool
    given_at: datetime


class ConsentGiven(Wire):
    """What the applicant agrees to, part by part."""

    recording: bool
    face: bool
    voice: bool
    behaviour: bool


class Decision(Wire):
    """What a person decided, and why. ``by`` is their name."""

    outcome: Outcome
    reason: str
    by: str
    at: datetime


class DecisionMade(Wire):
    """A decision about to be stored."""

    outcome: Outcome
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class Reference(Wire):
    """One version of a reference. ``used``: whether this interview is compared with it. ``taken_from`` is the earlier interview
    whose recording it was made of, null for a file; ``revoked_at`` is null for one that is valid; ``measured`` is how good it was found to
    be: ``net_speech_s``, ``utterances`` and ``snr_db`` of a voice."""

    modality: Literal["face", "voice"]
    version: int
    made_at: datetime
    model: str
    taken_from: str | None
    used: bool
    revoked_at: datetime | None
    revoked_why: str | None
    measured: Mapping[str, float]


class ReferenceRevoked(Wire):
    """A reference about to be taken back."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class Segment(Wire):
    """What was recorded over one media connection: media time in seconds; ``end`` is null while it is being recorded."""

    side: Literal["applicant", "officer"]
    index: int
    start: float
    end: float | None


class SessionSummary(Wire):
    """One interview in a list. ``officer`` is a name; ``simulated`` marks an interview that no person took part in."""

    id: str
    applicant_name: str
    product: str
    language: Language
    state: State
    created_at: datetime
    officer: str
    probability: UnitInterval | None
    band: Band | None
    decision: Outcome | None
    duration_s: float | None
    simulated: bool


class SessionDetail(Wire):
    """One interview. ``allowed`` lists what the person who asks may do in its present state; ``asked`` the parts of the consent that the
    applicant was asked for."""

    id: str
    applicant_name: str
    product: str
    language: Language
    state: State
    created_at: datetime
    officer: str
    probability: UnitInterval | None
    band: Band | None
    decision: Decision | None
    duration_s: float | None
    simulated: bool
    consent: Consent | None
    asked: list[Part]
    join_url: str | None
    join_expires_at: datetime | None
    link_opened: bool
    has_voice_reference: bool
    references: list[Reference]
    segments: list[Segment]
    has_recording: bool
    has_officer_recording: bool
    started_at: datetime | None
    sealed_at: datetime | None
    parameters: str
    policy: str
    prior: UnitInterval
    models: list[str]
    allowed: list[Action]


class SessionPage(Wire):
    """One page of interviews, newest first."""

    items: list[SessionSummary]
    total: int
    page: int
    page_size: int


class JoinLink(Wire):
    """The applicant's link."""

    join_url: str
    expires_at: datetime


class Description(Wire):
    """A session description, as RTCPeerConnection takes it."""

    sdp: Sdp
    type: Literal["offer", "answer"]


class Rerun(Wire):
    """A recording analysed again and compared. ``where`` names the number that differs most, "" when none does."""

    largest_difference: float
    where: str
    observations: int
    assessments: int
    equal: bool
    duration_s: float


class ConfirmedOutcome(Wire):
    """What the bank found out afterwards: ``family`` of a fraud ("" where nobody knows), ``source`` what it rests on, ``corrected`` how often before."""

    outcome: Literal["fraud", "bona_fide"]
    family: str
    confirmed_on: date
    by: str
    source: str
    corrected: int


class AuditEntry(Wire):
    """Something that happened, for good. ``actor`` is a name, ``applicant`` or ``system``."""

    seq: int
    at: datetime
    actor: str
    action: str
    detail: Mapping[str, str | float | bool | None]
