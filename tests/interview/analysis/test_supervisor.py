"""Real worker processes: outputs arrive, a killed worker is replaced, and the record re-runs to the same."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from fraudmodel.assessment import FraudAssessment
from fraudmodel.signals import Abstention, Observation
from interview.analysis.compare import compare
from interview.analysis.feeding import Event
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import Output, Resume
from interview.analysis.supervisor import Feed, Supervisor, SupervisorSettings
from interview.errors import ServiceError
from interview.media.journal import Entry, FeedItem, Level, Restarted, Skipped, Took
from interview.media.packets import Packet
from tests.interview.analysis.fakes import (
    SPEC,
    broken_parts,
    exploding_parts,
    lethal_parts,
    parts,
    poisoned_parts,
)
from tests.interview.analysis.media import call, video

SETTINGS = SupervisorSettings(sessions_per_worker=2)
PATIENCE_S = 60.0


@dataclass
class Recorder:
    """A listener that keeps everything, and lets a test wait for what it needs to see."""

    outputs: list[Output] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)
    events: queue.Queue[Event] = field(default_factory=queue.Queue)
    assessed: threading.Condition = field(default_factory=threading.Condition)

    def on_journal(self, entry: Entry) -> None:
        self.journal.append(entry)

    def on_output(self, outputs: Sequence[Output], through: int) -> None:
        with self.assessed:
            self.outputs += outputs
            self.assessed.notify_all()

    def on_event(self, event: Event) -> None:
        self.events.put(event)

    def wait_for_assessments(self, count: int) -> None:
        def enough() -> bool:
            return sum(isinstance(each, FraudAssessment) for each in self.outputs) >= count

        with self.assessed:
            assert self.assessed.wait_for(enough, PATIENCE_S)


def supervised(build: Callable[[], object], settings: SupervisorSettings = SETTINGS) -> Iterator[Supervisor]:
    supervisor = Supervisor(settings, build)  # type: ignore[arg-type]
    yield supervisor
    supervisor.close()


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    yield from supervised(parts)


def play(feed: Feed, packets: Sequence[Packet]) -> None:
    for packet in packets:
        feed.put(packet)


def rerun(
    recording: Sequence[Packet], journal: Sequence[Entry], build: Callable[[], object] = parts
) -> list[Output]:
    by_name = {(each.kind, each.pts_ms): each for each in recording}
    pipeline = Pipeline(SPEC, build())  # type: ignore[arg-type]
    outputs: list[Output] = []
    for entry in journal:
        item: FeedItem
        match entry:
            case Took(kind, pts_ms, lost_ms):
                item = replace(by_name[kind, pts_ms], lost_ms=lost_ms)
            case Level() | Restarted():
                item = entry
            case Skipped():
                continue
        outputs += pipeline.feed(item)
    return outputs + pipeline.finish()


def test_a_session_gives_in_a_worker_what_it_gives_here(supervisor: Supervisor) -> None:
    heard = Recorder()
    feed = supervisor.open(SPEC, heard)
    play(feed, call(3.0))
    feed.finish().result(PATIENCE_S)
    assert compare(heard.outputs, rerun(call(3.0), heard.journal)).equal
    assert sum(isinstance(each, FraudAssessment) for each in heard.outputs) == 7  # 0.5 ... 3.0 and the last
    assert feed.status().state == "idle"


def test_two_sessions_share_a_worker_and_a_third_is_refused(supervisor: Supervisor) -> None:
    first, second = Recorder(), Recorder()
    feeds = [supervisor.open(SPEC, first), supervisor.open(replace(SPEC, session_id="s2"), second)]
    with pytest.raises(ServiceError, match="busy"):
        supervisor.open(SPEC, Recorder())
    for packet in call(2.0):
        for feed in feeds:
            feed.put(packet)
    for feed in feeds:
        feed.finish().result(PATIENCE_S)
    assert first.outputs == second.outputs
    assert len(supervisor.worker_pids()) == 1
    supervisor.open(SPEC, Recorder()).close()


def test_a_killed_worker_is_replaced_and_the_record_gives_the_same(supervisor: Supervisor) -> None:
    heard, recording = Recorder(), call(8.0)
    feed = supervisor.open(SPEC, heard)
    play(feed, recording[:300])
    heard.wait_for_assessments(3)
    (before,) = supervisor.worker_pids()
    os.kill(before, signal.SIGKILL)
    assert heard.events.get(timeout=PATIENCE_S) is Event.WORKER_RESTARTED
    play(feed, recording[300:])
    feed.finish().result(PATIENCE_S)
    assert supervisor.worker_pids() != [before]
    assert heard.journal.count(Restarted()) == 1
    difference = compare(heard.outputs, rerun(recording, heard.journal))
    assert difference.equal, difference
    times = [each.t for each in heard.outputs if isinstance(each, FraudAssessment)]
    assert times[:-1] == [(i + 1) * 0.5 for i in range(len(times) - 1)]
    assert times[-1] == pytest.approx(8.0, abs=0.05)


def test_a_worker_that_dies_in_mid_frame_leaves_no_trace_of_what_it_did_not_report(tmp_path: Path) -> None:
    flag = tmp_path / "die-at-ms"
    flag.write_text("2500")
    for supervisor in supervised(partial(lethal_parts, flag)):
        heard, recording = Recorder(), call(5.0)
        feed = supervisor.open(SPEC, heard)
        play(feed, recording)
        feed.finish().result(PATIENCE_S)
        assert not flag.exists()
        assert Restarted() in heard.journal
        assert compare(heard.outputs, rerun(recording, heard.journal)).equal


def test_a_session_that_breaks_is_restarted_without_its_neighbour(tmp_path: Path) -> None:
    flag = tmp_path / "break-at-ms"
    flag.write_text("1500")
    for supervisor in supervised(partial(exploding_parts, flag)):
        broken, well = Recorder(), Recorder()
        feeds = [supervisor.open(replace(SPEC, session_id="broken"), broken), supervisor.open(SPEC, well)]
        for packet in call(3.0):
            for feed in feeds:
                feed.put(packet)
        for feed in feeds:
            feed.finish().result(PATIENCE_S)
        assert Restarted() in broken.journal
        assert Restarted() not in well.journal
        assert len(supervisor.worker_pids()) == 1


def test_packets_that_kill_every_worker_are_given_up_and_the_session_goes_on() -> None:
    for supervisor in supervised(partial(poisoned_parts, 1000, 1200)):
        heard, recording = Recorder(), video(120, keyframe_every=1)
        assert all(packet.keyframe for packet in recording)  # so that each life decodes, and dies, at once
        feed = supervisor.open(SPEC, heard)
        play(feed, recording[:35])
        for _ in range(2):
            assert heard.events.get(timeout=PATIENCE_S) is Event.WORKER_RESTARTED
        play(feed, [each for each in recording if each.pts_ms >= 2000])
        feed.finish().result(PATIENCE_S)
        assert any(isinstance(entry, Skipped) for entry in heard.journal)
        assert compare(heard.outputs, rerun(recording, heard.journal)).equal


def test_an_analysis_that_never_works_gives_up_and_says_so() -> None:
    for supervisor in supervised(broken_parts):
        heard = Recorder()
        feed = supervisor.open(SPEC, heard)
        play(feed, call(0.5))
        feed.finish().result(PATIENCE_S)
        events = [heard.events.get(timeout=PATIENCE_S) for _ in range(heard.events.qsize())]
        assert events[-1] is Event.GAVE_UP
        assert heard.outputs == []


def test_a_session_resumes_what_another_server_had_heard(supervisor: Supervisor) -> None:
    first, second = Recorder(), Recorder()
    feed = supervisor.open(SPEC, first)
    play(feed, call(2.0))
    first.wait_for_assessments(3)
    feed.close()
    earlier = [each for each in first.outputs if isinstance(each, (Observation, Abstention))]
    feed = supervisor.open(SPEC, second, Resume(tuple(earlier), 3))
    late = [replace(each, pts_ms=each.pts_ms + 5000) for each in call(2.0)]
    play(feed, late)
    feed.finish().result(PATIENCE_S)
    assert second.journal[0] == Restarted()
    fresh = next(each for each in second.outputs if isinstance(each, FraudAssessment))
    assert sum(each.observations for each in fresh.contributions) >= len(earlier)
    assert fresh.t == 5.0


def test_a_listener_that_raises_does_not_stop_the_analysis(supervisor: Supervisor) -> None:
    class Rude(Recorder):
        def on_output(self, outputs: Sequence[Output], through: int) -> None:
            super().on_output(outputs, through)
            raise RuntimeError("not now")

    heard = Rude()
    feed = supervisor.open(SPEC, heard)
    play(feed, call(2.0))
    feed.finish().result(PATIENCE_S)
    assert sum(isinstance(each, FraudAssessment) for each in heard.outputs) == 5  # 0.5 ... 2.0 and the last
