"""Challenges: what the officer sees of them, and what the applicant's page is told and answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from fraudmodel.signals import Reason
from interview.challenges.records import Answer, ChallengeState, ClockUsed, Direction, How, Kind
from web.schemas.base import Wire
from web.schemas.evidence import Evidence

PageKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{100,200}$")]


class ChallengeAsked(Wire):
    """Which challenge to put to the applicant."""

    kind: Kind


class ChallengeResult(Wire):
    """What the challenge's detector made of it. A raw score is greater when more attack-like; ``llr`` in nats, > 0 for fraud.

    Where it could not measure, ``reason`` says why and the numbers are null.
    """

    seq: int
    score: float | None
    quality: float | None
    llr: float | None
    p_value: float | None
    reason: Reason | None
    detail: str
    covariates: Mapping[str, float]
    evidence: list[Evidence]


class Challenge(Wire):
    """One challenge. ``step`` of ``steps`` were displayed; ``started_s`` and ``ended_s`` are media time.

    ``detail`` says more of the end in one word: ``decided`` (done early, the detector was sure), ``reduced_motion`` or
    ``photosensitive`` (spared), ``stopped`` (refused while it ran), ``officer``, ``reconnected``, ``analysis_restarted``, ``interview_ended`` or
    ``service_restarted`` (cancelled); otherwise "".
    """

    id: str
    kind: Kind
    state: ChallengeState
    step: int
    steps: int
    issued_at: datetime
    started_s: float | None
    ended_s: float | None
    detail: str
    result: ChallengeResult | None


class ChallengeAck(Wire):
    """One display that the page reported and signed. ``shown_s`` is media time, by ``clock``, as are ``pushed_s`` and ``arrived_s``
    of the step and of the report; null in older records."""

    k: int
    shown_at_ms: float
    shown_s: float
    clock: ClockUsed
    width: int
    height: int
    signature: str
    pushed_s: float | None = None
    arrived_s: float | None = None


class ChallengeRecord(Wire):
    """Everything that another person needs to check an ended challenge: the seed gives the plan, the nonce commits to it."""

    challenge: Challenge
    seed: str
    nonce: str
    fingerprint: str
    page_key: str
    acks: list[ChallengeAck]


class ChallengeAnswered(Wire):
    """What the applicant answers. The last two spare them a challenge of flashes, without penalty."""

    answer: Answer


class ChallengeShown(Wire):
    """The page displayed step ``k``. ``shown_at_ms`` is performance.timeOrigin plus the time of the animation frame.

    ``signature``: base64url of the 64 bytes r||s, ECDSA P-256 with SHA-256, over the UTF-8 of
    ``candor-challenge-1|id|nonce|k|shown_at_ms|visible|WIDTHxHEIGHT``.
    """

    k: Annotated[int, Field(ge=-1, le=1000)]
    shown_at_ms: Annotated[float, Field(ge=1e12, le=1e14)]
    visible: bool
    width: Annotated[int, Field(ge=0, le=100_000)]
    height: Annotated[int, Field(ge=0, le=100_000)]
    signature: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{86}$")]


class CueBegin(Wire):
    """A challenge waits for an answer. ``nonce`` goes into every signature. May come again after a reconnect."""

    event: Literal["begin"]
    id: str
    kind: Kind
    nonce: str
    steps: int


class CueShow(Wire):
    """Display step ``k``, ``after_ms`` after the step before it was displayed; at once if that is past.

    Of a flash, k = -1 is the grey lead-in and k = steps the grey tail; ``colour`` is ``#rrggbb``.
    """

    event: Literal["show"]
    id: str
    k: int
    after_ms: int
    colour: str | None
    direction: Direction | None
    digit: str | None


class CueEnd(Wire):
    """It is over. May come without the page having seen the rest."""

    event: Literal["end"]
    id: str
    how: How


ChallengeCue = Annotated[CueBegin | CueShow | CueEnd, Field(discriminator="event")]


class ChallengeCueEvent(Wire):
    """``event: challenge`` on the applicant's stream: every cue, in order."""

    event: Literal["challenge"]
    data: ChallengeCue
