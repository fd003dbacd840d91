"""The audit log: what happened, who did it and when. Entries are added and read, never changed or removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from interview.store.audit import AuditStore
from interview.store.records import AuditEntry

SYSTEM: Final = "system"
APPLICANT: Final = "applicant"


class AuditLog:
    """Adds entries with the wall time; reads them back by session."""

    def __init__(self, store: AuditStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def write(
        self, actor: str, action: str, session_id: str | None = None, **detail: str | float | bool | None
    ) -> None:
        """Add one entry. ``actor`` is a user id, ``applicant`` or ``system``; never biometrics in ``detail``."""
        self._store.add(AuditEntry(self._now(), actor, action, session_id, detail))

    def of_session(self, session_id: str) -> list[AuditEntry]:
        """Everything that happened in one session, oldest first."""
        return self._store.of_session(session_id)
