"""The tables. What may never be, the database refuses itself: an outcome without an officer and a reason, a changed audit entry."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class WallTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC whether or not the database knows time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("wall time is an aware datetime, got one without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """Base of the tables, with fixed names for constraints so that migrations can refer to them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: WallTime(), float: Double(), str: Text(), bytes: LargeBinary()}  # noqa: RUF012


class AccountRow(Table):
    """A person who may sign in."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    username: Mapped[str] = mapped_column(String(100), unique=True)
    display_name: Mapped[str]
    role: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool]
    password_hash: Mapped[str]
    created_at: Mapped[datetime]


class SignInRow(Table):
    """One signed-in browser. ``fingerprint`` is the SHA-256 of its cookie."""

    __tablename__ = "sign_in"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class InterviewRow(Table):
    """One interview: its progress, its link, and the latest of its numbers. ``outputs`` counts what the analysis gave.

    ``parameters`` and ``policy`` are versions, for people; the digests name the documents that they stand for. An interview from before there were
    documents has no digests, and its ``parameters`` and ``policy`` are what the settings said.
    """

    __tablename__ = "interview"
    __table_args__ = (
        CheckConstraint(
            "(decision_outcome IS NULL AND decided_by IS NULL AND decision_reason IS NULL AND decided_at IS NULL"
            " AND state <> 'decided') OR (decision_outcome IS NOT NULL AND decided_by IS NOT NULL"
            " AND decision_reason IS NOT NULL AND decided_at IS NOT NULL AND state = 'decided')",
            name="decided_by_a_person",
        ),
        Index("ix_interview_officer_id_created_at", "officer_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    applicant_name: Mapped[str]
    product: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(20))
    officer_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    simulated: Mapped[bool]

    state: Mapped[str] = mapped_column(String(20), index=True)
    officer_present: Mapped[bool]
    started_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]

    consent_given_at: Mapped[datetime | None]
    consent_text: Mapped[str | None] = mapped_column(String(20))
    consent_recording: Mapped[bool]
    consent_face: Mapped[bool]
    consent_voice: Mapped[bool]
    consent_behaviour: Mapped[bool]

    decision_outcome: Mapped[str | None] = mapped_column(String(20))
    decision_reason: Mapped[str | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]

    link_nonce: Mapped[str] = mapped_column(String(40))
    link_expires_at: Mapped[datetime]
    link_browser: Mapped[str | None] = mapped_column(String(64))

    parameters: Mapped[str] = mapped_column(String(100))
    policy: Mapped[str] = mapped_column(String(100))
    parameters_digest: Mapped[str | None] = mapped_column(String(64))
    policy_digest: Mapped[str | None] = mapped_column(String(64))
    prior: Mapped[float]
    jurisdiction: Mapped[str] = mapped_column(String(20), server_default="default")
    models: Mapped[str]

    outputs: Mapped[int] = mapped_column(Integer)
    probability: Mapped[float | None]
    band: Mapped[str | None] = mapped_column(String(20))
    duration_s: Mapped[float | None]

    officer: Mapped[AccountRow] = relationship(foreign_keys=[officer_id], lazy="joined")
    decider: Mapped[AccountRow | None] = relationship(foreign_keys=[decided_by], lazy="joined")
    references: Mapped[list[ReferenceRow]] = relationship(
        lazy="selectin", order_by="(ReferenceRow.modality, ReferenceRow.version)"
    )
    segments: Mapped[list[SegmentRow]] = relationship(
        lazy="selectin", order_by="(SegmentRow.side, SegmentRow.number)"
    )


class ReferenceRow(Table):
    """One version of a biometric reference: what it was made of and the template (little-endian float32).

    ``taken_from`` is the earlier interview whose recording it was made of, empty for a file that was handed in.
    """

    __tablename__ = "reference"
    __table_args__ = (
        CheckConstraint(
            "(revoked_at IS NULL AND revoked_by IS NULL AND revoked_why IS NULL)"
            " OR (revoked_at IS NOT NULL AND revoked_by IS NOT NULL AND revoked_why IS NOT NULL)",
            name="revoked_by_a_person",
        ),
    )

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True
    )
    modality: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
    taken_from: Mapped[str | None] = mapped_column(String(32))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    revoked_why: Mapped[str | None]
    media_type: Mapped[str] = mapped_column(String(100))
    source: Mapped[bytes] = mapped_column(deferred=True)
    model: Mapped[str] = mapped_column(String(100))
    vector: Mapped[bytes] = mapped_column(deferred=True)
    covariates: Mapped[str]


class SegmentRow(Table):
    """What was recorded over one media connection; ``end`` stays empty while it is being recorded."""

    __tablename__ = "segment"

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True
    )
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file: Mapped[str] = mapped_column(String(200))
    start: Mapped[float]
    end: Mapped[float | None]


class ReadingRow(Table):
    """One observation or abstention, at its place ``seq`` in the interview's outputs."""

    __tablename__ = "reading"

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(60))
    start: Mapped[float]
    end: Mapped[float]
    score: Mapped[float | None]
    quality: Mapped[float | None]
    model: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(String(40))
    detail: Mapped[str]
    covariates: Mapped[str]
    evidence: Mapped[str]


