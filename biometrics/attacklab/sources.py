"""Source takes on disk, mapped into memory. `attacklab.preparing` makes them.

A folder of prepared sources holds, for each, ``NAME.frames.npy``, ``NAME.landmarks.npy`` and ``NAME.audio.npy``, and
one ``sources.json`` that lists them. Where a folder of speech was given as well, ``voices.json`` lists, for each speaker, a
``NAME.audio.npy`` and the take whose picture it goes with: see `attacklab.dubbing`.
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
VOICES = "voices.json"
AUDIO_HZ = 16_000


def load(folder: Path, names: Container[str] | None = None) -> tuple[Clip, ...]:
    """Every prepared take and photo; or only those named, speakers included. Frames are mapped read-only.

    Raises EvaluationError where there is none.
    """
    listed = entries(folder) if names is None else [*entries(folder), *entries(folder, VOICES)]
    found = tuple(_clip(each, folder) for each in listed if names is None or each["source"] in names)
    if not found:
        raise EvaluationError(f"{folder}: no sources are prepared there")
    return found


def dubbed(folder: Path) -> tuple[Clip, ...]:
    """Every speaker with a borrowed picture; nobody where no speech was prepared."""
    return tuple(_clip(each, folder) for each in entries(folder, VOICES))


def entries(folder: Path, index: str = INDEX) -> list[dict[str, Any]]:
    """What an index says of each source, in order; nothing where there is no index."""
    path = folder / index
    return list(orjson.loads(path.read_bytes())) if path.exists() else []


def _clip(entry: dict[str, Any], folder: Path) -> Clip:
    name = entry["source"]
    audio = np.load(folder / f"{name}.audio.npy") if entry["audio"] else None
    shown = entry.get("shown", name)
    return Clip(
        frames=np.load(folder / f"{shown}.frames.npy", mmap_mode="r"),
        fps=entry["fps"],
        audio=audio,
        sample_rate=AUDIO_HZ,
        subject=entry["subject"],
        source=name,
        landmarks=np.load(folder / f"{shown}.landmarks.npy"),
        ita_deg=entry["ita_deg"],
        dubbed=shown != name,
    )
