"""Calls that everybody left, and services that stopped in mid-call: the interview goes on where it was."""

from __future__ import annotations

import pytest

from interview.analysis.feeding import Event
from interview.calls import CallStatus
from interview.media.journal import took
from interview.media.recording import probe
from interview.problems import Unavailable
from interview.session import State
from tests.interview.live.material import record_segment
from tests.interview.live.stage import Stage, both, joined, run
from tests.interview.media.clients import until


def test_call_that_everybody_left_gives_its_place_and_goes_on_when_they_return(stage: Stage) -> None:
    stage.park_after_s = 0.0

    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            async with both(stage, calls, session):
                await calls.tidy()
                assert stage.supervisor.places == 7
            await until(lambda: stage.state(session) is State.INTERRUPTED)
            await until(lambda: not stage.record(session).progress.officer_present)
            await calls.tidy()
            assert stage.supervisor.places == 8
            assert (calls.status(session), stage.gateway.get(session)) == (CallStatus(), None)
            first = stage.feed()
            assert stage.journal(session) == [took(packet) for packet in first.packets]
            async with both(stage, calls, session):
                pass
            second = stage.feed()
            assert second.resume is not None
            assert len(second.resume.readings) == len(first.packets) // 20
            assert second.packets[0].t > first.packets[-1].t
            await calls.end(session, stage.officer.id)
        assert sorted(segment.index for segment in stage.record(session).segments) == [0, 0, 1, 1]
        assert stage.journal(session) == [took(packet) for feed in (first, second) for packet in feed.packets]

    run(test)


def test_call_that_was_put_away_while_the_store_stumbled_is_stored_at_the_next_round(stage: Stage) -> None:
    stage.park_after_s = 0.0

    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            async with both(stage, calls, session):
                stage.sessions.keep_fails = True
            await until(lambda: stage.state(session) is State.INTERRUPTED)
            await until(lambda: not stage.record(session).progress.officer_present)
            await calls.tidy()
            assert calls.status(session) != CallStatus()
            stage.sessions.keep_fails = False
            await calls.tidy()
            assert calls.status(session) == CallStatus()
        assert stage.journal(session) == [took(packet) for packet in stage.feed().packets]

    run(test)


def test_service_that_stops_keeps_the_call_and_the_next_one_goes_on(stage: Stage) -> None:
    async def test() -> None:
        first_run, session = stage.calls(), stage.interview()
        async with first_run.running():
            left = both(stage, first_run, session)
            await left.__aenter__()
        first = stage.feed()
        assert (first.closed, stage.supervisor.stopped, stage.clerk.closed) == (True, True, True)
        assert stage.journal(session) == [took(packet) for packet in first.packets]
        assert stage.state(session) is State.INTERRUPTED
        stage.world.clock.go_on(minutes=3)
        second_run = stage.calls()
        async with second_run.running():
            await until(lambda: second_run.recording(session, "applicant"))
            async with both(stage, second_run, session):
                assert stage.feed().packets[0].t >= 180.0
            await second_run.end(session, stage.officer.id)
        await left.__aexit__(None, None, None)
        recording = stage.reels.finished(session, "applicant")
        assert recording is not None
        duration_s = probe(recording).duration_s
        assert duration_s is not None
        assert duration_s > 180.0

    run(test)


def test_interview_that_a_restart_broke_off_can_be_ended_by_the_officer_alone(stage: Stage) -> None:
    async def test() -> None:
        first_run, session = stage.calls(), stage.interview()
        async with first_run.running():
            left = both(stage, first_run, session)
            await left.__aenter__()
        kept = stage.outputs(session)
        second_run = stage.calls()
        stage.supervisor.places = 0
        async with second_run.running():
            with pytest.raises(Unavailable, match="cannot go on now"):
                await second_run.end(session, stage.officer.id)
            stage.supervisor.places = 1
            async with joined(second_run, session, "officer"):
                await until(lambda: stage.record(session).progress.officer_present)
                await second_run.end(session, stage.officer.id)
        await left.__aexit__(None, None, None)
        assert stage.state(session) is State.SEALED
        assert stage.feed().finished
        assert stage.outputs(session)[: len(kept)] == kept
        assert len(stage.outputs(session)) == len(kept) + 1

    run(test)


def test_crash_that_left_the_state_live_is_an_interruption_after_the_restart(stage: Stage) -> None:
    session = stage.world.live(stage.officer).id

    async def test() -> None:
        async with stage.calls().running():
            assert stage.state(session) is State.INTERRUPTED

    run(test)


def test_recording_that_cannot_be_recovered_keeps_nobody_from_calling(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    broken = stage.world.live(stage.officer).id
    record_segment(stage.reels.folder(broken) / "applicant-000.webm")
    (stage.reels.folder(broken) / "applicant.part").mkdir()

    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            await until(lambda: "could not be recovered" in caplog.text)
            async with joined(calls, session, "applicant"):
                await until(lambda: stage.state(session) is State.WAITING)

    run(test)


def test_analysis_that_has_trouble_is_audited_and_asks_for_a_whole_picture(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running(), both(stage, calls, session):
            feed = stage.feed()
            keyframes = sum(packet.keyframe for packet in feed.packets if packet.kind == "video")
            feed.happen(Event.WORKER_RESTARTED)
            await until(lambda: "analysis.worker_restarted" in stage.actions(session))
            await until(lambda: sum(p.keyframe for p in feed.packets if p.kind == "video") > keyframes)
            feed.happen(Event.GAVE_UP)
            await until(lambda: "analysis.gave_up" in stage.actions(session))

    run(test)


def test_readiness_says_what_is_in_the_way(stage: Stage) -> None:
    calls = stage.calls()
    assert calls.obstacles() == ["The media edge has not started."]

    async def test() -> None:
        async with calls.running():
            assert calls.obstacles() == []
            stage.supervisor.stopped = True
            assert calls.obstacles() == ["No analysis worker is running."]

    run(test)


def test_offer_before_the_media_edge_is_there(stage: Stage) -> None:
    async def test() -> None:
        with pytest.raises(Unavailable, match="starting"):
            await stage.calls().officer_offer(stage.interview(), "any")

    run(test)