class AssessmentRow(Table):
    """One assessment, at its place ``seq`` in the interview's outputs. ``second`` is floor(t)."""

    __tablename__ = "assessment"
    __table_args__ = (Index("ix_assessment_interview_id_second", "interview_id", "second"),)

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    t: Mapped[float]
    second: Mapped[int]
    probability: Mapped[float]
    band: Mapped[str] = mapped_column(String(20))
    body: Mapped[str]


class SpeechRow(Table):
    """What the meter of speech said, at its place ``seq`` in the interview's outputs."""

    __tablename__ = "speech"

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str]


class FaultRow(Table):
    """A detector or stage that failed, at its place ``seq`` in the interview's outputs."""

    __tablename__ = "fault"

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(60))
    t: Mapped[float]
    message: Mapped[str]


class JournalRow(Table):
    """A stretch of the interview's journal: lines of `interview.media.journal`, committed with the outputs that they gave.

    ``outputs`` is how many outputs there were after it, so a stretch and its outputs are there together or not at all.
    """

    __tablename__ = "journal"

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outputs: Mapped[int] = mapped_column(Integer)
    lines: Mapped[bytes]


class ChallengeRow(Table):
    """One challenge. ``acks`` is what the page signed (JSON); at most one of an interview is open."""

    __tablename__ = "challenge"
    __table_args__ = (
        Index("ix_challenge_interview_id_issued_at", "interview_id", "issued_at"),
        Index(
            "uq_challenge_open",
            "interview_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'running')"),
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    steps: Mapped[int] = mapped_column(Integer)
    step: Mapped[int] = mapped_column(Integer)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(32))
    started_s: Mapped[float | None]
    ended_s: Mapped[float | None]
    ended_at: Mapped[datetime | None]
    detail: Mapped[str]
    seed: Mapped[bytes]
    nonce: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str]
    page_key: Mapped[str]
    acks: Mapped[str]


class DocumentRow(Table):
    """Parameters or a policy, word for word, by the SHA-256 of ``body``: kept once, whatever number of interviews it belongs to."""

    __tablename__ = "document"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[str]
    kept_at: Mapped[datetime]


class QuestionSetRow(Table):
    """The template that an interview was created with, whole (JSON): a later version of it changes nothing here."""

    __tablename__ = "question_set"

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True
    )
    body: Mapped[str]


class QuestionMarkRow(Table):
    """The officer marked a question, at its place ``number`` among the interview's marks. ``t_ms`` is media time."""

    __tablename__ = "question_mark"

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(20))
    t_ms: Mapped[int] = mapped_column(Integer)
    marked_at: Mapped[datetime]
    marked_by: Mapped[str] = mapped_column(String(32))


class ConfirmedOutcomeRow(Table):
    """What an interview turned out to be, the ``number``-th time that it was confirmed: the last one holds. A trigger refuses to change a row."""

    __tablename__ = "confirmed_outcome"
    __table_args__ = (CheckConstraint("fraud OR family = ''", name="family_of_a_fraud"),)

    interview_id: Mapped[str] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fraud: Mapped[bool]
    family: Mapped[str] = mapped_column(String(60))
    confirmed_on: Mapped[date]
    confirmed_by: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(200))
    imported_at: Mapped[datetime]
    imported_by: Mapped[str] = mapped_column(ForeignKey("account.id"))


class AuditRow(Table):
    """Something that happened. Triggers refuse to change or remove a row; it outlives the interview that it names."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(60))
    interview_id: Mapped[str | None] = mapped_column(String(32), index=True)
    detail: Mapped[str]
