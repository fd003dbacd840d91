"""Live calls in which questions are asked: the marks reach the analysis, its successor, and a re-run."""

from __future__ import annotations

from typing import Any, cast

import pytest

from fraudmodel.signals import Observation
from interview.analysis.feeding import Event
from interview.live.rerunning import Rerun
from interview.live.specification import spec_of
from interview.media.journal import Told
from interview.problems import IllegalStep
from interview.questions.records import MarkEvent
from tests.interview.live.pipelines import PipelineSupervisor, QuestionWords, parts
from tests.interview.live.stage import Stage, both, joined, run
from tests.interview.media.clients import until


async def mark(stage: Stage, session: str, question: str, event: MarkEvent = "asked") -> None:
    await stage.questions.mark(stage.record(session), question, event, stage.officer.id)


def asked(told: list[Told]) -> list[tuple[str, str]]:
    return [(each.values["question"], each.values["event"]) for each in told if each.topic == "question"]


def test_marks_lie_on_the_media_clock_and_a_re_run_hears_the_same(stage: Stage) -> None:
    supervisor = PipelineSupervisor()
    stage.supervisor = cast("Any", supervisor)

    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running(), joined(calls, session, "applicant"), joined(calls, session, "officer"):
            await until(lambda: bool(supervisor.feeds) and supervisor.feeds[-1].count >= 60)
            media = stage.gateway.get(session)
            assert media is not None
            before_s = media.now_s()
            await mark(stage, session, "q1")
            await mark(stage, session, "q1", "answered")
            after_s = media.now_s()
            await until(lambda: supervisor.feeds[-1].count >= 120)
            await calls.end(session, stage.officer.id)
        told = [each for each in stage.journal(session) if isinstance(each, Told)]
        assert asked(told) == [("q1", "asked"), ("q1", "answered")]
        assert before_s is not None
        assert after_s is not None
        assert all(before_s - 1e-3 <= each.t_ms / 1000 <= after_s + 1e-3 for each in told)
        outputs = stage.outputs(session)
        heard = [
            each for each in outputs if isinstance(each, Observation) and each.kind == QuestionWords.KIND
        ]
        assert [each.score for each in heard] == [1.0, 1.0]
        recording = stage.reels.finished(session, "applicant")
        assert recording is not None
        spec = spec_of(stage.record(session), stage.world.repository.interviews.templates(session))
        officer = stage.reels.finished(session, "officer")
        difference = Rerun(recording, tuple(stage.journal(session)), spec, tuple(outputs), officer)(parts())
        assert (difference.equal, difference.largest) == (True, 0.0)

    run(test)


def test_an_analysis_that_begins_anew_hears_every_mark_again_at_its_own_time(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running(), both(stage, calls, session):
            await mark(stage, session, "q1")
            await mark(stage, session, "q3")
            before = list(stage.feed().told)
            stage.feed().happen(Event.WORKER_RESTARTED)
            await until(lambda: len(stage.feed().told) == len(before) + 2)
            assert stage.feed().told[len(before) :] == before

    run(test)


def test_after_a_restart_of_the_service_the_marks_come_from_the_store(stage: Stage) -> None:
    async def test() -> None:
        session = stage.interview()
        calls = stage.calls()
        async with calls.running(), both(stage, calls, session):
            await mark(stage, session, "q1")
        first = list(stage.feed().told)
        again = stage.calls()
        async with again.running(), both(stage, again, session):
            assert [each for each in stage.feed().told if each.topic == "question"] == first
            await mark(stage, session, "q1", "answered")
            assert asked(stage.feed().told) == [("q1", "asked"), ("q1", "answered")]

    run(test)


def test_nothing_is_marked_before_both_are_there_or_after_the_end(stage: Stage) -> None:
    async def test() -> None:
        calls, session = stage.calls(), stage.interview()
        async with calls.running():
            async with joined(calls, session, "applicant"):
                with pytest.raises(IllegalStep, match="The recording has not begun"):
                    await mark(stage, session, "q1")
            async with both(stage, calls, session):
                await calls.end(session, stage.officer.id)
            with pytest.raises(IllegalStep, match="sealed"):
                await mark(stage, session, "q1")

    run(test)
