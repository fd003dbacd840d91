"""Challenges in the database: one open at a time in an interview, and none changed once it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from interview.challenges.records import OPEN, Ack, Challenge, ChallengeState
from interview.problems import IllegalStep, NotFound
from interview.store.audit import add_audit
from interview.store.codec import dumps, loads
from interview.store.database import Database
from interview.store.records import AuditEntry
from interview.store.schema import ChallengeRow

_AS_THEY_ARE: Final = (
    "kind",
    "steps",
    "issued_at",
    "issued_by",
    "nonce",
    "fingerprint",
    "page_key",
    "seed",
    "step",
    "started_s",
    "ended_s",
    "ended_at",
    "detail",
)


class ChallengeStore:
    """Adds, changes and reads challenges, each change with its audit entries in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, challenge: Challenge, entry: AuditEntry) -> None:
        """Store a new challenge. Raises IllegalStep where another of the interview is open."""
        try:
            with self._database.writing() as session:
                row = ChallengeRow(id=challenge.id, interview_id=challenge.session_id)
                _put(row, challenge)
                session.add(row)
                session.flush()
                add_audit(session, entry)
        except IntegrityError as error:
            raise one_at_a_time() from error

    def change(self, challenge: Challenge, entries: Sequence[AuditEntry] = ()) -> None:
        """Store how far it has come. Raises IllegalStep where it had ended already, NotFound where it was never added."""
        with self._database.writing() as session:
            row = _row(session, challenge.session_id, challenge.id, lock=True)
            if ChallengeState(row.state) not in OPEN:
                raise is_over()
            _put(row, challenge)
            for entry in entries:
                add_audit(session, entry)

    def get(self, session_id: str, challenge_id: str) -> Challenge:
        """The challenge. Raises NotFound, for one of another interview too."""
        with self._database.reading() as session:
            return _challenge(_row(session, session_id, challenge_id))

    def of_session(self, session_id: str) -> list[Challenge]:
        """Every challenge of an interview, oldest first."""
        query = select(ChallengeRow).where(ChallengeRow.interview_id == session_id)
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(ChallengeRow.issued_at, ChallengeRow.id))
            return [_challenge(row) for row in rows]

    def cancel_open(self, detail: str, actor: str, at: datetime) -> list[Challenge]:
        """After a restart none goes on: end those that were open; gives them."""
        states = [state.value for state in OPEN]
        with self._database.writing() as session:
            rows = session.scalars(
                select(ChallengeRow).where(ChallengeRow.state.in_(states)).with_for_update()
            )
            ended = [_challenge(row) for row in rows]
            for challenge in ended:
                row = _row(session, challenge.session_id, challenge.id)
                row.state, row.detail, row.ended_at = ChallengeState.CANCELLED.value, detail, at
                told = {"challenge": challenge.id, "how": "cancelled", "detail": detail}
                add_audit(session, AuditEntry(at, actor, "challenge.ended", challenge.session_id, told))
        return [replace(one, state=ChallengeState.CANCELLED, detail=detail, ended_at=at) for one in ended]


def one_at_a_time() -> IllegalStep:
    """The refusal of a second challenge."""
    return IllegalStep(
        "Another challenge of this interview is still going on: wait for its end, or cancel it.",
        "该面谈已有一项互动核验正在进行，请等待其结束或先取消。",
        code="challenge_open",
    )


def is_over() -> IllegalStep:
    """The refusal of whatever comes after the end."""
    return IllegalStep("This challenge is over.", "该互动核验已结束。", code="challenge_over")


def _row(session: Session, session_id: str, challenge_id: str, *, lock: bool = False) -> ChallengeRow:
    row = session.get(ChallengeRow, challenge_id, with_for_update=lock or None)
    if row is None or row.interview_id != session_id:
        raise NotFound("There is no such challenge.", "互动核验不存在。")
    return row


def _put(row: ChallengeRow, challenge: Challenge) -> None:
    for name in _AS_THEY_ARE:
        setattr(row, name, getattr(challenge, name))
    row.state = challenge.state.value
    row.acks = dumps([asdict(ack) for ack in challenge.acks])


def _challenge(row: ChallengeRow) -> Challenge:
    fields: dict[str, Any] = {name: getattr(row, name) for name in _AS_THEY_ARE}
    return Challenge(
        id=row.id,
        session_id=row.interview_id,
        state=ChallengeState(row.state),
        acks=tuple(Ack(**ack) for ack in loads(row.acks)),
        **fields,
    )
