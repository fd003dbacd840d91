"""The media edge with real aiortc clients over loopback: both directions, reconnects, refusals, the recording."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from interview.errors import MediaError
from interview.media.gateway import Gateway, GatewaySettings, MediaSession, PeerState, Role
from interview.media.packets import Packet
from interview.media.recorder import finalise
from interview.media.recording import read_packets
from tests.interview.media.clients import WIDTH_PX, Client, until
from tests.interview.media.material import sorted_packets

STARTED_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Log:
    """Everything that a session tells."""

    packets: dict[Role, list[Packet]] = field(default_factory=lambda: {"applicant": [], "officer": []})
    states: list[tuple[Role, PeerState]] = field(default_factory=list)

    def video(self, role: Role) -> list[Packet]:
        return [p for p in self.packets[role] if p.kind == "video"]


@asynccontextmanager
async def session(
    folder: Path, settings: GatewaySettings | None = None
) -> AsyncIterator[tuple[MediaSession, Log]]:
    log = Log()
    gateway = Gateway(settings or GatewaySettings(loopback=True), wall=lambda: STARTED_AT)
    try:
        yield (
            gateway.open(
                "one",
                folder,
                lambda role, packet: log.packets[role].append(packet),
                lambda role, state: log.states.append((role, state)),
            ),
            log,
        )
    finally:
        await gateway.close()


@asynccontextmanager
async def client(connect: Callable[[str], Awaitable[str]], camera: bool = True) -> AsyncIterator[Client]:
    peer = Client(camera)
    try:
        await peer.accept(await connect(await peer.offer()))
        yield peer
    finally:
        await peer.close()


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(test())  # type: ignore[arg-type]


def test_each_side_sees_the_other_and_the_record_is_what_passed(tmp_path: Path) -> None:
    async def test() -> None:
        async with session(tmp_path) as (call, log):
            assert call.origin is None
            async with client(call.connect_applicant) as applicant, client(call.connect_officer) as officer:
                await until(
                    lambda: len(officer.frames["video"]) >= 20 and len(applicant.frames["video"]) >= 20
                )
                await until(lambda: call.stats()["applicant"].fps > 5)
                assert officer.frames["video"][0].width == WIDTH_PX
                assert call.origin == STARTED_AT
                assert call.stats()["officer"].connected
                assert call.stats()["applicant"].loss == 0.0
                assert call.stats()["applicant"].kbps > 20
            await until(lambda: log.states[-2:] == [("officer", "closed"), ("applicant", "closed")])
            assert log.states[:2] == [("applicant", "connected"), ("officer", "connected")]
            await call.close()
            for role in ("applicant", "officer"):
                recording = finalise(call.segments(role), tmp_path / f"{role}.webm")
                assert recording is not None
                assert sorted_packets(list(read_packets(recording))) == sorted_packets(log.packets[role])

    run(test)


def test_times_are_increasing_from_zero_and_paced_as_they_were_captured(tmp_path: Path) -> None:
    async def test() -> None:
        async with session(tmp_path) as (call, log), client(call.connect_applicant):
            await until(lambda: len(log.video("applicant")) >= 30)
            for kind in ("video", "audio"):
                times = [p.pts_ms for p in log.packets["applicant"] if p.kind == kind]
                assert all(a < b for a, b in pairwise(times))
            assert log.packets["applicant"][0].pts_ms == 0
            audio = [p.pts_ms for p in log.packets["applicant"] if p.kind == "audio"][10:]
            assert [b - a for a, b in pairwise(audio)].count(20) >= len(audio) * 0.8
            assert log.video("applicant")[0].keyframe

    run(test)


def test_the_officer_alone_is_not_an_interview_yet(tmp_path: Path) -> None:
    async def test() -> None:
        async with session(tmp_path) as (call, log), client(call.connect_officer):
            await until(lambda: ("officer", "connected") in log.states)
            await until(lambda: call.stats()["officer"].kbps > 0)
            assert log.packets["officer"] == []
            assert call.origin is None
            async with client(call.connect_applicant) as applicant:
                await until(lambda: len(applicant.frames["video"]) >= 3)
                assert log.packets["officer"]

    run(test)


def test_an_applicant_who_comes_back_goes_on_in_the_same_session(tmp_path: Path) -> None:
    """The officer's connection is not touched; time goes on; what was away is marked as lost; there are two segments."""

    async def test() -> None:
        async with session(tmp_path) as (call, log), client(call.connect_officer) as officer:
            async with client(call.connect_applicant):
                await until(lambda: len(officer.frames["video"]) >= 5)
            await until(lambda: ("applicant", "closed") in log.states)
            seen, before = len(officer.frames["video"]), len(log.packets["applicant"])
            async with client(call.connect_applicant):
                await until(lambda: len(officer.frames["video"]) >= seen + 5)
                again = log.packets["applicant"][before:]
                for kind in ("video", "audio"):
                    first = next(p for p in again if p.kind == kind)
                    last = [p for p in log.packets["applicant"][:before] if p.kind == kind][-1]
                    assert first.keyframe
                    assert 0 < first.lost_ms <= first.pts_ms - last.pts_ms
            assert log.states.count(("applicant", "connected")) == 2
            assert log.states.count(("officer", "connected")) == 1
            await call.close()
            assert [path.name for path in call.segments("applicant")] == [
                "applicant-000.webm",
                "applicant-001.webm",
            ]
            recording = finalise(call.segments("applicant"), tmp_path / "recording.webm")
            assert recording is not None
            passed = [replace(p, lost_ms=0) for p in log.packets["applicant"]]
            assert sorted_packets(list(read_packets(recording))) == sorted_packets(passed)

    run(test)


