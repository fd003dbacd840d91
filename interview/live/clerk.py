"""A process for work that must not hold up a call: enrolment, re-runs. One job at a time, each with a pipeline's parts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Protocol, TypeVar, cast

from interview.analysis.senses import Parts
from interview.errors import ServiceError

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Job(Protocol[T_co]):
    """Something to do with the parts. Can be pickled, and so can what it gives and raises."""

    def __call__(self, parts: Parts, /) -> T_co: ...


class Clerk:
    """Starts its process with the first job and keeps it. Safe for use by several threads; jobs wait for each other.

    ``build`` makes the parts inside the process, and can be pickled.
    """

    def __init__(self, how: BaseContext, build: Callable[[], Parts]) -> None:
        self._how = how
        self._build = build
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any] | None = None

    def do(self, job: Job[T]) -> T:
        """Run the job and wait for what it gives. Raises what it raises, and ServiceError where its process dies."""
        with self._lock:
            pipe = self._started()
            try:
                pipe.send(job)
                done, result = pipe.recv()
            except (EOFError, OSError) as error:
                self._stop()
                raise ServiceError(
                    "the process that enrols and re-runs died, perhaps for want of memory: try again"
                ) from error
        if done:
            return cast("T", result)
        raise result

    def close(self) -> None:
        """End the process. Idempotent."""
        with self._lock:
            self._stop()

    def _started(self) -> Connection[Any, Any]:
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._pipe, theirs = self._how.Pipe()
            self._process = self._how.Process(target=_serve, args=(theirs, self._build), daemon=True)  # type: ignore[attr-defined]
            self._process.start()
            theirs.close()
        return self._pipe

    def _stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join(2.0)
            self._process.kill()
        self._pipe = self._process = None


def _serve(pipe: Connection[Any, Any], build: Callable[[], Parts]) -> None:
    """The process's whole life: jobs until the pipe closes. A job's exception travels back; it never ends the process."""
    parts = build()
    try:
        while True:
            job = pipe.recv()
            try:
                answer: tuple[bool, object] = (True, job(parts))
            except Exception as error:  # noqa: BLE001 - raised again on the other side
                answer = (False, error)
            pipe.send(answer)
    except (EOFError, OSError):
        pass  # the service closed the pipe: it is stopping
    finally:
        parts.close()
