"""Periodic patterns in a picture: the beat between a screen's pixels, or a print's dots, and the camera's.

Frequencies are in cycles per pixel of the frame as it was decoded, at which such a beat arises.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from biometrics.face.boxes import Image

SIDE_PX = 256
MOIRE_BAND = (0.12, 0.45)
SLOPE_BAND = (0.05, 0.4)
PEAK = 5.0
"""A peak is this many times its ring's 95 % quantile: noise reaches 15 times its mean once in 3 million frequencies."""
_HARMONIC = 1.5
_CODEC_STEP = 1 / 8
"""Block edges of VP8 and JPEG repeat every 8 px: their own frequencies are left out."""
_CODEC_BINS = 1.5
_HALF_WIDTH = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spectrum:
    """One picture. ``moire`` natural log of the strongest peak over its ring's 95 % quantile; ``harmonics`` how many peaks
    come with twice or half their frequency; ``slope`` of log-power over log-frequency (natural images: -2 to -3);
    ``unevenness`` rms of log-power about that line."""

    moire: float
    harmonics: int
    slope: float
    unevenness: float


class SpectrumAnalyser:
    """Analyses pictures of `SIDE_PX`; its geometry is computed once."""

    def __init__(self) -> None:
        down = fft.fftfreq(SIDE_PX)[:, np.newaxis]
        across = fft.rfftfreq(SIDE_PX)[np.newaxis, :]
        radius = np.hypot(down, across)
        self._ring = np.round(radius * SIDE_PX).astype(np.intp)
        rings = range(1, SIDE_PX // 2)
        self._members = {k: np.flatnonzero(self._ring == k) for k in rings}
        self._watched = (
            (radius >= MOIRE_BAND[0])
            & (radius <= MOIRE_BAND[1])
            & ~_on_codec_grid(down, across)
            & ((across > 0) | (down > 0))
        )
        window = np.hanning(SIDE_PX)
        self._window = (window[:, np.newaxis] * window).astype(np.float32)

    def __call__(self, luma: NDArray[np.uint8]) -> Spectrum:
        """Analyse a picture (`SIDE_PX`, `SIDE_PX`) uint8. Raises ValueError for another size."""
        if luma.shape != (SIDE_PX, SIDE_PX):
            raise ValueError(f"a spectrum is taken of {SIDE_PX} x {SIDE_PX} px, not {luma.shape}")
        fine = luma.astype(np.float32) - cv2.medianBlur(luma, 5)
        moire, harmonics = self._peaks(self._power(fine))
        slope, unevenness = self._slope(self._power(luma - np.float32(luma.mean())))
        return Spectrum(moire, harmonics, slope, unevenness)

    def _power(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """(S, S/2+1) power, with a floor that keeps the logarithm of an empty picture finite."""
        seen = np.abs(fft.rfft2(picture * self._window)) ** 2
        return np.asarray(seen + np.float32(1.0), dtype=np.float32)

    def _peaks(self, power: NDArray[np.float32]) -> tuple[float, int]:
        flat = power.ravel()
        high = np.ones(self._ring.max() + 1, np.float32)
        for k, members in self._members.items():
            values = flat[members]
            at = int(0.95 * len(values))
            high[k] = np.partition(values, at)[at]
        ratio = power / high[self._ring]
        watched = np.where(self._watched, ratio, 0)
        strongest = float(watched.max())
        peaks = np.argwhere((watched >= PEAK) & (watched >= cv2.dilate(watched, np.ones((3, 3)))))
        return float(np.log(max(strongest, 1e-3))), sum(
            _has_harmonic(ratio, int(v), int(u)) for v, u in peaks
        )

    def _slope(self, power: NDArray[np.float32]) -> tuple[float, float]:
        rings = np.arange(int(SLOPE_BAND[0] * SIDE_PX), int(SLOPE_BAND[1] * SIDE_PX) + 1)
        logs = np.log(power.ravel())
        level = np.array([logs[self._members[int(k)]].mean() for k in rings])
        x = np.log(rings / SIDE_PX)
        slope, offset = np.polyfit(x, level, 1)
        return float(slope), float(np.sqrt(np.mean((level - slope * x - offset) ** 2)))


def face_patch(image: Image, box: tuple[float, float, float, float]) -> NDArray[np.uint8] | None:
    """The luma of `SIDE_PX` squared about a face in a BGR frame, unscaled; None where the frame is smaller."""
    height, width = image.shape[:2]
    if min(height, width) < SIDE_PX:
        return None
    x, y, across, down = box
    left = int(np.clip(round(x + across / 2 - SIDE_PX / 2), 0, width - SIDE_PX))
    top = int(np.clip(round(y + down / 2 - SIDE_PX / 2), 0, height - SIDE_PX))
    patch = image[top : top + SIDE_PX, left : left + SIDE_PX]
    return np.asarray(cv2.cvtColor(patch, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _on_codec_grid(down: Floats, across: Floats) -> NDArray[np.bool_]:
    def near(frequency: Floats) -> NDArray[np.bool_]:
        off = np.abs(frequency - np.round(frequency / _CODEC_STEP) * _CODEC_STEP)
        return np.asarray(off * SIDE_PX <= _CODEC_BINS)

    return near(down) & near(across)


def _has_harmonic(ratio: NDArray[np.float32], v: int, u: int) -> bool:
    """Whether there is a peak at twice or at half the frequency of row ``v``, column ``u``."""
    signed = v if v <= SIDE_PX // 2 else v - SIDE_PX
    return any(_around(ratio, round(signed * times), round(u * times)) >= _HARMONIC for times in (2.0, 0.5))


def _around(ratio: NDArray[np.float32], v: int, u: int) -> float:
    """The largest value near a frequency, folded back where it lies beyond what the picture can hold."""
    v = (v + SIDE_PX // 2) % SIDE_PX - SIDE_PX // 2
    if u > SIDE_PX // 2:
        v, u = -v, SIDE_PX - u
    rows = np.arange(v - 1, v + _HALF_WIDTH) % SIDE_PX
    columns = np.clip(np.arange(u - 1, u + _HALF_WIDTH), 0, SIDE_PX // 2)
    return float(ratio[np.ix_(rows, columns)].max())