def test_a_second_tab_takes_over_without_the_first_saying_goodbye(tmp_path: Path) -> None:
    async def test() -> None:
        async with (
            session(tmp_path) as (call, log),
            client(call.connect_officer) as officer,
            client(call.connect_applicant),
            client(call.connect_applicant) as second,
        ):
            await until(lambda: len(second.frames["video"]) >= 3)
            seen = len(officer.frames["video"])
            await until(lambda: len(officer.frames["video"]) >= seen + 5)
            assert log.states.count(("applicant", "connected")) == 1

    run(test)


def test_an_officer_without_a_camera(tmp_path: Path) -> None:
    async def test() -> None:
        async with (
            session(tmp_path) as (call, log),
            client(call.connect_applicant) as applicant,
            client(call.connect_officer, camera=False) as officer,
        ):
            await until(lambda: len(officer.frames["video"]) >= 5 and len(applicant.frames["audio"]) >= 10)
            assert applicant.frames["video"] == []
            assert log.video("officer") == []

    run(test)


def test_an_officer_who_joins_late_gets_a_picture_at_once(tmp_path: Path) -> None:
    """The applicant's camera is asked for a keyframe, rather than the officer left to wait for one."""

    async def test() -> None:
        async with session(tmp_path) as (call, log), client(call.connect_applicant):
            await until(lambda: len(log.video("applicant")) >= 20)
            keyframes = sum(p.keyframe for p in log.video("applicant"))
            async with client(call.connect_officer) as officer:
                await until(lambda: officer.frames["video"])
                assert sum(p.keyframe for p in log.video("applicant")) > keyframes

    run(test)


def test_a_keyframe_is_asked_for_now_and_then_so_that_a_recording_can_be_sought(tmp_path: Path) -> None:
    async def test() -> None:
        settings = GatewaySettings(loopback=True, keyframe_interval_s=0.5)
        async with session(tmp_path, settings) as (call, log), client(call.connect_applicant):
            await until(lambda: sum(p.keyframe for p in log.video("applicant")[5:]) >= 2)

    run(test)


def test_silence_is_noticed_and_so_is_its_end(tmp_path: Path) -> None:
    async def test() -> None:
        settings = GatewaySettings(loopback=True, silence_s=0.4)
        async with session(tmp_path, settings) as (call, log), client(call.connect_applicant) as applicant:
            await until(lambda: len(log.video("applicant")) >= 3)
            for sender in applicant.pc.getSenders():
                sender._enabled = False
            await until(lambda: ("applicant", "lost") in log.states)
            for sender in applicant.pc.getSenders():
                sender._enabled = True
            await until(lambda: log.states[-1] == ("applicant", "connected"))

    run(test)


def test_silence_of_somebody_who_waits_ends_too(tmp_path: Path) -> None:
    async def test() -> None:
        log = Log()
        gateway = Gateway(GatewaySettings(loopback=True, silence_s=0.4), wall=lambda: STARTED_AT)
        call = gateway.open(
            "one",
            tmp_path,
            lambda role, packet: log.packets[role].append(packet),
            lambda role, state: log.states.append((role, state)),
            held=True,
        )
        async with client(call.connect_applicant) as applicant:
            await until(lambda: call.stats()["applicant"].fps > 5)
            for sender in applicant.pc.getSenders():
                sender._enabled = False
            await until(lambda: log.states[-1] == ("applicant", "lost"))
            for sender in applicant.pc.getSenders():
                sender._enabled = True
            await until(lambda: log.states[-1] == ("applicant", "connected"))
            assert log.packets["applicant"] == []
        await gateway.close()

    run(test)


