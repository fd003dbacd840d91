"""A worker process as the supervisor holds it: a pipe, two threads that never let the supervisor wait, and its end."""

from __future__ import annotations

import multiprocessing
import queue
import threading
from collections.abc import Callable, Sequence
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from interview.analysis.senses import Parts
from interview.analysis.worker import Inward, Outward, Stop, work


def context(preload: Sequence[str]) -> BaseContext:
    """How workers start: forked from a server that has the heavy modules loaded, where the platform can."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    forkserver = multiprocessing.get_context("forkserver")
    forkserver.set_forkserver_preload(list(preload))
    return forkserver


class WorkerProcess:
    """Starts at once. ``heard(self, message)`` is called from a thread of its own; ``message`` is None when it is dead."""

    def __init__(
        self,
        how: BaseContext,
        build: Callable[[], Parts],
        heard: Callable[[WorkerProcess, Outward | None], None],
    ) -> None:
        ours, theirs = how.Pipe()
        self._connection = ours
        self._heard = heard
        self._outbox: queue.SimpleQueue[Inward] = queue.SimpleQueue()
        self._process: BaseProcess = how.Process(target=work, args=(theirs, build), daemon=True)  # type: ignore[attr-defined]
        self._process.start()
        theirs.close()
        self._threads = [
            threading.Thread(target=self._write, name="to-worker", daemon=True),
            threading.Thread(target=self._read, name="from-worker", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def send(self, message: Inward) -> None:
        """Never blocks; what is sent to a dead worker is lost."""
        self._outbox.put(message)

    def kill(self) -> None:
        """End it now. `heard` gets None soon after."""
        self._process.kill()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Ask it to end, wait, then kill."""
        self._outbox.put(Stop())
        self._process.join(timeout_s)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(timeout_s)

    def _write(self) -> None:
        try:
            while True:
                self._connection.send(self._outbox.get())
        except OSError:
            return  # it is dead: the reading thread has noticed, or will

    def _read(self) -> None:
        try:
            while True:
                self._heard(self, self._connection.recv())
        except (EOFError, OSError):
            self._process.join(1.0)
            self._heard(self, None)
