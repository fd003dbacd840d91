"""A world that sessions can live in: a clock that is set by hand, a fresh database, people, references, outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import log
from pathlib import Path

import numpy as np
from argon2 import PasswordHasher

from biometrics.template import Template
from fraudmodel.assessment import (
    AbsentSignal,
    Band,
    CodedReason,
    Contribution,
    Crossing,
    FamilyShare,
    FraudAssessment,
    Ground,
    GroundKind,
    NextCheck,
    Proposal,
    Sequential,
)
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reason, SignalKind, Span
from interview.accounts import Accounts
from interview.analysis.protocol import Output
from interview.calls import References
from interview.consent import Consent
from interview.events import EventHub
from interview.questions.templates import load_templates
from interview.rules import load_rules
from interview.sessions import Deployment, NewInterview, Sessions, Upload
from interview.store.records import Role, SessionRecord, User
from interview.store.repository import Repository
from interview.tokens import LinkSigner

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KEY = b"k" * 32
PNG = b"\x89PNG\r\n\x1a\n rest of a picture"
PASSWORD = "correct horse battery"


@dataclass(slots=True)
class Clock:
    """Wall and monotonic time that stand still until told to go on."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - START).total_seconds()

    def go_on(self, **by: float) -> None:
        self.at += timedelta(**by)


def cheap_hasher() -> PasswordHasher:
    """Argon2id as weak as it goes: the tests are about accounts, not about argon2."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(slots=True)
class World:
    """Everything under `Services`, over a database of its own."""

    repository: Repository
    clock: Clock = field(default_factory=Clock)
    signer: LinkSigner = field(default_factory=lambda: LinkSigner(KEY))
    events: EventHub = field(init=False)
    sessions: Sessions = field(init=False)
    accounts: Accounts = field(init=False)

    def __post_init__(self) -> None:
        deployment = Deployment(load_rules(), 0.005, timedelta(hours=24), load_templates())
        self.events = EventHub(self.clock.now)
        self.sessions = Sessions(self.repository, self.events, self.signer, deployment, self.clock.now)
        self.accounts = Accounts(self.repository.people, self.clock.now, cheap_hasher())

    def person(self, username: str = "li", role: Role = Role.OFFICER) -> User:
        return self.accounts.create(username, username.title(), role, PASSWORD)

    def interview(self, officer: User, name: str = "王小明") -> SessionRecord:
        return self.sessions.create(officer, form(name))

    def interview_in(self, place: str, officer: User) -> SessionRecord:
        """An interview made while the deployment was set to this jurisdiction."""
        deployment = Deployment(load_rules(), 0.005, timedelta(hours=24), jurisdiction=place)
        there = Sessions(self.repository, self.events, self.signer, deployment, self.clock.now)
        return there.create(officer, form())

    def live(self, officer: User) -> SessionRecord:
        """An interview that has come as far as live."""
        session = self.interview(officer)
        self.sessions.consent(session.id, agreed(self.clock.now()))
        self.sessions.officer_joined(session.id)
        return self.sessions.applicant_joined(session.id)

    def record(self, session_id: str, given: Sequence[Output]) -> None:
        """Store outputs and tell those who watch, as live analysis does."""
        for stored in self.repository.outputs.append(session_id, given, self.clock.now()):
            self.sessions.announce(session_id, stored)

    def sealed(self, officer: User) -> SessionRecord:
        return self.sessions.seal(self.live(officer).id, officer.id)


def open_world(folder: Path) -> World:
    return World(Repository.open(f"sqlite:///{folder / 'candor.db'}"))


def template(modality: str = "face", seed: int = 0) -> Template:
    vector = np.random.default_rng(seed).normal(size=128).astype(np.float32)
    model = "dlib_resnet@0123abcd" if modality == "face" else "campplus@89ef0123"
    kind = "face" if modality == "face" else "voice"
    return Template(kind, vector / np.float32(np.linalg.norm(vector)), model, (("net_speech_s", 3.25),))  # type: ignore[arg-type]


def form(name: str = "王小明", *, voice: bool = True) -> NewInterview:
    references = References(template("face"), template("voice", 1) if voice else None)
    recording = Upload(b"RIFF....WAVE", "audio/wav") if voice else None
    return NewInterview(name, "working-capital", "zh-Hans", references, Upload(PNG, "image/png"), recording)


def agreed(
    at: datetime = START, *, face: bool = True, voice: bool = True, behaviour: bool = False
) -> Consent:
    return Consent(True, face, voice, behaviour, at)


def observation(start: float = 1.0, score: float = 0.1 + 0.2) -> Observation:
    evidence = (
        EvidenceRef("video", Span(start, start + 0.5), (0.1, 0.2, 0.3, 1 / 3)),
        EvidenceRef("audio", Span(0, 1)),
    )
    return Observation(
        SignalKind("face_match"),
        Span(start, start + 1.0),
        score,
        0.75,
        "dlib_resnet@0123abcd",
        evidence,
        {"yaw": 1e-7},
    )


def abstention(start: float = 2.0) -> Abstention:
    return Abstention(SignalKind("voice_match"), Span(start, start + 1.0), Reason.NO_SPEECH, "还没有说话")


def assessment(t: float, probability: float = 0.0123456789) -> FraudAssessment:
    contribution = Contribution(
        SignalKind("face_match"),
        1.1,
        1.2,
        (-4.0, 5.5),
        0.6,
        3,
        "measured",
        (EvidenceRef("video", Span(0.0, t)),),
    )
    absent = (
        AbsentSignal(SignalKind("voice_match"), Reason.NO_SPEECH, "silence"),
        AbsentSignal(SignalKind("face_pad"), Reason.NOT_CALIBRATED, "", -0.25, 12),
    )
    return FraudAssessment(
        t=t,
        probability=probability,
        interval=(probability / 2, min(1.0, probability * 2)),
        prior=0.005,
        log_odds=-4.2,
        contributions=(contribution,),
        absent=absent,
        coverage=0.4,
        band=Band.PROCEED,
        family="impostor",
        calibration="2026.11",
        policy="default",
        families=(FamilyShare("impostor", 2 / 3), FamilyShare("injected", 1 / 3)),
        sequential=Sequential(Crossing.UP, t, None, log(90.0), -log(9.9), 0.01, 0.1),
        codes=(
            CodedReason("R101", SignalKind("face_match"), 1.1),
            CodedReason("N303", SignalKind("voice_match"), 0.0),
        ),
        proposal=Proposal(
            Band.PROCEED,
            (Ground(GroundKind.PROBABILITY, Band.PROCEED, probability, 0.02),),
            (),
            ("working-capital",),
        ),
        next_check=NextCheck("speak", None, 15.0, 0.35, (SignalKind("voice_match"),)),
        taxonomy="2026.12+01234567",
        checks="2026.12+89abcdef",
    )


def outputs(seconds: int) -> Sequence[Observation | Abstention | FraudAssessment]:
    """What an analysis gives over so many seconds: one reading and two assessments each."""
    given: list[Observation | Abstention | FraudAssessment] = []
    for second in range(seconds):
        given += [observation(float(second)), assessment(second + 0.0), assessment(second + 0.5)]
    return given
