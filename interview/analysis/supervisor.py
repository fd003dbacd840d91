"""Keeps analysis workers alive and sessions fed. The media edge hands packets over and never waits.

One thread owns all state; everything reaches it through one queue: packets, what workers say, workers' deaths. The
callbacks of a session are called on that thread, in order: for each acknowledgement first the journal's entries, then
the outputs. They must return at once; an asyncio caller hops with `loop.call_soon_threadsafe`.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from interview.analysis.feeding import FeedStatus, Listener, Session
from interview.analysis.process import WorkerProcess, context
from interview.analysis.protocol import AnalysisSpec, Resume
from interview.analysis.senses import Parts
from interview.analysis.worker import Done, Failed, Outward, Ready
from interview.errors import ServiceError
from interview.media.journal import Told
from interview.media.packets import Packet

log = logging.getLogger(__name__)

_TICK_S = 0.5


@dataclass(frozen=True, slots=True)
class SupervisorSettings:
    """``workers`` processes of at most ``sessions_per_worker``; ``hang_s`` without an answer and a worker is killed.

    ``preload`` names modules that a new worker finds loaded, so that it is there within two seconds.
    """

    workers: int = 1
    sessions_per_worker: int = 8
    hang_s: float = 20.0
    preload: tuple[str, ...] = ("interview.analysis.worker",)


class Feed:
    """One session's way in. Made by `Supervisor.open`. Every method returns at once and may be called from any thread."""

    def __init__(self, session: Session, post: Callable[[Callable[[], None]], None]) -> None:
        self._session = session
        self._post = post

    def put(self, packet: Packet) -> None:
        """Hand over a packet, in the order in which it arrived."""
        self._post(lambda: self._session.put(packet))

    def tell(self, told: Told) -> None:
        """Hand over a fact, between the packets that were put before and after it."""
        self._post(lambda: self._session.tell(told))

    def finish(self) -> Future[None]:
        """End of media. Done once the last outputs were given, or the analysis gave up."""
        self._post(self._session.finish)
        return self._session.finished

    def close(self) -> None:
        """Give up the analysis; outputs that are on their way are dropped, and were never journaled."""
        self._post(self._session.abandon)

    def status(self) -> FeedStatus:
        """How the analysis keeps up."""
        return self._session.status()


class Supervisor:
    """Starts its workers at once. ``build`` makes the parts inside a worker, and can be pickled."""

    def __init__(self, settings: SupervisorSettings, build: Callable[[], Parts]) -> None:
        self._settings = settings
        self._build = build
        self._how = context(settings.preload)
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._handles = itertools.count(1)
        self._slots = [_Slot() for _ in range(settings.workers)]
        self._places = threading.BoundedSemaphore(settings.workers * settings.sessions_per_worker)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._thread.start()

    def open(self, spec: AnalysisSpec, listener: Listener, resume: Resume | None = None) -> Feed:
        """Begin a session's analysis. Raises ServiceError where every worker is full."""
        if not self._places.acquire(blocking=False):
            raise ServiceError(
                "every analysis worker is busy: end another interview first, or raise CANDOR_WORKERS on a larger machine"
            )
        session = Session(spec, listener, resume, self._release)
        self._calls.put(lambda: self._admit(session))
        return Feed(session, self._calls.put)

    def close(self) -> None:
        """Stop every worker. Sessions that were not finished get no more outputs."""
        self._calls.put(None)
        self._thread.join()

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Block until a worker takes sessions; False where none does in time. Sessions may be opened before."""
        return self._ready.wait(timeout_s)

    def worker_pids(self) -> list[int]:
        """Process ids of the workers that are alive, for measurements and tests."""
        processes = [slot.process for slot in self._slots]
        return [each.pid for each in processes if each is not None and each.pid is not None]

    def _run(self) -> None:
        for slot in self._slots:
            self._start(slot)
        for call in self._next_calls():
            try:
                call()
            except Exception:
                log.exception("the analysis supervisor goes on after an error")
        for slot in self._slots:
            if slot.process is not None:
                slot.process.stop()

    def _next_calls(self) -> Iterator[Callable[[], None]]:
        ticked = time.monotonic()
        while True:
            try:
                call = self._calls.get(timeout=_TICK_S)
            except queue.Empty:
                call = self._tick
            if call is None:
                return
            yield call
            if time.monotonic() - ticked > _TICK_S:
                ticked = time.monotonic()
                yield self._tick

    def _start(self, slot: _Slot) -> None:
        slot.ready = False
        slot.process = WorkerProcess(self._how, self._build, self._heard)

    def _heard(self, process: WorkerProcess, message: Outward | None) -> None:
        """On the process's own thread."""
        self._calls.put(lambda: self._said(process, message))

    def _said(self, process: WorkerProcess, message: Outward | None) -> None:
        slot = next((each for each in self._slots if each.process is process), None)
        if slot is None:
            return
        slot.heard_at = time.monotonic()
        if message is None:
            self._died(slot)
        elif isinstance(message, Ready):
            slot.ready, slot.deaths = True, 0
            log.info("analysis worker %s is ready", process.pid)
            self._ready.set()
            for session in slot.sessions.values():
                session.attach(next(self._handles), process.send)
        else:
            self._answered(slot.session(message.handle), process, message)

    def _answered(self, session: Session | None, process: WorkerProcess, message: Done | Failed) -> None:
        if session is not None:
            session.said(message)
            if session.broken:
                session.attach(next(self._handles), process.send)

    def _died(self, slot: _Slot) -> None:
        pid = slot.process.pid if slot.process else None
        log.warning("analysis worker %s died with %d sessions; starting another", pid, len(slot.sessions))
        slot.process = None
        for session in list(slot.sessions.values()):
            session.detach()
        slot.start_at = time.monotonic() + (0.0 if slot.ready else min(30.0, 2.0**slot.deaths))
        slot.deaths += 1
        self._tick()

    def _tick(self) -> None:
        now = time.monotonic()
        for slot in self._slots:
            if slot.process is None and now >= slot.start_at:
                slot.heard_at = now
                self._start(slot)
            elif slot.process is not None and self._hangs(slot, now):
                log.warning("analysis worker %s does not answer; killing it", slot.process.pid)
                slot.process.kill()

    def _hangs(self, slot: _Slot, now: float) -> bool:
        waits = any(session.waits for session in slot.sessions.values())
        if not waits:
            slot.heard_at = now
        return slot.ready and now - slot.heard_at > self._settings.hang_s

    def _admit(self, session: Session) -> None:
        slot = min(self._slots, key=lambda each: len(each.sessions))
        slot.sessions[id(session)] = session
        if slot.ready and slot.process is not None:
            session.attach(next(self._handles), slot.process.send)

    def _release(self, session: Session) -> None:
        for slot in self._slots:
            if slot.sessions.pop(id(session), None) is not None:
                self._places.release()


class _Slot:
    """A worker's place: the process in it changes, its sessions stay."""

    def __init__(self) -> None:
        self.process: WorkerProcess | None = None
        self.sessions: dict[int, Session] = {}
        self.ready = False
        self.deaths = 0
        self.start_at = 0.0
        self.heard_at = 0.0

    def session(self, handle: int) -> Session | None:
        """The session that goes by this handle now; None for one of an earlier life."""
        return next((each for each in self.sessions.values() if each.handle == handle), None)
