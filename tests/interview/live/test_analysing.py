"""A call's place in the analysis, and how it ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import cast

import pytest

from interview.analysis.feeding import Event, Listener
from interview.analysis.protocol import AnalysisSpec, Resume
from interview.analysis.supervisor import Feed
from interview.calls import AnalysisStatus
from interview.live.analysing import Analysing
from interview.live.outlet import Batch
from interview.sessions import Upload
from tests.interview.live.fakes import FakeFeed
from tests.interview.live.stage import Stage, run
from tests.interview.media.material import call
from tests.interview.world import assessment, observation, template


@dataclass
class Desk:
    """Opens feeds; ``stuck`` ones never finish by themselves."""

    stuck: bool = False
    opened: list[FakeFeed] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def open(self, spec: AnalysisSpec, listener: Listener, resume: Resume | None) -> Feed:
        self.opened.append(FakeFeed(spec, listener, resume, lambda: None, stuck=self.stuck))
        return cast("Feed", self.opened[-1])


def analysing(stage: Stage, session: str, desk: Desk, patience_s: float = 20.0) -> Analysing:
    return Analysing(session, stage.sessions, desk.open, desk.events.append, patience_s)


def test_place_is_taken_once_and_again_only_for_another_consent(stage: Stage) -> None:
    async def test() -> None:
        session, desk = stage.world.live(stage.officer).id, Desk()
        analysis = analysing(stage, session, desk)
        assert analysis.status() == AnalysisStatus()
        await analysis.ready(stage.record(session))
        await analysis.ready(stage.record(session))
        assert len(desk.opened) == 1
        assert desk.opened[0].resume is None
        assert analysis.status() == AnalysisStatus("running", 0, 0.25)

    run(test)


def test_what_the_interview_was_made_with_goes_to_the_worker(stage: Stage) -> None:
    """Word for word: a worker that is started later reads no file that may have changed since."""

    async def test() -> None:
        session, desk = stage.world.live(stage.officer).id, Desk()
        await analysing(stage, session, desk).ready(stage.record(session))
        given = desk.opened[0].spec.rulebook
        assert given is not None
        assert given == stage.world.repository.documents.rulebook(session)
        assert given.read()[1].version == stage.record(session).policy

    run(test)


def test_place_is_taken_anew_for_another_reference(stage: Stage) -> None:
    """What the officer replaces while the applicant waits is what the call is compared with, live as in a re-run."""

    async def test() -> None:
        session, desk = stage.world.interview(stage.officer).id, Desk()
        analysis = analysing(stage, session, desk)
        await analysis.ready(stage.record(session))
        other = template("voice", 7)
        stage.sessions.replace_voice(session, other, Upload(b"RIFF", "audio/wav"), stage.officer.id)
        await analysis.ready(stage.record(session))
        used = [feed.spec.references["voice"].vector.tobytes() for feed in desk.opened]
        assert len(used) == 2
        assert used[1] == other.vector.tobytes() != used[0]
        stage.sessions.revoke(session, "voice", "The applicant withdrew consent.", stage.officer.id)
        await analysis.ready(stage.record(session))
        assert set(desk.opened[-1].spec.references) == {"face"}

    run(test)


def test_earlier_outputs_are_where_it_goes_on_from(stage: Stage) -> None:
    async def test() -> None:
        session, desk = stage.world.live(stage.officer).id, Desk()
        stage.world.record(session, [observation(), assessment(0.5), assessment(3.0)])
        await analysing(stage, session, desk).ready(stage.record(session))
        assert desk.opened[0].resume == Resume((observation(),), 6, sequential=assessment(3.0).sequential)

    run(test)


def test_end_gives_the_last_outputs_and_everything_that_was_taken(stage: Stage) -> None:
    async def test() -> None:
        session, desk = stage.world.live(stage.officer).id, Desk()
        analysis = analysing(stage, session, desk)
        assert analysis.take() == Batch()
        await analysis.ready(stage.record(session))
        packets = call(0.6)
        for packet in packets:
            analysis.put(packet)
        before = analysis.take()
        assert await analysis.finish()
        whole = before.then(analysis.take())
        assert len(whole.entries) == len(packets)
        assert len(whole.outputs) == 2 * (len(packets) // 20) + 1
        assert await analysis.finish()
        analysis.put(packets[0])
        assert analysis.take() == Batch()

    run(test)


def test_end_that_does_not_come_is_not_waited_for_and_the_place_is_left(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        session, desk = stage.world.live(stage.officer).id, Desk(stuck=True)
        analysis = analysing(stage, session, desk, patience_s=0.01)
        await analysis.ready(stage.record(session))
        assert not await analysis.finish()
        assert desk.opened[0].closed
        assert not desk.opened[0].done.cancelled()

    run(test)
    assert "did not finish" in caplog.text


def test_what_the_analysis_says_is_passed_on(stage: Stage) -> None:
    async def test() -> None:
        session, desk = stage.world.live(stage.officer).id, Desk()
        await analysing(stage, session, desk).ready(stage.record(session))
        await asyncio.to_thread(desk.opened[0].happen, Event.KEYFRAME_WANTED)
        assert desk.events == [Event.KEYFRAME_WANTED]

    run(test)
