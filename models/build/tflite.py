"""Appending operators to a TensorFlow Lite model without TensorFlow.

The schema below names what the models that we change contain (tensorflow/lite/schema/schema.fbs, Apache-2.0, by slot
number); reading anything else is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.build import flatbuffer as fb

_IDENTIFIER = b"TFL3"
_BYTE, _INT = fb.Scalar("<u1"), fb.Scalar("<i4")
_INTS = fb.Numbers("<i4")
_OPTIONS = {
    1: "Conv2DOptions",
    2: "DepthwiseConv2DOptions",
    5: "Pool2DOptions",
    10: "ConcatenationOptions",
    11: "AddOptions",
    17: "ReshapeOptions",
    21: "MulOptions",
    22: "PadOptions",
    23: "GatherOptions",
    27: "ReducerOptions",
    32: "StridedSliceOptions",
    38: "DequantizeOptions",
    48: "SliceOptions",
}
SCHEMA: fb.Schema = {
    "Model": {
        0: _INT,
        1: fb.Children("OperatorCode"),
        2: fb.Children("SubGraph"),
        3: fb.Text(),
        4: fb.Children("Buffer"),
        5: _INTS,
        6: fb.Children("Metadata"),
    },
    "OperatorCode": {0: _BYTE, 1: fb.Text(), 2: _INT, 3: _INT},
    "SubGraph": {0: fb.Children("Tensor"), 1: _INTS, 2: _INTS, 3: fb.Children("Operator"), 4: fb.Text()},
    "Tensor": {0: _INTS, 1: _BYTE, 2: _INT, 3: fb.Text(), 4: fb.Child("Quantization"), 5: _BYTE},
    "Quantization": {},
    "Operator": {
        0: _INT,
        1: _INTS,
        2: _INTS,
        3: _BYTE,
        4: fb.Union(3, _OPTIONS),
        5: fb.Numbers("<u1"),
        6: _BYTE,
    },
    # TensorFlow Lite maps weights in place, so they are aligned to 16 bytes.
    "Buffer": {0: fb.Numbers("<u1", align=16)},
    "Metadata": {0: fb.Text(), 1: _INT},
    "Conv2DOptions": {0: _BYTE, 1: _INT, 2: _INT, 3: _BYTE, 4: _INT, 5: _INT},
    "DepthwiseConv2DOptions": {0: _BYTE, 1: _INT, 2: _INT, 3: _INT, 4: _BYTE, 5: _INT, 6: _INT},
    "Pool2DOptions": {0: _BYTE, 1: _INT, 2: _INT, 3: _INT, 4: _INT, 5: _BYTE},
    "ConcatenationOptions": {0: _INT, 1: _BYTE},
    "AddOptions": {0: _BYTE},
    "ReshapeOptions": {0: _INTS},
    "MulOptions": {0: _BYTE},
    "PadOptions": {},
    "GatherOptions": {0: _INT},
    "ReducerOptions": {0: _BYTE},
    "StridedSliceOptions": {0: _INT, 1: _INT, 2: _INT, 3: _INT, 4: _INT},
    "DequantizeOptions": {},
    "SliceOptions": {},
}


class Op(IntEnum):
    """Built-in operators that can be appended."""

    CONCATENATION = 2
    RESHAPE = 22
    GATHER = 36
    MEAN = 40
    SLICE = 65


_OPTION_TYPE = {Op.CONCATENATION: 10, Op.RESHAPE: 17, Op.GATHER: 23, Op.MEAN: 27, Op.SLICE: 48}
_FLOAT32, _INT32 = 0, 2


class TfliteModel:
    """One model being changed. Tensors are numbers, as in the file."""

    def __init__(self, data: bytes) -> None:
        self._model = fb.read(data, "Model", SCHEMA)
        (self._graph,) = self._model.fields[2]

    @property
    def outputs(self) -> dict[str, int]:
        """Output tensors by name, in the model's order."""
        tensors = self._graph.fields[0]
        return {tensors[index].fields[3].decode(): int(index) for index in self._graph.fields[2]}

    def set_outputs(self, outputs: Sequence[int]) -> None:
        """Make these tensors the model's outputs."""
        self._graph.fields[2] = np.array(outputs, np.int32)

    def to_bytes(self) -> bytes:
        """Return the file."""
        return fb.write(self._model, SCHEMA, _IDENTIFIER)

    def reshape(self, value: int, shape: Sequence[int]) -> int:
        """Append a reshape."""
        options = {0: np.array(shape, np.int32)}
        return self._append(Op.RESHAPE, [value, self._constant(shape)], shape, options)

    def columns(self, value: int, start: int, stop: int, rows: int) -> int:
        """Append a slice of a matrix's columns."""
        corner, size = [0, start], [rows, stop - start]
        return self._append(Op.SLICE, [value, self._constant(corner), self._constant(size)], size, {})

    def concatenate(self, values: Sequence[int], axis: int, shape: Sequence[int]) -> int:
        """Append a concatenation."""
        return self._append(Op.CONCATENATION, list(values), shape, {0: axis})

    def gather_rows(self, value: int, rows: Sequence[int], width: int) -> int:
        """Append a selection of a matrix's rows."""
        return self._append(Op.GATHER, [value, self._constant(rows)], [len(rows), width], {0: 0})

    def mean_of_rows(self, value: int, width: int) -> int:
        """Append the mean over a matrix's rows, kept as one row."""
        return self._append(Op.MEAN, [value, self._constant([0])], [1, width], {0: 1})

    def _append(self, op: Op, inputs: Sequence[int], shape: Sequence[int], options: dict[int, Any]) -> int:
        output = self._tensor(f"candor_{len(self._graph.fields[0])}", shape, _FLOAT32, buffer=0)
        fields = {
            0: self._operator_code(op),
            1: np.array(inputs, np.int32),
            2: np.array([output], np.int32),
            3: _OPTION_TYPE[op],
            4: fb.Table(_OPTIONS[_OPTION_TYPE[op]], options),
        }
        self._graph.fields[3].append(fb.Table("Operator", fields))
        return output

    def _operator_code(self, op: Op) -> int:
        codes = self._model.fields[1]
        for index, code in enumerate(codes):
            if max(code.get(0, 0), code.get(3, 0)) == op:
                return index
        codes.append(fb.Table("OperatorCode", {0: int(op), 2: 1, 3: int(op)}))
        return len(codes) - 1

    def _constant(self, values: Sequence[int]) -> int:
        array: NDArray[np.int32] = np.array(values, np.int32)
        buffers = self._model.fields[4]
        buffers.append(fb.Table("Buffer", {0: np.frombuffer(array.tobytes(), np.uint8)}))
        name = f"candor_{len(self._graph.fields[0])}"
        return self._tensor(name, array.shape, _INT32, buffer=len(buffers) - 1)

    def _tensor(self, name: str, shape: Sequence[int], dtype: int, *, buffer: int) -> int:
        fields = {0: np.array(shape, np.int32), 1: dtype, 2: buffer, 3: name.encode()}
        self._graph.fields[0].append(fb.Table("Tensor", fields))
        return len(self._graph.fields[0]) - 1
