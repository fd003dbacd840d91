"""Live calls with real clients over loopback: from the first offer to the seal, and everything that can come between."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from fraudmodel.signals import Abstention
from interview.calls import CallStatus
from interview.media.journal import took
from interview.media.packets import Packet
from interview.media.recording import read_far, read_packets
from interview.problems import IllegalStep, Rejected, Unavailable
from interview.session import State
from tests.interview.live.stage import Stage, both, joined, run
from tests.interview.media.clients import Client, until
from tests.interview.world import agreed


def recorded(stage: Stage, session: str) -> list[Packet]:
    """The applicant's finished recording, and the officer's sound."""
    recording = stage.reels.finished(session, "applicant")
    assert recording is not None
    return [*read_packets(recording), *read_far(stage.reels.finished(session, "officer"))]


def test_from_the_first_offer_to_the_seal(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            async with both(stage, calls, session):
                await until(lambda: calls.status(session).applicant.connected)
                assert calls.status(session).analysis.state == "running"
                assert calls.status(session).problem is None
                await until(lambda: stage.journal(session))
                await calls.end(session, stage.officer.id)
            assert stage.state(session) is State.SEALED
            assert calls.status(session) == CallStatus()
            assert stage.gateway.get(session) is None
            assert stage.supervisor.places == 8
        assert stage.journal(session) == [took(packet) for packet in stage.feed().packets]
        there = {(packet.kind, packet.pts_ms) for packet in recorded(stage, session)}
        assert {(packet.kind, packet.pts_ms) for packet in stage.feed().packets} <= there
        assert {packet.kind for packet in stage.feed().packets} == {"video", "audio", "far"}
        assert isinstance(stage.outputs(session)[-1], Abstention)
        assert stage.record(session).models == ("dlib_resnet@0123abcd",)
        assert sorted(path.name for path in stage.reels.folder(session).iterdir()) == [
            "applicant.webm",
            "officer.webm",
        ]
        assert all(segment.end is not None for segment in stage.record(session).segments)

    run(test)


def test_nobody_who_waits_is_recorded_or_analysed(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            async with joined(calls, session, "applicant"):
                await until(lambda: stage.state(session) is State.WAITING)
                await until(lambda: calls.status(session).applicant.kbps > 0)
                assert stage.feed().packets == []
                assert calls.status(session).analysis.state == "idle"
            await calls.end(session, stage.officer.id)
        assert stage.state(session) is State.SEALED
        assert (stage.outputs(session), stage.journal(session)) == ([], [])
        assert stage.reels.finished(session, "applicant") is None
        assert stage.feed().closed

    run(test)


def test_officer_may_be_there_before_the_applicant_consents(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.world.interview(stage.officer).id
        async with calls.running(), joined(calls, session, "officer"):
            await until(lambda: stage.record(session).progress.officer_present)
            assert stage.supervisor.feeds == []
            stage.sessions.consent(session, agreed(voice=False))
            async with joined(calls, session, "applicant"):
                await until(lambda: stage.state(session) is State.LIVE)
                await until(lambda: stage.feed().packets)
        assert stage.feed().spec.consents == {"recording", "face"}

    run(test)


def test_consent_that_changes_before_the_interview_begins_is_the_one_that_counts(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            async with joined(calls, session, "applicant"):
                await until(lambda: stage.state(session) is State.WAITING)
            await until(lambda: stage.state(session) is State.CONSENTED)
            stage.sessions.consent(session, agreed(voice=False))
            async with both(stage, calls, session):
                pass
        first, last = stage.supervisor.feeds
        assert (first.closed, first.packets) == (True, [])
        assert last.spec.consents == {"recording", "face"}
        assert last.packets
        assert stage.supervisor.places == 8

    run(test)


def test_two_offers_at_once_take_one_place(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        tabs = [Client(), Client()]
        async with calls.running():
            offers = [await tab.offer() for tab in tabs]
            answers = await asyncio.gather(*(calls.applicant_offer(session, offer) for offer in offers))
            for tab, answer in zip(tabs, answers, strict=True):
                await tab.accept(answer)
            await until(lambda: stage.state(session) is State.WAITING)
            assert len(stage.supervisor.feeds) == 1
            for tab in tabs:
                await tab.close()

    run(test)


def test_full_analysis_is_said_and_the_offer_can_be_made_again(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        stage.supervisor.places = 0
        async with calls.running():
            with pytest.raises(Unavailable, match="every analysis worker is busy"):
                await calls.applicant_offer(session, "any")
            stage.supervisor.places = 1
            async with joined(calls, session, "applicant"):
                await until(lambda: stage.state(session) is State.WAITING)

    run(test)


def test_offer_that_cannot_be_read_is_refused(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            for offer in (calls.applicant_offer, calls.officer_offer):
                with pytest.raises(Rejected, match="cannot be read") as refused:
                    await offer(session, "no sdp")
                assert refused.value.code == "bad_offer"

    run(test)


def test_sealed_interview_takes_no_offers_and_no_second_end(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            client = Client()
            offer = await client.offer()
            ends = [calls.end(session, stage.officer.id) for _ in range(2)]
            late = [calls.applicant_offer(session, offer), calls.officer_offer(session, offer)]
            first, *others = await asyncio.gather(*ends, *late, return_exceptions=True)
            assert first is None
            assert [type(other) for other in others] == [IllegalStep] * 3
            assert (stage.gateway.get(session), stage.supervisor.feeds) == (None, [])
            await client.close()

    run(test)


def test_end_while_an_offer_is_answered_leaves_nothing_open(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            client = Client()
            offer = await client.offer()
            answer, ended = await asyncio.gather(
                calls.applicant_offer(session, offer), calls.end(session, stage.officer.id)
            )
            assert (answer.startswith("v=0"), ended) == (True, None)
            assert (stage.gateway.get(session), stage.supervisor.places) == (None, 8)
            await client.close()
        assert stage.state(session) is State.SEALED

    run(test)


def test_what_cannot_be_stored_waits_and_is_stored_once_and_in_order(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            async with both(stage, calls, session):
                stage.sessions.keep_fails = True
                await until(lambda: calls.status(session).problem)
                problem = calls.status(session).problem
                assert problem is not None
                assert "cannot be stored now" in problem
                stage.sessions.keep_fails = False
                await until(lambda: calls.status(session).problem is None)
            await calls.end(session, stage.officer.id)
        assert stage.journal(session) == [took(packet) for packet in stage.feed().packets]
        outputs: Any = stage.outputs(session)
        given = [packet.t for packet in stage.feed().packets[19::20]]
        assert [output.t for output in outputs if hasattr(output, "probability")] == given

    run(test)


def test_end_that_cannot_be_stored_loses_nothing_and_can_be_tried_again(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            async with both(stage, calls, session):
                stage.sessions.keep_fails = True
                with pytest.raises(Unavailable, match="end it again"):
                    await calls.end(session, stage.officer.id)
            assert stage.state(session) is State.LIVE
            stage.sessions.keep_fails = False
            await calls.end(session, stage.officer.id)
        assert stage.state(session) is State.SEALED
        assert stage.journal(session) == [took(packet) for packet in stage.feed().packets]
        assert isinstance(stage.outputs(session)[-1], Abstention)

    run(test)


def test_recording_that_cannot_be_finished_is_said_and_kept(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            async with both(stage, calls, session):
                await until(lambda: any(stage.reels.folder(session).glob("applicant-*.webm")))
                in_the_way = stage.reels.folder(session) / "applicant.part"
                in_the_way.mkdir()
                with pytest.raises(Unavailable, match="cannot be finished"):
                    await calls.end(session, stage.officer.id)
            assert (stage.state(session), stage.outputs(session)[-1:]) != (State.SEALED, [])
            in_the_way.rmdir()
            await calls.end(session, stage.officer.id)
        assert stage.state(session) is State.SEALED
        assert recorded(stage, session)

    run(test)


def test_step_that_the_store_refused_is_tried_again(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        stage.sessions.joins_to_fail = 1
        async with calls.running(), both(stage, calls, session):
            assert stage.sessions.joins_to_fail == 0

    run(test)
