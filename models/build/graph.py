"""Writing an ONNX graph by hand: nodes, constants, and the same bytes every time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
ML_OPSET = 3
"""Of the operators for trees, where a graph has any."""

# Denormal weights make a network several times slower on x86; nothing below this magnitude can matter.
_DENORMAL = 1e-20

Shape = Sequence[int | str]


class GraphBuilder:
    """Collects nodes in order. Every method that adds one returns the name of its output."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._domains: set[str] = set()

    def input(self, name: str, shape: Shape) -> str:
        """Declare a float32 input; a text in ``shape`` is a free axis."""
        self._inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)))
        return name

    def output(self, value: str, name: str, shape: Shape) -> None:
        """Give a value to the caller as float32 output ``name``."""
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)))

    def constant(self, array: NDArray[Any]) -> str:
        """Store a weight (any float becomes float32, without denormals) or an integer operand."""
        if array.dtype.kind == "f":
            array = array.astype(np.float32)
            array = np.where(np.abs(array) < _DENORMAL, np.float32(0), array)
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.array(array, order="C"), name))
        return name

    def integers(self, *values: int) -> str:
        """Store a vector of int64."""
        return self.constant(np.array(values, np.int64))

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:  # noqa: ANN401 - ONNX attributes
        """Add an operator with one output."""
        return self.nodes(operator, *inputs, outputs=1, **attributes)[0]

    def nodes(self, operator: str, *inputs: str, outputs: int, **attributes: Any) -> list[str]:  # noqa: ANN401
        """Add an operator with several outputs."""
        names = [f"n{len(self._nodes)}_{index}" for index in range(outputs)]
        self._domains |= {attributes["domain"]} if "domain" in attributes else set()
        self._nodes.append(helper.make_node(operator, list(inputs), names, **attributes))
        return names

    def finish(self) -> bytes:
        """Check the graph and return the file's bytes. Raises onnx.checker.ValidationError."""
        graph = helper.make_graph(self._nodes, self._name, self._inputs, self._outputs, self._constants)
        opsets = [helper.make_opsetid("", OPSET)]
        opsets += [helper.make_opsetid(domain, ML_OPSET) for domain in sorted(self._domains)]
        model = helper.make_model(graph, producer_name="candor", opset_imports=opsets, ir_version=IR_VERSION)
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))
