"""An analysis worker: a process that hosts several sessions, a thread each. A session's thread owns all of its state.

Messages over the pipe, in: Open, Feed, Finish, Close, Stop. Out: Ready once, then Done and Failed.
"""

from __future__ import annotations

import logging
import queue
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from interview import logs
from interview.analysis.panel import message_of
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import AnalysisSpec, Output, Resume
from interview.analysis.senses import Parts
from interview.media.journal import FeedItem

log = logging.getLogger(__name__)

_ACKNOWLEDGE_EVERY = 16


@dataclass(frozen=True, slots=True)
class Open:
    """Begin a session. ``handle`` names it from here on; ``through`` counts the items it has taken in earlier lives."""

    handle: int
    spec: AnalysisSpec
    resume: Resume
    through: int


@dataclass(frozen=True, slots=True)
class Feed:
    """Items for a session, in order."""

    handle: int
    items: tuple[FeedItem, ...]


@dataclass(frozen=True, slots=True)
class Finish:
    """End of media: give the last outputs and forget the session."""

    handle: int


@dataclass(frozen=True, slots=True)
class Close:
    """Forget the session without its last outputs."""

    handle: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End the worker once its sessions have taken what they were fed."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker has its models and takes sessions."""


@dataclass(frozen=True, slots=True)
class Done:
    """A session took ``through`` items in all; these are the outputs since the last Done."""

    handle: int
    outputs: tuple[Output, ...]
    through: int
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """A session broke in a way that no part of it expected. It takes nothing more under this handle."""

    handle: int
    message: str


Inward = Open | Feed | Finish | Close | Stop
Outward = Ready | Done | Failed


def work(connection: Connection[Any, Any], build: Callable[[], Parts]) -> None:
    """A worker process's whole life: build the parts, serve until the pipe closes."""
    with logs.analysing():
        _work(connection, build)


def _work(connection: Connection[Any, Any], build: Callable[[], Parts]) -> None:
    # Ctrl-C reaches the whole group; the supervisor closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parts = build()
    preheat(parts)
    outbox: queue.SimpleQueue[Outward | None] = queue.SimpleQueue()
    writer = threading.Thread(target=_write, args=(connection, outbox), name="writer")
    writer.start()
    outbox.put(Ready())
    try:
        serve(connection, parts, outbox.put)
    finally:
        outbox.put(None)
        writer.join()
        parts.close()


def preheat(parts: Parts) -> None:
    """Open everything once: in a fresh process that takes seconds, and the first session must not begin behind."""
    models = {name for spec in parts.detectors for name in spec.models}
    attempts: list[Callable[[], object]] = [partial(parts.hub.get, name) for name in sorted(models)]
    attempts += [lambda: parts.face(parts.hub).close(), lambda: parts.speech(parts.hub)]
    for attempt in attempts:
        try:
            attempt()
        except Exception as error:  # noqa: BLE001 - each session finds the same, and reports it
            log.warning("this worker goes without: %s", error)


def serve(connection: Connection[Any, Any], parts: Parts, send: Callable[[Outward], None]) -> None:
    """Host sessions until Stop or the end of the pipe. Every one of them has ended when this returns."""
    sessions: dict[int, _Session] = {}
    try:
        while not isinstance(message := connection.recv(), Stop):
            _deliver(message, sessions, parts, send)
    except (EOFError, OSError):
        log.info("the supervisor has closed the pipe")
    for handle, session in sessions.items():
        session.inbox.put(Close(handle))
    for session in sessions.values():
        session.thread.join()


def _deliver(
    message: Open | Feed | Finish | Close,
    sessions: dict[int, _Session],
    parts: Parts,
    send: Callable[[Outward], None],
) -> None:
    if isinstance(message, Open):
        # One that was told to end stays until it has: it still needs the parts.
        for handle in [handle for handle, session in sessions.items() if not session.thread.is_alive()]:
            del sessions[handle]
        sessions[message.handle] = _Session(message, parts, send)
    elif message.handle in sessions:
        sessions[message.handle].inbox.put(message)


def _write(connection: Connection[Any, Any], outbox: queue.SimpleQueue[Outward | None]) -> None:
    try:
        while (message := outbox.get()) is not None:
            connection.send(message)
    except OSError:
        log.info("the supervisor no longer reads")


@dataclass
class _Session:
    opened: Open
    parts: Parts
    send: Callable[[Outward], None]
    inbox: queue.SimpleQueue[Feed | Finish | Close] = field(default_factory=queue.SimpleQueue)
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, name=f"session-{self.opened.handle}")
        self.thread.start()

    def _run(self) -> None:
        try:
            pipeline = Pipeline(self.opened.spec, self.parts, self.opened.resume)
            try:
                pipeline.warm()
                self._live(pipeline)
            finally:
                pipeline.close()
        except Exception as error:
            log.exception("session %s failed", self.opened.spec.session_id)
            self.send(Failed(self.opened.handle, message_of(error)))

    def _live(self, pipeline: Pipeline) -> None:
        handle, through = self.opened.handle, self.opened.through
        while True:
            match self.inbox.get():
                case Feed(items=items):
                    through = self._take(pipeline, items, through)
                case Finish():
                    self.send(Done(handle, tuple(pipeline.finish()), through, finished=True))
                    return
                case Close():
                    return

    def _take(self, pipeline: Pipeline, items: tuple[FeedItem, ...], through: int) -> int:
        outputs: list[Output] = []
        for number, item in enumerate(items, 1):
            outputs += pipeline.feed(item)
            if outputs or number == len(items) or number % _ACKNOWLEDGE_EVERY == 0:
                self.send(Done(self.opened.handle, tuple(outputs), through + number))
                outputs = []
        return through + len(items)
