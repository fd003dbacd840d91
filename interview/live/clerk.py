"""A process for work that must not hold up a call: enrolment, re-runs. One job at a time, each with a pipeline's parts."""

from __future__ import annotations

import pickle
import signal
import threading
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any, Final, Protocol, TypeVar, cast

from interview import logs
from interview.analysis.senses import Parts
from interview.errors import ServiceError

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

_CLOSE_S: Final = 2.0
_CLOSE_STEP_S: Final = 0.1


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
        self._closed = False
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
                    "the service is stopping"
                    if self._closed
                    else "the process that enrols and re-runs died, perhaps for want of memory: try again"
                ) from error
            if done is None:
                self._stop()
        if done:
            return cast("T", result)
        raise result

    def close(self) -> None:
        """End the process, and with it the job that it is at. Idempotent."""
        self._closed = True
        while not self._lock.acquire(timeout=_CLOSE_STEP_S):
            process = self._process
            if process is not None:
                process.kill()
        try:
            self._stop()
        finally:
            self._lock.release()

    def _started(self) -> Connection[Any, Any]:
        if self._closed:
            raise ServiceError("the service is stopping")
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._stop()
            self._pipe, theirs = self._how.Pipe()
            self._process = self._how.Process(target=_serve, args=(theirs, self._build), daemon=True)  # type: ignore[attr-defined]
            self._process.start()
            theirs.close()
        return self._pipe

    def _stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join(_CLOSE_S)
            self._process.kill()
            self._process.join()
            self._process.close()
        self._pipe = self._process = None


def _serve(pipe: Connection[Any, Any], build: Callable[[], Parts]) -> None:
    """The process's whole life: jobs until the pipe closes. A job's exception travels back; it never ends the process."""
    # Ctrl-C reaches the whole group; the service closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with logs.analysing(), closing(_parts(build, pipe)) as parts:
            while True:
                pipe.send_bytes(_answer(pipe.recv(), parts))
    except (EOFError, OSError):
        pass  # the service closed the pipe: it is stopping


def _parts(build: Callable[[], Parts], pipe: Connection[Any, Any]) -> Parts:
    """The parts. Where they cannot be made, the first job is told why and the process ends."""
    try:
        return build()
    except Exception as error:
        pipe.recv()
        pipe.send_bytes(_portable(error, done=None))
        raise EOFError from error


def _answer(job: Job[object], parts: Parts) -> bytes:
    try:
        return bytes(ForkingPickler.dumps((True, job(parts))))
    except Exception as error:  # noqa: BLE001 - raised again on the other side
        return _portable(error)


def _portable(error: Exception, done: bool | None = False) -> bytes:
    """The error as the other side can read it: some exceptions do not survive the way. ``done`` None: no job can be done."""
    try:
        written = bytes(ForkingPickler.dumps((done, error)))
        pickle.loads(written)  # noqa: S301 - written by the line above
    except Exception:  # noqa: BLE001 - whatever keeps it from travelling
        told = RuntimeError(f"{type(error).__name__}: {error}")
        return bytes(ForkingPickler.dumps((done, told)))
    return written
