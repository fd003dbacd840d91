"""One live call: who is connected, what is recorded, what the analysis gives, kept together and in step."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from interview.analysis.feeding import Event
from interview.audit import SYSTEM, AuditLog
from interview.calls import AnalysisStatus, CallStatus, LinkStatus
from interview.challenges.service import Challenges
from interview.errors import ServiceError
from interview.live.analysing import Analysing, OpenFeed
from interview.live.line import ApplicantLine
from interview.live.outlet import Batch
from interview.live.pages import PageReports
from interview.live.reels import Reels
from interview.media.gateway import MediaSession, PeerState, Role
from interview.media.journal import Told
from interview.media.packets import Packet
from interview.problems import Problem, Unavailable
from interview.questions.service import Questions
from interview.session import State
from interview.sessions import Sessions
from interview.store.records import SessionRecord, StoredReading

log = logging.getLogger(__name__)

_KEEP_EVERY_S: Final = 0.5
_TELL_EVERY: Final = 2
"""The call's status goes out with every second round of keeping."""
_STEP_TRIES: Final = 60
_STEP_AGAIN_S: Final = 1.0
_UNKEPT: Final = (
    "What the analysis gives cannot be stored now; it is kept in memory and stored as soon as it can be."
)


class LiveCall:
    """One interview while somebody is in it. Lives on the event loop; the store is reached through threads."""

    def __init__(
        self,
        record: SessionRecord,
        sessions: Sessions,
        audit: AuditLog,
        reels: Reels,
        open_feed: OpenFeed,
        challenges: Challenges,
        questions: Questions,
        pages: PageReports,
        now: Callable[[], datetime],
    ) -> None:
        self.id = record.id
        self._sessions = sessions
        self._audit = audit
        self._reels = reels
        self._now = now
        self._loop = asyncio.get_running_loop()
        self._challenges = challenges
        self._questions = questions
        self._pages = pages
        self._analysis = Analysing(record.id, sessions, open_feed, self._on_event, heard=self._on_reading)
        self._media: MediaSession | None = None
        self._line: ApplicantLine | None = None
        self._unkept = Batch()
        self._unkept_why: str | None = None
        self._has_record = record.progress.started_at is not None
        self._begun = False
        self._ending = False
        self._closing = asyncio.Event()
        self._steps: asyncio.Queue[tuple[Role, PeerState] | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_s: dict[Role, float] = {"applicant": 0.0, "officer": 0.0}
        self._there: set[Role] = set()
        self._quiet_since_s = self._loop.time()

    def start(self, media: MediaSession) -> None:
        """Take charge of the call's media."""
        self._media = media
        self._line = ApplicantLine(
            self.id,
            media,
            self.tell,
            there=lambda: "applicant" in self._there,
            analysed=lambda: self._analysis.status().state != "idle",
        )
        for work in (self._follow(), self._keep()):
            self._run(work)

    @property
    def media(self) -> MediaSession:
        """The call's media. Raises RuntimeError before `start`."""
        if self._media is None:
            raise RuntimeError("the call has no media yet")
        return self._media

    @property
    def line(self) -> ApplicantLine:
        """The applicant's end of it. Raises RuntimeError before `start`."""
        if self._line is None:
            raise RuntimeError("the call has no media yet")
        return self._line

    @property
    def ending(self) -> bool:
        """Whether it is being ended: what `end` left waits for `keep_last`."""
        return self._ending

    @property
    def unkept(self) -> bool:
        """Whether something is still to be stored that only this call has."""
        return bool(self._unkept)

    def quiet_s(self) -> float:
        """For how long nobody has been connected, s; 0 while somebody is."""
        return 0.0 if self._there else self._loop.time() - self._quiet_since_s

    async def ready_analysis(self, record: SessionRecord) -> None:
        """Take a place in the analysis, once. Raises ServiceError where every worker is full."""
        await self._analysis.ready(record)

    async def connect(self, role: Role, offer_sdp: str, page_key: str | None = None) -> str:
        """Answer one side's offer; ``page_key`` is that of the applicant's page. Raises MediaError."""
        self._quiet_since_s = self._loop.time()
        if role == "officer":
            return await self.media.connect_officer(offer_sdp)
        answer = await self.media.connect_applicant(offer_sdp)
        self.line.bind(offer_sdp, page_key)
        self._challenges.rebound(self.id)
        return answer

    def on_packet(self, role: Role, packet: Packet) -> None:
        """From the media edge. The officer is recorded, never analysed: only their sound goes along, to take its echo out."""
        self._last_s[role] = packet.t
        if role == "applicant":
            self._analysis.put(packet)
        elif packet.kind == "audio":
            self._analysis.put(replace(packet, kind="far"))

    def tell(self, told: Told) -> None:
        """A fact for the analysis, from the page, the edge or a challenge."""
        self._analysis.tell(told)

    def on_state(self, role: Role, state: PeerState) -> None:
        """From the media edge: a side came or went."""
        if state == "connected":
            self._there.add(role)
        else:
            self._there.discard(role)
            self._quiet_since_s = self._loop.time()
        self._steps.put_nowait((role, state))

    def status(self) -> CallStatus:
        """How the call is doing."""
        stats = self.media.stats()
        links = {
            role: LinkStatus(each.connected, each.kbps, each.fps, each.loss) for role, each in stats.items()
        }
        analysis = self._analysis.status() if self._begun else AnalysisStatus()
        problem = self.media.recording_error or self._unkept_why
        return CallStatus(links["applicant"], links["officer"], analysis, problem)

    async def leave(self, role: Role) -> None:
        """One side hangs up."""
        await self.media.disconnect(role)

    async def end(self) -> None:
        """Hang up and let the analysis finish; `keep_last` stores its end. May be called again where sealing failed."""
        self._ending = True
        await self.media.close()
        await self._settle()
        if not self._has_record:
            await self._analysis.give_up()
        elif not await self._analysis.finish():
            await asyncio.to_thread(self._audit.write, SYSTEM, "analysis.unfinished", self.id)

    async def keep_last(self) -> None:
        """Store what `end` left: last of all, so that a crash before it leaves an interview that can go on. Raises Unavailable."""
        await self._keep_once()
        if self._unkept:
            raise Unavailable(
                "The end of the interview cannot be stored, perhaps because the disk is full: free some space, then end it again.",
                "面谈的最后部分无法保存（磁盘可能已满），请清理空间后再次结束面谈。",
            )

    async def stop(self) -> None:
        """Hang up and keep what there is, so that the interview can go on later: the service stops, or nobody is there."""
        await self.media.close()
        if not self._ending:
            await self._analysis.give_up()
        await self._settle()
        if not self._ending:
            await self._keep_once()

    async def _settle(self) -> None:
        """End the call's own work once it has done what it had begun."""
        self._closing.set()
        self._steps.put_nowait(None)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _on_event(self, event: Event) -> None:
        """On the supervisor's thread."""
        self._loop.call_soon_threadsafe(self._on_analysis, event)

    def _on_reading(self, stored: StoredReading) -> None:
        """On the supervisor's thread."""
        self._loop.call_soon_threadsafe(self._challenges.heard, self.id, stored)
        self._loop.call_soon_threadsafe(self._questions.heard, self.id, stored)

    def _on_analysis(self, event: Event) -> None:
        if event is not Event.KEYFRAME_WANTED:
            self._run(asyncio.to_thread(self._audit.write, SYSTEM, f"analysis.{event.value}", self.id))
            # Detectors that are new know nothing of what was told before.
            self._challenges.restarted(self.id)
            self.line.tell_again(self._pages.of(self.id))
        if event is not Event.GAVE_UP:
            self.media.request_keyframe("applicant")

    async def _follow(self) -> None:
        """Turn what the edge says about its sides into steps of the interview, in order."""
        while (news := await self._steps.get()) is not None:
            for _ in range(_STEP_TRIES):
                if self._ending or await self._noted(*news) or await self._closes_within(_STEP_AGAIN_S):
                    break

    async def _noted(self, role: Role, state: PeerState) -> bool:
        """Whether the step need not be tried again: an interview must not fail to begin because the store stumbled."""
        try:
            await self._step(role, state)
        except Problem as problem:
            log.warning("session %s: %s %s changes nothing: %s", self.id, role, state, problem)
        except Exception:
            log.exception("session %s: %s %s could not be noted", self.id, role, state)
            return False
        return True

    async def _step(self, role: Role, state: PeerState) -> None:
        record = await asyncio.to_thread(self._step_of(role, state), self.id)
        if record.progress.state is State.LIVE and not self._begun:
            await self._begin(record)
        self._sessions.tell(self.id, self.status())

    def _step_of(self, role: Role, state: PeerState) -> Callable[[str], SessionRecord]:
        there = state == "connected"
        if role == "applicant":
            return self._sessions.applicant_joined if there else self._sessions.applicant_lost
        return self._sessions.officer_joined if there else self._sessions.officer_left

    async def _begin(self, record: SessionRecord) -> None:
        """From here on there is a record, under the consent that holds now."""
        try:
            await self._analysis.ready(record)
        except ServiceError:
            log.exception("session %s: the call goes on without analysis", self.id)
        at_s = await asyncio.to_thread(self._reels.media_time, record, self._now())
        marked = await asyncio.to_thread(self._questions.told, self.id)
        self._begun = self._has_record = True
        self.media.begin(at_s)
        self.line.begin(self._pages.of(self.id), marked)

    async def _keep(self) -> None:
        """Twice a second: make safe what was recorded and given; tell how the call is doing."""
        for number in itertools.count(1):
            if await self._closes_within(_KEEP_EVERY_S):
                return
            await self._keep_once()
            if number % _TELL_EVERY == 0:
                self._sessions.tell(self.id, self.status())

    async def _keep_once(self) -> None:
        self._unkept = self._unkept.then(self._analysis.take())
        await self.media.flush()
        if not self._has_record:
            self._unkept = Batch()
            return
        try:
            await asyncio.to_thread(self._store, self._unkept)
            self._unkept, self._unkept_why = Batch(), None
            await asyncio.to_thread(self._name_segments)
        except Exception:
            self._unkept_why = _UNKEPT if self._unkept else None
            log.exception("session %s: %d outputs wait to be stored", self.id, len(self._unkept.outputs))

    def _store(self, batch: Batch) -> None:
        if batch:
            self._sessions.keep(self.id, batch.outputs, batch.journal)

    def _name_segments(self) -> None:
        for role, t in self._last_s.items():
            self._reels.note(self.id, role, t)

    async def _closes_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        return self._closing.is_set()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("session %s: its work failed", self.id, exc_info=task.exception())
