"""Stand-ins for ONNX Runtime, the registries and the manifest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.cache import sha256
from models.fetch import Report
from models.hub import Rows
from models.manifest import Format, Manifest, ModelEntry, Part, TensorSpec, Use
from models.session import Provider


def doubled(inputs: Sequence[Rows]) -> tuple[Rows, ...]:
    """A model: every row times two."""
    return (inputs[0] * 2,)


@dataclass
class FakeSession:
    """A session that remembers how many rows each run had."""

    provider: Provider = "cpu"
    compute: Callable[[Sequence[Rows]], tuple[Rows, ...]] = doubled
    batches: list[int] = field(default_factory=list)

    def run(self, inputs: Sequence[Rows]) -> tuple[Rows, ...]:
        """Run one batch."""
        self.batches.append(len(inputs[0]))
        return self.compute(inputs)


def part(file: str = "weights.bin", data: bytes = b"weights", *, member: str = "") -> Part:
    """An upstream ingredient with the right hash for ``data``."""
    return Part(
        name="weights",
        kind="upstream",
        file=file,
        sha256=sha256(data),
        size=len(data),
        url=f"https://models.example/{file}",
        member=member,
    )


def entry(
    name: str = "toy",
    data: bytes = b"model",
    *,
    use: Use = "commercial",
    kind: Format = "onnx",
    build: str = "verbatim",
    parts: tuple[Part, ...] = (),
    max_batch: int = 4,
    tolerance: float = 0.0,
    optional: bool = False,
) -> ModelEntry:
    """A model with one input and one output of rows of two numbers, whose finished file is ``data``."""
    rows = TensorSpec("rows", (-1, 2), "float32", (1, 2))
    return ModelEntry(
        name=name,
        version="1",
        role="test",
        format=kind,
        licence="MIT",
        use=use,
        attribution="nobody",
        sha256=sha256(data),
        recipe="two numbers",
        build=build,
        inputs=(rows,),
        outputs=(rows,),
        parts=parts,
        optional=optional,
        max_batch=max_batch,
        tolerance=tolerance,
    )


def manifest(*entries: ModelEntry) -> Manifest:
    """A manifest of these entries."""
    return Manifest({one.name: one for one in entries})


@dataclass
class FakeRegistry:
    """Downloads: files by name, or an error instead."""

    files: dict[str, bytes] = field(default_factory=dict)
    error: Exception | None = None
    fetched: list[str] = field(default_factory=list)

    def __call__(self, wanted: Part, folder: Path, report: Report) -> Path:
        """Write the file into the folder."""
        self.fetched.append(wanted.file)
        if self.error:
            raise self.error
        path = folder / wanted.file
        path.write_bytes(self.files[wanted.file])
        report(len(self.files[wanted.file]) // 2)
        return path


def wheel(**members: bytes) -> bytes:
    """A zip archive with these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def numbers(*values: float) -> Rows:
    """Rows of two equal numbers."""
    return np.array([[value, value] for value in values], np.float32)
