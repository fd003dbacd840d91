"""The application over a real store, with people who can sign in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI

from interview.audit import AuditLog
from interview.challenges.service import Challenges
from interview.questions.service import Questions
from interview.services import Services
from interview.settings import IceServer, Settings
from interview.store.records import Role, SessionRecord, User
from tests.interview.challenges.fakes import ManualTimer
from tests.interview.world import KEY, World, open_world
from tests.web.fakes import Browser, FakeCalls
from web.app import create_app

PEOPLE = {"li": Role.OFFICER, "wang": Role.OFFICER, "zhao": Role.COMPLIANCE, "root": Role.ADMIN}


@dataclass(frozen=True, slots=True)
class Site:
    """A running application, what lies beneath it, and its people."""

    app: FastAPI
    world: World
    calls: FakeCalls
    services: Services
    timer: ManualTimer
    officer: User
    colleague: User
    compliance: User
    admin: User
    browser: Callable[..., Browser]

    def as_(self, user: User) -> Browser:
        """A fresh browser with this person signed in."""
        browser = self.browser()
        assert browser.sign_in(user.username).status_code == 200
        return browser

    def interview(self) -> SessionRecord:
        return self.world.interview(self.officer)

    def token(self, session: SessionRecord) -> str:
        return self.world.sessions.token(session)


def services(world: World, calls: FakeCalls, static: Path, timer: ManualTimer | None = None) -> Services:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings' own argument
        institution="测试银行",
        ice_servers=[IceServer(urls="turn:turn.test", username="u", credential="c")],
    )
    return Services(
        settings=settings,
        version="0.1.0",
        demo=False,
        sessions=world.sessions,
        accounts=world.accounts,
        audit=AuditLog(world.repository.audit, world.clock.now),
        signer=world.signer,
        events=world.events,
        calls=calls,
        challenges=Challenges(
            world.repository,
            world.events,
            AuditLog(world.repository.audit, world.clock.now),
            KEY,
            world.clock.now,
            lambda: timer or ManualTimer(),
        ),
        questions=Questions(world.repository, world.events, world.clock.now),
        static=static,
        now=world.clock.now,
        monotonic=world.clock.monotonic,
        heartbeat_s=0.02,
    )


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the people in it, made once; every test works on a copy."""
    folder = tmp_path_factory.mktemp("prepared")
    world = open_world(folder)
    for username, role in PEOPLE.items():
        world.person(username, role)
    world.repository.close()
    return folder / "candor.db"


@pytest.fixture
def site(tmp_path: Path, prepared: Path) -> Iterator[Site]:
    shutil.copy(prepared, tmp_path)
    world = open_world(tmp_path)
    people = {person.username: person for person in world.accounts.everyone()}
    calls = FakeCalls(world.sessions)
    timer = ManualTimer()
    built = services(world, calls, tmp_path / "static", timer)
    browsers: list[Browser] = []
    app = create_app(built)

    def browser(**options: str) -> Browser:
        browsers.append(Browser(app, **options))
        return browsers[-1]

    yield Site(
        app=app,
        world=world,
        calls=calls,
        services=built,
        timer=timer,
        officer=people["li"],
        colleague=people["wang"],
        compliance=people["zhao"],
        admin=people["root"],
        browser=browser,
    )
    for one in browsers:
        one.close()
    world.repository.close()
