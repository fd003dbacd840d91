"""Interviews in the database: their progress, links, references and recorded segments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, undefer

from biometrics.template import Template
from interview.problems import IllegalStep, NotFound
from interview.questions.templates import write_set
from interview.session import Outcome, Progress, State
from interview.store.audit import add_audit
from interview.store.codec import dumps, template_to_bytes
from interview.store.database import Database
from interview.store.documents import keep_documents
from interview.store.records import (
    AuditEntry,
    Link,
    Modality,
    NewSession,
    Page,
    Reference,
    ReferenceNote,
    Segment,
    SessionRecord,
)
from interview.store.rows import new_row, put_link, put_progress, record_from, reference_from
from interview.store.schema import InterviewRow, QuestionSetRow, ReferenceRow, SegmentRow

Step = Callable[[Progress], Progress]


class InterviewStore:
    """Reads and changes interviews. Every change is one transaction, with its audit entry in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, new: NewSession, entry: AuditEntry) -> SessionRecord:
        """Store a new interview with its references, its questions and its rulebook."""
        with self._database.writing() as session:
            if new.rulebook is not None:
                keep_documents(session, new.created_at, new.rulebook.parameters, new.rulebook.policy)
            session.add(new_row(new))
            session.add_all(
                _reference_row(new.id, reference, 1, new.created_at) for reference in new.references
            )
            if new.questions is not None:
                session.add(QuestionSetRow(interview_id=new.id, body=write_set(new.questions)))
            add_audit(session, entry)
        return self.get(new.id)

    def get(self, session_id: str) -> SessionRecord:
        """The interview. Raises NotFound."""
        with self._database.reading() as session:
            return record_from(_row(session, session_id))

    def find(
        self,
        *,
        states: Sequence[State] = (),
        query: str = "",
        officer_id: str | None = None,
        offset: int = 0,
        limit: int = 25,
    ) -> Page:
        """Interviews, newest first. ``query`` is part of the applicant's name or the start of the id."""
        wanted = _conditions(states, query, officer_id)
        newest = (InterviewRow.created_at.desc(), InterviewRow.id)
        page = select(InterviewRow).where(*wanted).order_by(*newest)
        with self._database.reading() as session:
            total = session.scalar(select(func.count()).select_from(InterviewRow).where(*wanted)) or 0
            rows = session.scalars(page.offset(offset).limit(limit)).all()
            return Page(tuple(record_from(row) for row in rows), total)

    def advance(
        self, session_id: str, step: Step, entry: AuditEntry | None = None
    ) -> tuple[SessionRecord, bool]:
        """Take one step; gives the interview after it and whether anything changed. What ``step`` raises changes nothing."""
        with self._database.writing() as session:
            row = _row(session, session_id, lock=True)
            before = record_from(row).progress
            after = step(before)
            if after != before:
                put_progress(row, after)
                session.flush()
                session.refresh(row)
                if entry is not None:
                    add_audit(session, entry)
            return record_from(row), after != before

    def change_link(
        self, session_id: str, change: Callable[[Link], Link], entry: AuditEntry | None = None
    ) -> SessionRecord:
        """Replace or bind the applicant's link. The entry is added only when the link changed."""
        with self._database.writing() as session:
            row = _row(session, session_id, lock=True)
            before = record_from(row).link
            after = change(before)
            if after != before:
                put_link(row, after)
                if entry is not None:
                    add_audit(session, entry)
            return record_from(row)

    def set_models(self, session_id: str, models: Sequence[str]) -> None:
        """Name the models that analyse this interview, as ``name@sha256[:8]``."""
        with self._database.writing() as session:
            _row(session, session_id, lock=True).models = dumps(sorted(set(models)))

    def add_segment(self, session_id: str, segment: Segment) -> None:
        """Note that a recording over one media connection has begun, or is there."""
        with self._database.writing() as session:
            row = SegmentRow(
                interview_id=session_id, side=segment.side, number=segment.index, file=segment.file
            )
            row.start, row.end = segment.start, segment.end
            session.add(row)
            _lengthen(session, session_id, segment)

    def end_segment(self, session_id: str, segment: Segment) -> None:
        """Note where a recording ended. Raises NotFound for one that was never begun."""
        with self._database.writing() as session:
            row = session.get(SegmentRow, (session_id, segment.side, segment.index))
            if row is None:
                raise NotFound("There is no such recording.", "录像不存在。")
            row.start, row.end = segment.start, segment.end
            _lengthen(session, session_id, segment)

    def replace_reference(self, session_id: str, reference: Reference, entry: AuditEntry) -> SessionRecord:
        """Store the next version of a reference. Raises IllegalStep once the interview has started: it is compared already."""
        with self._database.writing() as session:
            row = _row(session, session_id, lock=True)
            _not_started(row)
            same = [each.version for each in row.references if each.modality == reference.modality]
            version = max(same, default=0) + 1
            session.add(_reference_row(session_id, reference, version, entry.at))
            add_audit(session, entry)
        return self.get(session_id)

    def revoke_references(
        self, session_id: str, modality: Modality, why: str, entry: AuditEntry
    ) -> SessionRecord:
        """Revoke every version of a reference that is not revoked yet; one entry where there was any."""
        with self._database.writing() as session:
            row = _row(session, session_id, lock=True)
            valid = [each for each in row.references if each.modality == modality and each.revoked_at is None]
            for each in valid:
                each.revoked_at, each.revoked_by, each.revoked_why = entry.at, entry.actor, why
            if valid:
                add_audit(session, entry)
        return self.get(session_id)

    def templates(self, session_id: str) -> Mapping[str, Template]:
        """The templates that the interview is compared with by modality, as ``AnalysisSpec.references`` takes them."""
        with self._database.reading() as session:
            used = {(each.modality, each.version) for each in _used(record_from(_row(session, session_id)))}
            query = select(ReferenceRow).where(ReferenceRow.interview_id == session_id)
            rows = session.scalars(query.options(undefer(ReferenceRow.vector)))
            return {
                row.modality: reference_from(row).template
                for row in rows
                if (row.modality, row.version) in used
            }

    def reference(self, session_id: str, modality: Modality) -> Reference | None:
        """The reference that the interview is compared with, with the file that it was made of."""
        with self._database.reading() as session:
            for each in _used(record_from(_row(session, session_id))):
                if each.modality == modality:
                    return reference_from(session.get_one(ReferenceRow, (session_id, modality, each.version)))
        return None

    def ids_in(self, *states: State, outcome: Outcome | None = None) -> list[str]:
        """The ids of interviews in these states, oldest first; only of those decided so where ``outcome`` is given."""
        query = select(InterviewRow.id).where(InterviewRow.state.in_([state.value for state in states]))
        if outcome is not None:
            query = query.where(InterviewRow.decision_outcome == outcome.value)
        with self._database.reading() as session:
            return list(session.scalars(query.order_by(InterviewRow.created_at)))


