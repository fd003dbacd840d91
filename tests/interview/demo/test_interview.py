"""The demo on a running service, with programs that a test acts out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from interview.demo.clip import demo_media
from interview.demo.interview import OFFICER, PASSWORD, Demo, finished
from interview.problems import EnrolmentRefused
from interview.services import Services
from interview.session import State
from interview.store.records import SessionRecord
from tests.interview.world import World, agreed, open_world
from tests.web.conftest import services
from tests.web.fakes import FakeCalls


@dataclass
class Programs:
    """Acts out each program that the demo runs, and remembers it. ``acts`` run in turn; one that gives False fails; after the last nothing succeeds."""

    acts: list[Callable[[], object]]
    ran: list[tuple[Sequence[str], dict[str, str]]] = field(default_factory=list)

    async def __call__(self, command: Sequence[str], **environment: str) -> bool:
        self.ran.append((command, environment))
        await asyncio.sleep(0)
        if not self.acts:
            return False
        return self.acts.pop(0)() is not False

    def names(self) -> list[str]:
        return [command[1] if command[1] == "simulate" else command[2] for command, _ in self.ran]


@dataclass
class Scene:
    """A service, and the demo's media in its cache."""

    world: World
    calls: FakeCalls
    services: Services

    def show(self, *acts: Callable[[], object]) -> Programs:
        programs = Programs(list(acts))
        program: Callable[..., Awaitable[bool]] = programs
        asyncio.run(Demo(self.services, "http://127.0.0.1:8700", program).run())
        return programs

    def interviews(self) -> Sequence[SessionRecord]:
        return self.world.repository.interviews.find().items

    def finish_first(self) -> None:
        """What the demo's applicant and officer do together."""
        session = self.interviews()[0]
        self.world.sessions.consent(session.id, agreed())
        self.world.sessions.officer_joined(session.id)
        self.world.sessions.applicant_joined(session.id)
        self.world.sessions.seal(session.id, session.officer_id)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    world = open_world(tmp_path)
    calls = FakeCalls(world.sessions)
    built = services(world, calls, tmp_path / "static")
    media = demo_media(tmp_path / "cache" / "demo")
    media.clip.parent.mkdir(parents=True)
    for file in (media.clip, media.id_photo, media.voice_reference):
        file.write_bytes(b"media")
    settings = built.settings.model_copy(update={"cache_dir": tmp_path / "cache"})
    yield Scene(world, calls, replace(built, settings=settings))
    world.repository.close()


def nothing() -> None:
    """A program that simply ends."""


def test_one_finished_interview_and_one_that_waits(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    programs = scene.show(scene.finish_first, nothing)
    assert [session.progress.state for session in scene.interviews()] in (
        [State.CREATED, State.SEALED],
        [State.SEALED, State.CREATED],
    )
    assert all(session.simulated for session in scene.interviews())
    assert programs.names() == ["simulate", "interview.demo.officer", "simulate"]
    assert all("--lit" in command for command, _ in programs.ran if "simulate" in command)
    command, environment = programs.ran[1]
    assert environment == {"CANDOR_PASSWORD": PASSWORD}
    assert PASSWORD not in " ".join(command)
    said = " ".join(capsys.readouterr().out.split())
    assert f"sign in as {OFFICER}, demo-compliance, demo-admin with the password {PASSWORD}" in said
    assert "The applicant is simulated." in said


def test_second_start_takes_up_the_interview_that_waits(scene: Scene) -> None:
    scene.show(scene.finish_first, nothing)
    links = {session.id: session.link.nonce for session in scene.interviews()}
    programs = scene.show()
    assert programs.names() == ["simulate"]
    assert {session.id for session in scene.interviews()} == set(links)
    (renewed,) = (s for s in scene.interviews() if s.link.nonce != links[s.id])
    assert renewed.progress.state is State.CREATED
    assert scene.world.sessions.token(renewed) in " ".join(programs.ran[0][0])


def test_interview_that_an_officer_ended_is_followed_by_another(scene: Scene) -> None:
    def end_waiting() -> None:
        (waiting,) = (s for s in scene.interviews() if s.progress.state is State.CREATED)
        scene.world.sessions.seal(waiting.id, waiting.officer_id)

    scene.show(scene.finish_first, nothing, end_waiting)
    assert sorted(session.progress.state for session in scene.interviews()) == ["created", "sealed", "sealed"]


def test_applicant_who_comes_while_the_interview_is_being_sealed_waits_in_the_next(scene: Scene) -> None:
    def come_too_late() -> bool:
        (waiting,) = (s for s in scene.interviews() if s.progress.state is State.CREATED)
        scene.world.sessions.seal(waiting.id, waiting.officer_id)
        return False

    programs = scene.show(scene.finish_first, nothing, come_too_late)
    assert programs.names()[2:] == ["simulate", "simulate"]
    assert sorted(session.progress.state for session in scene.interviews()) == ["created", "sealed", "sealed"]


def test_media_that_cannot_be_prepared_end_the_demo_and_nothing_else(scene: Scene) -> None:
    media = demo_media(scene.services.settings.cache_dir / "demo")  # type: ignore[operator]
    media.clip.unlink()
    assert scene.show().names() == ["interview.demo.prepare"]
    assert scene.interviews() == ()


def test_trouble_ends_the_demo_and_is_logged(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.calls.refuse = EnrolmentRefused("The photo shows no face.", "照片中未找到人脸。")
    assert scene.show().ran == []
    assert "the service goes on without it" in caplog.text
    assert "shows no face" in caplog.text


def test_program_that_ends_says_whether_it_succeeded() -> None:
    program = "import os, sys; sys.exit(os.environ['WANTED'] != 'yes')"

    async def test() -> tuple[bool, bool]:
        command = [sys.executable, "-c", program]
        return await finished(command, WANTED="yes"), await finished(command, WANTED="no")

    assert asyncio.run(test()) == (True, False)


def test_program_ends_with_the_demo(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    alive.touch()
    program = (
        f"import pathlib, signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(pathlib.Path({str(alive)!r}).unlink()));"
        f"pathlib.Path({str(alive) + '.ready'!r}).touch(); signal.pause()"
    )

    async def test() -> None:
        running = asyncio.create_task(finished([sys.executable, "-c", program]))
        while not Path(f"{alive}.ready").exists():  # noqa: ASYNC110, ASYNC240 - another process makes it
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(test())
    assert not alive.exists()
