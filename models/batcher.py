"""Running rows of many sessions through one model: one by one on a CPU, batched on an accelerator.

A row's numbers must not depend on who else is being analysed, or a re-run could not reproduce them. A CPU therefore
computes row by row (exact). On an accelerator batching pays, and the hub allows it only within the manifest's tolerance.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from models.hub import Rows

Run = Callable[[Sequence[Rows]], tuple[Rows, ...]]
Clock = Callable[[], float]


class Runner(Protocol):
    """Runs a caller's rows and returns exactly those rows' results. Thread-safe; blocks."""

    def __call__(self, inputs: Sequence[Rows]) -> tuple[Rows, ...]: ...

    def close(self) -> None:
        """Release the thread, if there is one."""
        ...


class RowByRow:
    """Each row alone, in the caller's own thread."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __call__(self, inputs: Sequence[Rows]) -> tuple[Rows, ...]:
        """Run the rows one after another."""
        rows = len(inputs[0])
        if rows == 1:
            return self._run(inputs)
        results = [self._run([array[row : row + 1] for array in inputs]) for row in range(rows)]
        return tuple(np.concatenate(column) for column in zip(*results, strict=True))

    def close(self) -> None:
        """Nothing to release."""


@dataclass(frozen=True, slots=True)
class _Job:
    inputs: tuple[Rows, ...]
    arrived_s: float
    done: Future[tuple[Rows, ...]] = field(default_factory=Future)

    @property
    def rows(self) -> int:
        return len(self.inputs[0])

    @property
    def key(self) -> tuple[object, ...]:
        """Jobs with equal keys may share a batch: same dtypes, same shapes but for the batch axis."""
        return tuple((array.dtype.str, array.shape[1:]) for array in self.inputs)


class Batcher:
    """One thread gathers rows until ``max_batch`` or until the oldest job has waited ``max_wait_s``, then runs them."""

    def __init__(
        self,
        run: Run,
        *,
        max_batch: int,
        max_wait_s: float = 0.004,
        name: str = "model",
        clock: Clock = time.monotonic,
    ) -> None:
        self._run = run
        self._max_batch = max_batch
        self._max_wait_s = max_wait_s
        self._clock = clock
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._serve_forever, name=f"batcher-{name}", daemon=True)
        self._thread.start()

    def __call__(self, inputs: Sequence[Rows]) -> tuple[Rows, ...]:
        """Queue the rows and wait for their results. Raises what the run raised; RuntimeError once closed."""
        job = _Job(tuple(inputs), self._clock())
        with self._lock:
            if self._closed:
                raise RuntimeError("the model is closed")
            self._jobs.put(job)
        return job.done.result()

    @property
    def waiting(self) -> int:
        """Calls that are queued and not yet in a run."""
        return self._jobs.qsize()

    def close(self) -> None:
        """Finish what is queued, then end the thread. Idempotent."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _serve_forever(self) -> None:
        closing = False
        while not closing:
            first = self._jobs.get()
            if first is None:
                return
            jobs, closing = self._gather(first)
            for batch in _split(jobs, self._max_batch):
                _serve(self._run, batch)

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        """Jobs up to the batch size or the deadline, which counts from the first job's arrival, not from now."""
        jobs, rows = [first], first.rows
        deadline_s = first.arrived_s + self._max_wait_s
        while rows < self._max_batch:
            try:
                job = self._jobs.get(timeout=max(0.0, deadline_s - self._clock()))
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
            rows += job.rows
        return jobs, False


def _split(jobs: Sequence[_Job], max_batch: int) -> list[list[_Job]]:
    """Group jobs that may share a run, none larger than ``max_batch`` rows unless one job alone is."""
    batches: list[list[_Job]] = []
    by_key: dict[tuple[object, ...], list[_Job]] = defaultdict(list)
    for job in jobs:
        by_key[job.key].append(job)
    for group in by_key.values():
        batch: list[_Job] = []
        for job in group:
            if batch and sum(member.rows for member in batch) + job.rows > max_batch:
                batches.append(batch)
                batch = []
            batch.append(job)
        batches.append(batch)
    return batches


def _serve(run: Run, batch: Sequence[_Job]) -> None:
    """Run one batch and give every job its own rows, or the error."""
    try:
        columns = list(zip(*(job.inputs for job in batch), strict=True))
        outputs = run([np.concatenate(column) for column in columns])
        total = sum(job.rows for job in batch)
        if any(len(output) != total for output in outputs):
            raise RuntimeError(f"the model gave {[len(output) for output in outputs]} rows for {total}")
        ends = np.cumsum([job.rows for job in batch])[:-1]
        shares = [np.split(output, ends) for output in outputs]
    except BaseException as error:  # noqa: BLE001 - handed to each caller, who raises it
        for job in batch:
            job.done.set_exception(error)
        return
    for position, job in enumerate(batch):
        job.done.set_result(tuple(share[position] for share in shares))
