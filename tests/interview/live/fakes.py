"""An analysis in this very process, a store that stumbles, and a clerk that does what a test says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from interview.analysis.feeding import Event, FeedStatus, Listener
from interview.analysis.protocol import AnalysisSpec, Output, Resume
from interview.errors import ServiceError
from interview.media.journal import Told, took
from interview.media.packets import Packet
from interview.sessions import Sessions
from interview.store.records import SessionRecord
from tests.interview.world import abstention, assessment, observation


@dataclass
class FakeFeed:
    """Acknowledges every packet at once; gives an assessment for every half second of media, a last reading at the end."""

    spec: AnalysisSpec
    listener: Listener
    resume: Resume | None
    released: Callable[[], None]
    packets: list[Packet] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    done: Future[None] = field(default_factory=Future)
    finished: bool = False
    closed: bool = False
    stuck: bool = False

    def put(self, packet: Packet) -> None:
        if self.finished or self.closed:
            return
        self.packets.append(packet)
        self.listener.on_journal(took(packet))
        if len(self.packets) % 20 == 0:
            self.listener.on_output([observation(packet.t), assessment(packet.t)], len(self.packets))

    def finish(self) -> Future[None]:
        if not self.stuck and not self.done.done():
            self.finished = True
            self.listener.on_output([abstention(99.0)], len(self.packets))
            self._end()
        return self.done

    def close(self) -> None:
        if not self.done.done():
            self.closed = True
            self._end()

    def status(self) -> FeedStatus:
        return FeedStatus("idle" if self.done.done() else "running", 0, 0.25)

    def tell(self, told: Told) -> None:
        self.told.append(told)
        self.listener.on_journal(told)

    def happen(self, event: Event) -> None:
        self.listener.on_event(event)

    def _end(self) -> None:
        self.released()
        self.done.set_result(None)


@dataclass
class FakeSupervisor:
    """Has room for so many."""

    places: int = 8
    feeds: list[FakeFeed] = field(default_factory=list)
    stopped: bool = False

    def open(self, spec: AnalysisSpec, listener: Listener, resume: Resume | None = None) -> FakeFeed:
        if not self.places:
            raise ServiceError("every analysis worker is busy: end another interview first")
        self.places -= 1
        self.feeds.append(FakeFeed(spec, listener, resume, self._release))
        return self.feeds[-1]

    def worker_pids(self) -> list[int]:
        return [] if self.stopped else [1]

    def close(self) -> None:
        self.stopped = True

    def _release(self) -> None:
        self.places += 1


class StumblingSessions(Sessions):
    """Sessions over a store that fails where it is told to."""

    keep_fails = False
    joins_to_fail = 0

    def keep(self, session_id: str, outputs: Sequence[Output], journal: bytes) -> None:
        if self.keep_fails:
            raise OSError(28, "No space left on device")
        super().keep(session_id, outputs, journal)

    def officer_joined(self, session_id: str) -> SessionRecord:
        if self.joins_to_fail:
            self.joins_to_fail -= 1
            raise OSError(5, "Input/output error")
        return super().officer_joined(session_id)


@dataclass
class FakeClerk:
    """Remembers its jobs; answers or raises what it was given."""

    answer: object = None
    jobs: list[Any] = field(default_factory=list)
    closed: bool = False

    def do(self, job: object) -> Any:  # noqa: ANN401 - whatever the job would give
        self.jobs.append(job)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> None:
        self.closed = True
