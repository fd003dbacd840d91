"""What the web needs of live media and analysis. `interview/live.py` implements it; the web knows only this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from biometrics.template import Template
from interview.session import Side

AnalysisState = Literal["running", "restarting", "idle"]


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """One side's media: kbit/s and frames a second received from it, ``loss`` the share of packets lost, 0..1."""

    connected: bool = False
    kbps: float = 0.0
    fps: float = 0.0
    loss: float = 0.0


@dataclass(frozen=True, slots=True)
class AnalysisStatus:
    """The analysis of one session. ``level`` is the cadence level (0 full), ``lag_s`` how far it is behind the call."""

    state: AnalysisState = "idle"
    level: int = 0
    lag_s: float = 0.0


@dataclass(frozen=True, slots=True)
class CallStatus:
    """How a call is doing right now. ``problem`` is why it is not being recorded, in a sentence."""

    applicant: LinkStatus = LinkStatus()
    officer: LinkStatus = LinkStatus()
    analysis: AnalysisStatus = AnalysisStatus()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class RerunResult:
    """A recording analysed again, compared number by number with what was stored.

    ``largest_difference`` is the largest absolute difference over every number, ``where`` names it ("" when 0).
    """

    largest_difference: float
    where: str
    observations: int
    assessments: int
    equal: bool
    duration_s: float


@dataclass(frozen=True, slots=True)
class MovementReplay:
    """A movement of the face shown again: ``jpeg`` holds square pictures of ``tile_px`` in rows of ``columns``, first one for each of
    ``times`` (s of media) as seen, then, from a new row on, the same with motion since the onset magnified by ``factor``.

    ``onset``, ``apex`` and ``offset`` count into ``times``.
    """

    times: tuple[float, ...]
    onset: int
    apex: int
    offset: int
    factor: float
    columns: int
    tile_px: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class References:
    """What enrolment made of the ID photo and of the optional voice reference."""

    face: Template | None = None
    voice: Template | None = None


class Calls(Protocol):
    """Live media, enrolment and re-analysis. Coroutines run on the web's event loop; the rest may block."""

    async def applicant_offer(self, session_id: str, sdp: str, page_key: str | None = None) -> str:
        """Connect the applicant's browser, for the first time or again; gives the SDP answer. Raises Problem.

        ``page_key``: the page's public key (SPKI, base64url), without which it cannot be challenged.
        """
        ...

    async def page_reports(self, session_id: str, reports: Sequence[Mapping[str, object]]) -> None:
        """Take what the applicant's page reports about itself, as facts for the analysis. Raises Problem."""
        ...

    async def officer_offer(self, session_id: str, sdp: str) -> str:
        """Connect the officer's browser, for the first time or again; gives the SDP answer. Raises Problem."""
        ...

    async def leave(self, session_id: str, side: Side) -> None:
        """One side hangs up; the call goes on for the other."""
        ...

    async def end(self, session_id: str, by: str) -> None:
        """Close both sides, finish the recording and the analysis, and seal the session. ``by`` is the officer's user id."""
        ...

    async def rerun(self, session_id: str) -> RerunResult:
        """Analyse the recording again and compare. Raises Problem where there is no recording."""
        ...

    def status(self, session_id: str) -> CallStatus:
        """How the call is doing now; all zero where there is none."""
        ...

    def enrol(self, id_photo: bytes | None, voice: bytes | None, voice_from: str | None = None) -> References:
        """Make references of the files given, the voice's of the recording of the ended interview ``voice_from`` where that is named.

        Raises EnrolmentRefused, naming the field, with what to do instead, and Problem where there is no such recording.
        """
        ...

    def recording(self, session_id: str, side: Side) -> Path | None:
        """The finished recording of one side (WebM), or None where there is none (yet)."""
        ...

    def report(self, session_id: str, language: str) -> str:
        """The session's report as one self-contained HTML page. Raises Problem where there is nothing to report."""
        ...

    def replay(self, session_id: str, seq: int) -> MovementReplay:
        """The movement that reading ``seq`` is of, aligned and magnified. Raises Problem where it is of none, where it cannot be shown,
        and where the applicant refused it."""
        ...

    def obstacles(self) -> Sequence[str]:
        """What keeps the service from taking calls now, a sentence each; empty when it is ready."""
        ...
