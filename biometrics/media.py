"""Decoded media on the session's clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Frame:
    """One video frame. ``t`` s on the media clock; ``image`` (H, W, 3) uint8 BGR; ``lost_s`` media lost just before it.

    ``coded_bytes`` is what it and the skipped frames before it took of the network, 0 where nobody knows; ``keyframe`` that it was coded whole.
    """

    t: float
    index: int
    image: NDArray[np.uint8]
    lost_s: float = 0.0
    coded_bytes: int = 0
    keyframe: bool = False


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """Some audio. ``t`` s of its first sample; ``samples`` (n,) float32 mono in -1..1; ``lost_s`` media lost just before it."""

    t: float
    samples: NDArray[np.float32]
    sample_rate: int
    lost_s: float = 0.0

    @property
    def end(self) -> float:
        return self.t + len(self.samples) / self.sample_rate
