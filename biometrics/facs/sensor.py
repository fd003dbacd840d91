"""Photon and read noise, and the light's slow changes, added to what a lens shows."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.optics import srgb_table
from biometrics.face.boxes import Image
from biometrics.facs.plan import Sensor

_TILES = 4
_ISO = 100.0


class Film:
    """One recording's noise: drawn once a few times over, then rolled, as fresh noise costs more than all the rest."""

    def __init__(self, sensor: Sensor, size: tuple[int, int], rng: np.random.Generator) -> None:
        self._rng = rng
        self._blur_px = sensor.blur_px
        self._spread = _spread(sensor)
        self._tiles = [_grain(size, rng) for _ in range(_TILES)]

    def frame(self, seen: NDArray[np.float32], light: float) -> Image:
        """The picture (H, W, 3) uint8 of sRGB codes (H, W, 3) float32 under ``light`` times the usual light."""
        if self._blur_px > 0.0:
            seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), self._blur_px), np.float32)
        seen = np.clip(seen * np.float32(light ** (1 / 2.2)), 0.0, 255.0)
        tile = self._tiles[int(self._rng.integers(_TILES))]
        tile = np.roll(tile, int(self._rng.integers(tile.shape[0])), axis=0)
        noisy = seen + cv2.LUT(seen.astype(np.uint8), self._spread) * tile
        return np.asarray(np.clip(noisy + np.float32(0.5), 0, 255).astype(np.uint8))


def _spread(sensor: Sensor) -> NDArray[np.float32]:
    """(256,) standard deviation of the noise at each sRGB code, in codes."""
    light = srgb_table().astype(np.float64)
    slope = np.gradient(light)
    gain = sensor.iso / _ISO
    variance = sensor.shot * gain * light + sensor.read * gain**2
    return np.asarray(np.sqrt(variance) / slope, np.float32)


def _grain(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise of variance 1, slightly correlated between neighbours as demosaicing leaves it."""
    grain = cv2.GaussianBlur(rng.standard_normal((*size, 3), dtype=np.float32), (0, 0), 0.5)
    return np.asarray(grain / grain.std(), dtype=np.float32)
