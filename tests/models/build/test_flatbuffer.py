"""A FlatBuffers tree survives writing and reading, and nothing unknown is dropped."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.build import flatbuffer as fb
from models.build.tflite import SCHEMA, Op, TfliteModel

TREE: fb.Schema = {
    "Node": {
        0: fb.Scalar("<i4"),
        1: fb.Scalar("<u1"),
        2: fb.Text(),
        3: fb.Numbers("<i4"),
        4: fb.Numbers("<u1", align=16),
        5: fb.Child("Node"),
        6: fb.Children("Node"),
        7: fb.Scalar("<u1"),
        8: fb.Union(7, {1: "Leaf", 2: "Node"}),
    },
    "Leaf": {0: fb.Scalar("<i8")},
}


def node(children: st.SearchStrategy[fb.Table]) -> st.SearchStrategy[fb.Table]:
    leaf = st.integers(-(2**63), 2**63 - 1).map(lambda value: fb.Table("Leaf", {0: value}))
    fields = st.fixed_dictionaries(
        {},
        optional={
            0: st.integers(-(2**31), 2**31 - 1),
            1: st.integers(0, 255),
            2: st.binary(max_size=9),
            3: st.lists(st.integers(-(2**31), 2**31 - 1), max_size=5).map(lambda v: np.array(v, np.int32)),
            4: st.binary(max_size=40).map(lambda v: np.frombuffer(v, np.uint8)),
            5: children,
            6: st.lists(children, max_size=3),
        },
    )
    union = st.one_of(st.none(), leaf.map(lambda table: (1, table)), children.map(lambda table: (2, table)))
    return st.tuples(fields, union).map(_joined)


def _joined(parts: tuple[dict[int, Any], tuple[int, fb.Table] | None]) -> fb.Table:
    fields, union = parts
    return fb.Table("Node", fields if union is None else {**fields, 7: union[0], 8: union[1]})


trees = st.recursive(st.just(fb.Table("Node")), node, max_leaves=8)


def plain(value: Any) -> Any:  # noqa: ANN401 - a field of any kind
    """A tree as comparable values."""
    if isinstance(value, fb.Table):
        return (value.type, {slot: plain(field) for slot, field in sorted(value.fields.items())})
    if isinstance(value, list):
        return [plain(member) for member in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


@given(trees)
def test_a_tree_is_read_as_it_was_written(tree: fb.Table) -> None:
    data = fb.write(tree, TREE, b"TREE")
    again = fb.read(data, "Node", TREE)
    assert plain(again) == plain(tree)
    assert fb.write(again, TREE, b"TREE") == data
    assert data[4:8] == b"TREE"


def test_numbers_lie_where_their_alignment_asks() -> None:
    values = np.arange(32, dtype=np.uint8)
    data = fb.write(fb.Table("Node", {1: 3, 4: values}), TREE, b"TREE")
    assert data.index(values.tobytes()) % 16 == 0


def test_a_field_outside_the_schema_is_an_error() -> None:
    data = fb.write(fb.Table("Node", {1: 3}), TREE, b"TREE")
    with pytest.raises(ValueError, match="table Node has a field 1"):
        fb.read(data, "Node", {"Node": {0: fb.Scalar("<i4")}})


def identity_model() -> bytes:
    """A TFLite model whose output is its input: four numbers."""
    tensor = fb.Table("Tensor", {0: np.array([4], np.int32), 1: 0, 2: 0, 3: b"numbers"})
    ends = np.array([0], np.int32)
    graph = fb.Table("SubGraph", {0: [tensor], 1: ends, 2: ends, 3: []})
    model = fb.Table("Model", {0: 3, 1: [], 2: [graph], 4: [fb.Table("Buffer")]})
    return fb.write(model, SCHEMA, b"TFL3")


def test_appended_operators_read_and_write_the_tensors_that_they_name() -> None:
    model = TfliteModel(identity_model())
    (numbers,) = model.outputs.values()
    matrix = model.reshape(numbers, [2, 2])
    picked = model.gather_rows(matrix, [1, 1, 0], 2)
    mean = model.mean_of_rows(model.columns(picked, 1, 2, 3), 1)
    model.set_outputs([model.concatenate([mean, mean], 0, [2, 1])])

    tree = fb.read(model.to_bytes(), "Model", SCHEMA)
    codes = [code.fields[3] for code in tree.fields[1]]
    assert codes == [Op.RESHAPE, Op.GATHER, Op.SLICE, Op.MEAN, Op.CONCATENATION]
    (graph,) = tree.fields[2]
    tensors, operators = graph.fields[0], graph.fields[3]
    assert [codes[operator.get(0)] for operator in operators] == codes
    assert [tensors[int(operator.fields[2][0])].fields[0].tolist() for operator in operators] == [
        [2, 2],
        [3, 2],
        [3, 1],
        [1, 1],
        [2, 1],
    ]
    indices = tensors[int(operators[1].fields[1][1])]
    stored = tree.fields[4][indices.fields[2]].fields[0]
    assert struct.unpack("<3i", stored.tobytes()) == (1, 1, 0)
    assert graph.fields[2].tolist() == [int(operators[-1].fields[2][0])]
