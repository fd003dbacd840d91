"""Everything that the figures of a report depend on, by version and by content."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from fraudmodel.parameters import parameters_texts

LIBRARIES: Final = ("numpy", "scipy", "onnxruntime", "mediapipe", "opencv-contrib-python", "av", "aiortc")


@dataclass(frozen=True, slots=True)
class FileUsed:
    """A file and the SHA-256 of its content."""

    name: str
    sha256: str


def parameter_files(name: str) -> list[FileUsed]:
    """The documents of a folder of parameters."""
    return [FileUsed(file, _digest(text.encode())) for file, text in sorted(parameters_texts(name).items())]


def files_used(paths: Sequence[Path | None]) -> list[FileUsed]:
    """Those that were given."""
    return [FileUsed(path.name, _digest(path.read_bytes())) for path in paths if path is not None]


def libraries() -> list[tuple[str, str]]:
    """Python and the libraries that compute, as installed."""
    return [
        ("Python", platform.python_version()),
        *((name, found) for name in LIBRARIES if (found := _version(name))),
    ]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
