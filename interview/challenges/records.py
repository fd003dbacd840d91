"""What challenges are made of: the stored record, what the applicant's page is told, what the officer is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from interview.store.records import StoredReading

Kind = Literal["flash", "pose", "digits"]
How = Literal["done", "refused", "spared", "unseen", "expired", "cancelled"]
"""How a challenge ended: only ``done`` was shown to its end, ``spared`` is an applicant who should not see flashes."""
Answer = Literal["ready", "refused", "reduced_motion", "photosensitive"]
ClockUsed = Literal["sender", "arrival"]
"""Which clock a display time comes from: the page's own, through RTCP, or the arrival of its acknowledgement."""
Direction = Literal["left", "right", "up", "down"]


class ChallengeState(StrEnum):
    """Where a challenge is. It ends once, and stays as it ended."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    SPARED = "spared"
    UNSEEN = "unseen"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OPEN: Final = frozenset({ChallengeState.WAITING, ChallengeState.RUNNING})
"""States in which a challenge can still go on."""


@dataclass(frozen=True, slots=True)
class Ack:
    """A verified acknowledgement of the page: it displayed step ``k``.

    ``shown_at_ms`` is the page's clock (Unix epoch), ``shown_s`` media time, as are ``pushed_s`` of the step and ``arrived_s`` of
    this; None in records older than these. ``signature`` is base64url, as it came.
    """

    k: int
    shown_at_ms: float
    shown_s: float
    clock: ClockUsed
    width: int
    height: int
    signature: str
    pushed_s: float | None = None
    arrived_s: float | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge as stored. ``seed`` stays on the server until the end; ``nonce`` commits to it: hex SHA-256(seed).

    ``fingerprint`` is that of the applicant's DTLS connection at issue, ``page_key`` the page's public key (SPKI,
    base64url). ``started_s`` and ``ended_s`` are media time; ``step`` counts the steps that the page displayed.
    """

    id: str
    session_id: str
    kind: Kind
    state: ChallengeState
    steps: int
    issued_at: datetime
    issued_by: str
    nonce: str
    fingerprint: str
    page_key: str
    seed: bytes = field(repr=False)
    step: int = 0
    started_s: float | None = None
    ended_s: float | None = None
    ended_at: datetime | None = None
    detail: str = ""
    acks: tuple[Ack, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it can still go on."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class ChallengeStatus:
    """A challenge as the officer sees it, with the reading that its detector made of it."""

    challenge: Challenge
    result: StoredReading | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """To the applicant's page: a challenge waits for an answer."""

    id: str
    kind: Kind
    nonce: str
    steps: int


@dataclass(frozen=True, slots=True)
class Show:
    """To the applicant's page: display step ``k``, ``after_ms`` after the one before it was displayed; at once if that is past."""

    id: str
    k: int
    after_ms: int
    colour: str | None = None
    direction: Direction | None = None
    digit: str | None = None


@dataclass(frozen=True, slots=True)
class End:
    """To the applicant's page: it is over."""

    id: str
    how: How


Cue = Begin | Show | End
"""What the applicant's page is told, in order."""
