"""Each caller gets its own rows, whoever else is in the batch."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.batcher import Batcher, RowByRow, Run
from models.hub import Rows
from tests.models.fakes import FakeSession, numbers

GENEROUS_S = 60.0
"""A wait that only a broken batcher would use up."""


@contextmanager
def batching(run: Run, **options: float) -> Iterator[Batcher]:
    batcher = Batcher(
        run, max_batch=int(options.get("max_batch", 4)), max_wait_s=options.get("max_wait_s", 0.0)
    )
    try:
        yield batcher
    finally:
        batcher.close()


@dataclass
class Gate:
    """A model that lets its first run begin, then waits, so that other callers pile up behind it."""

    batches: list[int] = field(default_factory=list)
    entered: threading.Event = field(default_factory=threading.Event)
    open: threading.Event = field(default_factory=threading.Event)

    def run(self, inputs: Sequence[Rows]) -> tuple[Rows, ...]:
        self.batches.append(len(inputs[0]))
        self.entered.set()
        assert self.open.wait(GENEROUS_S)
        return (inputs[0] * 2,)


def with_noise(inputs: Sequence[Rows]) -> tuple[Rows, ...]:
    """A model whose outputs have other trailing shapes than its inputs."""
    (rows,) = inputs
    total = rows.reshape(len(rows), -1).sum(axis=1)
    return total[:, None], np.stack([total, -total], axis=1)


shapes = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3)), min_size=1, max_size=24)


@settings(deadline=None)
@given(shapes, st.integers(1, 8), st.booleans())
def test_each_caller_gets_its_own_rows(calls: list[tuple[int, int]], max_batch: int, batched: bool) -> None:
    arrays = [
        np.arange(rows * width, dtype=np.float64).reshape(rows, width) + 1000.0 * number
        for number, (rows, width) in enumerate(calls)
    ]
    if batched:
        with batching(with_noise, max_batch=max_batch) as runner, ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda array: runner([array]), arrays))
    else:
        results = [RowByRow(with_noise)([array]) for array in arrays]
    for array, result in zip(arrays, results, strict=True):
        for got, expected in zip(result, with_noise([array]), strict=True):
            np.testing.assert_array_equal(got, expected)


def test_rows_run_alone_on_a_cpu() -> None:
    session = FakeSession()
    (result,) = RowByRow(session.run)([numbers(1, 2, 3)])
    np.testing.assert_array_equal(result, numbers(2, 4, 6))
    assert session.batches == [1, 1, 1]


def test_waiting_callers_share_a_run_up_to_the_limit() -> None:
    gate = Gate()
    with batching(gate.run, max_batch=4) as batcher, ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(batcher, [numbers(0)])]
        assert gate.entered.wait(GENEROUS_S)
        futures += [pool.submit(batcher, [numbers(value)]) for value in range(1, 7)]
        while batcher.waiting < 6:
            threading.Event().wait(0)
        gate.open.set()
        for value, future in enumerate(futures):
            np.testing.assert_array_equal(future.result(GENEROUS_S)[0], numbers(2 * value))
    assert gate.batches == [1, 4, 2]


def test_the_deadline_counts_from_the_oldest_arrival() -> None:
    now = iter([100.0, 107.0])
    batcher = Batcher(FakeSession().run, max_batch=4, max_wait_s=5.0, clock=lambda: next(now, 200.0))
    np.testing.assert_array_equal(batcher([numbers(1)])[0], numbers(2))
    batcher.close()


def test_an_error_reaches_every_caller_of_that_batch_and_no_other() -> None:
    def refuse_negative(inputs: Sequence[Rows]) -> tuple[Rows, ...]:
        if (inputs[0] < 0).any():
            raise ValueError("negative")
        return (inputs[0],)

    with batching(refuse_negative) as batcher:
        with pytest.raises(ValueError, match="negative"):
            batcher([numbers(-1)])
        np.testing.assert_array_equal(batcher([numbers(1)])[0], numbers(1))


def test_a_model_that_loses_rows_is_an_error_not_a_hang() -> None:
    with (
        batching(lambda inputs: (inputs[0][:0],)) as batcher,
        pytest.raises(RuntimeError, match=r"\[0\] rows for 1"),
    ):
        batcher([numbers(1)])


def test_a_closed_batcher_finishes_its_queue_and_takes_no_more() -> None:
    batcher = Batcher(FakeSession().run, max_batch=2)
    batcher.close()
    batcher.close()
    with pytest.raises(RuntimeError, match="closed"):
        batcher([numbers(1)])
