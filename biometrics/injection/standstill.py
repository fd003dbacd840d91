"""Pictures that repeat the one before: frozen faces, and the stutter of a file whose rate is not the camera's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.injection.motion import Bytes

LEAST_PAIRS: Final = 16
FROZEN: Final = 0.15
"""Mean absolute difference of a face's luma, 0..255, from one picture to the next, that a camera's noise alone exceeds.

Lab renders at 250 to 2500 kbit/s, median of a clip: honest ones 1.8 and more, photos without added noise 0.34 and less.
"""
_REPEATED: Final = 0.2
_MOVING: Final = 0.4
_NEAR: Final = 4

Box = tuple[float, float, float, float]


def change(before: Bytes, now: Bytes, region: Box | None = None) -> float | None:
    """Mean absolute difference of two luma pictures (H, W), of a ``region`` (x, y, width, height) as shares of them; None where they do not compare."""
    if before.shape != now.shape:
        return None
    height, width = now.shape
    x, y, across, down = region or (0.0, 0.0, 1.0, 1.0)
    rows = slice(max(0, int(y * height)), max(1, round((y + down) * height)))
    columns = slice(max(0, int(x * width)), max(1, round((x + across) * width)))
    one, other = before[rows, columns], now[rows, columns]
    return float(cv2.absdiff(one, other).mean()) if one.size else None


@dataclass(frozen=True, slots=True)
class Standstill:
    """One window. ``frozen`` share of pictures that differ by less than `FROZEN` from both neighbours; ``repeated`` share of pictures that repeat the one before amid
    motion; ``regular`` autocorrelation of those at their best period of ``period`` pictures, 0..1."""

    frozen: float
    repeated: float
    regular: float
    period: int


def standstill(changes: NDArray[np.float64]) -> Standstill | None:
    """What successive `change` values of a window (n,) say; None below `LEAST_PAIRS`."""
    if len(changes) < LEAST_PAIRS:
        return None
    padded = np.pad(changes, _NEAR, mode="reflect")
    around = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEAR + 1), axis=1)
    # Every other picture may repeat: then the median of the neighbours is of the repeats.
    level = np.maximum(around, np.sort(changes)[int(0.6 * len(changes))])
    repeats = ((changes < _REPEATED * level) & (level > _MOVING)).astype(np.float64)
    regular, period = _regular(repeats)
    # One picture that repeats is a stutter; two are a standstill.
    frozen = np.maximum(changes[1:], changes[:-1]) < FROZEN
    return Standstill(float(frozen.mean()), float(repeats.mean()), regular, period)


def _regular(repeats: NDArray[np.float64]) -> tuple[float, int]:
    away = repeats - repeats.mean()
    power = float(away @ away)
    lags = range(2, min(13, len(repeats) // 2))
    if power <= 0.0 or not lags:
        return 0.0, 0
    # Over what overlaps, so that a long period is not worth less than a short one.
    found = [float(away[lag:] @ away[:-lag]) / power * len(away) / (len(away) - lag) for lag in lags]
    best = int(np.argmax(found))
    return min(1.0, max(0.0, found[best])), lags[best]
