"""How a call is doing, and the events of a live interview."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fraudmodel.signals import Reason
from web.schemas.base import UnitInterval, Wire
from web.schemas.challenges import Challenge
from web.schemas.evidence import Assessment, Reading
from web.schemas.questions import Questions
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


class SpeechHeard(Wire):
    """Seconds of the applicant's speech at media time ``t`` (s): without pauses, usable for a comparison, and not judged yet.

    ``snr_db``, ``clipped`` (share of samples) and ``rolloff_hz`` are of the last 3 s of speech, null before there were as many;
    ``reason`` says why the latest speech is not usable. A comparison takes ``verify_s`` of usable speech, a reference ``enrol_s``.
    """

    t: float
    net_speech_s: float
    usable_s: float
    waiting_s: float
    snr_db: float | None
    clipped: UnitInterval | None
    rolloff_hz: float | None
    reason: Reason | None
    verify_s: float
    enrol_s: float


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


class SpeechEvent(Wire):
    """``event: speech``: once a second where it has changed."""

    event: Literal["speech"]
    data: SpeechHeard


class CallEvent(Wire):
    """``event: call``."""

    event: Literal["call"]
    data: CallStatus


class ChallengeEvent(Wire):
    """``event: challenge``: where the latest challenge is."""

    event: Literal["challenge"]
    data: Challenge


class QuestionsEvent(Wire):
    """``event: questions``: where the questions are, whenever one was marked or an answer compared."""

    event: Literal["questions"]
    data: Questions


SessionEvent = Annotated[
    StateEvent | AssessmentEvent | ReadingEvent | SpeechEvent | CallEvent | ChallengeEvent | QuestionsEvent,
    Field(discriminator="event"),
]
