"""A simulated applicant: a real WebRTC client that joins by the link's own API and plays a clip."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Final, Protocol, Self
from urllib.parse import urlsplit

import httpx
from aiortc import AudioStreamTrack, RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaBlackhole

from interview.errors import ServiceError
from interview.media.aiortc_ext import offer_loopback, set_video_bitrate
from interview.media.clip import Clip, ClipTrack

_LINK: Final = re.compile(r"^(?P<base>https?://[^/]+(?:/.*)?)/join/(?P<token>[^/?#]+)")
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
_VIDEO_BPS: Final = 1_500_000
_log = logging.getLogger(__name__)

_STREAM: Final = httpx.Timeout(30.0, read=60.0)
"""A stream of events is never silent for so long: its heartbeat comes every 15 s."""


@dataclass(frozen=True, slots=True)
class JoinLink:
    """An applicant's link, taken apart."""

    base: str
    token: str

    @classmethod
    def parse(cls, link: str) -> JoinLink:
        """Raises ServiceError for something that is no such link."""
        found = _LINK.match(link.strip())
        if found is None:
            raise ServiceError(f"{link!r} is not an applicant's link: it looks like https://host/join/TOKEN.")
        return cls(found["base"], found["token"])

    @property
    def local(self) -> bool:
        """Whether the service runs on this machine."""
        return (urlsplit(self.base).hostname or "") in _LOCAL


