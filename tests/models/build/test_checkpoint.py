"""Torch checkpoints are read without torch, and nothing in them is run."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.build.checkpoint import read_checkpoint

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("file", ["tensors_zip.pth", "tensors_legacy.pth"])
def test_tensors_saved_by_torch_are_read_exactly(file: str) -> None:
    tensors = read_checkpoint((GOLDEN / file).read_bytes())
    rows = np.arange(6, dtype=np.float32).reshape(2, 3)
    expected = {
        "rows": rows,
        "turned": rows.T,
        "tail": np.array([7.0, 8.0, 9.0]),
        "half": np.array([0.5, -2.0], np.float16),
        "count": np.array(7),
    }
    assert list(tensors) == list(expected)
    for name, value in expected.items():
        np.testing.assert_array_equal(tensors[name], value)
        assert tensors[name].dtype == value.dtype
        assert tensors[name].shape == value.shape


class Calls:
    """Pickles as a call of a function."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


def checkpoint(state: object) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(state))
    return stream.getvalue()


def test_a_checkpoint_cannot_run_code(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    with pytest.raises(pickle.UnpicklingError, match=r"may not name"):
        read_checkpoint(checkpoint({"weight": Calls(Path.touch, trace)}))
    with pytest.raises(pickle.UnpicklingError, match=r"may not name builtins\.eval"):
        read_checkpoint(checkpoint({"weight": Calls(eval, "1")}))
    assert not trace.exists()


def test_an_old_file_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(pickle.UnpicklingError, match="not a torch checkpoint"):
        read_checkpoint(pickle.dumps(1))
