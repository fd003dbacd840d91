"""The one way in: a hub hands out models by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

Rows = NDArray[Any]


@dataclass(frozen=True, slots=True)
class ModelId:
    """Which weights ran, and on what. ``str()`` is what every observation carries: ``name@sha256[:8]``."""

    name: str
    version: str
    sha256: str
    provider: str
    """``cpu`` or ``cuda``."""

    def __str__(self) -> str:
        return f"{self.name}@{self.sha256[:8]}"


class Model(Protocol):
    """Rows in, rows out. Every array has the batch on axis 0 and each row is computed as if it were alone."""

    @property
    def id(self) -> ModelId: ...

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        """Run the model. ``inputs`` in the manifest's order; blocks until the rows are there.

        Raises ValueError for a wrong number, shape or dtype of inputs.
        """
        ...


class ModelHub(Protocol):
    """Gives models by name. Thread-safe; one hub per process."""

    def get(self, name: str) -> Model:
        """An ONNX model, opened and warmed up once. Raises ModelError."""
        ...

    def file(self, name: str) -> Path:
        """A verified file for a runtime other than ONNX (the FaceLandmarker ``.task``). Raises ModelError."""
        ...
