"""Make many renders in a pool of processes that stay out of everybody's way."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

import cv2

from biometrics.attacklab.plan import Render
from biometrics.attacklab.sources import load
from biometrics.attacklab.store import done, make
from biometrics.errors import EvaluationError

_NICE = 10
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def default_jobs() -> int:
    """As many processes as cores that this one may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def render_all(
    renders: Sequence[Render], takes: Path, folder: Path, jobs: int, progress: Callable[[int], None]
) -> int:
    """Make what is not there yet, from the sources in ``takes``; gives how many were made.

    ``progress`` gets how many of all are there. Raises EvaluationError, naming the render, where one fails.
    """
    left = [render for render in renders if not done(render, folder)]
    there = len(renders) - len(left)
    progress(there)
    if not left:
        return 0
    context = multiprocessing.get_context("spawn")
    with _one_thread_each(), ProcessPoolExecutor(min(jobs, len(left)), context, _begin) as pool:
        running = {pool.submit(_one, render, takes, folder): render for render in left}
        try:
            for made, finished in enumerate(as_completed(running), start=1):
                failed = finished.exception()
                if failed is not None:
                    raise EvaluationError(
                        f"{running[finished].name} could not be rendered: {failed}"
                    ) from failed
                progress(there + made)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return len(left)


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


def _begin() -> None:
    if hasattr(os, "nice"):
        os.nice(_NICE)
    cv2.setNumThreads(1)


def _one(render: Render, takes: Path, folder: Path) -> None:
    names = {render.source, *render.others}
    make(render, {clip.source: clip for clip in load(takes, names)}, folder)
