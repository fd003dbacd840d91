"""Local accounts: who may sign in, with what rights, and for how long a sign-in holds."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from interview.problems import NotFound, Rejected, SignInFailed
from interview.store.people import PeopleStore
from interview.store.records import Role, User
from interview.tokens import fingerprint

MIN_PASSWORD_CHARACTERS: Final = 10
IDLE: Final = timedelta(hours=2)
"""How long a sign-in holds without a request."""
LONGEST: Final = timedelta(hours=12)
"""How long a sign-in holds at all: one working day."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person who has just signed in, and the secret that their browser keeps."""

    user: User
    secret: str


class Accounts:
    """Creates, changes and checks accounts. Passwords are stored as argon2id hashes, sign-ins as SHA-256 of their secret."""

    def __init__(
        self, people: PeopleStore, now: Callable[[], datetime], hasher: PasswordHasher | None = None
    ) -> None:
        self._people = people
        self._now = now
        self._hasher = hasher or PasswordHasher()
        # Checked for an unknown name too, so that the time taken does not tell which names exist.
        self._decoy = self._hasher.hash(secrets.token_urlsafe(16))

    def create(self, username: str, display_name: str, role: Role, password: str) -> User:
        """A new account. Raises Rejected when the name is taken or the password too short."""
        user = User(secrets.token_hex(8), username.lower(), display_name, role, True, self._now())
        if not self._people.add(user, self._hash(password)):
            raise Rejected(
                f"There is already an account named {username}.",
                f"账号 {username} 已存在。",
                code="username_taken",
            )
        return user

    def change(
        self,
        user_id: str,
        *,
        display_name: str | None = None,
        role: Role | None = None,
        active: bool | None = None,
        password: str | None = None,
    ) -> User:
        """Change what is given. A new password, or switching off, ends the account's sign-ins."""
        user = self.get(user_id)
        changed = replace(
            user,
            display_name=user.display_name if display_name is None else display_name,
            role=user.role if role is None else role,
            active=user.active if active is None else active,
        )
        self._keep_one_admin(user, changed)
        self._people.save(changed, None if password is None else self._hash(password))
        if password is not None or not changed.active:
            self._people.end_sign_ins(user_id)
        return changed

    def get(self, user_id: str) -> User:
        """The account. Raises NotFound."""
        user = self._people.user(user_id)
        if user is None:
            raise NotFound("There is no such account.", "账号不存在。")
        return user

    def everyone(self) -> list[User]:
        """All accounts, by name."""
        return self._people.users()

    def sign_in(self, username: str, password: str) -> SignIn:
        """Check name and password and begin a sign-in. Raises SignInFailed, without saying which was wrong."""
        found = self._people.credentials(username.strip().lower())
        right = self._verify(self._decoy if found is None else found[1], password)
        if found is None or not right or not found[0].active:
            raise SignInFailed("The name or the password is wrong.", "用户名或密码不正确。")
        user, stored = found
        if self._hasher.check_needs_rehash(stored):
            self._people.save(user, self._hasher.hash(password))
        secret = secrets.token_urlsafe(32)
        now = self._now()
        self._people.begin_sign_in(fingerprint(secret), user.id, now, now + LONGEST)
        return SignIn(user, secret)

    def user_of(self, secret: str) -> User | None:
        """Who holds this sign-in; None when it ended, expired or was idle too long."""
        return self._people.signed_in(fingerprint(secret), self._now(), IDLE)

    def sign_out(self, secret: str) -> None:
        """End this sign-in."""
        self._people.end_sign_in(fingerprint(secret))

    def _hash(self, password: str) -> str:
        if len(password) < MIN_PASSWORD_CHARACTERS:
            raise Rejected(
                f"A password needs at least {MIN_PASSWORD_CHARACTERS} characters.",
                f"密码至少需要{MIN_PASSWORD_CHARACTERS}个字符。",
                code="password_too_short",
            )
        return self._hasher.hash(password)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def _keep_one_admin(self, before: User, after: User) -> None:
        if not (before.role is Role.ADMIN and before.active) or (after.role is Role.ADMIN and after.active):
            return
        admins = [user for user in self._people.users() if user.role is Role.ADMIN and user.active]
        if len(admins) == 1:
            raise Rejected(
                "This is the last administrator: make somebody else one first.",
                "这是最后一位管理员，请先指定其他管理员。",
                code="last_admin",
            )
