"""Was the picture scaled, or coded on another grid, before it was coded for the call? Periods in its second derivative.

Interpolation leaves the second derivative weaker at regular places (Gallagher 2005), and the block edges of an earlier codec
come out at a period that is no block size of this one. Both are lines in the spectrum of the mean absolute second derivative
along rows and along columns: away from the harmonics of VP8's 16 px macroblocks, and at one frequency in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.injection.motion import Bytes

LEAST_PX: Final = 128
_SIZE: Final = 1024
_LOW: Final = 0.06
"""Cycles a pixel below which the picture's own shapes are."""
_GRID: Final = 16
_WIDTH: Final = 6 / _SIZE
_NEAR: Final = 24
_FADE: Final = 0.99
ENOUGH: Final = 6
"""Pictures whose spectra must be averaged: below that the scene's own edges stand out."""


def profile(luma: Bytes, axis: int) -> NDArray[np.float64]:
    """(n - 2,) mean absolute second derivative of a luma picture (H, W) across columns (axis 1) or rows (axis 0), without its slow part."""
    along = luma if axis == 1 else np.ascontiguousarray(luma.T)
    bent = cv2.convertScaleAbs(cv2.Sobel(along, cv2.CV_16S, 2, 0, ksize=1))
    columns = cv2.reduce(bent, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
    level = cv2.blur(columns, (9, 1))
    return np.asarray(np.log((columns + 0.05) / (level + 0.05))[0, 1:-1], np.float64)


def power_of(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """(513,) power by frequency, 0..0.5 cycles a pixel."""
    used = columns[:_SIZE]
    return np.asarray(np.abs(np.fft.rfft(used * np.hanning(len(used)), _SIZE)) ** 2)


@dataclass(frozen=True, slots=True)
class Line:
    """The line that stands out most: ``ratio`` to the median of its surroundings, at ``frequency`` cycles a pixel."""

    ratio: float
    frequency: float


def strongest(power: NDArray[np.float64]) -> Line:
    """The strongest line of a spectrum (513,) that is neither the codec's nor a browser's own scaling."""
    frequency = np.arange(len(power)) / _SIZE
    own = np.abs(frequency * _GRID - np.round(frequency * _GRID)) / _GRID <= _WIDTH
    own |= np.abs(frequency - 1 / 3) <= _WIDTH
    asked = np.flatnonzero(~own & (frequency > _LOW))
    padded = np.pad(power, _NEAR, mode="reflect")
    around = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEAR + 1), axis=1)
    ratio = power[asked] / np.maximum(around[asked], 1e-12)
    best = int(np.argmax(ratio))
    return Line(float(ratio[best]), float(frequency[asked[best]]))


class Resampling:
    """Adds up the spectra of both directions over a session; a picture of another size begins anew."""

    def __init__(self) -> None:
        self._shape: tuple[int, ...] = ()
        self._power = np.zeros((2, _SIZE // 2 + 1))
        self.pictures = 0

    def push(self, luma: Bytes) -> None:
        """Take a luma picture (H, W); one smaller than `LEAST_PX` says nothing."""
        if min(luma.shape) < LEAST_PX:
            return
        if luma.shape != self._shape:
            self._shape, self.pictures = luma.shape, 0
            self._power[:] = 0.0
        # What is long past counts less: the camera may have been changed.
        self._power *= _FADE
        for axis in (0, 1):
            self._power[axis] += power_of(profile(luma, axis))
        self.pictures += 1

    def line(self) -> Line | None:
        """The line that is in both directions; None before `ENOUGH` pictures of one size."""
        if self.pictures < ENOUGH:
            return None
        return strongest(np.sqrt(self._power[0] * self._power[1]))
