"""Live calls whose applicant is challenged: bound to the connection, told to the analysis, and the same again in a re-run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from fraudmodel.signals import Observation
from interview.analysis.feeding import Event
from interview.challenges.records import Begin, End, Show
from interview.live.calls import LiveCalls
from interview.live.rerunning import Rerun
from interview.live.specification import spec_of
from interview.media.journal import Told
from interview.problems import ConsentNeeded, IllegalStep, Rejected
from interview.session import State
from tests.interview.analysis.fakes import ECHO
from tests.interview.challenges.fakes import Key, ManualTimer, Page
from tests.interview.live.pipelines import FLASH, PageWords, PipelineSupervisor, parts
from tests.interview.live.stage import Stage, joined, run
from tests.interview.media.clients import Client, until


@dataclass
class Taker:
    """An applicant's page at its machine's own clock, with the stream that it hears."""

    stage: Stage
    session: str
    timer: ManualTimer
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = Page(self.timer, Key())
        self.watcher = self.stage.world.events.watch(self.session, lambda: None)

    def listen(self) -> None:
        for event in self.watcher.take():
            if isinstance(event.payload, Begin | Show | End):
                self.page.cues.append(event.payload)

    async def show(self) -> None:
        """Display the step that came last, and let its time pass."""
        self.listen()
        claim = self.page.claim(self.page.shown[-1].k, shown_at_ms=datetime.now(UTC).timestamp() * 1000)
        await self.stage.challenges.shown(self.session, self.page.begun.id, claim)
        self.timer.go_on(1.0)
        self.listen()


@asynccontextmanager
async def challenged(stage: Stage, calls: LiveCalls, taker: Taker) -> AsyncIterator[Client]:
    """Both sides in a live call; the applicant's page has a key."""
    client = Client()
    try:
        offer = await client.offer()
        await client.accept(await calls.applicant_offer(taker.session, offer, taker.page.key.public))
        async with joined(calls, taker.session, "officer"):
            await until(lambda: stage.state(taker.session) is State.LIVE)
            await until(lambda: stage.record(taker.session).segments)
            yield client
    finally:
        await client.close()


async def ask(stage: Stage, session: str) -> str:
    status = await stage.challenges.ask(stage.record(session), "flash", stage.officer.id)
    return status.challenge.id


def told(stage: Stage, session: str) -> list[Told]:
    return [entry for entry in stage.journal(session) if isinstance(entry, Told)]


def test_challenged_interview_gives_every_number_again(stage: Stage) -> None:
    supervisor = PipelineSupervisor()
    stage.supervisor = cast("Any", supervisor)

    async def test() -> None:
        calls, taker = stage.calls(), Taker(stage, stage.interview(), stage.timer)
        session = taker.session
        async with calls.running():
            await calls.page_reports(session, [{"event": "visibility", "hidden": True}])
            async with challenged(stage, calls, taker):
                await until(lambda: supervisor.feeds[-1].count >= 60)
                challenge_id = await ask(stage, session)
                await stage.challenges.answer(session, challenge_id, "ready")
                for _ in range(34):
                    await taker.show()
                assert taker.page.cues[-1] == End(challenge_id, "done")
                await until(lambda: stage.challenges.of_session(session)[0].result)
                await calls.page_reports(session, [{"event": "visibility", "hidden": False}])
                await until(lambda: supervisor.feeds[-1].count >= 160)
                await calls.end(session, stage.officer.id)
        [status] = stage.challenges.of_session(session)
        assert (status.challenge.state, status.challenge.step) == ("done", 32)
        assert status.result is not None
        facts = told(stage, session)
        assert [fact.topic for fact in facts] == ["page", *["flash"] * 36, "page"]
        assert facts[1].values["seed"] == status.challenge.seed.hex()
        assert [ack.shown_s for ack in status.challenge.acks] == [f.values["shown_s"] for f in facts[2:-2]]
        outputs = stage.outputs(session)
        flash, *more = [one for one in outputs if isinstance(one, Observation) and one.kind == FLASH]
        assert (more, flash) == ([], status.result.reading)
        assert (
            len([one for one in outputs if isinstance(one, Observation) and one.kind == PageWords.KIND]) == 2
        )
        recording = stage.reels.finished(session, "applicant")
        assert recording is not None
        spec = spec_of(stage.record(session), stage.world.repository.interviews.templates(session))
        officer = stage.reels.finished(session, "officer")
        difference = Rerun(recording, tuple(stage.journal(session)), spec, tuple(outputs), officer)(parts())
        assert (difference.equal, difference.largest) == (True, 0.0)
        assert difference.fresh.observations > 3
        assert any(isinstance(one, Observation) and one.kind == ECHO for one in outputs)

    run(test)


