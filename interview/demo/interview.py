"""The demo on a running service: accounts, one finished interview, and an applicant who waits. All of it labelled."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console

from interview.demo.clip import DemoMedia, demo_media
from interview.problems import Rejected
from interview.services import Services
from interview.session import OPEN, State
from interview.sessions import NewInterview, Upload
from interview.store.records import Role, SessionRecord, User
from models.cache import default_cache_dir

log = logging.getLogger(__name__)

PASSWORD: Final = "candor-demo-only"  # noqa: S105 - known on purpose: the demo serves this machine only
OFFICER: Final = "demo-officer"
_ACCOUNTS: Final = (
    (OFFICER, "Demo Officer 演示客户经理", Role.OFFICER),
    ("demo-compliance", "Demo Compliance 演示合规", Role.COMPLIANCE),
    ("demo-admin", "Demo Admin 演示管理员", Role.ADMIN),
)
_APPLICANT: Final = "演示申请人 Demo applicant"
_SHOWN_S: Final = 24.0
"""How long the finished demo interview is."""


async def finished(command: Sequence[str], **environment: str) -> bool:
    """Run a program to its end, whose own words go to the terminal. True where it succeeded.

    In a session of its own: Ctrl-C is for the service, which ends it.
    """
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment}, start_new_session=True
    )
    try:
        return await process.wait() == 0
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


@dataclass(frozen=True, slots=True)
class Demo:
    """Runs beside the service until cancelled. ``url`` is where the service answers on this machine.

    ``program`` runs a program to its end and gives whether it succeeded.
    """

    services: Services
    url: str
    program: Callable[..., Awaitable[bool]] = finished

    async def run(self) -> None:
        """Create the accounts, then keep the console from ever being empty."""
        try:
            await self._show()
        except Exception:
            log.exception("the demo ended; the service goes on without it")

    async def _show(self) -> None:
        officer = await asyncio.to_thread(self._accounts)
        self._greet()
        settings = self.services.settings
        media = demo_media((settings.cache_dir or default_cache_dir()) / "demo")
        if media.complete or await self.program([sys.executable, "-m", "interview.demo.prepare"]):
            await self._interviews(officer, media)

    async def _interviews(self, officer: User, media: DemoMedia) -> None:
        if not await asyncio.to_thread(self._any, officer, frozenset(State)):
            first = await asyncio.to_thread(self._create, officer, media)
            await asyncio.gather(self._applicant(first, media), self._officer(first))
        shown = True
        while shown:
            waiting = await asyncio.to_thread(self._waiting, officer, media)
            # An interview that is being sealed is still open for a moment: who came too late waits in the next one.
            shown = await self._applicant(waiting, media) or not await asyncio.to_thread(self._open, waiting)

    def _any(self, officer: User, states: frozenset[State]) -> SessionRecord | None:
        """The newest demo interview in one of these states."""
        interviews = self.services.sessions.repository.interviews
        found = interviews.find(states=sorted(states), officer_id=officer.id, limit=100).items
        return next((each for each in found if each.simulated), None)

    def _waiting(self, officer: User, media: DemoMedia) -> SessionRecord:
        """The interview that an earlier start left open, or a new one."""
        left = self._any(officer, OPEN)
        if left is None:
            return self._create(officer, media)
        return self.services.sessions.renew_link(left.id, officer.id)

    def _open(self, interview: SessionRecord) -> bool:
        return self.services.sessions.repository.interviews.get(interview.id).progress.state in OPEN

    def _accounts(self) -> User:
        for username, name, role in _ACCOUNTS:
            try:
                self.services.accounts.create(username, name, role, PASSWORD)
            except Rejected as taken:
                if taken.code != "username_taken":
                    raise
        return next(user for user in self.services.accounts.everyone() if user.username == OFFICER)

    def _create(self, officer: User, media: DemoMedia) -> SessionRecord:
        photo, voice = media.id_photo.read_bytes(), media.voice_reference.read_bytes()
        form = NewInterview(
            applicant_name=_APPLICANT,
            product=self.services.settings.products[0].id,
            language="zh-Hans",
            references=self.services.calls.enrol(photo, voice),
            id_photo=Upload(photo, "image/jpeg"),
            voice_reference=Upload(voice, "audio/wav"),
            simulated=True,
        )
        return self.services.sessions.create(officer, form)

    async def _applicant(self, session: SessionRecord, media: DemoMedia) -> bool:
        link = f"{self.url}/join/{self.services.sessions.token(session)}"
        candor = str(Path(sys.executable).with_name("candor"))
        clip = ["--clip", str(media.clip), "--loop", "--lit"]
        return await self.program([candor, "simulate", "--url", link, *clip])

    async def _officer(self, session: SessionRecord) -> None:
        module = [sys.executable, "-m", "interview.demo.officer"]
        to = ["--url", self.url, "--session", session.id, "--username", OFFICER, "--seconds", str(_SHOWN_S)]
        await self.program([*module, *to], CANDOR_PASSWORD=PASSWORD)

    def _greet(self) -> None:
        names = ", ".join(username for username, _, _ in _ACCOUNTS)
        Console().print(
            f"Demo: sign in as {names} with the password {PASSWORD}. The applicant is simulated.",
            highlight=False,
        )
