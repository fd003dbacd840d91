"""Reading a FlatBuffers file into a tree, and writing the tree again, for a schema given as data.

Enough of the format to change a model file: tables with scalars, strings, vectors, sub-tables and unions. A field that the
schema does not name is an error, never dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import flatbuffers
import numpy as np
from flatbuffers import number_types
from flatbuffers.encode import Get
from flatbuffers.packer import uoffset, voffset
from flatbuffers.table import Table as Reader
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Scalar:
    """A fixed-width integer, kept as its bytes' unsigned or signed value."""

    dtype: str


@dataclass(frozen=True, slots=True)
class Text:
    """A string, kept as bytes."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A vector of fixed-width numbers; ``align`` is what its first element must be a multiple of."""

    dtype: str
    align: int = 4


@dataclass(frozen=True, slots=True)
class Child:
    """A sub-table of the named type."""

    table: str


@dataclass(frozen=True, slots=True)
class Children:
    """A vector of sub-tables of the named type."""

    table: str


@dataclass(frozen=True, slots=True)
class Union:
    """A sub-table whose type is told by another slot's number."""

    selector: int
    tables: Mapping[int, str]


Kind = Scalar | Text | Numbers | Child | Children | Union
Schema = Mapping[str, Mapping[int, Kind]]


@dataclass(slots=True)
class Table:
    """One table: its type and its present fields by slot."""

    type: str
    fields: dict[int, Any] = field(default_factory=dict)

    def get(self, slot: int, default: Any = None) -> Any:  # noqa: ANN401 - a field is a number, bytes, array or table
        """Return a field, or the default where it is absent."""
        return self.fields.get(slot, default)


def read(data: bytes, root: str, schema: Schema) -> Table:
    """Read a file whose root is of type ``root``. Raises ValueError for fields outside the schema."""
    return _read_table(Reader(data, Get(uoffset, data, 0)), root, schema)


def _read_table(reader: Reader, name: str, schema: Schema) -> Table:
    kinds = schema[name]
    vtable = reader.Pos - Get(number_types.SOffsetTFlags.packer_type, reader.Bytes, reader.Pos)
    slots = (Get(voffset, reader.Bytes, vtable) - 4) // 2
    table = Table(name)
    for slot in range(slots):
        offset = Get(voffset, reader.Bytes, vtable + 4 + 2 * slot)
        if not offset:
            continue
        if slot not in kinds:
            raise ValueError(f"table {name} has a field {slot} that the schema does not know")
        table.fields[slot] = _read_field(reader, offset, kinds[slot], table, schema)
    return table


def _read_field(reader: Reader, offset: int, kind: Kind, table: Table, schema: Schema) -> Any:  # noqa: ANN401
    position = reader.Pos + offset
    match kind:
        case Scalar(dtype):
            return int(np.frombuffer(reader.Bytes, dtype, 1, position)[0])
        case Text():
            return bytes(reader.String(position))
        case Numbers(dtype):
            return np.frombuffer(reader.Bytes, dtype, reader.VectorLen(offset), reader.Vector(offset))
        case Child(name):
            return _read_table(Reader(reader.Bytes, reader.Indirect(position)), name, schema)
        case Children(name):
            starts = [reader.Vector(offset) + 4 * index for index in range(reader.VectorLen(offset))]
            return [
                _read_table(Reader(reader.Bytes, reader.Indirect(start)), name, schema) for start in starts
            ]
        case Union(selector, tables):
            name = tables[table.fields[selector]]
            return _read_table(Reader(reader.Bytes, reader.Indirect(position)), name, schema)


def write(root: Table, schema: Schema, identifier: bytes) -> bytes:
    """Write a tree as a file with a four-byte identifier. Equal trees give equal bytes."""
    builder = flatbuffers.Builder(1 << 16)
    builder.Finish(_write_table(builder, root, schema), identifier)
    return bytes(builder.Output())


def _write_table(builder: flatbuffers.Builder, table: Table, schema: Schema) -> int:
    kinds = schema[table.type]
    offsets = {
        slot: _write_outside(builder, kinds[slot], value, schema)
        for slot, value in sorted(table.fields.items())
        if not isinstance(kinds[slot], Scalar)
    }
    builder.StartObject(max(table.fields, default=-1) + 1)
    for slot, value in sorted(table.fields.items()):
        kind = kinds[slot]
        if isinstance(kind, Scalar):
            raw = np.array(value, kind.dtype).tobytes()
            builder.Prep(len(raw), 0)
            _push(builder, raw)
        else:
            builder.PrependUOffsetTRelative(offsets[slot])
        builder.Slot(slot)
    return int(builder.EndObject())


def _write_outside(builder: flatbuffers.Builder, kind: Kind, value: Any, schema: Schema) -> int:  # noqa: ANN401
    match kind:
        case Text():
            return int(builder.CreateString(value))
        case Numbers(dtype, align):
            return _write_numbers(builder, np.asarray(value, dtype), align)
        case Children():
            members = [_write_table(builder, member, schema) for member in value]
            builder.StartVector(4, len(members), 4)
            for member in reversed(members):
                builder.PrependUOffsetTRelative(member)
            return int(builder.EndVector())
        case _:
            return _write_table(builder, value, schema)


def _write_numbers(builder: flatbuffers.Builder, values: NDArray[Any], align: int) -> int:
    builder.StartVector(values.itemsize, values.size, max(align, values.itemsize))
    _push(builder, values.tobytes())
    return int(builder.EndVector())


def _push(builder: flatbuffers.Builder, raw: bytes) -> None:
    """Put bytes in front of what is already there; FlatBuffers are written backwards."""
    builder.head -= len(raw)
    builder.Bytes[builder.Head() : builder.Head() + len(raw)] = raw
