"""The simulated applicant against the join API's contract, with a real media session behind it."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from interview.errors import MediaError, ServiceError
from interview.media.applicant import JoinApi, JoinLink, SimulatedApplicant
from interview.media.clip import Clip
from interview.media.gateway import MediaSession
from tests.interview.media.clients import until
from tests.interview.media.material import movie
from tests.interview.media.test_gateway import session


class Service:
    """The applicant's routes as the service's contract has them; keeps what it was asked."""

    def __init__(self, call: MediaSession) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.app = FastAPI()
        self._call = call
        self.app.add_api_route("/api/join/good", self.open, methods=["GET"])
        self.app.add_api_route("/api/join/good/consent", self.consent, methods=["POST"])
        self.app.add_api_route("/api/join/good/offer", self.offer, methods=["POST"])
        self.app.add_api_route("/api/join/good/leave", self.leave, methods=["POST"], response_class=Response)
        self.app.add_api_route("/api/join/good/events", self.events, methods=["GET"], response_class=Response)
        self.app.add_api_route("/api/join/good/challenges/c1/{what}", self.challenge, methods=["POST"])
        self.app.add_api_route("/api/join/used", self.refuse, methods=["GET"])
        self.app.add_api_route("/api/join/used/events", self.refuse, methods=["GET"])

    async def open(self) -> dict[str, Any]:
        self.asked.append(("open", None))
        return {"consent": None, "ice_servers": []}

    async def consent(self, request: Request) -> dict[str, Any]:
        self.asked.append(("consent", await request.json()))
        return {}

    async def offer(self, request: Request) -> dict[str, str]:
        body = await request.json()
        self.asked.append(("offer", body.get("page_key", body["type"])))
        return {"sdp": await self._call.connect_applicant(body["sdp"]), "type": "answer"}

    async def leave(self) -> Response:
        self.asked.append(("leave", None))
        return Response(status_code=204)

    async def events(self) -> PlainTextResponse:
        told = (
            "retry: 2000\n\n",
            'event: state\ndata: {"state":"live"}\n\n',
            'event: challenge\nid: 3\ndata: {"event":"begin","id":"c1"}\n\n',
            ": still here\n\n",
            'event: challenge\nid: 4\ndata: {"event":"end","id":"c1"}\n\n',
        )
        return PlainTextResponse("".join(told), media_type="text/event-stream")

    async def challenge(self, what: str, request: Request) -> dict[str, Any]:
        self.asked.append((what, await request.json()))
        return {}

    async def refuse(self) -> JSONResponse:
        message = {
            "code": "link_used",
            "message": "This link was opened in another browser.",
            "message_zh": "",
        }
        return JSONResponse(message, status_code=410)


def api(service: Service, path: str = "good") -> JoinApi:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=service.app))
    return JoinApi(JoinLink.parse(f"http://localhost:1/join/{path}"), client)


def test_the_applicant_consents_connects_plays_and_leaves(tmp_path: Path) -> None:
    async def test() -> None:
        async with session(tmp_path / "call") as (call, log):
            service = Service(call)
            clip = Clip(movie(tmp_path / "clip.mp4"), loop=True)
            states: list[str] = []
            async with SimulatedApplicant(api(service), clip, True, states.append) as applicant:
                await until(lambda: len(log.video("applicant")) >= 40)
                assert await applicant.play(duration_s=0.1)
            await until(lambda: ("applicant", "closed") in log.states)
            assert service.asked == [
                ("open", None),
                ("consent", {"recording": True, "face": True, "voice": True, "behaviour": True}),
                ("offer", "offer"),
                ("leave", None),
            ]
            assert "connected" in states
            video = [p.pts_ms for p in log.video("applicant")]
            assert 1000 * (len(video) - 1) / (video[-1] - video[0]) > 20
            assert any(p.kind == "audio" for p in log.packets["applicant"])

    asyncio.run(test())


def test_the_call_ends_with_the_clip_or_when_the_other_side_hangs_up(tmp_path: Path) -> None:
    async def test() -> None:
        clip_path = movie(tmp_path / "clip.mp4", seconds=0.5)
        async with session(tmp_path / "call") as (call, log):
            async with SimulatedApplicant(api(Service(call)), Clip(clip_path), True) as applicant:
                assert await applicant.play()
            async with SimulatedApplicant(api(Service(call)), Clip(clip_path, loop=True), True) as applicant:
                await until(lambda: len(log.video("applicant")) > 15)
                await call.disconnect("applicant")
                assert not await applicant.play()

    asyncio.run(test())


def test_a_camera_that_breaks_ends_the_call_and_says_why(tmp_path: Path) -> None:
    def breaks(frame: av.VideoFrame) -> av.VideoFrame:
        raise ZeroDivisionError("no such light")

    async def test() -> None:
        clip = Clip(movie(tmp_path / "clip.mp4"), loop=True, lit=breaks)
        async with (
            session(tmp_path / "call") as (call, _),
            SimulatedApplicant(api(Service(call)), clip, True) as applicant,
        ):
            with pytest.raises(ZeroDivisionError, match="no such light"):
                await applicant.play()

    asyncio.run(test())


class Signing:
    """A page that notes whether it was left to run."""

    public_key = "key of the page"

    def __init__(self) -> None:
        self.state = "new"

    async def follow(self) -> None:
        self.state = "following"
        try:
            await asyncio.Event().wait()
        finally:
            self.state = "over"


def test_a_page_gives_its_key_with_the_offer_and_follows_as_long_as_the_call(tmp_path: Path) -> None:
    async def test() -> None:
        async with session(tmp_path / "call") as (call, log):
            service, page = Service(call), Signing()
            clip = Clip(movie(tmp_path / "clip.mp4"), loop=True)
            async with SimulatedApplicant(api(service), clip, True, page=page):
                await until(lambda: len(log.video("applicant")) > 0)
                assert page.state == "following"
            assert page.state == "over"
            assert ("offer", Signing.public_key) in service.asked

    asyncio.run(test())


class Failing(Signing):
    """A page that breaks at once."""

    async def follow(self) -> None:
        raise KeyError("colour")


def test_a_page_that_breaks_is_told_of_and_the_call_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        async with session(tmp_path / "call") as (call, log):
            clip = Clip(movie(tmp_path / "clip.mp4"), loop=True)
            async with SimulatedApplicant(api(Service(call)), clip, True, page=Failing()):
                await until(lambda: len(log.video("applicant")) > 0)

    asyncio.run(test())
    assert [r.message for r in caplog.records if r.name == "interview.media.applicant"] == [
        "the page stopped: challenges are not answered any more"
    ]


def test_cues_of_challenges_are_taken_from_the_stream_and_answered(tmp_path: Path) -> None:
    async def test() -> None:
        async with session(tmp_path) as (call, _):
            service = Service(call)
            join = api(service)
            cues = [cue async for cue in join.cues()]
            assert cues == [{"event": "begin", "id": "c1"}, {"event": "end", "id": "c1"}]
            await join.answer("c1", "ready")
            await join.shown("c1", {"k": 0})
            assert service.asked == [("answer", {"answer": "ready"}), ("shown", {"k": 0})]
            with pytest.raises(ServiceError, match="opened in another browser"):
                [cue async for cue in api(service, "used").cues()]

    asyncio.run(test())


def test_a_camera_gives_each_frame_as_the_light_makes_it(tmp_path: Path) -> None:
    async def test() -> None:
        lit: list[av.VideoFrame] = []

        def mark(frame: av.VideoFrame) -> av.VideoFrame:
            lit.append(frame)
            return frame

        camera = Clip(movie(tmp_path / "a.mp4", seconds=0.2), lit=mark).camera()
        assert camera is not None
        assert [await camera.recv(), await camera.recv()] == lit

    asyncio.run(test())


def test_a_clip_without_a_picture_or_without_sound_is_played_as_it_is(tmp_path: Path) -> None:
    silent = Clip(movie(tmp_path / "a.mp4", sound=False))
    assert silent.microphone() is None
    assert silent.camera() is not None
    with pytest.raises(MediaError, match="no file"):
        Clip(tmp_path / "absent.mp4")


def test_sound_alone_is_played_to_its_end(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(32_000))

    async def test() -> None:
        async with session(tmp_path / "call") as (call, log):
            async with SimulatedApplicant(api(Service(call)), Clip(tmp_path / "a.wav"), True) as applicant:
                assert await applicant.play()
            assert {p.kind for p in log.packets["applicant"]} == {"audio"}

    asyncio.run(test())


def test_a_looped_clip_starts_both_tracks_again_at_the_same_moment(tmp_path: Path) -> None:
    async def test() -> None:
        clip = Clip(movie(tmp_path / "a.mp4", seconds=0.4), loop=True)
        camera, microphone = clip.camera(), clip.microphone()
        assert camera is not None
        assert microphone is not None
        pictures = [await camera.recv() for _ in range(25)]
        sounds = [await microphone.recv() for _ in range(45)]
        times = [float((frame.pts or 0) * (frame.time_base or 0)) for frame in pictures]
        assert times == sorted(times)
        assert times[10] == pytest.approx(clip.info.duration_s or 0, abs=0.02)
        assert [frame.pts for frame in sounds] == sorted(frame.pts for frame in sounds)
        assert all(frame.width <= 640 and frame.height <= 480 for frame in pictures)

    asyncio.run(test())


def test_refusals_are_the_services_own_sentences(tmp_path: Path) -> None:
    async def test() -> None:
        async with session(tmp_path) as (call, _):
            with pytest.raises(ServiceError, match="opened in another browser"):
                await api(Service(call), "used").open()
            with pytest.raises(ServiceError, match="answered 404"):
                await api(Service(call), "unknown").open()

    asyncio.run(test())


def test_no_service_at_all() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    async def test() -> None:
        client = httpx.AsyncClient(transport=httpx.MockTransport(refuse))
        with pytest.raises(ServiceError, match="is the service running"):
            await JoinApi(JoinLink.parse("http://localhost:1/join/x"), client).open()

    asyncio.run(test())


@pytest.mark.parametrize(
    ("link", "base", "token", "local"),
    [
        ("http://127.0.0.1:8700/join/abc.def", "http://127.0.0.1:8700", "abc.def", True),
        ("https://bank.example/candor/join/abc?x=1", "https://bank.example/candor", "abc", False),
        (" http://localhost/join/abc ", "http://localhost", "abc", True),
    ],
)
def test_links(link: str, base: str, token: str, local: bool) -> None:
    parsed = JoinLink.parse(link)
    assert (parsed.base, parsed.token, parsed.local) == (base, token, local)


@pytest.mark.parametrize("link", ["", "abc", "http://host/", "http://host/join/", "ftp://host/join/x"])
def test_what_is_no_link(link: str) -> None:
    with pytest.raises(ServiceError, match="is not an applicant's link"):
        JoinLink.parse(link)
