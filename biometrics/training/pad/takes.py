"""What the detector saw of each render, on disk: one ``.npz`` a render. Needs numpy only, so that torch's side reads it too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BONA_FIDE = "bona_fide"
REAL, STILL = "real", "still"
"""Stand in a renderer's place: a recording as it is, and scenes too short for movement."""
SPECIES = (BONA_FIDE, "print", "lcd_replay", "phone_replay", "cut_out", "mesh_mask")
"""What is taught. Not injected media: what a single picture shows of those in the lab is mostly that no lab camera made
noise in it, and good real cameras make none either."""
CLEAN = "_clean"
"""Ending of a network's name for crops of the same pictures before the channel."""
NETWORKS = ("pad_v2", "pad_v1se")

Crops = NDArray[np.uint8]
Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """One window of a render. ``crops`` by network (k, 80, 80, 3) uint8 BGR; ``rows`` the combination's inputs, whose network
    cue is still to be filled in."""

    render: str
    species: str
    subject: str
    split: str
    renderer: str
    kbps: float
    crops: dict[str, Crops]
    rows: tuple[Rows, ...]

    @property
    def attack(self) -> bool:
        return self.species != BONA_FIDE


def write(path: Path, windows: Iterable[Window]) -> None:
    """Keep a render's windows."""
    arrays: dict[str, Any] = {}
    about: list[dict[str, Any]] = []
    for index, window in enumerate(windows):
        names = ("render", "species", "subject", "split", "renderer", "kbps")
        about.append({name: getattr(window, name) for name in names})
        arrays |= {f"{index}_{name}": crops for name, crops in window.crops.items()}
        arrays |= {f"{index}_row{k}": row for k, row in enumerate(window.rows)}
    partial = path.with_suffix(".part.npz")
    np.savez(partial, about=np.array(json.dumps(about)), **arrays)
    partial.replace(path)


def read(folder: Path) -> Iterator[Window]:
    """Every window in a folder, by render."""
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as arrays:
            for index, about in enumerate(json.loads(str(arrays["about"]))):
                names = [name + end for name in NETWORKS for end in ("", CLEAN)]
                crops = {name: arrays[f"{index}_{name}"] for name in names if f"{index}_{name}" in arrays}
                rows = tuple(arrays[f"{index}_row{k}"] for k in range(5) if f"{index}_row{k}" in arrays)
                yield Window(**about, crops=crops, rows=rows)


def log_odds(live: NDArray[np.floating]) -> NDArray[np.float64]:
    """Log-odds of an attack from probabilities of a live face, held in -8..8 as the detector holds them."""
    live = np.clip(live.astype(np.float64), 1e-12, 1 - 1e-12)
    return np.asarray(np.clip(np.log(1 - live) - np.log(live), -8.0, 8.0))
