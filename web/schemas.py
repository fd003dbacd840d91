"""The wire: what requests carry and responses hold. The console's types are generated from these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from fraudmodel.assessment import Band
from fraudmodel.signals import Reason
from interview.session import Outcome, State
from interview.store.records import Role

Language = Literal["zh-Hans", "zh-Hant", "en"]
Action = Literal["join_link", "offer", "end", "decide", "rerun"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Sdp = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
UnitInterval = Annotated[float, Field(ge=0.0, le=1.0)]


class Wire(BaseModel):
    """Base: unknown fields in a request are an error, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(Wire):
    """The body of every error. ``field`` names the request's field where one is to blame."""

    code: str
    message: str
    message_zh: str
    field: str | None


# Accounts


class User(Wire):
    """A person who may sign in."""

    id: str
    username: str
    role: Role
    display_name: str
    active: bool


class SignedIn(Wire):
    """Who is signed in."""

    user: User


class Login(Wire):
    """Name and password."""

    username: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class UserList(Wire):
    """Every account."""

    items: list[User]


class NewUser(Wire):
    """An account about to be created."""

    username: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,49}$")]
    display_name: Name
    role: Role
    password: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class UserChange(Wire):
    """What to change of an account; what is left out stays."""

    display_name: Name | None = None
    role: Role | None = None
    active: bool | None = None
    password: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None


# Configuration


class IceServer(Wire):
    """A STUN or TURN server, as RTCPeerConnection takes it."""

    urls: str
    username: str | None
    credential: str | None


class Product(Wire):
    """A loan product."""

    id: str
    name_zh: str
    name_en: str


class Config(Wire):
    """What the console needs before anybody signs in."""

    demo: bool
    institution: str
    languages: list[Language]
    version: str
    ice_servers: list[IceServer]
    products: list[Product]
    min_reason_characters: int
    min_password_characters: int


class Health(Wire):
    """The service runs."""

    status: Literal["ok"]
    version: str


class Ready(Wire):
    """Whether the service can take calls, and what keeps it from that."""

    ready: bool
    obstacles: list[str]


# Sessions


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
    """One interview. ``allowed`` lists what the person who asks may do in its present state."""

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
    join_url: str | None
    join_expires_at: datetime | None
    link_opened: bool
    has_voice_reference: bool
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


class AuditEntry(Wire):
    """Something that happened, for good. ``actor`` is a name, ``applicant`` or ``system``."""

    seq: int
    at: datetime
    actor: str
    action: str
    detail: Mapping[str, str | float | bool | None]


# Evidence


class Evidence(Wire):
    """Where to look or listen: media time in seconds; ``box`` is (x, y, width, height) as fractions of the frame."""

    media: Literal["video", "audio"]
    start: float
    end: float
    box: tuple[float, float, float, float] | None


class Reading(Wire):
    """One measurement, or a span over which one detector could not measure. A raw score is greater when more attack-like."""

    seq: int
    kind: str
    type: Literal["observation", "abstention"]
    start: float
    end: float
    score: float | None
    quality: float | None
    model: str | None
    reason: Reason | None
    detail: str | None
    covariates: Mapping[str, float]
    evidence: list[Evidence]


class Contribution(Wire):
    """How far one signal moved the log-odds, in nats; multiply by 10 / ln 10 for decibans."""

    kind: str
    contribution: float
    llr: float
    bounds: tuple[float, float]
    statistic: float
    observations: int
    grade: str
    evidence: list[Evidence]


class AbsentSignal(Wire):
    """A signal that contributed nothing, with the reason."""

    kind: str
    reason: Reason
    detail: str
    statistic: float | None
    observations: int


class Assessment(Wire):
    """The fraud probability at media time ``t`` (s), with its 90 % interval, its parts and what was not measurable."""

    seq: int
    t: float
    probability: UnitInterval
    interval: tuple[float, float]
    prior: UnitInterval
    log_odds: float
    contributions: list[Contribution]
    absent: list[AbsentSignal]
    coverage: UnitInterval
    band: Band
    family: str
    calibration: str
    policy: str


# Live


class LinkStatus(Wire):
    """One side's media as received: kbit/s, frames a second, share of packets lost (0..1)."""

    connected: bool
    kbps: float
    fps: float
    loss: float


class AnalysisStatus(Wire):
    """The analysis: cadence level (0 full) and how far it is behind the call, in seconds."""

    state: Literal["running", "restarting", "idle"]
    level: int
    lag_s: float


class CallStatus(Wire):
    """How the call is doing."""

    applicant: LinkStatus
    officer: LinkStatus
    analysis: AnalysisStatus


class StateEvent(Wire):
    """``event: state``; ``data`` is what the line ``data:`` holds. Also sent once on connecting."""

    event: Literal["state"]
    data: SessionSummary


class AssessmentEvent(Wire):
    """``event: assessment``."""

    event: Literal["assessment"]
    data: Assessment


class ReadingEvent(Wire):
    """``event: reading``."""

    event: Literal["reading"]
    data: Reading


class CallEvent(Wire):
    """``event: call``."""

    event: Literal["call"]
    data: CallStatus


SessionEvent = Annotated[
    StateEvent | AssessmentEvent | ReadingEvent | CallEvent,
    Field(discriminator="event"),
]


# Applicant


class ApplicantState(Wire):
    """All that the applicant's browser learns while it waits and talks: never a number of the analysis."""

    state: State


class ApplicantStateEvent(Wire):
    """``event: state`` on the applicant's stream."""

    event: Literal["state"]
    data: ApplicantState


class Join(Wire):
    """What the applicant's page shows."""

    applicant_name: str
    institution: str
    product_zh: str
    product_en: str
    language: Language
    state: State
    consent: Consent | None
    ice_servers: list[IceServer]


class ApplicantReport(Wire):
    """Something that went wrong in the applicant's browser: ``camera_refused``, ``no_microphone``..."""

    event: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
    detail: Annotated[str, StringConstraints(max_length=300)] = ""
