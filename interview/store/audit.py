"""The audit log in the database: added to and read, nothing else."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview.store.codec import dumps, loads
from interview.store.database import Database
from interview.store.records import AuditEntry
from interview.store.schema import AuditRow


def add_audit(session: Session, entry: AuditEntry) -> None:
    """Add an entry within a transaction, so that what it records and the record stand or fall together."""
    session.add(
        AuditRow(
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            interview_id=entry.session_id,
            detail=dumps(dict(entry.detail)),
        )
    )


class AuditStore:
    """Adds and reads audit entries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: AuditEntry) -> None:
        """Add one entry; the database gives it the next ``seq``."""
        with self._database.writing() as session:
            add_audit(session, entry)

    def of_session(self, session_id: str) -> list[AuditEntry]:
        """One interview's entries, oldest first."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(AuditRow).where(AuditRow.interview_id == session_id).order_by(AuditRow.seq)
            )
            return [_entry(row) for row in rows]

    def last(self, action: str) -> AuditEntry | None:
        """The newest entry of an action; None where there is none."""
        query = select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.seq.desc()).limit(1)
        with self._database.reading() as session:
            row = session.scalars(query).one_or_none()
            return None if row is None else _entry(row)

    def everything(self) -> list[AuditEntry]:
        """The whole log, oldest first."""
        with self._database.reading() as session:
            return [_entry(row) for row in session.scalars(select(AuditRow).order_by(AuditRow.seq))]


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.at, row.actor, row.action, row.interview_id, loads(row.detail), row.seq)