def _used(record: SessionRecord) -> list[ReferenceNote]:
    return [each for each in record.references if record.uses(each)]


def _not_started(row: InterviewRow) -> None:
    if row.started_at is not None:
        raise IllegalStep(
            "The interview has started: its references stay as they are. Create a new interview.",
            "面谈已开始，样本不能再更换，请新建面谈。",
        )


def _row(session: Session, session_id: str, *, lock: bool = False) -> InterviewRow:
    row = session.get(InterviewRow, session_id, with_for_update={"of": InterviewRow} if lock else None)
    if row is None:
        raise no_session()
    return row


def no_session() -> NotFound:
    """The refusal for an interview that is not there, or not this person's to see."""
    return NotFound("There is no such interview.", "面谈不存在。")


def _conditions(states: Sequence[State], query: str, officer_id: str | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if states:
        wanted.append(InterviewRow.state.in_([state.value for state in states]))
    if officer_id is not None:
        wanted.append(InterviewRow.officer_id == officer_id)
    if query.strip():
        text = query.strip()
        name = InterviewRow.applicant_name.icontains(text, autoescape=True)
        wanted.append(or_(name, InterviewRow.id.startswith(text.lower(), autoescape=True)))
    return wanted


def _reference_row(session_id: str, reference: Reference, version: int, made_at: datetime) -> ReferenceRow:
    return ReferenceRow(
        interview_id=session_id,
        modality=reference.modality,
        version=version,
        made_at=made_at,
        taken_from=reference.taken_from,
        media_type=reference.media_type,
        source=reference.source,
        model=reference.template.model,
        vector=template_to_bytes(reference.template),
        covariates=dumps(reference.template.covariates),
    )


def _lengthen(session: Session, session_id: str, segment: Segment) -> None:
    row = _row(session, session_id, lock=True)
    if segment.side == "applicant" and segment.end is not None:
        row.duration_s = max(row.duration_s or 0.0, segment.end)
