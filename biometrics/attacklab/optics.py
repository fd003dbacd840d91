"""Light from a scene to a sensor: linear radiance, planes before a pinhole, colour filter arrays, reflections.

A radiance picture is (H, W, 3) float32, linear, BGR in sRGB primaries; 1 is white paper in well exposed light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image

Radiance = NDArray[np.float32]
"""(H, W, 3) float32, linear, BGR, 1 = white paper."""
Floats = NDArray[np.float64]

BAYER = ((2, 1), (1, 0))
"""BGR channel of the four sites of an RGGB colour filter array, row by row (Bayer 1976, US 3971065)."""
_RAW_FULL_SCALE = 16000.0


def srgb_table() -> NDArray[np.float32]:
    """(256,) linear light of each sRGB code (IEC 61966-2-1)."""
    v = np.arange(256) / 255.0
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4).astype(np.float32)


def to_linear(image: Image) -> Radiance:
    """The linear light that a (H, W, 3) uint8 sRGB picture stands for."""
    return np.asarray(cv2.LUT(image, srgb_table()), dtype=np.float32)


def to_srgb(radiance: Radiance) -> Image:
    """The sRGB codes of linear light, clipped to 0..1. Shape and order of channels stay."""
    steps = 4096
    v = np.arange(steps) / (steps - 1.0)
    codes = np.where(v <= 0.0031308, 12.92 * v, 1.055 * v ** (1 / 2.4) - 0.055)
    index = np.clip(radiance * np.float32(steps - 1) + np.float32(0.5), 0, steps - 1).astype(np.uint16)
    table = np.round(codes * 255).astype(np.uint8)
    return np.asarray(table[index])


@dataclass(frozen=True, slots=True)
class Light:
    """What lights a scene at one moment; white paper in the room's own light is 1.

    ``room`` what the camera's exposure leaves of that; ``beam`` (3,) BGR of a screen that stands where the camera is, on
    what faces it; ``screen`` (3,) BGR that screen itself, as a mirror would show it. Both after exposure.
    """

    room: float
    beam: Floats
    screen: Floats

    @property
    def shines(self) -> bool:
        """Whether there is a screen."""
        return bool(self.beam.any())

    def on(self, facing: float, lift: float = 1.0) -> NDArray[np.float32]:
        """(3,) on a matt surface: ``facing`` cosine towards the camera, ``lift`` what the room's light is there."""
        return np.asarray(self.room * lift + facing * self.beam, dtype=np.float32)

    def over(self, radiance: Radiance, facing: float) -> Radiance:
        """What is seen of a surface that looks like ``radiance`` in the room's light alone."""
        if not self.shines:
            return radiance
        return np.asarray(cv2.transform(radiance, np.diag(self.on(facing))), dtype=np.float32)


Lights = Sequence[Light]
"""One for each frame."""


def room_only(count: int) -> Lights:
    """No screen's light on any of so many frames."""
    return [Light(1.0, np.zeros(3), np.zeros(3))] * count


@dataclass(frozen=True, slots=True)
class Motion:
    """Where a held thing is at n moments. ``angles`` (n, 3) rad pitch, yaw, roll; ``shift`` (n, 2) px; ``scale`` (n,) px per content px."""

    angles: Floats
    shift: Floats
    scale: Floats


def sway(t: Floats, rng: np.random.Generator, band_hz: tuple[float, float], rms: float) -> Floats:
    """Smooth random motion at the times ``t`` (n,) s: seven sines of random frequency and phase in a band, of this RMS."""
    frequency = rng.uniform(*band_hz, 7)
    phase = rng.uniform(0, 2 * np.pi, 7)
    weight = rng.uniform(0.5, 1.0, 7)
    waves = np.sin(2 * np.pi * np.outer(t, frequency) + phase) @ weight
    return np.asarray(waves * (rms / np.sqrt((weight**2).sum() / 2)))


def hand_motion(
    t: Floats,
    rng: np.random.Generator,
    scale: float,
    sway_rad: tuple[float, float, float],
    drift_px: float = 4.0,
    tremor_px: float = 0.6,
) -> Motion:
    """A thing held in a hand: slow drift and turning, and the 6-10 Hz of physiological tremor (Elble 1996).

    ``sway_rad`` RMS of pitch, yaw and roll, ``drift_px`` and ``tremor_px`` RMS on the picture.
    """
    turns = [sway(t, rng, (0.15, 0.7), rms) + sway(t, rng, (6, 10), rms * 0.03) for rms in sway_rad]
    moves = [sway(t, rng, (0.1, 0.6), drift_px) + sway(t, rng, (6, 10), tremor_px) for _ in range(2)]
    nearer = 1 + sway(t, rng, (0.1, 0.5), 0.012)
    return Motion(np.stack(turns, 1), np.stack(moves, 1), scale * nearer)