def test_display_times_are_the_page_machines_once_its_reports_came(stage: Stage) -> None:
    async def test() -> None:
        calls, taker = stage.calls(), Taker(stage, stage.interview(), stage.timer)
        async with calls.running(), challenged(stage, calls, taker):
            media = stage.gateway.get(taker.session)
            assert media is not None
            await until(lambda: media.sender_time_s("applicant", 0.0) is not None)
            challenge_id = await ask(stage, taker.session)
            await stage.challenges.answer(taker.session, challenge_id, "ready")
            await taker.show()
            await taker.show()
            arrived_s = media.now_s()
            assert arrived_s is not None
            acks = stage.challenges.of_session(taker.session)[0].challenge.acks
            assert [ack.clock for ack in acks] == ["sender", "sender"]
            assert all(abs(ack.shown_s - arrived_s) < 2.0 for ack in acks)

    run(test)


def test_new_connection_voids_the_challenge_of_the_old_one(stage: Stage) -> None:
    async def test() -> None:
        calls, taker = stage.calls(), Taker(stage, stage.interview(), stage.timer)
        async with calls.running(), challenged(stage, calls, taker):
            challenge_id = await ask(stage, taker.session)
            await stage.challenges.answer(taker.session, challenge_id, "ready")
            async with joined(calls, taker.session, "applicant"):
                [status] = stage.challenges.of_session(taker.session)
                assert (status.challenge.state, status.challenge.detail) == ("cancelled", "reconnected")
                with pytest.raises(IllegalStep, match="over"):
                    await taker.show()
                with pytest.raises(IllegalStep, match="reload"):
                    await ask(stage, taker.session)

    run(test)


def test_analysis_that_begins_anew_hears_of_the_page_again_and_of_no_challenge(stage: Stage) -> None:
    async def test() -> None:
        calls, taker = stage.calls(), Taker(stage, stage.interview(), stage.timer)
        session = taker.session
        camera = {"event": "camera", "label": "one"}
        async with calls.running(), challenged(stage, calls, taker):
            await calls.page_reports(session, [camera, {"event": "devices", "video_inputs": 1}])
            await calls.page_reports(session, [camera | {"label": "two"}])
            challenge_id = await ask(stage, session)
            await stage.challenges.answer(session, challenge_id, "ready")
            before = len(stage.feed().told)
            stage.feed().happen(Event.WORKER_RESTARTED)
            await until(lambda: len(stage.feed().told) == before + 3)
            end, *pages = stage.feed().told[before:]
            assert (end.values["how"], end.values["detail"]) == ("cancelled", "analysis_restarted")
            assert [page.values.get("label") for page in pages] == ["two", None]

    run(test)


def test_end_of_the_interview_ends_its_challenge_on_the_record(stage: Stage) -> None:
    async def test() -> None:
        calls, taker = stage.calls(), Taker(stage, stage.interview(), stage.timer)
        async with calls.running():
            async with challenged(stage, calls, taker):
                await ask(stage, taker.session)
                await calls.end(taker.session, stage.officer.id)
            [status] = stage.challenges.of_session(taker.session)
            assert (status.challenge.state, status.challenge.detail) == ("cancelled", "interview_ended")
            assert [fact.values["how"] for fact in told(stage, taker.session)] == ["cancelled"]
            with pytest.raises(IllegalStep, match="not in the call"):
                await ask(stage, taker.session)

    run(test)


def test_nothing_of_the_page_is_kept_before_consent_or_after_the_end(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.world.interview(stage.officer).id
        async with calls.running():
            with pytest.raises(ConsentNeeded, match="Consent comes first"):
                await calls.page_reports(session, [{"event": "visibility", "hidden": True}])
            stage.sessions.seal(session, stage.officer.id)
            with pytest.raises(IllegalStep):
                await calls.page_reports(session, [{"event": "visibility", "hidden": True}])

    run(test)


def test_page_key_that_is_none_is_refused_before_anything_happens(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            with pytest.raises(Rejected, match="no ECDSA P-256 public key"):
                await calls.applicant_offer(session, "v=0", "A" * 120)
            assert stage.supervisor.feeds == []

    run(test)