class JoinApi:
    """The applicant's part of the service's HTTP interface. Every refusal is a ServiceError with the service's sentence."""

    def __init__(self, link: JoinLink, client: httpx.AsyncClient) -> None:
        self._link = link
        self._client = client

    async def open(self) -> dict[str, object]:
        """What the applicant's page shows; binds the link to this client."""
        return await self._call("GET", "")

    async def consent(self, *, face: bool = True, voice: bool = True, behaviour: bool = True) -> None:
        """Agree to the recording, and to the parts named."""
        parts: dict[str, object] = {"recording": True, "face": face, "voice": voice, "behaviour": behaviour}
        await self._call("POST", "/consent", parts)

    async def offer(self, sdp: str, page_key: str | None = None) -> str:
        """The answer to an SDP offer. ``page_key`` is the public key that challenges are signed with."""
        offer: dict[str, object] = {"sdp": sdp, "type": "offer"}
        if page_key is not None:
            offer["page_key"] = page_key
        return str((await self._call("POST", "/offer", offer))["sdp"])

    async def cues(self) -> AsyncIterator[Mapping[str, Any]]:
        """What the page is told of challenges, until the stream ends."""
        try:
            async with self._client.stream("GET", f"{self._path}/events", timeout=_STREAM) as reply:
                if reply.is_error:
                    await reply.aread()
                    raise ServiceError(_sentence(reply))
                name = ""
                async for line in reply.aiter_lines():
                    if line.startswith("event: "):
                        name = line.removeprefix("event: ")
                    elif line.startswith("data: ") and name == "challenge":
                        yield json.loads(line.removeprefix("data: "))
        except httpx.HTTPError as error:
            raise self._silent(error) from error

    async def answer(self, challenge_id: str, answer: str) -> None:
        """Answer a challenge."""
        await self._call("POST", f"/challenges/{challenge_id}/answer", {"answer": answer})

    async def shown(self, challenge_id: str, claim: Mapping[str, object]) -> None:
        """Say what of a challenge was displayed when, signed."""
        await self._call("POST", f"/challenges/{challenge_id}/shown", claim)

    async def leave(self) -> None:
        """Hang up."""
        await self._call("POST", "/leave")

    @property
    def _path(self) -> str:
        return f"{self._link.base}/api/join/{self._link.token}"

    def _silent(self, error: httpx.HTTPError) -> ServiceError:
        return ServiceError(
            f"{self._link.base} does not answer ({type(error).__name__}): is the service running?"
        )

    async def _call(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        token = self._client.cookies.get("candor_csrf")
        try:
            reply = await self._client.request(
                method, f"{self._path}{path}", json=body, headers={"X-CSRF-Token": token} if token else {}
            )
        except httpx.HTTPError as error:
            raise self._silent(error) from error
        if reply.is_error:
            raise ServiceError(_sentence(reply))
        content: dict[str, object] = reply.json() if reply.content else {}
        return content


def _sentence(reply: httpx.Response) -> str:
    try:
        return str(reply.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"The service answered {reply.status_code} {reply.reason_phrase}."


class Page(Protocol):
    """What answers challenges beside the call. ``public_key`` is that of its signatures."""

    @property
    def public_key(self) -> str: ...

    async def follow(self) -> None:
        """Do what the service asks until cancelled."""
        ...


class SimulatedApplicant:
    """One call. Use it with ``async with``; leaving the block hangs up. Without a ``page`` it cannot be challenged."""

    def __init__(
        self,
        api: JoinApi,
        clip: Clip,
        loopback: bool,
        on_state: Callable[[str], None] = lambda state: None,
        page: Page | None = None,
    ) -> None:
        self._api = api
        self._page = page
        self._following: asyncio.Task[None] | None = None
        self._loopback = loopback
        self._on_state = on_state
        self._drain = MediaBlackhole()
        self._ended = asyncio.Event()
        self._connection: RTCPeerConnection | None = None
        self._camera, self._microphone = clip.camera(), clip.microphone()
        self._lead = self._camera or self._microphone

    async def __aenter__(self) -> Self:
        page = await self._api.open()
        if page.get("consent") is None:
            await self._api.consent()
        self._connection = self._connect(page)
        offer = await self._connection.createOffer()
        await self._connection.setLocalDescription(offer)
        key = None if self._page is None else self._page.public_key
        answer = await self._api.offer(self._connection.localDescription.sdp, key)
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        if self._page is not None:
            self._following = asyncio.create_task(self._page.follow())
            self._following.add_done_callback(_tell_failure)
        await self._drain.start()
        return self

    def _connect(self, page: dict[str, object]) -> RTCPeerConnection:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=_ice_servers(page)))
        connection.on("track", self._drain.addTrack)
        connection.on("connectionstatechange", self._changed)
        connection.addTrack(self._microphone or AudioStreamTrack())
        if self._camera is None:
            connection.addTransceiver("video", "recvonly")
        else:
            set_video_bitrate(connection.addTrack(self._camera), _VIDEO_BPS)
        for track in self._tracks:
            track.on("ended", partial(self._stopped, track))
        if self._loopback:
            for transceiver in connection.getTransceivers():
                offer_loopback(transceiver.receiver.transport)
        return connection

    @property
    def _tracks(self) -> Sequence[ClipTrack]:
        return [track for track in (self._camera, self._microphone) if track is not None]

    def _stopped(self, track: ClipTrack) -> None:
        if track is self._lead or track.failure is not None:
            self._ended.set()

    def _changed(self) -> None:
        state = self._connection.connectionState if self._connection is not None else "closed"
        self._on_state(state)
        if state in ("closed", "failed"):
            self._ended.set()

    async def play(self, duration_s: float | None = None) -> bool:
        """Play until the clip or the call ends, or for ``duration_s``. Gives whether the call was still up then.

        Raises whatever broke the clip off.
        """
        try:
            async with asyncio.timeout(duration_s):
                await self._ended.wait()
        except TimeoutError:
            return True
        for track in self._tracks:
            if track.failure is not None:
                raise track.failure
        return self._lead is not None and self._lead.finished

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait([self._following])
        if self._connection is not None:
            up = self._connection.connectionState == "connected"
            await self._connection.close()
            await self._drain.stop()
            if up:
                await self._api.leave()


def _tell_failure(following: asyncio.Task[None]) -> None:
    if not following.cancelled() and (error := following.exception()) is not None:
        _log.error("the page stopped: challenges are not answered any more", exc_info=error)


def _ice_servers(page: dict[str, object]) -> list[RTCIceServer]:
    servers = page.get("ice_servers")
    if not isinstance(servers, list):
        return []
    return [RTCIceServer(s["urls"], s.get("username"), s.get("credential")) for s in servers]
