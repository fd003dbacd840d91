"""Parameters and policies in the database, word for word and once each: what an interview was made with stays what it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from fraudmodel.rulebook import Document, Rulebook
from interview.problems import Rejected
from interview.store.database import Database
from interview.store.schema import DocumentRow, InterviewRow


class DocumentStore:
    """Reads documents; they are stored with the interview that keeps them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rulebook(self, session_id: str) -> Rulebook | None:
        """What the interview was made with; None for one that is older than documents, or not there.

        Raises Rejected where a document is not what its digest says: nothing is computed by a rule that was changed.
        """
        query = select(InterviewRow.parameters_digest, InterviewRow.policy_digest)
        with self._database.reading() as session:
            found = session.execute(query.where(InterviewRow.id == session_id)).one_or_none()
            if found is None or found.parameters_digest is None or found.policy_digest is None:
                return None
            return Rulebook(
                _document(session, found.parameters_digest), _document(session, found.policy_digest)
            )


def keep_documents(session: Session, at: datetime, *documents: Document) -> None:
    """Store those that are not there yet, within a transaction. Two that store the same at once do not disturb each other."""
    for document in documents:
        values = {"digest": document.digest, "body": document.body, "kept_at": at}
        if session.get_bind().dialect.name == "sqlite":
            session.execute(sqlite.insert(DocumentRow).values(values).on_conflict_do_nothing())
        else:
            session.execute(postgresql.insert(DocumentRow).values(values).on_conflict_do_nothing())


def _document(session: Session, digest: str) -> Document:
    row = session.get(DocumentRow, digest)
    document = None if row is None else Document(row.body)
    if document is None or document.digest != digest:
        what = "is not in the database" if document is None else "was changed in the database"
        raise Rejected(
            f"What this interview was made with ({digest[:8]}) {what}: restore it from a backup; nothing is computed without it.",
            "该面谈所用的参数或策略已缺失或被改动，请从备份恢复；在此之前不再计算。",
            code="record_not_whole",
        )
    return document
