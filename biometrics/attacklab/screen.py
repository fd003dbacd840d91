"""Screens before a camera: what they emit, their subpixels, and how a Bayer sensor resamples them (moire).

Nothing is painted on: the panel's mask is drawn, integrated over the sensor's aperture, and sampled where the colour
filter array has its sites. What aliases, aliases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.optics import BAYER, Floats, Radiance, demosaic, site_homography, warp
from biometrics.face.boxes import Image

TEXELS = 24
"""Samples of a panel's mask per screen pixel and axis: the sensor's sites fall between them by 0.012 screen px RMS."""
Mask = NDArray[np.float32]
"""(rows * TEXELS, columns * TEXELS, 3): transmission of the panel's unit cell, BGR, each channel's mean 1."""

# Rectangles of one subpixel: channel (BGR), left, top, right, bottom in screen px; and the cell's columns, rows.
_Cell = tuple[tuple[int, int], tuple[tuple[int, float, float, float, float], ...]]
_CELLS: Mapping[str, _Cell] = {
    "rgb_stripe": ((1, 1), ((2, 0.04, 0.1, 0.29, 0.9), (1, 0.37, 0.1, 0.63, 0.9), (0, 0.71, 0.1, 0.96, 0.9))),
    "bgr_stripe": (
        (1, 1),
        ((0, 0.02, 0.2, 0.31, 0.95), (1, 0.35, 0.2, 0.65, 0.95), (2, 0.69, 0.2, 0.98, 0.95)),
    ),
    "pentile_rgbg": (
        (2, 1),
        (
            (2, 0.05, 0.15, 0.5, 0.85),
            (1, 0.62, 0.15, 0.88, 0.85),
            (0, 1.0, 0.1, 1.5, 0.9),
            (1, 1.62, 0.15, 1.88, 0.85),
        ),
    ),
}
LAYOUTS = (*_CELLS, "diamond", "chevron")
"""The panels that can be drawn: two LCD stripes, two OLED matrices, and the slanted stripes of an IPS panel."""


def panel(layout: str) -> Mask:
    """Draw a panel's unit cell, hard-edged. Raises KeyError for an unknown layout."""
    if layout == "diamond":
        return _levelled(_diamond())
    if layout == "chevron":
        return _levelled(_chevron())
    (columns, rows), subpixels = _CELLS[layout]
    cell = np.zeros((rows * TEXELS, columns * TEXELS, 3), np.float32)
    for channel, *sides in subpixels:
        left, top, right, bottom = (round(side * TEXELS) for side in sides)
        cell[top:bottom, left:right, channel] = 1
    return _levelled(cell)


def _diamond() -> Mask:
    """Red and blue diamonds on a diagonal lattice with green ovals between: 2 x 2 px, as on phones with OLED."""
    y, x = np.mgrid[0 : 2 * TEXELS, 0 : 2 * TEXELS] / TEXELS + 0.5 / TEXELS
    cell = np.zeros((2 * TEXELS, 2 * TEXELS, 3), np.float32)
    places = ((2, 0.5, 0.5, 0.42), (2, 1.5, 1.5, 0.42), (0, 1.5, 0.5, 0.46), (0, 0.5, 1.5, 0.46))
    greens = tuple((1, cx, cy, 0.3) for cx in (0.0, 1.0) for cy in (0.0, 1.0))
    for channel, cx, cy, reach in (*places, *greens):
        dx, dy = abs((x - cx + 1) % 2 - 1), abs((y - cy + 1) % 2 - 1)
        cell[..., channel][dx + dy < reach] = 1
    return cell


def _chevron() -> Mask:
    """Stripes that slant one way in even rows and the other way in odd ones (dual-domain IPS): 1 x 2 px."""
    y, x = np.mgrid[0 : 2 * TEXELS, 0:TEXELS] / TEXELS + 0.5 / TEXELS
    slanted = x + 0.25 * (abs(y - 1) - 0.5)
    cell = np.zeros((2 * TEXELS, TEXELS, 3), np.float32)
    lit = (y % 1 > 0.08) & (y % 1 < 0.92)
    for channel, centre in ((2, 1 / 6), (1, 0.5), (0, 5 / 6)):
        cell[..., channel][lit & (abs((slanted - centre + 0.5) % 1 - 0.5) < 0.125)] = 1
    return cell


