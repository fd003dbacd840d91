"""Much work in a pool of processes that stay out of everybody's way, and that do not outlive whoever started them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Protocol, TypeVar

import cv2

from biometrics.errors import EvaluationError

_NICE = 10
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Named(Protocol):
    """A piece of work that can be named in an error."""

    @property
    def name(self) -> str: ...


Piece = TypeVar("Piece", bound=Named)
Outcome = TypeVar("Outcome")


def default_jobs() -> int:
    """As many processes as cores that this one may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def outcomes(
    pieces: Sequence[Piece],
    work: Callable[[Piece], Outcome],
    jobs: int,
    what: str,
    begin: Callable[[], None] | None = None,
) -> Iterator[Outcome]:
    """``work`` of every piece, as each is done; ``begin`` is called once in each process. Both can be pickled.

    Raises EvaluationError, "NAME could not be ``what``", where one fails; what had begun by then is finished first.
    """
    if not pieces:
        return
    context = multiprocessing.get_context("spawn")
    with (
        _one_thread_each(),
        ProcessPoolExecutor(min(jobs, len(pieces)), context, _begin, (begin,)) as pool,
    ):
        running = {pool.submit(work, piece): piece for piece in pieces}
        try:
            for finished in as_completed(running):
                failed = finished.exception()
                if failed is not None:
                    raise EvaluationError(
                        f"{running[finished].name} could not be {what}: {failed}"
                    ) from failed
                yield finished.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started meanwhile do their linear algebra on one thread: they read these only as they start."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _begin(begin: Callable[[], None] | None) -> None:
    if hasattr(os, "nice"):
        os.nice(_NICE)
    cv2.setNumThreads(1)
    threading.Thread(target=_leave_with_parent, name="leave-with-parent", daemon=True).start()
    if begin is not None:
        begin()


def _leave_with_parent() -> None:
    """A pool's process waits for work for ever, also when whoever would give it was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
