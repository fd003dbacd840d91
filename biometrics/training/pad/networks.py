"""The two networks together, as the product runs them: built from checkpoints, on ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from biometrics.detectors.face_pad import BONA_FIDE
from biometrics.training.pad.takes import NETWORKS, Crops, log_odds
from models.build import minifasnet
from models.manifest import Manifest
from models.session import Session, open_session

PUBLISHED = ("minifasnet_v2", "minifasnet_v1se")
"""The models that the two were fine-tuned from: same inputs, same outputs."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two sessions by `NETWORKS`."""

    sessions: Mapping[str, Session]

    @classmethod
    def load(cls, v2: Path, v1se: Path) -> Self:
        """From two checkpoints."""
        manifest = Manifest.default()
        files = dict(zip(NETWORKS, (v2, v1se), strict=True))
        entries = dict(zip(NETWORKS, (manifest.entry(name) for name in PUBLISHED), strict=True))
        return cls(
            {
                name: open_session(minifasnet.build({"checkpoint": path.read_bytes()}), entries[name])
                for name, path in files.items()
            }
        )

    def odds(self, crops: Mapping[str, Crops]) -> NDArray[np.float64]:
        """(k,) log-odds of an attack of a window's crops, as the detector takes them: of the mean probability."""
        live = [
            session.run([crops[name].transpose(0, 3, 1, 2).astype(np.float32)])[0][:, BONA_FIDE]
            for name, session in self.sessions.items()
        ]
        return log_odds(np.mean(live, axis=0, dtype=np.float64))
