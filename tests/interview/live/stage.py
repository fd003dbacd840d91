"""Live calls over a real store, a real media edge and real clients, with an analysis that needs no models."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import cast

from interview.analysis.protocol import Output
from interview.analysis.supervisor import Supervisor
from interview.audit import AuditLog
from interview.challenges.service import Challenges
from interview.live.calls import LiveCalls
from interview.live.clerk import Clerk
from interview.live.desk import Desk
from interview.live.reels import Reels
from interview.media.gateway import Gateway, GatewaySettings
from interview.media.journal import Entry, decode
from interview.questions.service import Questions
from interview.questions.templates import load_templates
from interview.rules import load_rules
from interview.session import Side, State
from interview.sessions import Deployment
from interview.store.records import SessionRecord, User
from tests.interview.challenges.fakes import ManualTimer
from tests.interview.live.fakes import FakeClerk, FakeFeed, FakeSupervisor, StumblingSessions
from tests.interview.media.clients import Client, until
from tests.interview.world import KEY, World, agreed, open_world


@dataclass
class Stage:
    """A service without its web, and what lies beneath it."""

    folder: Path
    world: World
    officer: User
    sessions: StumblingSessions
    park_after_s: float = 60.0
    supervisor: FakeSupervisor = field(default_factory=FakeSupervisor)
    clerk: FakeClerk = field(default_factory=FakeClerk)
    gateways: list[Gateway] = field(default_factory=list)
    timer: ManualTimer = field(default_factory=ManualTimer)

    @classmethod
    def set_up(cls, folder: Path, park_after_s: float = 60.0) -> Stage:
        world = open_world(folder)
        deployment = Deployment(load_rules(), 0.005, timedelta(hours=24), load_templates())
        sessions = StumblingSessions(
            world.repository, world.events, world.signer, deployment, world.clock.now
        )
        world.sessions = sessions
        return cls(folder, world, world.person(), sessions, park_after_s)

    @property
    def reels(self) -> Reels:
        return Reels(self.folder / "sessions", self.world.repository)

    @cached_property
    def challenges(self) -> Challenges:
        world = self.world
        audit = AuditLog(world.repository.audit, world.clock.now)
        return Challenges(world.repository, world.events, audit, KEY, world.clock.now, lambda: self.timer)

    @cached_property
    def questions(self) -> Questions:
        return Questions(self.world.repository, self.world.events, self.world.clock.now)

    @property
    def gateway(self) -> Gateway:
        return self.gateways[-1]

    def calls(self) -> LiveCalls:
        """A run of the service; one after another share the store."""
        clerk = cast("Clerk", self.clerk)
        return LiveCalls(
            self.sessions,
            AuditLog(self.world.repository.audit, self.world.clock.now),
            self.reels,
            cast("Supervisor", self.supervisor),
            Desk(self.sessions, self.reels, lambda: clerk, self.world.clock.now, "0.1.0"),
            self.challenges,
            self.questions,
            self._open_gateway,
            self.world.clock.now,
            self.park_after_s,
        )

    def interview(self) -> str:
        """An interview whose applicant has consented."""
        session = self.world.interview(self.officer)
        self.world.sessions.consent(session.id, agreed(self.world.clock.now()))
        return session.id

    def record(self, session_id: str) -> SessionRecord:
        return self.sessions.get(session_id)

    def state(self, session_id: str) -> State:
        return self.record(session_id).progress.state

    def journal(self, session_id: str) -> list[Entry]:
        return [decode(line) for line in self.world.repository.outputs.journal(session_id)]

    def outputs(self, session_id: str) -> list[Output]:
        return list(self.world.repository.outputs.all(session_id))

    def actions(self, session_id: str) -> list[str]:
        return [entry.action for entry in self.world.repository.audit.of_session(session_id)]

    def feed(self) -> FakeFeed:
        return self.supervisor.feeds[-1]

    def _open_gateway(self) -> Gateway:
        self.gateways.append(Gateway(GatewaySettings(loopback=True), self.world.clock.now))
        return self.gateways[-1]


@asynccontextmanager
async def joined(calls: LiveCalls, session_id: str, side: Side) -> AsyncIterator[Client]:
    """One side's browser, from its offer until it closes."""
    client = Client(camera=True)
    offer = calls.applicant_offer if side == "applicant" else calls.officer_offer
    try:
        await client.accept(await offer(session_id, await client.offer()))
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def both(stage: Stage, calls: LiveCalls, session_id: str) -> AsyncIterator[None]:
    """Both sides in a call that is live and has been analysed for a moment."""
    async with joined(calls, session_id, "applicant"):
        await until(lambda: stage.state(session_id) is not State.CONSENTED)
        async with joined(calls, session_id, "officer"):
            await until(lambda: stage.state(session_id) is State.LIVE)
            await until(lambda: len(stage.feed().packets) >= 45)
            yield


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(cast("Coroutine[object, object, None]", test()))
