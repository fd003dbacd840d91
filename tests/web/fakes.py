"""Fakes for the web's tests: calls that do by hand what live media does, and a browser that keeps its cookies."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from interview.calls import AnalysisStatus, CallStatus, MovementReplay, References, RerunResult
from interview.problems import EnrolmentRefused, NotFound
from interview.session import Side
from interview.sessions import Sessions
from tests.interview.world import PASSWORD, template


@dataclass(slots=True)
class FakeCalls:
    """Live media without media: offers move the session, ending seals it, files are what a test put there."""

    sessions: Sessions
    recordings: dict[str, Path] = field(default_factory=dict)
    heard: list[tuple[str, ...]] = field(default_factory=list)
    refuse: EnrolmentRefused | None = None
    keys: list[str | None] = field(default_factory=list)
    reports: list[Mapping[str, object]] = field(default_factory=list)
    in_the_way: list[str] = field(default_factory=list)
    movements: set[int] = field(default_factory=set)

    async def applicant_offer(self, session_id: str, sdp: str, page_key: str | None = None) -> str:
        self.heard.append(("applicant", sdp))
        self.keys.append(page_key)
        await asyncio.to_thread(self.sessions.applicant_joined, session_id)
        return f"answer to {sdp}"

    async def page_reports(self, session_id: str, reports: Sequence[Mapping[str, object]]) -> None:
        self.reports += reports

    async def officer_offer(self, session_id: str, sdp: str) -> str:
        self.heard.append(("officer", sdp))
        await asyncio.to_thread(self.sessions.officer_joined, session_id)
        return f"answer to {sdp}"

    async def leave(self, session_id: str, side: Side) -> None:
        self.heard.append(("leave", side))
        step = self.sessions.applicant_lost if side == "applicant" else self.sessions.officer_left
        await asyncio.to_thread(step, session_id)

    async def end(self, session_id: str, by: str) -> None:
        await asyncio.to_thread(self.sessions.seal, session_id, by)

    async def rerun(self, session_id: str) -> RerunResult:
        return RerunResult(0.0, "", 12, 34, True, 20.5)

    def status(self, session_id: str) -> CallStatus:
        return CallStatus(analysis=AnalysisStatus("running", 1, 0.25))

    def enrol(self, id_photo: bytes | None, voice: bytes | None, voice_from: str | None = None) -> References:
        if self.refuse is not None:
            raise self.refuse
        if voice_from is not None:
            self.heard.append(("voice of", voice_from))
        spoken = voice is not None or voice_from is not None
        return References(template("face") if id_photo else None, template("voice", 1) if spoken else None)

    def recording(self, session_id: str, side: Side) -> Path | None:
        return self.recordings.get(side)

    def report(self, session_id: str, language: str) -> str:
        return f"<!doctype html><title>{language}</title>"

    def replay(self, session_id: str, seq: int) -> MovementReplay:
        if seq not in self.movements:
            raise NotFound("This reading is not of a movement of the face.", "该读数不是面部动作。")
        return MovementReplay((1.0, 1.04, 1.08, 1.12), 1, 2, 3, 6.0, 8, 256, b"\xff\xd8jpeg")

    def obstacles(self) -> Sequence[str]:
        return self.in_the_way


class Browser:
    """A browser with its own cookies, talking to the application in this process."""

    def __init__(
        self, app: FastAPI, address: str = "10.0.0.1", base_url: str = "https://candor.test"
    ) -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50000))
        self._client = httpx.AsyncClient(transport=transport, base_url=base_url)

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options
        """One request, with the CSRF token that our own page would send."""
        headers = dict(options.pop("headers", {}))
        token = self.cookies.get("candor_csrf")
        if token and method not in {"GET", "HEAD"}:
            headers.setdefault("X-CSRF-Token", token)
        return self._runner.run(self._client.request(method, path, headers=headers, **options))

    def get(self, path: str, headers: Mapping[str, str] | None = None, **params: Any) -> httpx.Response:  # noqa: ANN401
        return self.request("GET", path, headers=headers or {}, params=params)

    def post(self, path: str, json: object = None, **options: Any) -> httpx.Response:  # noqa: ANN401
        return self.request("POST", path, json=json, **options)

    def patch(self, path: str, json: object) -> httpx.Response:
        return self.request("PATCH", path, json=json)

    def sign_in(self, username: str, password: str = PASSWORD) -> httpx.Response:
        return self.post("/api/auth/login", {"username": username, "password": password})

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()
