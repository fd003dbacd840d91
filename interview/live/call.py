"""One live call: who is connected, what is recorded, what the analysis gives, kept together and in step."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Final

from interview.analysis.feeding import Event, Listener
from interview.analysis.protocol import AnalysisSpec, Resume
from interview.analysis.supervisor import Feed
from interview.audit import SYSTEM, AuditLog
from interview.calls import AnalysisStatus, CallStatus, LinkStatus
from interview.live.outlet import Batch, Outlet
from interview.live.reels import Reels
from interview.live.specification import resume_of, spec_of
from interview.media.gateway import MediaSession, PeerState, Role
from interview.media.packets import Packet
from interview.session import State
from interview.sessions import Sessions
from interview.store.records import SessionRecord, StoredAssessment, StoredReading

log = logging.getLogger(__name__)

_KEEP_EVERY_S: Final = 0.5
_TELL_EVERY: Final = 2
"""The call's status goes out with every second round of keeping."""
_LAST_OUTPUTS_S: Final = 20.0


OpenFeed = Callable[[AnalysisSpec, Listener, Resume | None], Feed]


class LiveCall:
    """One interview while its service runs. Lives on the event loop; the store is reached through threads."""

    def __init__(
        self,
        record: SessionRecord,
        sessions: Sessions,
        audit: AuditLog,
        reels: Reels,
        open_feed: OpenFeed,
        now: Callable[[], datetime],
    ) -> None:
        self.id = record.id
        self._sessions = sessions
        self._audit = audit
        self._reels = reels
        self._open_feed = open_feed
        self._now = now
        self._loop = asyncio.get_running_loop()
        self._media: MediaSession | None = None
        self._feed: Feed | None = None
        self._outlet: Outlet | None = None
        self._unkept = Batch()
        self._begun = False
        self._steps: asyncio.Queue[tuple[Role, PeerState]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_s: dict[Role, float] = {"applicant": 0.0, "officer": 0.0}

    def start(self, media: MediaSession) -> None:
        """Take charge of the call's media."""
        self._media = media
        for work in (self._follow(), self._keep()):
            self._run(work)

    @property
    def media(self) -> MediaSession:
        """The call's media. Raises RuntimeError before `start`."""
        if self._media is None:
            raise RuntimeError("the call has no media yet")
        return self._media

    async def ready_analysis(self, record: SessionRecord) -> None:
        """Take a place in the analysis, once. Raises ServiceError where every worker is full."""
        if self._feed is None:
            spec, resume, count = await asyncio.to_thread(self._preparation, record)
            self._outlet = Outlet(count, self._announce, self._on_event)
            self._feed = self._open_feed(spec, self._outlet, resume)

    def on_packet(self, role: Role, packet: Packet) -> None:
        """From the media edge: the officer is recorded, never analysed."""
        self._last_s[role] = packet.t
        if role == "applicant" and self._feed is not None:
            self._feed.put(packet)

    def on_state(self, role: Role, state: PeerState) -> None:
        """From the media edge: a side came or went."""
        self._steps.put_nowait((role, state))

    def status(self) -> CallStatus:
        """How the call is doing."""
        stats = self.media.stats()
        links = {
            role: LinkStatus(each.connected, each.kbps, each.fps, each.loss) for role, each in stats.items()
        }
        analysis = AnalysisStatus()
        if self._feed is not None and self._begun:
            feed = self._feed.status()
            analysis = AnalysisStatus(feed.state, feed.level, feed.lag_s)
        return CallStatus(links["applicant"], links["officer"], analysis, self.media.recording_error)

    async def leave(self, role: Role) -> None:
        """One side hangs up."""
        await self.media.disconnect(role)

    async def end(self) -> None:
        """Hang up, let the analysis finish, keep the last of everything."""
        await self.media.close()
        await self._finish_analysis()
        await self._settle()

    async def stop(self) -> None:
        """The service stops: keep what there is, so that the interview can go on after a restart."""
        await self.media.close()
        if self._feed is not None:
            self._feed.close()
        await self._settle()

    async def _settle(self) -> None:
        """End the call's own work, then keep what came last."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._keep_once()

    async def _finish_analysis(self) -> None:
        if self._feed is None:
            return
        try:
            async with asyncio.timeout(_LAST_OUTPUTS_S):
                await asyncio.wrap_future(self._feed.finish())
        except TimeoutError:
            log.error("session %s: the analysis did not finish within %.0f s", self.id, _LAST_OUTPUTS_S)
            self._feed.close()

    def _preparation(self, record: SessionRecord) -> tuple[AnalysisSpec, Resume | None, int]:
        outputs = self._sessions.repository.outputs
        resume = resume_of(outputs.all(record.id)) if outputs.count(record.id) else None
        spec = spec_of(record, self._sessions.repository.interviews.templates(record.id))
        return spec, resume, outputs.count(record.id)

    def _announce(self, stored: StoredReading | StoredAssessment) -> None:
        self._sessions.announce(self.id, stored)

    def _on_event(self, event: Event) -> None:
        """On the supervisor's thread."""
        self._loop.call_soon_threadsafe(self._on_analysis, event)

    def _on_analysis(self, event: Event) -> None:
        if event is not Event.KEYFRAME_WANTED:
            self._run(asyncio.to_thread(self._audit.write, SYSTEM, f"analysis.{event.value}", self.id))
        if event is not Event.GAVE_UP:
            self.media.request_keyframe("applicant")

    async def _follow(self) -> None:
        """Turn what the edge says about its sides into steps of the interview, in order."""
        while True:
            role, state = await self._steps.get()
            try:
                await self._step(role, state)
            except Exception:
                log.exception("session %s: %s %s could not be noted", self.id, role, state)

    async def _step(self, role: Role, state: PeerState) -> None:
        record = await asyncio.to_thread(self._step_of(role, state), self.id)
        if record.progress.state is State.LIVE and not self._begun:
            self._begun = True
            self.media.begin(await asyncio.to_thread(self._reels.media_time, record, self._now()))
        self._sessions.tell(self.id, self.status())

    def _step_of(self, role: Role, state: PeerState) -> Callable[[str], SessionRecord]:
        there = state == "connected"
        if role == "applicant":
            return self._sessions.applicant_joined if there else self._sessions.applicant_lost
        return self._sessions.officer_joined if there else self._sessions.officer_left

    async def _keep(self) -> None:
        """Twice a second: make safe what was recorded and given; tell how the call is doing."""
        for number in itertools.count(1):
            await asyncio.sleep(_KEEP_EVERY_S)
            await self._keep_once()
            if number % _TELL_EVERY == 0:
                self._sessions.tell(self.id, self.status())

    async def _keep_once(self) -> None:
        if self._outlet is not None:
            self._unkept = self._unkept.then(self._outlet.take())
        await self.media.flush()
        if not self._begun:
            return
        batch, self._unkept = self._unkept, Batch()
        try:
            await asyncio.to_thread(self._store, batch)
        except Exception:
            self._unkept = batch.then(self._unkept)
            log.exception("session %s: %d outputs wait to be stored", self.id, len(batch.outputs))

    def _store(self, batch: Batch) -> None:
        if batch:
            self._sessions.keep(self.id, batch.outputs, batch.journal)
        for role, t in self._last_s.items():
            self._reels.note(self.id, role, t)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
