"""One session between the media edge and its worker: what is sent, acknowledged, re-sent. Lives on one thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from interview.analysis import worker
from interview.analysis.history import History
from interview.analysis.protocol import AnalysisSpec, Output, Resume
from interview.analysis.window import Window
from interview.media.journal import Entry, Told
from interview.media.packets import Packet

log = logging.getLogger(__name__)

_DROP_AFTER = 2
_GIVE_UP_AFTER = 6
"""Deaths in a row without one item analysed: first the items in flight are given up, then the session."""


class Event(StrEnum):
    """What the edge should know or do."""

    WORKER_RESTARTED = "worker_restarted"
    """The decoder starts anew: ask the applicant's browser for a keyframe."""
    KEYFRAME_WANTED = "keyframe_wanted"
    """Video was dropped and can be taken again: ask for a keyframe."""
    GAVE_UP = "gave_up"
    """The analysis of this session keeps failing and has ended. The call goes on."""


class Listener(Protocol):
    """What a session's owner hears, on the supervisor's thread. Must return at once."""

    def on_journal(self, entry: Entry, /) -> None: ...

    def on_output(self, outputs: Sequence[Output], through: int, /) -> None: ...

    def on_event(self, event: Event, /) -> None: ...


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """``level`` the cadence level, ``lag_s`` media handed over and not yet analysed."""

    state: Literal["running", "restarting", "idle"]
    level: int
    lag_s: float


class Session:
    """Everything about one analysed session that outlives a worker. ``released`` is called once, at its end."""

    def __init__(
        self,
        spec: AnalysisSpec,
        listener: Listener,
        resume: Resume | None,
        released: Callable[[Session], None],
    ) -> None:
        self.handle = 0
        self.broken = False
        self.finished: Future[None] = Future()
        self._spec = spec
        self._listener = listener
        self._released = released
        self._window = Window()
        self._history = History(resume)
        self._send: Callable[[worker.Inward], None] | None = None
        self._lives = 0 if resume is None else 1
        self._fruitless = 0
        self._finishing = False

    @property
    def waits(self) -> bool:
        """Whether a worker owes an answer."""
        return self._send is not None and (self._finishing or not self._window.idle)

    def status(self) -> FeedStatus:
        """May be asked from any thread."""
        if self.finished.done():
            return FeedStatus("idle", 0, 0.0)
        running = self._send is not None or self._lives == 0
        return FeedStatus("running" if running else "restarting", self._window.level, self._window.lag_s)

    def attach(self, handle: int, send: Callable[[worker.Inward], None]) -> None:
        """A worker is there: open the session in it and send what waits."""
        self.handle, self._send, self.broken = handle, send, False
        self._lives += 1
        items = self._window.restart() if self._lives > 1 else self._window.unsent()
        send(worker.Open(handle, self._spec, self._history.resume(), self._window.acknowledged))
        if items:
            send(worker.Feed(handle, tuple(items)))
        if self._finishing:
            send(worker.Finish(handle))
        if self._lives > 1:
            self._tell(Event.WORKER_RESTARTED)

    def detach(self) -> None:
        """The worker is dead, or this session broke in it."""
        self._send = None
        self._fruitless += 1
        if self._fruitless == _GIVE_UP_AFTER:
            log.error("session %s: analysis given up", self._spec.session_id)
            self._tell(Event.GAVE_UP)
            self._end()
        elif self._fruitless >= _DROP_AFTER:
            self._window.drop()

    def put(self, packet: Packet) -> None:
        """Take a packet from the edge."""
        if self._finishing or self.finished.done():
            return
        items = self._window.put(packet)
        if self._send is not None and items:
            self._send(worker.Feed(self.handle, tuple(items)))
        self._ask_for_keyframe()

    def tell(self, told: Told) -> None:
        """Take a fact from the edge."""
        if self._finishing or self.finished.done():
            return
        item = self._window.tell(told)
        if self._send is not None:
            self._send(worker.Feed(self.handle, (item,)))

    def said(self, message: worker.Done | worker.Failed) -> None:
        """The worker has answered for this session."""
        if isinstance(message, worker.Failed):
            log.error("session %s: %s", self._spec.session_id, message.message)
            self.detach()
            self.broken = not self.finished.done()
            return
        if message.through > self._window.acknowledged or message.finished:
            self._fruitless = 0
        self._journal(self._window.acknowledge(message.through))
        self._history.add(message.outputs)
        if message.finished:
            self._journal(self._window.close())
        if message.outputs:
            self._guarded(lambda: self._listener.on_output(message.outputs, message.through))
        self._ask_for_keyframe()
        if message.finished:
            self._end()

    def finish(self) -> None:
        """End of media."""
        if self._finishing or self.finished.done():
            return
        self._finishing = True
        if self._send is not None:
            self._send(worker.Finish(self.handle))

    def abandon(self) -> None:
        """Stop without the last outputs."""
        if not self.finished.done():
            if self._send is not None:
                self._send(worker.Close(self.handle))
            self._end()

    def _end(self) -> None:
        self._send = None
        self._released(self)  # first: whoever waits for the end may want this place
        self.finished.set_result(None)

    def _ask_for_keyframe(self) -> None:
        if self._window.wants_keyframe():
            self._tell(Event.KEYFRAME_WANTED)

    def _journal(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._guarded(lambda entry=entry: self._listener.on_journal(entry))  # type: ignore[misc]

    def _tell(self, event: Event) -> None:
        self._guarded(lambda: self._listener.on_event(event))

    def _guarded(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:
            log.exception("session %s: its listener failed", self._spec.session_id)