def _levelled(cell: Mask) -> Mask:
    return np.asarray(cell / cell.mean(axis=(0, 1), keepdims=True), dtype=np.float32)


def integrated(mask: Mask, pitch_px: float, aperture_px: float, blur_px: float) -> Mask:
    """A panel's mask as a sensor collects it: over a square aperture, through a lens of Gaussian blur (exact, periodic).

    ``pitch_px`` sensor px per screen px; ``aperture_px`` and ``blur_px`` (sigma) in sensor px.
    """
    fy, fx = (np.fft.fftfreq(side, 1 / TEXELS) / pitch_px for side in mask.shape[:2])
    lens = np.exp(-2 * (np.pi * blur_px) ** 2 * (fx[np.newaxis] ** 2 + fy[:, np.newaxis] ** 2))
    seen = np.sinc(fx * aperture_px)[np.newaxis] * np.sinc(fy * aperture_px)[:, np.newaxis] * lens
    spectrum = np.fft.fft2(mask, axes=(0, 1)) * seen[..., np.newaxis]
    return np.asarray(np.fft.ifft2(spectrum, axes=(0, 1)).real, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Display:
    """How a screen turns codes into light. ``gamma`` of its response, ``black`` what it leaks (share of white).

    ``white`` light of its white, BGR; ``saturation`` > 1 where wide primaries show sRGB unmanaged.
    """

    gamma: float
    black: float
    white: tuple[float, float, float]
    saturation: float = 1.0

    def light(self, image: Image) -> Radiance:
        """What it emits for a (H, W, 3) uint8 picture, without its subpixels."""
        v = (np.arange(256) / 255.0) ** self.gamma * (1 - self.black) + self.black
        table = (v[:, np.newaxis] * self.white).astype(np.float32).reshape(256, 1, 3)
        shown = np.asarray(cv2.LUT(image, table), dtype=np.float32)
        if self.saturation == 1.0:
            return shown
        return np.asarray(np.maximum(cv2.transform(shown, self._primaries()), 0), dtype=np.float32)

    def _primaries(self) -> Floats:
        grey = np.full((3, 3), 1.0) * (0.0722, 0.7152, 0.2126)
        scale = np.asarray(self.white)
        pure = (1 - self.saturation) * grey + self.saturation * np.eye(3)
        return np.asarray(scale[:, np.newaxis] * pure / scale[np.newaxis])


@dataclass(frozen=True, slots=True)
class Sensor:
    """A Bayer sensor of ``ratio`` px per picture px, each collecting a square of ``aperture_px`` through ``blur_px`` of lens."""

    ratio: float
    aperture_px: float
    blur_px: float
    edge_aware: bool = False

    def size(self, picture: tuple[int, int]) -> tuple[int, int]:
        """Its (height, width), even, for a picture of (height, width)."""
        return round(picture[0] * self.ratio / 2) * 2, round(picture[1] * self.ratio / 2) * 2


class Recapture:
    """A screen seen by a Bayer sensor. ``screen_px`` screen px per content px."""

    def __init__(self, layout: str, sensor: Sensor, pitch_px: float, screen_px: float) -> None:
        self._sensor = sensor
        self._screen_px = screen_px
        mask = integrated(panel(layout), pitch_px * sensor.ratio, sensor.aperture_px, sensor.blur_px)
        self._mask = [np.ascontiguousarray(mask[..., channel]) for channel in range(3)]
        self._kept: tuple[bytes, list[NDArray[np.float32]]] | None = None

    def see(self, light: Radiance, homography: Floats, picture: tuple[int, int]) -> Radiance:
        """The picture (height, width) of a screen that emits ``light`` and lies at ``homography`` (content -> picture)."""
        size = self._sensor.size(picture)
        grow = np.diag([size[1] / picture[1], size[0] / picture[0], 1.0])
        masks = self._masks(grow @ homography, size)
        channels = [np.asarray(channel, dtype=np.float32) for channel in cv2.split(light)]
        raw = np.empty(size, np.float32)
        for i, (row, column) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
            half = (size[0] // 2, size[1] // 2)
            at = site_homography(grow @ homography, row, column)
            seen = warp(channels[BAYER[row][column]], at, half, cv2.BORDER_REPLICATE)
            raw[row::2, column::2] = seen * masks[i]
        colour = demosaic(raw, self._sensor.edge_aware)
        if size == picture:
            return colour
        return np.asarray(cv2.resize(colour, picture[::-1], interpolation=cv2.INTER_AREA))

    def _masks(self, homography: Floats, size: tuple[int, int]) -> list[NDArray[np.float32]]:
        """The four sites' samples of the panel's mask; kept while the screen stands still."""
        key = homography.tobytes()
        if self._kept is None or self._kept[0] != key:
            texel = np.diag([1 / (self._screen_px * TEXELS), 1 / (self._screen_px * TEXELS), 1.0])
            half = (size[0] // 2, size[1] // 2)
            found = [
                warp(
                    self._mask[BAYER[row][column]],
                    site_homography(homography @ texel, row, column),
                    half,
                    cv2.BORDER_WRAP,
                    cv2.INTER_NEAREST,
                )
                for row, column in ((0, 0), (0, 1), (1, 0), (1, 1))
            ]
            self._kept = (key, found)
        return self._kept[1]


def pwm_gain(
    t: Floats, rows: int, readout_s: float, exposure_s: float, hz: float, duty: float, depth: float = 1.0
) -> NDArray[np.float32]:
    """(n, rows) what a rolling shutter collects of a backlight that is switched on and off ``hz`` times a second.

    Row r of the frame at t is exposed from ``t + r / rows * readout_s``. ``depth`` 1 = dark between pulses. Mean 1.
    """
    start = t[:, np.newaxis] + np.arange(rows) / rows * readout_s
    lit = (_on_time((start + exposure_s) * hz, duty) - _on_time(start * hz, duty)) / (exposure_s * hz * duty)
    return np.asarray(1 + depth * (lit - 1), dtype=np.float32)


def _on_time(cycles: Floats, duty: float) -> Floats:
    """Cycles of light since 0, of a square wave that is on for ``duty`` of each cycle."""
    whole = np.floor(cycles)
    return np.asarray(whole * duty + np.minimum(cycles - whole, duty))


def scan_gain(
    t: Floats, rows: int, readout_s: float, exposure_s: float, hz: float, dark: float
) -> NDArray[np.float32]:
    """(n, rows) what a rolling shutter collects of an OLED panel that blanks each row for ``dark`` of its refresh.

    The blanked stripe runs down the panel once per refresh, about as fast as the shutter: a slow dark bar. Mean 1.
    """
    down = np.arange(rows) / rows
    start = t[:, np.newaxis] + down * readout_s - down / hz
    lit = (_on_time((start + exposure_s) * hz, 1 - dark) - _on_time(start * hz, 1 - dark)) / (exposure_s * hz)
    return np.asarray(lit / (1 - dark), dtype=np.float32)


def refresh_share(
    t: Floats, shown: Floats, rows: int, readout_s: float, refresh_hz: float
) -> NDArray[np.float32]:
    """(n, rows) share of the older of two pictures in each row, while the panel is rewritten from the top.

    ``shown`` (n,) s when the newer picture came, at most one refresh before the frame's ``t``: the tear line.
    """
    progress = (t[:, np.newaxis] + np.arange(rows) / rows * readout_s - shown[:, np.newaxis]) * refresh_hz
    edge = (np.arange(rows) / rows - progress) * rows / 6
    return np.asarray(1 / (1 + np.exp(-np.clip(edge, -30, 30))), dtype=np.float32)
