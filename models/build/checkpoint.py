"""Reading a torch checkpoint without torch, and without running anything that is in it.

A checkpoint is a zip (torch >= 1.6) or a sequence of pickles (older) whose pickle stream rebuilds tensors from raw
storages. The unpicklers here know four names and refuse every other.
"""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_DTYPES = {
    "DoubleStorage": np.dtype("<f8"),
    "FloatStorage": np.dtype("<f4"),
    "HalfStorage": np.dtype("<f2"),
    "LongStorage": np.dtype("<i8"),
    "IntStorage": np.dtype("<i4"),
}
_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C


@dataclass(frozen=True, slots=True)
class _Tensor:
    """A view of a storage that may be read later."""

    storage: str
    dtype: np.dtype[Any]
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


def read_checkpoint(data: bytes) -> dict[str, Array]:
    """Return the tensors of a state dict by name. Raises pickle.UnpicklingError for anything else in the stream."""
    state, storages = _read_zip(data) if data[:2] == b"PK" else _read_legacy(data)
    return {name: _view(value, storages) for name, value in state.items() if isinstance(value, _Tensor)}


def _read_zip(data: bytes) -> tuple[Mapping[str, Any], Mapping[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        (index,) = (name for name in names if name.endswith("/data.pkl"))
        folder = index.removesuffix("data.pkl") + "data/"
        state = _Unpickler(io.BytesIO(archive.read(index))).load()
        return state, {
            name.removeprefix(folder): archive.read(name) for name in names if name.startswith(folder)
        }


def _read_legacy(data: bytes) -> tuple[Mapping[str, Any], Mapping[str, bytes]]:
    stream = io.BytesIO(data)
    if _Unpickler(stream).load() != _LEGACY_MAGIC:
        raise pickle.UnpicklingError("this is not a torch checkpoint")
    for _ in ("protocol", "system"):
        _Unpickler(stream).load()
    unpickler = _Unpickler(stream)
    state = unpickler.load()
    storages = {}
    for key in _Unpickler(stream).load():
        (count,) = struct.unpack("<q", stream.read(8))
        storages[key] = stream.read(count * unpickler.item_sizes[key])
    return state, storages


def _view(tensor: _Tensor, storages: Mapping[str, bytes]) -> Array:
    flat = np.frombuffer(storages[tensor.storage], tensor.dtype)[tensor.offset :]
    strides = [step * tensor.dtype.itemsize for step in tensor.stride]
    return np.lib.stride_tricks.as_strided(flat, tensor.shape, strides).copy()


def _rebuild(
    storage: tuple[str, np.dtype[Any]], offset: int, shape: Sequence[int], stride: Sequence[int], *_: object
) -> _Tensor:
    return _Tensor(storage[0], storage[1], offset, tuple(shape), tuple(stride))


class _Unpickler(pickle.Unpickler):
    """Knows tensors, storages and ordered dicts. Nothing else can be named, so nothing can be run."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream)
        self.item_sizes: dict[str, int] = {}

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - the base class's type
        """Resolve the few allowed names."""
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in _DTYPES:
            return _DTYPES[name]
        raise pickle.UnpicklingError(f"a checkpoint may not name {module}.{name}")

    def persistent_load(self, identifier: Any) -> tuple[str, np.dtype[Any]]:  # noqa: ANN401 - the base class's type
        """Turn a storage's identifier into its key and dtype."""
        _, dtype, key, *_ = identifier
        self.item_sizes[key] = dtype.itemsize
        return key, dtype