def rotation(angles: Floats) -> Floats:
    """(3, 3) rotation by pitch, then yaw, then roll (rad); x right, y down, z away from the camera."""
    pitch, yaw, roll = angles
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]], np.float64
    )
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]], np.float64)
    about_z = np.array(
        [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]], np.float64
    )
    return np.asarray(about_z @ about_y @ about_x)


def plane_homographies(
    motion: Motion, content: tuple[int, int], picture: tuple[int, int], focal_px: float
) -> Floats:
    """(n, 3, 3): from px of a flat content (height, width) to px of a picture (height, width), by a pinhole.

    The content's centre is ``focal_px`` away, where ``scale`` picture px show one content px.
    """
    found = np.empty((len(motion.scale), 3, 3))
    centred = np.array([[1, 0, -content[1] / 2], [0, 1, -content[0] / 2], [0, 0, 1]], np.float64)
    for i, (angles, shift, scale) in enumerate(zip(motion.angles, motion.shift, motion.scale, strict=True)):
        turn = rotation(angles)
        lens = np.array(
            [
                [focal_px, 0, picture[1] / 2 + shift[0]],
                [0, focal_px, picture[0] / 2 + shift[1]],
                [0, 0, 1],
            ]
        )
        place = np.column_stack([turn[:, 0] * scale, turn[:, 1] * scale, (0.0, 0.0, focal_px)])
        h = lens @ place @ centred
        found[i] = h / h[2, 2]
    return found


def corners(homography: Floats, content: tuple[int, int]) -> Floats:
    """(4, 2) where the corners of a flat content (height, width) appear in the picture, clockwise from top left."""
    height, width = content
    at = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]], np.float64) @ homography.T
    return np.asarray(at[:, :2] / at[:, 2:])


def warp(
    source: NDArray[np.float32],
    homography: Floats,
    picture: tuple[int, int],
    border: int,
    flags: int = cv2.INTER_LINEAR,
) -> Radiance:
    """See a flat source (any channels) through a homography source -> picture (height, width); ``border``, ``flags`` as in OpenCV."""
    return np.asarray(cv2.warpPerspective(source, homography, picture[::-1], flags=flags, borderMode=border))


def demosaic(raw: NDArray[np.float32], edge_aware: bool = False) -> Radiance:
    """Full colour from an RGGB raw picture (H, W; even sides): bilinear, or along edges (Hamilton and Adams 1997)."""
    code = cv2.COLOR_BayerRGGB2BGR_EA if edge_aware else cv2.COLOR_BayerRGGB2BGR
    sixteen = np.clip(raw * np.float32(_RAW_FULL_SCALE), 0, 65535).astype(np.uint16)
    colour = cv2.cvtColor(sixteen, code).astype(np.float32)
    colour *= np.float32(1 / _RAW_FULL_SCALE)
    return np.asarray(colour)


def site_homography(homography: Floats, row: int, column: int) -> Floats:
    """The homography to the half-size grid of one site of the colour filter array."""
    return np.array([[0.5, 0, -column / 2], [0, 0.5, -row / 2], [0, 0, 1]]) @ homography


class Reflection:
    """What a glossy plane mirrors: lamps and windows, blurred. It moves by twice the plane's turn, unlike the plane.

    ``strength`` share of light that it mirrors; ``blur_px`` of the mirror image.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        picture: tuple[int, int],
        focal_px: float,
        strength: float,
        blur_px: float,
        lamps: int = 3,
    ) -> None:
        self.strength = strength
        self.blur_px = blur_px
        self._picture = picture
        self._focal = focal_px
        self._shrink = 4.0
        height, width = (int(np.ceil(side * 3 / self._shrink)) for side in picture)
        seen = np.zeros((height, width, 3), np.float32)
        for _ in range(lamps):
            centre = rng.uniform(0.2, 0.8, 2) * (width, height)
            size = rng.uniform(0.02, 0.16, 2) * (width, height)
            tint = rng.uniform(0.75, 1.0, 3).astype(np.float32) * rng.uniform(0.3, 1.0)
            box = cv2.boxPoints((tuple(centre), tuple(size), float(rng.uniform(-15, 15))))
            cv2.fillConvexPoly(seen, box.astype(np.int32), [float(v) for v in tint])
        seen += np.float32(0.05)
        self._seen = cv2.GaussianBlur(seen, (0, 0), max(blur_px / self._shrink, 0.5)) * np.float32(strength)

    def at(self, angles: Floats) -> Radiance:
        """The reflected light (H, W, 3) while the plane is turned by pitch, yaw, roll (rad)."""
        height, width = self._picture
        dx, dy = 2 * np.tan(angles[1]) * self._focal, -2 * np.tan(angles[0]) * self._focal
        shrink = 1 / self._shrink
        m = np.array([[shrink, 0, (width - dx) * shrink], [0, shrink, (height - dy) * shrink]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(
            cv2.warpAffine(self._seen, m, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        )