def test_offer_that_is_answered_as_the_call_ends_is_refused(tmp_path: Path) -> None:
    async def test() -> None:
        async with session(tmp_path) as (call, log):
            peer = Client()
            answering = asyncio.create_task(call.connect_applicant(await peer.offer()))
            await asyncio.sleep(0)
            await call.close()
            with pytest.raises(MediaError, match="has ended"):
                await answering
            await peer.close()
            assert log.states == []

    run(test)


def test_offers_that_cannot_be_answered_are_refused_and_do_not_end_the_call(tmp_path: Path) -> None:
    async def test() -> None:
        async with session(tmp_path) as (call, log), client(call.connect_applicant) as applicant:
            await until(lambda: len(log.video("applicant")) >= 3)
            peer = Client()
            offer = await peer.offer()
            without_vp8 = offer.replace("VP8/90000", "XYZ/90000")
            for bad in ("", "hello", offer[:200], without_vp8):
                with pytest.raises(MediaError):
                    await call.connect_applicant(bad)
            await peer.close()
            seen = len(log.video("applicant"))
            await until(lambda: len(log.video("applicant")) >= seen + 5)
            assert applicant.pc.connectionState == "connected"

    run(test)


def test_while_a_session_is_held_nobody_is_recorded_and_then_it_starts_with_a_whole_picture(
    tmp_path: Path,
) -> None:
    async def test() -> None:
        log = Log()
        gateway = Gateway(GatewaySettings(loopback=True), wall=lambda: STARTED_AT)
        call = gateway.open(
            "one",
            tmp_path,
            lambda role, packet: log.packets[role].append(packet),
            lambda role, state: log.states.append((role, state)),
            held=True,
        )
        async with client(call.connect_applicant):
            await until(lambda: call.stats()["applicant"].fps > 5)
            assert (log.packets["applicant"], call.origin) == ([], None)
            call.begin(at_s=60.0)
            await until(lambda: len(log.video("applicant")) >= 5)
            await call.flush()
        await gateway.close()
        assert call.origin == STARTED_AT - timedelta(seconds=60)
        first = log.video("applicant")[0]
        assert first.keyframe
        assert 60_000 <= min(p.pts_ms for p in log.packets["applicant"]) < 60_500
        recording = finalise(call.segments("applicant"), tmp_path / "recording.webm")
        assert recording is not None
        assert sorted_packets(list(read_packets(recording))) == sorted_packets(log.packets["applicant"])

    run(test)


def test_after_the_end_nothing_more_is_taken(tmp_path: Path) -> None:
    async def test() -> None:
        async with session(tmp_path) as (call, _):
            await call.close()
            await call.close()
            with pytest.raises(MediaError, match="has ended"):
                await call.connect_applicant("anything")
            assert call.segments("applicant") == []

    run(test)


def test_a_disk_that_refuses_is_reported_and_the_call_goes_on(tmp_path: Path) -> None:
    async def test() -> None:
        folder = tmp_path / "file"
        folder.write_bytes(b"not a folder")
        async with session(folder) as (call, log), client(call.connect_applicant):
            await until(lambda: call.recording_error)
            assert "applicant" in str(call.recording_error)
            seen = len(log.packets["applicant"])
            await until(lambda: len(log.packets["applicant"]) > seen + 10)

    run(test)


def test_a_listener_that_fails_does_not_end_the_call(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        heard: list[Packet] = []

        def listen(role: Role, packet: Packet) -> None:
            heard.append(packet)
            raise RuntimeError("a mistake of the analysis")

        gateway = Gateway(GatewaySettings(loopback=True))
        call = gateway.open("one", tmp_path, listen, lambda role, state: None)
        async with client(call.connect_applicant) as applicant:
            await until(lambda: len(heard) > 30)
            assert applicant.pc.connectionState == "connected"
        await gateway.close()

    run(test)
    assert "a listener of the media session failed" in caplog.text


def test_a_gateway_opens_a_session_once(tmp_path: Path) -> None:
    async def test() -> None:
        gateway = Gateway()
        call = gateway.open("one", tmp_path, lambda role, packet: None, lambda role, state: None)
        with pytest.raises(ValueError, match="open already"):
            gateway.open("one", tmp_path, lambda role, packet: None, lambda role, state: None)
        assert gateway.get("one") is call
        await call.close()
        assert gateway.get("one") is None
        await gateway.close()

    run(test)
