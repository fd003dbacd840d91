"""Graphs written by hand are valid, deterministic and free of denormals."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from models.build.graph import GraphBuilder


def scaled(factor: float) -> bytes:
    graph = GraphBuilder("scaled")
    rows = graph.input("rows", ["N", 2])
    graph.output(graph.node("Mul", rows, graph.constant(np.array([factor, 1.0]))), "scaled", ["N", 2])
    return graph.finish()


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert scaled(3.0) == scaled(3.0)
    assert scaled(3.0) != scaled(4.0)


@pytest.mark.parametrize(("factor", "stored"), [(1e-30, 0.0), (-1e-21, 0.0), (1e-19, np.float32(1e-19))])
def test_numbers_that_would_slow_a_cpu_down_become_zero(factor: float, stored: float) -> None:
    (weights,) = onnx.load_model_from_string(scaled(factor)).graph.initializer
    array = numpy_helper.to_array(weights)
    np.testing.assert_array_equal(array, np.array([stored, 1.0], np.float32))
    assert array.dtype == np.float32


def test_an_invalid_graph_is_not_finished() -> None:
    graph = GraphBuilder("broken")
    graph.output(graph.node("Relu", "nowhere"), "out", ["N", 2])
    with pytest.raises(onnx.checker.ValidationError):
        graph.finish()
