"""Source takes on disk, mapped into memory. `attacklab.preparing` makes them.

A folder of prepared sources holds, for each, ``NAME.frames.npy``, ``NAME.landmarks.npy`` and ``NAME.audio.npy``, and
one ``sources.json`` that lists them.
"""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from biometrics.attacklab.clip import Clip
from biometrics.errors import EvaluationError

INDEX = "sources.json"
AUDIO_HZ = 16_000


def load(folder: Path, names: Container[str] | None = None) -> tuple[Clip, ...]:
    """Every prepared source, or only those named, frames mapped read-only. Raises EvaluationError where there is none."""
    found = tuple(_clip(each, folder) for each in entries(folder) if names is None or each["source"] in names)
    if not found:
        raise EvaluationError(f"{folder}: no sources are prepared there")
    return found


def entries(folder: Path) -> list[dict[str, Any]]:
    """What the index says of each source, in order; nothing where there is no index."""
    path = folder / INDEX
    return list(orjson.loads(path.read_bytes())) if path.exists() else []


def _clip(entry: dict[str, Any], folder: Path) -> Clip:
    name = entry["source"]
    audio = np.load(folder / f"{name}.audio.npy") if entry["audio"] else None
    return Clip(
        frames=np.load(folder / f"{name}.frames.npy", mmap_mode="r"),
        fps=entry["fps"],
        audio=audio,
        sample_rate=AUDIO_HZ,
        subject=entry["subject"],
        source=name,
        landmarks=np.load(folder / f"{name}.landmarks.npy"),
        ita_deg=entry["ita_deg"],
    )
