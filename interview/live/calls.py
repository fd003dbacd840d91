"""`Calls` for real: the live calls of this service, enrolment and re-runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from fraudmodel.assessment import FraudAssessment
from interview.analysis.supervisor import Supervisor
from interview.audit import AuditLog
from interview.calls import CallStatus, References, RerunResult
from interview.errors import MediaError, ServiceError
from interview.live.call import LiveCall
from interview.live.clerk import Clerk
from interview.live.enrolling import Enrol, Refusal
from interview.live.reels import Reels
from interview.live.reporting import Report, facts_of
from interview.live.rerunning import Rerun
from interview.live.specification import spec_of
from interview.media.gateway import Gateway
from interview.media.journal import decode
from interview.problems import IllegalStep, NotFound, Rejected, Unavailable
from interview.session import OPEN, Side, State
from interview.sessions import Sessions
from interview.store.records import SessionRecord

log = logging.getLogger(__name__)


class LiveCalls:
    """Implements `interview.calls.Calls`. Take calls inside ``async with calls.running()``."""

    def __init__(
        self,
        sessions: Sessions,
        audit: AuditLog,
        reels: Reels,
        supervisor: Supervisor,
        clerks: Callable[[], Clerk],
        open_gateway: Callable[[], Gateway],
        now: Callable[[], datetime],
        version: str,
    ) -> None:
        self._version = version
        self._sessions = sessions
        self._audit = audit
        self._reels = reels
        self._supervisor = supervisor
        self._enrolment, self._reruns = clerks(), clerks()
        self._open_gateway = open_gateway
        self._now = now
        self._gateway: Gateway | None = None
        self._calls: dict[str, LiveCall] = {}
        self._opening: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take calls until left; then hang up, keeping what there is."""
        self._gateway = self._open_gateway()
        interrupted = await asyncio.to_thread(self._sessions.recover)
        recovery = asyncio.create_task(asyncio.to_thread(self._recover, interrupted))
        try:
            yield
        finally:
            await recovery
            await asyncio.gather(*(call.stop() for call in self._calls.values()), return_exceptions=True)
            await self._gateway.close()
            for stop in (self._supervisor.close, self._enrolment.close, self._reruns.close):
                await asyncio.to_thread(stop)

    async def applicant_offer(self, session_id: str, sdp: str) -> str:
        """Connect the applicant; their place in the analysis is taken first. Raises Problem."""
        call = await self._call(session_id)
        try:
            await call.ready_analysis(await asyncio.to_thread(self._sessions.get, session_id))
        except ServiceError as error:
            raise Unavailable(
                f"The interview cannot begin now: {error}.", "当前面谈数量已满，请稍后再试。"
            ) from error
        return await _answered(call.media.connect_applicant(sdp))

    async def officer_offer(self, session_id: str, sdp: str) -> str:
        """Connect the officer. Raises Problem."""
        call = await self._call(session_id)
        return await _answered(call.media.connect_officer(sdp))

    async def leave(self, session_id: str, side: Side) -> None:
        """One side hangs up."""
        call = self._calls.get(session_id)
        if call is not None:
            await call.leave(side)

    async def end(self, session_id: str, by: str) -> None:
        """Close everything of the interview and seal it. Raises IllegalStep where it was already."""
        record = await asyncio.to_thread(self._sessions.get, session_id)
        if record.progress.state not in OPEN:
            raise IllegalStep("This interview has ended already.", "该面谈已经结束。")
        call = self._calls.pop(session_id, None)
        if call is None and record.progress.started_at is not None:
            call = await self._call(session_id)
            del self._calls[session_id]
            await call.ready_analysis(record)
        if call is not None:
            await call.end()
        await asyncio.to_thread(self._seal, session_id, by)

    async def rerun(self, session_id: str) -> RerunResult:
        """Analyse the finished recording again. Raises Problem where there is none."""
        return await asyncio.to_thread(self._rerun, session_id)

    def status(self, session_id: str) -> CallStatus:
        """How the call is doing."""
        call = self._calls.get(session_id)
        return call.status() if call is not None else CallStatus()

    def enrol(self, id_photo: bytes | None, voice: bytes | None) -> References:
        """Make references. Raises EnrolmentRefused."""
        made = self._enrolment.do(Enrol(id_photo, voice))
        if isinstance(made, Refusal):
            raise made.problem()
        return made

    def recording(self, session_id: str, side: Side) -> Path | None:
        """The finished recording of one side."""
        return self._reels.finished(session_id, side)

    def report(self, session_id: str, language: str) -> str:
        """The interview's report. Raises Problem before it has ended, or where nothing was assessed."""
        record, recording = self._ended(session_id)
        outputs = tuple(self._sessions.repository.outputs.all(session_id))
        if not any(isinstance(output, FraudAssessment) for output in outputs):
            raise NotFound("Nothing was assessed in this interview.", "该面谈没有评估结果。")
        job = Report(
            title=record.applicant_name,
            recording=recording,
            outputs=outputs,
            models=record.models,
            made_at=self._now(),
            version=self._version,
            language="zh" if language.startswith("zh") else "en",
            facts=facts_of(record),
        )
        return self._reruns.do(job)

    def obstacles(self) -> Sequence[str]:
        """Why no call can be taken now."""
        if self._gateway is None:
            return ["The media edge has not started."]
        if not self._supervisor.worker_pids():
            return ["No analysis worker is running."]
        return []

    async def _call(self, session_id: str) -> LiveCall:
        async with self._opening.setdefault(session_id, asyncio.Lock()):
            if session_id not in self._calls:
                record = await asyncio.to_thread(self._sessions.get, session_id)
                self._calls[session_id] = self._open(record)
            return self._calls[session_id]

    def _open(self, record: SessionRecord) -> LiveCall:
        if self._gateway is None:
            raise Unavailable(
                "The service is starting: try again in a few seconds.", "服务正在启动，请稍后重试。"
            )
        call = LiveCall(record, self._sessions, self._audit, self._reels, self._supervisor.open, self._now)
        folder = self._reels.folder(record.id)
        call.start(self._gateway.open(record.id, folder, call.on_packet, call.on_state, held=True))
        return call

    def _seal(self, session_id: str, by: str) -> None:
        self._reels.finish(session_id)
        outputs = self._sessions.repository.outputs.all(session_id)
        models = {str(getattr(output, "model", "")) for output in outputs} - {""}
        self._sessions.repository.interviews.set_models(session_id, sorted(models))
        self._sessions.seal(session_id, by)
        self._reels.remove_segments(session_id)

    def _recover(self, interrupted: Sequence[str]) -> None:
        """After a crash: make what was recorded playable again."""
        for session_id in interrupted:
            try:
                self._reels.finish(session_id)
            except (OSError, MediaError):
                log.exception("session %s: its recording could not be recovered", session_id)

    def _ended(self, session_id: str) -> tuple[SessionRecord, Path]:
        """An ended interview and its recording. Raises Problem where it has not ended, or was not recorded."""
        record = self._sessions.get(session_id)
        if record.progress.state not in (State.SEALED, State.DECIDED):
            raise IllegalStep(
                "This is there once the interview has ended: end it first.",
                "面谈结束后才能进行此操作，请先结束面谈。",
            )
        recording = self._reels.finished(session_id, "applicant")
        if recording is None:
            raise NotFound(
                "This interview was not recorded: nobody was connected.", "该面谈没有录像：无人接入。"
            )
        return record, recording

    def _rerun(self, session_id: str) -> RerunResult:
        record, recording = self._ended(session_id)
        repository = self._sessions.repository
        began = perf_counter()
        entries = tuple(
            decode(line, number) for number, line in enumerate(repository.outputs.journal(session_id), 1)
        )
        spec = spec_of(record, repository.interviews.templates(session_id))
        job = Rerun(recording, entries, spec, tuple(repository.outputs.all(session_id)))
        difference = self._reruns.do(job)
        return RerunResult(
            largest_difference=difference.largest,
            where=difference.where,
            observations=difference.fresh.observations,
            assessments=difference.fresh.assessments,
            equal=difference.equal,
            duration_s=perf_counter() - began,
        )


async def _answered(connecting: Coroutine[Any, Any, str]) -> str:
    try:
        return await connecting
    except MediaError as error:
        raise Rejected(
            str(error), "浏览器的连接请求无法处理，请刷新页面后重试。", code="bad_offer"
        ) from error
