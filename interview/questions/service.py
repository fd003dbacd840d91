"""Questions as the service knows them: the officer marks when one was asked and answered, and the analysis hears of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from interview.events import EventHub
from interview.media.journal import Told
from interview.problems import IllegalStep, NotFound
from interview.questions.records import Mark, MarkEvent
from interview.questions.status import BEHAVIOUR, QuestionsStatus, status_of
from interview.session import State
from interview.store.records import AuditEntry, Detail, SessionRecord, StoredReading
from interview.store.repository import Repository

log = logging.getLogger(__name__)


class Line(Protocol):
    """What a mark needs of a live call. Everything runs on the event loop."""

    id: str

    @property
    def reachable(self) -> bool:
        """Whether the applicant is connected and recorded."""
        ...

    def now_s(self) -> float | None:
        """Media time now; None before the recording began."""
        ...

    def tell_question(self, told: Told) -> None:
        """A mark for the analysis, kept for one that begins anew."""
        ...


@dataclass(slots=True)
class _Call:
    """One call. ``heard`` holds what the analysis gave about answers and may not be stored yet; ``stale`` whether that was told."""

    line: Line
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    heard: dict[int, StoredReading] = field(default_factory=dict)
    stale: bool = False


class Questions:
    """`mark`, `heard`, `attach` and `detach` run on the event loop; `of_session` and `told` block."""

    def __init__(self, repository: Repository, events: EventHub, now: Callable[[], datetime]) -> None:
        self._store = repository.questions
        self._outputs = repository.outputs
        self._events = events
        self._now = now
        self._calls: dict[str, _Call] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def mark(
        self, session: SessionRecord, question_id: str, event: MarkEvent, by: str
    ) -> QuestionsStatus:
        """The officer marks a question. Raises IllegalStep where it cannot have happened now, NotFound for no such question."""
        call, t_ms = self._recorded(session, event)
        mark = Mark(question_id, event, t_ms, self._now(), by)
        detail: Detail = {"question": question_id, "event": event, "t": t_ms / 1000.0}
        entry = AuditEntry(mark.at, by, "question.marked", session.id, detail)
        async with call.turn:
            questions = await asyncio.to_thread(self._store.set_of, session.id)
            told = questions.told(question_id, event, t_ms)
            await asyncio.to_thread(self._store.add, session.id, mark, entry)
            call.line.tell_question(told)
            status = await asyncio.to_thread(self.of_session, session.id)
            self._events.publish(session.id, status)
        return status

    def of_session(self, session_id: str) -> QuestionsStatus:
        """An interview's questions with their marks and what was measured. Raises NotFound for one that was created without."""
        questions, marks = self._store.set_of(session_id), self._store.marks(session_id)
        readings = self._outputs.readings(session_id, BEHAVIOUR) if marks else []
        call = self._calls.get(session_id)
        fresh = {} if call is None else dict(call.heard)
        by_seq = {each.seq: each for each in readings} | fresh
        return status_of(questions, marks, [by_seq[seq] for seq in sorted(by_seq)])

    def told(self, session_id: str) -> tuple[Told, ...]:
        """Every mark as the analysis is told it, for one that knows none of them."""
        marks = self._store.marks(session_id)
        if not marks:
            return ()
        questions = self._store.set_of(session_id)
        return tuple(questions.told(mark.question, mark.event, mark.t_ms) for mark in marks)

    def attach(self, line: Line) -> None:
        """A call is there in which questions can be asked."""
        self._calls[line.id] = _Call(line)

    async def detach(self, session_id: str) -> None:
        """The call ends; a mark that is under way is stored first. Idempotent."""
        call = self._calls.pop(session_id, None)
        if call is not None:
            async with call.turn:
                pass

    def heard(self, session_id: str, stored: StoredReading) -> None:
        """The analysis gave a reading: those about answers are told to whoever watches."""
        call = self._calls.get(session_id)
        if call is None or stored.reading.kind != BEHAVIOUR:
            return
        call.heard[stored.seq] = stored
        if not call.stale:
            call.stale = True
            task = asyncio.get_running_loop().create_task(self._tell(session_id, call))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _tell(self, session_id: str, call: _Call) -> None:
        """Answers are compared again with each that comes: what came together is told together."""
        async with call.turn:
            call.stale = False
            try:
                status = await asyncio.to_thread(self.of_session, session_id)
            except NotFound:
                return  # an interview from before there were questions
            except Exception:
                log.exception("session %s: what its answers gave cannot be told now", session_id)
                return
            self._events.publish(session_id, status)

    def _recorded(self, session: SessionRecord, event: MarkEvent) -> tuple[_Call, int]:
        """The call and its media time in ms. Raises IllegalStep where nothing is recorded, or nobody is there to be asked."""
        session.progress.require_open("mark a question", "标记问题")
        call = self._calls.get(session.id)
        now_s = None if call is None else call.line.now_s()
        if call is None or now_s is None:
            raise IllegalStep(
                "The recording has not begun: mark questions once the applicant is in the call.",
                "录像尚未开始，请在申请人进入通话后再标记问题。",
                code="not_recorded",
            )
        if event == "asked" and not (call.line.reachable and session.progress.state is State.LIVE):
            raise IllegalStep(
                "The applicant is not in the call: ask again once you see their picture.",
                "申请人不在通话中，请在看到对方画面后重试。",
                code="applicant_away",
            )
        return call, max(0, round(1000 * now_s))
