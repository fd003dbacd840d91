"""`Calls` for real: the live calls of this service, and its desk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from interview.analysis.supervisor import Supervisor
from interview.audit import AuditLog
from interview.calls import CallStatus, MovementReplay, References, RerunResult
from interview.challenges import proof
from interview.challenges.service import Challenges
from interview.errors import MediaError, ServiceError
from interview.live.call import LiveCall
from interview.live.desk import Desk
from interview.live.pages import PageReports
from interview.live.past import PastSessions
from interview.live.reels import Reels
from interview.live.turns import Turns
from interview.media.gateway import Gateway, Role
from interview.problems import ConsentNeeded, Rejected, Unavailable
from interview.questions.service import Questions
from interview.session import Side, State
from interview.sessions import Sessions
from interview.store.records import SessionRecord

log = logging.getLogger(__name__)

PARK_AFTER_S: Final = 120.0
"""A call that nobody has been in for so long gives its place in the analysis and its memory to others."""
_TIDY_EVERY_S: Final = 30.0


class LiveCalls:
    """Implements `interview.calls.Calls`. Take calls inside ``async with calls.running()``."""

    def __init__(
        self,
        sessions: Sessions,
        audit: AuditLog,
        reels: Reels,
        supervisor: Supervisor,
        desk: Desk,
        challenges: Challenges,
        questions: Questions,
        open_gateway: Callable[[], Gateway],
        now: Callable[[], datetime],
        park_after_s: float = PARK_AFTER_S,
    ) -> None:
        self._sessions = sessions
        self._audit = audit
        self._reels = reels
        self._supervisor = supervisor
        self._desk = desk
        self._challenges = challenges
        self._questions = questions
        self._pages = PageReports()
        self._past = PastSessions(sessions, reels, desk.fingerprint)
        self._open_gateway = open_gateway
        self._now = now
        self._park_after_s = park_after_s
        self._gateway: Gateway | None = None
        self._calls: dict[str, LiveCall] = {}
        self._turns = Turns()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take calls until left; then hang up, keeping what there is."""
        self._gateway = self._open_gateway()
        await asyncio.to_thread(self._sessions.recover)
        await asyncio.to_thread(self._challenges.recover)
        chores = [asyncio.create_task(self._recover()), asyncio.create_task(self._keep_tidy())]
        try:
            yield
        finally:
            for chore in chores:
                chore.cancel()
            await asyncio.gather(*chores, return_exceptions=True)
            await asyncio.gather(*(self._stop(call) for call in self._calls.values()))
            await self._gateway.close()
            await asyncio.gather(*(asyncio.to_thread(each.close) for each in (self._supervisor, self._desk)))

    async def applicant_offer(self, session_id: str, sdp: str, page_key: str | None = None) -> str:
        """Connect the applicant; their place in the analysis is taken first. Raises Problem."""
        key = None if page_key is None else proof.page_key(page_key)
        async with self._turns.of(session_id):
            record = await self._joinable(session_id)
            call = self._call(record)
            await _placed(call, record)
            if not call.line.past:
                call.line.past = await asyncio.to_thread(self._past.of, session_id)
            return await _answered(call, "applicant", sdp, key)

    async def page_reports(self, session_id: str, reports: Sequence[Mapping[str, object]]) -> None:
        """Take what the applicant's page reports; before the interview begins it is kept for then. Raises Problem."""
        record = await self._joinable(session_id)
        if record.progress.consent is None:
            raise ConsentNeeded(
                "Consent comes first: nothing about the camera is kept before.", "请先完成授权。"
            )
        self._pages.keep(session_id, reports)
        call = self._calls.get(session_id)
        if call is not None:
            call.line.tell_page(reports)

    async def officer_offer(self, session_id: str, sdp: str) -> str:
        """Connect the officer. Raises Problem."""
        async with self._turns.of(session_id):
            record = await self._joinable(session_id)
            return await _answered(self._call(record), "officer", sdp)

    async def leave(self, session_id: str, side: Side) -> None:
        """One side hangs up."""
        call = self._calls.get(session_id)
        if call is not None:
            await call.leave(side)

    async def end(self, session_id: str, by: str) -> None:
        """Close everything of the interview and seal it. Raises IllegalStep where it was already.

        Where the disk refuses, Unavailable says so and nothing is lost: it can be ended again.
        """
        async with self._turns.of(session_id):
            record = await asyncio.to_thread(self._sessions.get, session_id)
            record.progress.require_open("end it", "结束")
            call = self._calls.get(session_id)
            if record.progress.started_at is not None and not (call is not None and call.ending):
                # Where a restart broke it off and the applicant never came back, its analysis is still owed an end.
                call = self._call(record)
                await _placed(call, record)
            await self._challenges.detach(session_id)
            await self._questions.detach(session_id)
            if call is not None:
                self._log_lateness(call)
                await call.end()
            await asyncio.to_thread(self._finish_recording, session_id)
            if call is not None:
                await call.keep_last()
            await asyncio.to_thread(self._seal, session_id, by)
            self._calls.pop(session_id, None)
            self._pages.forget(session_id)

    async def rerun(self, session_id: str) -> RerunResult:
        """Analyse the finished recording again. Raises Problem where there is none."""
        return await asyncio.to_thread(self._desk.rerun, session_id)

    def status(self, session_id: str) -> CallStatus:
        """How the call is doing."""
        call = self._calls.get(session_id)
        return call.status() if call is not None else CallStatus()

    def enrol(self, id_photo: bytes | None, voice: bytes | None, voice_from: str | None = None) -> References:
        """Make references. Raises EnrolmentRefused."""
        return self._desk.enrol(id_photo, voice, voice_from)

    def recording(self, session_id: str, side: Side) -> Path | None:
        """The finished recording of one side."""
        return self._reels.finished(session_id, side)

    def report(self, session_id: str, language: str) -> str:
        """The interview's report. Raises Problem before it has ended, or where nothing was assessed."""
        return self._desk.report(session_id, language)

    def replay(self, session_id: str, seq: int) -> MovementReplay:
        """A movement shown again. Raises Problem."""
        return self._desk.replay(session_id, seq)

    async def tidy(self) -> None:
        """Put away calls that nobody has been in for long: whoever comes back finds them as after a restart of the service.

        And make an interview that is over known again, should it be played in another.
        """
        for session_id in list(self._calls):
            async with self._turns.of(session_id):
                await self._park(session_id)
        await asyncio.to_thread(self._past.catch_up)

    def obstacles(self) -> Sequence[str]:
        """Why no call can be taken now."""
        if self._gateway is None:
            return ["The media edge has not started."]
        if not self._supervisor.worker_pids():
            return ["No analysis worker is running."]
        return []

    async def _joinable(self, session_id: str) -> SessionRecord:
        record = await asyncio.to_thread(self._sessions.get, session_id)
        record.progress.require_open("join", "加入")
        return record

    def _call(self, record: SessionRecord) -> LiveCall:
        """The interview's call, opened where there is none. In the interview's turn only."""
        if record.id not in self._calls:
            self._calls[record.id] = self._open(record)
        return self._calls[record.id]

    def _open(self, record: SessionRecord) -> LiveCall:
        if self._gateway is None:
            raise Unavailable(
                "The service is starting: try again in a few seconds.", "服务正在启动，请稍后重试。"
            )
        call = LiveCall(
            record,
            self._sessions,
            self._audit,
            self._reels,
            self._supervisor.open,
            self._challenges,
            self._questions,
            self._pages,
            self._now,
        )
        folder = self._reels.folder(record.id)
        call.start(
            self._gateway.open(
                record.id,
                folder,
                call.on_packet,
                call.on_state,
                held=True,
                on_transport=lambda role, report: call.line.tell_transport(role, report),
            )
        )
        self._challenges.attach(call.line)
        self._questions.attach(call.line)
        return call

    def _finish_recording(self, session_id: str) -> None:
        try:
            self._reels.finish(session_id)
        except (OSError, MediaError) as error:
            log.exception("session %s: its recording could not be finished", session_id)
            raise Unavailable(
                f"The recording cannot be finished ({error}); nothing of it is lost. Free some space, then end it again.",
                "录像无法完成保存（磁盘可能已满），已录内容不会丢失。请清理空间后再次结束面谈。",
            ) from error

    def _log_lateness(self, call: LiveCall) -> None:
        lateness_s = call.media.lateness_s("applicant")
        if lateness_s is not None:
            log.info("session %s: media arrive %.0f ms after the sender's clock", call.id, 1000 * lateness_s)

    def _seal(self, session_id: str, by: str) -> None:
        outputs = self._sessions.repository.outputs.all(session_id)
        models = {str(getattr(output, "model", "")) for output in outputs} - {""}
        self._sessions.repository.interviews.set_models(session_id, sorted(models))
        self._sessions.seal(session_id, by)
        try:
            self._reels.remove_segments(session_id)
        except OSError:
            log.exception("session %s: its segments stay beside its recording", session_id)

    async def _recover(self) -> None:
        """After a restart: make playable what was recorded of the interviews that it broke off."""
        find = self._sessions.repository.interviews.ids_in
        for session_id in await asyncio.to_thread(find, State.INTERRUPTED):
            async with self._turns.of(session_id):
                try:
                    await asyncio.to_thread(self._reels.catch_up, session_id)
                except Exception:
                    log.exception("session %s: its recording could not be recovered", session_id)

    async def _keep_tidy(self) -> None:
        while True:
            await asyncio.sleep(_TIDY_EVERY_S)
            await self.tidy()

    async def _park(self, session_id: str) -> None:
        call = self._calls.get(session_id)
        if call is None or call.ending or call.quiet_s() <= self._park_after_s:
            return
        await self._stop(call)
        if not call.unkept:
            del self._calls[session_id]

    async def _stop(self, call: LiveCall) -> None:
        try:
            await self._challenges.detach(call.id)
            await self._questions.detach(call.id)
            await call.stop()
        except Exception:
            log.exception("session %s: its call could not be stopped in order", call.id)


async def _placed(call: LiveCall, record: SessionRecord) -> None:
    try:
        await call.ready_analysis(record)
    except ServiceError as error:
        raise Unavailable(
            f"The interview cannot go on now: {error}.", "当前面谈数量已满，请稍后再试。"
        ) from error


async def _answered(call: LiveCall, role: Role, sdp: str, page_key: str | None = None) -> str:
    try:
        return await call.connect(role, sdp, page_key)
    except MediaError as error:
        raise Rejected(
            str(error), "浏览器的连接请求无法处理，请刷新页面后重试。", code="bad_offer"
        ) from error
