"""Marks of a live interview: who may make one and when, and that each is stored, audited, told and shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from interview.problems import IllegalStep, NotFound
from interview.questions.records import MarkEvent
from interview.questions.service import Questions
from interview.questions.status import QuestionsStatus
from interview.store.records import SessionRecord, StoredReading, User
from tests.interview.questions.fakes import Asking, compared
from tests.interview.world import World, observation, open_world


@dataclass
class Room:
    """Questions over a real store, with one live interview."""

    world: World
    officer: User
    line: Asking = field(init=False)

    def __post_init__(self) -> None:
        self.questions = self.service()
        self.session = self.world.live(self.officer)
        self.line = Asking(self.session.id)
        self.watcher = self.world.events.watch(self.session.id, lambda: None)

    def service(self) -> Questions:
        return Questions(self.world.repository, self.world.events, self.world.clock.now)

    async def mark(
        self,
        question: str,
        event: MarkEvent = "asked",
        t: float | None = None,
        session: SessionRecord | None = None,
    ) -> QuestionsStatus:
        self.line.t = self.line.t if t is None else t
        return await self.questions.mark(session or self.session, question, event, self.officer.id)

    def shown(self) -> list[QuestionsStatus]:
        """What whoever watches was told last."""
        return [each.payload for each in self.watcher.take() if isinstance(each.payload, QuestionsStatus)]

    def audited(self) -> list[tuple[str, object]]:
        entries = self.world.repository.audit.of_session(self.session.id)
        return [(each.actor, dict(each.detail)) for each in entries if each.action == "question.marked"]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    world = open_world(tmp_path)
    yield Room(world, world.person())
    world.repository.close()


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(cast("Coroutine[object, object, None]", test()))


async def code_of(step: Awaitable[object]) -> str:
    with pytest.raises(IllegalStep) as refused:
        await step
    return refused.value.code


def test_a_question_from_asking_to_its_answer(room: Room) -> None:
    async def test() -> None:
        room.questions.attach(room.line)
        asked = await room.mark("q3", t=31.2)
        assert (asked.questions[2].state, len(asked.questions)) == ("answering", 18)
        answered = await room.mark("q3", "answered", t=44.0)
        assert room.line.said() == [
            (31_200, "q3", 3, "probe", "asked"),
            (44_000, "q3", 3, "probe", "answered"),
        ]
        assert room.audited() == [
            (room.officer.id, {"question": "q3", "event": "asked", "t": 31.2}),
            (room.officer.id, {"question": "q3", "event": "answered", "t": 44.0}),
        ]
        assert room.shown() == [answered] == [room.questions.of_session(room.session.id)]
        assert [(each.by, each.at) for each in answered.marks] == [
            (room.officer.id, room.world.clock.now())
        ] * 2

    run(test)


def test_before_the_recording_begins_there_is_nothing_to_mark(room: Room) -> None:
    async def test() -> None:
        assert await code_of(room.mark("q1")) == "not_recorded"
        room.questions.attach(room.line)
        room.line.t = None
        assert await code_of(room.mark("q1")) == "not_recorded"
        assert room.line.told == []
        assert room.questions.of_session(room.session.id).marks == ()

    run(test)


def test_nobody_is_asked_who_is_not_there_but_an_answer_can_end(room: Room) -> None:
    async def test() -> None:
        room.questions.attach(room.line)
        await room.mark("q1", t=5.0)
        room.line.reachable = False
        assert await code_of(room.mark("q2")) == "applicant_away"
        left = room.world.sessions.applicant_lost(room.session.id)
        room.line.reachable = True
        assert await code_of(room.mark("q2", session=left)) == "applicant_away"
        await room.mark("q1", "answered", t=9.0, session=left)
        await room.mark("q1", "withdrawn", t=9.5, session=left)
        assert [each[4] for each in room.line.said()] == ["asked", "answered", "withdrawn"]

    run(test)


def test_a_mark_that_says_nothing_leaves_no_trace(room: Room) -> None:
    async def test() -> None:
        room.questions.attach(room.line)
        assert await code_of(room.mark("q1", "answered")) == "question_not_asked"
        with pytest.raises(NotFound, match="no such question"):
            await room.mark("q99")
        assert (room.line.told, room.audited(), room.shown()) == ([], [], [])

    run(test)


def test_two_clicks_at_once_are_one_question(room: Room) -> None:
    async def test() -> None:
        room.questions.attach(room.line)
        done = await asyncio.gather(room.mark("q1"), room.mark("q1"), return_exceptions=True)
        assert sorted(type(each).__name__ for each in done) == ["IllegalStep", "QuestionsStatus"]
        assert len(room.line.told) == 1

    run(test)


def test_nothing_is_marked_after_the_end(room: Room) -> None:
    async def test() -> None:
        room.questions.attach(room.line)
        await room.mark("q1")
        await room.questions.detach(room.session.id)
        await room.questions.detach(room.session.id)
        assert await code_of(room.mark("q1", "answered")) == "not_recorded"
        room.questions.attach(room.line)
        stale, room.session = room.session, room.world.sessions.seal(room.session.id, room.officer.id)
        assert await code_of(room.mark("q1", "answered")) == "illegal_step"
        assert await code_of(room.mark("q1", "answered", session=stale)) == "illegal_step"
        assert len(room.questions.of_session(room.session.id).marks) == 1

    run(test)


def test_an_analysis_that_begins_anew_can_be_told_every_mark(room: Room) -> None:
    async def test() -> None:
        room.questions.attach(room.line)
        await room.mark("q1", t=5.0)
        await room.mark("q3", t=9.0)
        await room.mark("q3", "withdrawn", t=9.4)

    run(test)
    assert room.service().told(room.session.id) == tuple(room.line.told)
    assert room.service().told("nobody") == ()


def test_what_was_measured_in_an_answer_is_told_before_it_is_stored(room: Room) -> None:
    async def test() -> None:
        room.questions.attach(room.line)
        await room.mark("q3", t=31.2)
        room.shown()
        woken = asyncio.Event()
        room.world.events.watch(room.session.id, woken.set)
        second = compared(8, 3, 31.2, 44.0, q=0.04)
        for stored in (StoredReading(6, observation()), compared(7, 3, 31.2, 44.0, q=0.3), second):
            room.questions.heard(room.session.id, stored)
        await woken.wait()
        assert [each.questions[2].reading for each in room.shown()] == [second]
        assert room.questions.of_session(room.session.id).questions[2].reading == second
        room.questions.heard("nobody", second)

    run(test)


def test_an_interview_keeps_the_template_that_it_was_created_with(room: Room) -> None:
    kept = room.questions.of_session(room.session.id).set
    assert (kept.product, kept.version) == ("working-capital", "2026.11")
    assert kept == room.world.repository.questions.set_of(room.session.id)
