"""How a call is doing, and the events of a live interview."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from web.schemas.base import Wire
from web.schemas.challenges import Challenge
from web.schemas.evidence import Assessment, Reading
from web.schemas.sessions import SessionSummary


class LinkStatus(Wire):
    """One side's media as received: kbit/s, frames a second, share of packets lost (0..1)."""

    connected: bool
    kbps: float
    fps: float
    loss: float


class AnalysisStatus(Wire):
    """The analysis: cadence level (0 full) and how far it is behind the call, in seconds."""

    state: Literal["running", "restarting", "idle"]
    level: int
    lag_s: float


class CallStatus(Wire):
    """How the call is doing."""

    applicant: LinkStatus
    officer: LinkStatus
    analysis: AnalysisStatus


class StateEvent(Wire):
    """``event: state``; ``data`` is what the line ``data:`` holds. Also sent once on connecting."""

    event: Literal["state"]
    data: SessionSummary


class AssessmentEvent(Wire):
    """``event: assessment``."""

    event: Literal["assessment"]
    data: Assessment


class ReadingEvent(Wire):
    """``event: reading``."""

    event: Literal["reading"]
    data: Reading


class CallEvent(Wire):
    """``event: call``."""

    event: Literal["call"]
    data: CallStatus


class ChallengeEvent(Wire):
    """``event: challenge``: where the latest challenge is."""

    event: Literal["challenge"]
    data: Challenge


SessionEvent = Annotated[
    StateEvent | AssessmentEvent | ReadingEvent | CallEvent | ChallengeEvent,
    Field(discriminator="event"),
]
