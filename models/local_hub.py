"""The hub of one process: verified files from the cache, ONNX Runtime, licences enforced."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from models.batcher import Batcher, RowByRow, Runner
from models.cache import ModelCache, default_cache_dir
from models.errors import ModelError
from models.hub import Model, ModelId, Rows
from models.manifest import Manifest, ModelEntry, Profile
from models.session import Session, open_session

_LOG = logging.getLogger(__name__)

Opener = Callable[[bytes, ModelEntry], Session]


class LocalModel:
    """A model opened in this process."""

    def __init__(self, entry: ModelEntry, provider: str, runner: Runner) -> None:
        self._entry = entry
        self._runner = runner
        self._id = ModelId(entry.name, entry.version, entry.sha256, provider)

    @property
    def id(self) -> ModelId:
        """Which weights, on what."""
        return self._id

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        """Run the rows. Raises ValueError for inputs that the manifest does not allow."""
        check_inputs(self._entry, inputs)
        return self._runner(inputs)

    def close(self) -> None:
        """Release what the model holds."""
        self._runner.close()


class LocalHub:
    """ModelHub over a cache folder. Files are verified each time they are opened; nothing is downloaded here."""

    def __init__(
        self,
        manifest: Manifest | None = None,
        cache_dir: Path | None = None,
        *,
        profile: Profile = "development",
        opener: Opener = open_session,
    ) -> None:
        self._manifest = manifest or Manifest.default()
        self._cache = ModelCache(cache_dir or default_cache_dir())
        self._profile = profile
        self._opener = opener
        self._lock = threading.Lock()
        self._opened: dict[str, LocalModel] = {}
        self._files: dict[str, Path] = {}
        self._closed = False

    def get(self, name: str) -> Model:
        """Open an ONNX model once and warm it up. Raises ModelError."""
        with self._lock:
            self._check_open()
            if name not in self._opened:
                self._opened[name] = self._open(self._allowed(name))
            return self._opened[name]

    def file(self, name: str) -> Path:
        """Return the path of a verified file. Raises ModelError."""
        with self._lock:
            self._check_open()
            if name not in self._files:
                entry = self._allowed(name)
                self._cache.read(entry)
                self._files[name] = self._cache.path(entry)
            return self._files[name]

    def close(self) -> None:
        """Release every model. Idempotent."""
        with self._lock:
            self._closed = True
            for model in self._opened.values():
                model.close()
            self._opened.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise ModelError("The model hub is closed.")

    def _allowed(self, name: str) -> ModelEntry:
        entry = self._manifest.entry(name)
        entry.require_allowed(self._profile)
        return entry

    def _open(self, entry: ModelEntry) -> LocalModel:
        if entry.format != "onnx":
            raise ModelError(f"{entry.name} is a {entry.format} file for another runtime: use hub.file().")
        session = self._opener(self._cache.read(entry), entry)
        return LocalModel(entry, session.provider, _runner(session, entry))


def _runner(session: Session, entry: ModelEntry) -> Runner:
    if session.provider == "cpu" or entry.max_batch == 1:
        return RowByRow(session.run)
    moved = batching_difference(session, entry)
    if moved > entry.tolerance:
        _LOG.warning("model %s: batching moves results by %.2g, so rows run alone", entry.name, moved)
        return RowByRow(session.run)
    _LOG.info("model %s: batches of %d move results by %.2g", entry.name, entry.max_batch, moved)
    return Batcher(session.run, max_batch=entry.max_batch, name=entry.name)


def batching_difference(session: Session, entry: ModelEntry) -> float:
    """Largest absolute change of any output when rows share a full batch instead of running alone."""
    random = np.random.default_rng(0)
    shapes = [(entry.max_batch, *spec.warm_up[1:]) for spec in entry.inputs]
    rows = [
        random.standard_normal(shape).astype(spec.dtype)
        for shape, spec in zip(shapes, entry.inputs, strict=True)
    ]
    together, alone = session.run(rows), RowByRow(session.run)(rows)
    return max(float(np.abs(a - b).max()) for a, b in zip(together, alone, strict=True))


def check_inputs(entry: ModelEntry, inputs: Sequence[Rows]) -> None:
    """Compare inputs with the manifest. Raises ValueError with what was expected."""
    if len(inputs) != len(entry.inputs):
        raise ValueError(f"{entry.name} takes {len(entry.inputs)} inputs, not {len(inputs)}")
    for spec, array in zip(entry.inputs, inputs, strict=True):
        if array.dtype != np.dtype(spec.dtype) or not spec.accepts(array.shape):
            raise ValueError(
                f"{entry.name}: {spec.name} must be {spec.dtype} {list(spec.shape)}, "
                f"not {array.dtype} {list(array.shape)}"
            )
    if len({len(array) for array in inputs}) != 1 or len(inputs[0]) == 0:
        raise ValueError(f"{entry.name}: every input needs the same number of rows, at least one")
