"""Questions in the database: the template that an interview keeps, and marks that are only ever added."""

from __future__ import annotations

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview.problems import NotFound
from interview.questions.records import Mark, MarkEvent, QuestionSet, require_possible
from interview.questions.templates import parse_set
from interview.store.audit import add_audit
from interview.store.database import Database
from interview.store.interviews import no_session
from interview.store.records import AuditEntry
from interview.store.rows import record_from
from interview.store.schema import InterviewRow, QuestionMarkRow, QuestionSetRow


class QuestionStore:
    """Adds and reads marks; the template is stored with its interview."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, session_id: str, mark: Mark, entry: AuditEntry) -> tuple[Mark, ...]:
        """Store a mark with its audit entry in one transaction; gives every mark of the interview.

        Raises IllegalStep once the interview is sealed and where the mark would say nothing, NotFound for a question that is not there.
        """
        with self._database.writing() as session:
            interview = session.get(InterviewRow, session_id, with_for_update={"of": InterviewRow})
            if interview is None:
                raise no_session()
            record_from(interview).progress.require_open("mark a question", "标记问题")
            _set(session, session_id).number(mark.question)
            marks = _marks(session, session_id)
            require_possible(marks, mark.question, mark.event)
            session.add(_row(session_id, len(marks), mark))
            add_audit(session, entry)
        return (*marks, mark)

    def set_of(self, session_id: str) -> QuestionSet:
        """The template that the interview was created with. Raises NotFound for one that was created without."""
        with self._database.reading() as session:
            return _set(session, session_id)

    def marks(self, session_id: str) -> tuple[Mark, ...]:
        """Every mark of the interview, in order."""
        with self._database.reading() as session:
            return _marks(session, session_id)


def _set(session: Session, session_id: str) -> QuestionSet:
    row = session.get(QuestionSetRow, session_id)
    if row is None:
        raise NotFound(
            "This interview was created without questions.", "该面谈未设置问题。", code="no_questions"
        )
    return parse_set(row.body, f"the questions of interview {session_id}")


def _marks(session: Session, session_id: str) -> tuple[Mark, ...]:
    query = select(QuestionMarkRow).where(QuestionMarkRow.interview_id == session_id)
    return tuple(_mark(row) for row in session.scalars(query.order_by(QuestionMarkRow.number)))


def _mark(row: QuestionMarkRow) -> Mark:
    return Mark(row.question, cast("MarkEvent", row.event), row.t_ms, row.marked_at, row.marked_by)


def _row(session_id: str, number: int, mark: Mark) -> QuestionMarkRow:
    return QuestionMarkRow(
        interview_id=session_id,
        number=number,
        question=mark.question,
        event=mark.event,
        t_ms=mark.t_ms,
        marked_at=mark.at,
        marked_by=mark.by,
    )
