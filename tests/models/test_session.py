"""ONNX Runtime behind its one door."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.build.graph import GraphBuilder
from models.errors import ModelError
from models.manifest import TensorSpec
from models.session import open_session
from tests.models.fakes import entry, numbers

ROWS = TensorSpec("rows", (-1, 2), "float32", (1, 2))
TOTAL = TensorSpec("total", (-1, 1), "float32", (1, 1))


def summing() -> bytes:
    graph = GraphBuilder("summing")
    rows = graph.input("rows", ["N", 2])
    graph.output(graph.node("ReduceSum", rows, graph.integers(1), keepdims=1), "total", ["N", 1])
    return graph.finish()


def test_a_session_runs_batches_of_any_size() -> None:
    session = open_session(summing(), replace(entry(), inputs=(ROWS,), outputs=(TOTAL,)))
    (total,) = session.run([numbers(1, 2, 3)])
    np.testing.assert_array_equal(total, [[2], [4], [6]])
    assert session.provider in ("cpu", "cuda")


def test_a_file_that_is_not_what_the_manifest_says_is_refused() -> None:
    with pytest.raises(ModelError, match=r"toy has inputs and outputs .*but its manifest says"):
        open_session(summing(), entry())


def test_a_file_that_is_no_model_is_refused() -> None:
    with pytest.raises(ModelError, match="ONNX Runtime cannot open the model toy"):
        open_session(b"not a model", entry())


@pytest.mark.parametrize(
    "total", [TensorSpec("total", (-1, 2), "float32", (1, 2)), TensorSpec("total", (-1, 1), "int64", (1, 1))]
)
def test_answers_of_another_shape_or_type_are_refused(total: TensorSpec) -> None:
    with pytest.raises(ModelError, match=r"toy gives total as float32 \[1, 1\], but its manifest says"):
        open_session(summing(), replace(entry(), inputs=(ROWS,), outputs=(total,)))
