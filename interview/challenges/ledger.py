"""What of challenges is still to be stored: kept in order, and tried again where the store stumbles."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from interview.challenges.records import Challenge
from interview.problems import Problem
from interview.store.challenges import ChallengeStore
from interview.store.records import AuditEntry

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Note:
    challenge: Challenge
    entries: list[AuditEntry]


@dataclass(slots=True)
class _Account:
    """One interview's notes by challenge, and whose turn it is to store them."""

    notes: dict[str, _Note] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Ledger:
    """Lives on the event loop; the store is reached through threads."""

    def __init__(self, store: ChallengeStore) -> None:
        self._store = store
        self._accounts: dict[str, _Account] = {}

    def note(self, challenge: Challenge, entry: AuditEntry) -> None:
        """This is how far the challenge has come; to be stored with the entry at the next `settle`."""
        account = self._accounts.setdefault(challenge.session_id, _Account())
        note = account.notes.setdefault(challenge.id, _Note(challenge, []))
        note.challenge = challenge
        note.entries.append(entry)

    async def settle(self, session_id: str) -> None:
        """Store what was noted for an interview. What cannot be stored is logged and waits for the next time."""
        account = self._accounts.get(session_id)
        if account is None:
            return
        async with account.turn:
            for note in list(account.notes.values()):
                await self._store_note(account, note)
        if not account.notes and self._accounts.get(session_id) is account:
            del self._accounts[session_id]

    async def _store_note(self, account: _Account, note: _Note) -> None:
        challenge, count = note.challenge, len(note.entries)
        try:
            await asyncio.to_thread(self._store.change, challenge, tuple(note.entries))
        except Problem:
            log.exception("session %s: challenge %s is not to be changed", challenge.session_id, challenge.id)
        except Exception:
            log.exception("session %s: challenge %s cannot be stored now", challenge.session_id, challenge.id)
            return
        del note.entries[:count]
        if note.challenge is challenge:
            del account.notes[challenge.id]
