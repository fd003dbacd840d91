"""Accounts and sign-ins in the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from interview.store.database import Database
from interview.store.records import Role, User
from interview.store.schema import AccountRow, SignInRow

_SEEN_EVERY: Final = timedelta(minutes=1)
"""How stale the time of a sign-in's last request may get: not every request has to write."""


def user_from(row: AccountRow) -> User:
    """The account that a row holds."""
    return User(row.id, row.username, row.display_name, Role(row.role), row.active, row.created_at)


class PeopleStore:
    """Reads and writes accounts and sign-ins."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, user: User, password_hash: str) -> bool:
        """Store a new account; False when its name is taken."""
        row = AccountRow(
            id=user.id,
            username=user.username,
            display_name=user.display_name,
            role=user.role.value,
            active=user.active,
            password_hash=password_hash,
            created_at=user.created_at,
        )
        try:
            with self._database.writing() as session:
                session.add(row)
        except IntegrityError:
            return False
        return True

    def save(self, user: User, password_hash: str | None = None) -> None:
        """Store an account's changes; the password only where one is given."""
        with self._database.writing() as session:
            row = session.get_one(AccountRow, user.id)
            row.display_name = user.display_name
            row.role = user.role.value
            row.active = user.active
            if password_hash is not None:
                row.password_hash = password_hash

    def user(self, user_id: str) -> User | None:
        """The account of this id."""
        with self._database.reading() as session:
            row = session.get(AccountRow, user_id)
            return None if row is None else user_from(row)

    def users(self) -> list[User]:
        """All accounts, by name."""
        with self._database.reading() as session:
            return [
                user_from(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.username))
            ]

    def credentials(self, username: str) -> tuple[User, str] | None:
        """The account of this name and its password's hash."""
        with self._database.reading() as session:
            row = session.scalar(select(AccountRow).where(AccountRow.username == username))
            return None if row is None else (user_from(row), row.password_hash)

    def begin_sign_in(self, fingerprint: str, user_id: str, now: datetime, expires_at: datetime) -> None:
        """Store a sign-in, and forget those that have expired."""
        with self._database.writing() as session:
            session.execute(delete(SignInRow).where(SignInRow.expires_at <= now))
            session.add(
                SignInRow(
                    fingerprint=fingerprint,
                    account_id=user_id,
                    created_at=now,
                    expires_at=expires_at,
                    seen_at=now,
                )
            )

    def signed_in(self, fingerprint: str, now: datetime, idle: timedelta) -> User | None:
        """Who holds this sign-in and may still use it; notes that they were seen."""
        with self._database.reading() as session:
            found = session.execute(
                select(SignInRow, AccountRow)
                .join(AccountRow, AccountRow.id == SignInRow.account_id)
                .where(SignInRow.fingerprint == fingerprint)
            ).one_or_none()
        if found is None:
            return None
        sign_in, account = found
        if now >= sign_in.expires_at or now - sign_in.seen_at > idle or not account.active:
            return None
        if now - sign_in.seen_at >= _SEEN_EVERY:
            self._saw(fingerprint, now)
        return user_from(account)

    def count_sign_ins(self) -> int:
        """How many sign-ins are stored, expired ones that nobody has cleared away yet included."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(SignInRow)) or 0

    def end_sign_in(self, fingerprint: str) -> None:
        """Remove one sign-in."""
        with self._database.writing() as session:
            session.execute(delete(SignInRow).where(SignInRow.fingerprint == fingerprint))

    def end_sign_ins(self, user_id: str) -> None:
        """Remove every sign-in of an account."""
        with self._database.writing() as session:
            session.execute(delete(SignInRow).where(SignInRow.account_id == user_id))

    def _saw(self, fingerprint: str, now: datetime) -> None:
        with self._database.writing() as session:
            row = session.get(SignInRow, fingerprint)
            if row is not None:
                row.seen_at = now
