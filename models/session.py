"""The only place that imports ONNX Runtime: opens a session, warms it up, says what it runs on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
import onnxruntime as ort

from models.errors import ModelError
from models.hub import Rows
from models.manifest import ModelEntry

_LOG = logging.getLogger(__name__)
_CUDA = "CUDAExecutionProvider"
_CPU = "CPUExecutionProvider"
_ERRORS_ONLY = 3

Provider = Literal["cpu", "cuda"]


class Session(Protocol):
    """An opened model. Thread-safe."""

    @property
    def provider(self) -> Provider:
        """What it runs on."""
        ...

    def run(self, inputs: Sequence[Rows]) -> tuple[Rows, ...]:
        """Run one batch; ``inputs`` in the manifest's order."""
        ...


class OnnxSession:
    """One ONNX Runtime session on one thread per call: sessions of the service are the parallelism, not operators."""

    def __init__(self, session: ort.InferenceSession, entry: ModelEntry) -> None:
        self._session = session
        self._inputs = [spec.name for spec in entry.inputs]
        self._outputs = [spec.name for spec in entry.outputs]

    @property
    def provider(self) -> Provider:
        """``cuda`` only when ONNX Runtime really placed the model there."""
        return "cuda" if self._session.get_providers()[0] == _CUDA else "cpu"

    def run(self, inputs: Sequence[Rows]) -> tuple[Rows, ...]:
        """Run one batch."""
        return tuple(self._session.run(self._outputs, dict(zip(self._inputs, inputs, strict=True))))


def open_session(data: bytes, entry: ModelEntry) -> Session:
    """Open verified bytes, on CUDA where there is one, and run them once. Raises ModelError."""
    try:
        raw = ort.InferenceSession(data, _options(), providers=_providers())
        _check_names(raw, entry)
        session = OnnxSession(raw, entry)
        _check_answers(session.run([np.zeros(spec.warm_up, spec.dtype) for spec in entry.inputs]), entry)
    except ModelError:
        raise
    except Exception as error:  # ONNX Runtime's exceptions share no base but Exception
        raise ModelError(f"ONNX Runtime cannot open the model {entry.name}: {error}") from error
    _LOG.info("model %s %s runs on %s", entry.name, entry.version, session.provider)
    return session


def _options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    return options


def _providers() -> list[str | tuple[str, dict[str, str]]]:
    if _CUDA not in ort.get_available_providers():
        return [_CPU]
    ort.preload_dlls()
    # TF32 would round inputs to 10 bits: templates made on a CPU and on a GPU must stay comparable.
    return [(_CUDA, {"use_tf32": "0", "cudnn_conv_algo_search": "HEURISTIC"}), _CPU]


def _check_names(session: ort.InferenceSession, entry: ModelEntry) -> None:
    found = ([row.name for row in session.get_inputs()], [row.name for row in session.get_outputs()])
    expected = ([spec.name for spec in entry.inputs], [spec.name for spec in entry.outputs])
    if found != expected:
        raise ModelError(
            f"The model {entry.name} has inputs and outputs {found}, but its manifest says {expected}."
        )


def _check_answers(answers: Sequence[Rows], entry: ModelEntry) -> None:
    for spec, rows in zip(entry.outputs, answers, strict=True):
        if rows.dtype != np.dtype(spec.dtype) or not spec.accepts(rows.shape):
            raise ModelError(
                f"The model {entry.name} gives {spec.name} as {rows.dtype} {list(rows.shape)}, "
                f"but its manifest says {spec.dtype} {list(spec.shape)}."
            )
