"""Skin whose pulse is known, as series: no pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biometrics.evaluation.rppg_scene import ABSORPTION, wave
from biometrics.rppg.skin_run import RATE_HZ, Skin

SKIN = np.array([0.45, 0.28, 0.20])
WALL = np.array([0.2, 0.25, 0.3])


def times(seconds: float = 22.0) -> NDArray[np.float64]:
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def coloured(
    t: NDArray[np.float64], base: NDArray[np.float64], green: float, bpm: float, noise: float, seed: int
) -> NDArray[np.float64]:
    """R, G, B (n, 3) that beat by ``green`` in green light, with white noise: relative amplitudes."""
    rng = np.random.default_rng(seed)
    pulse = wave(t, bpm)[:, np.newaxis] * green * ABSORPTION / ABSORPTION[1]
    return np.asarray(base * (1.0 + pulse + rng.normal(0.0, noise, (len(t), 3))))


def skin(
    *,
    green: float = 0.003,
    wall: float = 0.0,
    bpm: float = 72.0,
    noise: float = 0.002,
    sway: float = 0.0,
    seconds: float = 22.0,
    kbps: float | None = None,
    fps: float = 30.0,
    seed: int = 0,
) -> Skin:
    """A run of skin; ``sway`` amplitude of a head that moves in time with the pulse, in distances of the eyes."""
    t = times(seconds)
    regions = np.stack(
        [coloured(t - 0.004 * k, SKIN, green, bpm, noise, 100 * seed + k) for k in range(9)], axis=1
    )
    background = coloured(t, WALL, wall, bpm, noise, 100 * seed + 50)
    place = np.stack([sway * wave(t, bpm), np.zeros_like(t)], axis=1)
    return Skin(t, regions, background, place, 0.0, fps, kbps)
