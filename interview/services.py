"""Everything that the web's routes need, built once by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from interview.accounts import Accounts
from interview.audit import AuditLog
from interview.calls import Calls
from interview.challenges.service import Challenges
from interview.events import EventHub
from interview.questions.service import Questions
from interview.sessions import Sessions
from interview.settings import Settings
from interview.tokens import LinkSigner


@dataclass(frozen=True, slots=True)
class Services:
    """``static`` is the console's build; ``now`` wall time, ``monotonic`` seconds for rate limits."""

    settings: Settings
    version: str
    demo: bool
    sessions: Sessions
    accounts: Accounts
    audit: AuditLog
    signer: LinkSigner
    events: EventHub
    calls: Calls
    challenges: Challenges
    questions: Questions
    static: Path
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    heartbeat_s: float = 15.0
