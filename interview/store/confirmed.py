"""Confirmed outcomes in the database: a file's outcomes are added all together or not at all, and none is ever changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from fraudmodel.confirmed import Confirmed
from interview.store.audit import add_audit
from interview.store.database import Database
from interview.store.records import AuditEntry, KeptOutcome, SessionRecord
from interview.store.rows import record_from
from interview.store.schema import ConfirmedOutcomeRow, InterviewRow

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of an interview that an outcome is about. ``kept`` oldest first."""

    record: SessionRecord
    kept: tuple[KeptOutcome, ...]


@dataclass(frozen=True, slots=True)
class Addition:
    """An outcome to add, and the entry that says so."""

    outcome: KeptOutcome
    entry: AuditEntry


Plan = Callable[[dict[str, Known]], Sequence[Addition]]
"""Told what is known of each interview (those that are unknown are missing), gives what to add. What it raises changes nothing."""


class ConfirmedStore:
    """Adds and reads confirmed outcomes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, interviews: Iterable[str], plan: Plan, *, store: bool = True) -> None:
        """Add what ``plan`` gives, with its audit entries, in one transaction; with ``store`` False only ask it."""
        with self._database.writing() as session:
            additions = plan(_known(session, list(interviews)))
            if store:
                for each in additions:
                    session.add(_row(each.outcome))
                    add_audit(session, each.entry)

    def of_interview(self, session_id: str) -> tuple[KeptOutcome, ...]:
        """Every outcome of an interview, oldest first: the last one holds."""
        mine = ConfirmedOutcomeRow.interview_id == session_id
        with self._database.reading() as session:
            rows = session.scalars(
                select(ConfirmedOutcomeRow).where(mine).order_by(ConfirmedOutcomeRow.number)
            )
            return tuple(_kept(row) for row in rows)

    def everything(self) -> list[KeptOutcome]:
        """Every outcome, by interview, oldest first."""
        order = ConfirmedOutcomeRow.interview_id, ConfirmedOutcomeRow.number
        with self._database.reading() as session:
            return [_kept(row) for row in session.scalars(select(ConfirmedOutcomeRow).order_by(*order))]

    def in_force(self) -> dict[str, Confirmed]:
        """The outcome that holds, by interview."""
        return {each.confirmed.interview: each.confirmed for each in self.everything()}


def _known(session: Session, interviews: Sequence[str]) -> dict[str, Known]:
    known: dict[str, Known] = {}
    for start in range(0, len(interviews), _AT_ONCE):
        chosen = interviews[start : start + _AT_ONCE]
        kept: dict[str, list[KeptOutcome]] = {}
        query = select(ConfirmedOutcomeRow).where(ConfirmedOutcomeRow.interview_id.in_(chosen))
        for row in session.scalars(query.order_by(ConfirmedOutcomeRow.number)):
            kept.setdefault(row.interview_id, []).append(_kept(row))
        for interview in session.scalars(select(InterviewRow).where(InterviewRow.id.in_(chosen))):
            known[interview.id] = Known(record_from(interview), tuple(kept.get(interview.id, ())))
    return known


def _kept(row: ConfirmedOutcomeRow) -> KeptOutcome:
    confirmed = Confirmed(
        row.interview_id, row.fraud, row.family, row.confirmed_on, row.confirmed_by, row.source
    )
    return KeptOutcome(confirmed, row.number, row.imported_at, row.imported_by)


def _row(kept: KeptOutcome) -> ConfirmedOutcomeRow:
    confirmed = kept.confirmed
    return ConfirmedOutcomeRow(
        interview_id=confirmed.interview,
        number=kept.number,
        fraud=confirmed.fraud,
        family=confirmed.family,
        confirmed_on=confirmed.on,
        confirmed_by=confirmed.by,
        source=confirmed.source,
        imported_at=kept.imported_at,
        imported_by=kept.imported_by,
    )
