"""Prints: how a picture becomes ink on paper, as linear reflectance. Two printers that differ in halftone, inks and paper.

A laser printer clusters its dots on rotated grids (AM) in four inks on matte paper; an inkjet scatters small drops (FM)
in six inks on coated paper. Dots gain by light that wanders in the paper (Clapper and Yule 1953).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.optics import Radiance, to_linear
from biometrics.face.boxes import Image

Amount = NDArray[np.float32]
"""(H, W) 0..1, how much of the paper one ink covers."""

_INKS: Mapping[
    str, tuple[float, float, float]
] = {  # transmittance in B, G, R; one pass (light goes through twice)
    "cyan": (0.82, 0.62, 0.17),
    "magenta": (0.55, 0.20, 0.92),
    "yellow": (0.22, 0.91, 0.97),
    "black": (0.17, 0.17, 0.17),
    "dye_cyan": (0.90, 0.66, 0.12),
    "dye_magenta": (0.62, 0.14, 0.95),
    "dye_yellow": (0.15, 0.94, 0.98),
    "dye_black": (0.11, 0.11, 0.11),
}
_SURFACE = 0.016
_ANGLES_DEG = {"cyan": 15.0, "magenta": 75.0, "yellow": 0.0, "black": 45.0}


@dataclass(frozen=True, slots=True)
class Printed:
    """A print. ``reflectance`` (H, W, 3) linear BGR; ``gloss`` share of light its surface mirrors; ``truth`` how it was made."""

    reflectance: Radiance
    gloss: float
    truth: dict[str, float | str]


def inks_for(image: Image, black_share: float) -> dict[str, Amount]:
    """How much cyan, magenta, yellow and black a picture asks for, grey component replaced by ``black_share`` of black.

    Coverage follows Yule and Nielsen (1951) with n = 2, so that dots that gain print about the right tone.
    """
    wanted = 1 - np.sqrt(to_linear(image))
    yellow, magenta, cyan = cv2.split(wanted)
    grey = np.minimum(np.minimum(yellow, magenta), cyan)
    black = black_share * np.clip((grey - 0.2) / 0.8, 0, 1)
    left = [np.clip((ink - black) / np.maximum(1 - black, 0.05), 0, 1) for ink in (cyan, magenta, yellow)]
    amounts = (np.asarray(ink, dtype=np.float32) for ink in (*left, black))
    return dict(zip(("cyan", "magenta", "yellow", "black"), amounts, strict=True))


def clustered_dots(size: tuple[int, int], cell_px: float, angle_deg: float) -> Amount:
    """(H, W) thresholds 0..1, uniform, of a clustered-dot screen: where the amount is greater, there is ink.

    Round dots on a square grid of ``cell_px``, turned by ``angle_deg`` (Holladay 1980).
    """
    a = np.deg2rad(angle_deg)
    step = 2 * np.pi / cell_px
    y, x = (np.arange(side, dtype=np.float32) for side in size)
    along = _cos_sum(x * np.float32(step * np.cos(a)), y * np.float32(step * np.sin(a)))
    across = _cos_sum(x * np.float32(-step * np.sin(a)), y * np.float32(step * np.cos(a)))
    return _uniform(along + across)


def scattered_dots(rng: np.random.Generator, tile: int = 64) -> Amount:
    """(tile, tile) thresholds 0..1, uniform, of a stochastic screen that can be repeated (blue noise; Ulichney 1993).

    Each next drop goes to the middle of the largest void, as far as a Gaussian of 1.5 px sees it.
    """
    at = np.minimum(np.arange(tile), tile - np.arange(tile))
    around = np.exp(-(at[:, np.newaxis] ** 2 + at**2) / (2 * 1.5**2)).astype(np.float32)
    twice = np.tile(around, (2, 2))
    crowd = rng.uniform(0, 0.02, (tile, tile)).astype(np.float32)
    ranks = np.empty(tile * tile, np.float32)
    for rank in range(tile * tile):
        place = int(crowd.argmin())
        y, x = divmod(place, tile)
        crowd += twice[tile - y : 2 * tile - y, tile - x : 2 * tile - x]
        crowd[y, x] = np.inf
        ranks[place] = rank
    return np.asarray((ranks.reshape(tile, tile) + 0.5) / tile**2, dtype=np.float32)


def _repeated(tile: Amount, size: tuple[int, int], rng: np.random.Generator) -> Amount:
    shifted = np.roll(tile, rng.integers(0, len(tile), 2), (0, 1))
    reps = (-(-size[0] // len(tile)), -(-size[1] // len(tile)))
    return np.tile(shifted, reps)[: size[0], : size[1]]


def _cos_sum(x: Amount, y: Amount) -> Amount:
    """cos(x + y) over a grid, from its rows and columns."""
    return np.asarray(np.outer(np.cos(y), np.cos(x)) - np.outer(np.sin(y), np.sin(x)))


def _uniform(field: Amount) -> Amount:
    """Levels of a sum of two cosines, made uniform by its distribution over all phases."""
    phase = np.cos(np.linspace(0, np.pi, 400))
    levels = np.sort(np.add.outer(phase, phase), axis=None)[::64]
    ranks = np.linspace(0, 1, len(levels))
    steps = np.interp(np.linspace(-2, 2, 4097), levels, ranks).astype(np.float32)
    return np.asarray(steps[((field + np.float32(2)) * np.float32(1024)).astype(np.uint16)])


def laser_print(image: Image, rng: np.random.Generator, enlarge: int, cell_px: float) -> Printed:
    """Print a picture with toner on office paper: four clustered-dot screens at 15, 75, 0 and 45 degrees.

    The reflectance is ``enlarge`` times as large; a halftone cell spans ``cell_px`` px of ``image``.
    """
    asked = inks_for(image, 0.75)
    turn = float(rng.uniform(-4, 4))

    def screen(ink: str, size: tuple[int, int]) -> Amount:
        return clustered_dots(size, cell_px * enlarge, _ANGLES_DEG[ink] + turn)

    light = _inked(asked, screen, enlarge)
    paper = _fibres(light.shape[:2], rng, 0.018)
    reflectance = _gained(light, 0.28 * cell_px * enlarge) * (
        np.array((0.84, 0.88, 0.89), np.float32) * paper
    )
    truth: dict[str, float | str] = {
        "printer": "laser",
        "halftone": "clustered",
        "cell_px": round(cell_px, 3),
    }
    return Printed(reflectance, float(rng.uniform(0.0, 0.02)), truth)


def inkjet_print(image: Image, rng: np.random.Generator, enlarge: int, cell_px: float) -> Printed:
    """Print a picture with dye on coated photo paper: blue-noise drops, and bands where the head's passes meet.

    The reflectance is ``enlarge`` times as large; drops are one of its px, passes about 9 ``cell_px`` of ``image`` apart.
    """
    asked = {f"dye_{ink}": amount for ink, amount in inks_for(image, 0.35).items()}
    tile = scattered_dots(rng)

    def screen(ink: str, size: tuple[int, int]) -> Amount:
        return _repeated(tile, size, rng)

    light = _inked(asked, screen, enlarge)
    rows = np.arange(light.shape[0]) / (9 * cell_px * enlarge)
    bands = 1 + 0.02 * (np.abs(rows % 1 - 0.5) < 0.06) + 0.006 * np.sin(2 * np.pi * rows * 3.1)
    paper = _fibres(light.shape[:2], rng, 0.004) * bands.astype(np.float32)[:, np.newaxis, np.newaxis]
    reflectance = _gained(light, 1.0) * (np.array((0.92, 0.91, 0.90), np.float32) * paper)
    truth: dict[str, float | str] = {
        "printer": "inkjet",
        "halftone": "stochastic",
        "cell_px": round(cell_px, 3),
    }
    return Printed(np.asarray(reflectance, np.float32), float(rng.uniform(0.03, 0.10)), truth)


def _inked(
    asked: Mapping[str, Amount], screen: Callable[[str, tuple[int, int]], Amount], enlarge: int
) -> Radiance:
    """Light that passes the inks once: each dot has its ink or not, and dots of several inks lie on each other."""
    passed: list[Amount] = []
    for ink, amount in asked.items():
        size = (amount.shape[0] * enlarge, amount.shape[1] * enlarge)
        wanted = cv2.resize(amount, size[::-1], interpolation=cv2.INTER_LINEAR)
        inked = (wanted > screen(ink, size)).astype(np.uint8)
        for channel, t in enumerate(_INKS[ink]):
            layer = np.asarray(cv2.LUT(inked, np.array([1.0, *[t] * 255], np.float32)), dtype=np.float32)
            if len(passed) <= channel:
                passed.append(layer)
            else:
                passed[channel] *= layer
    return np.asarray(cv2.merge(passed), dtype=np.float32)


def _gained(passed: Radiance, reach_px: float) -> Radiance:
    """Light goes in through the ink, wanders about ``reach_px`` in the paper, and comes out through the ink.

    A little is thrown back by the surface and sees neither: black ink is never quite black.
    """
    deep = passed * cv2.GaussianBlur(passed, (0, 0), max(reach_px, 0.3))
    return np.asarray(deep * np.float32(1 - _SURFACE) + np.float32(_SURFACE), dtype=np.float32)


def _fibres(size: tuple[int, int], rng: np.random.Generator, strength: float) -> Radiance:
    """(H, W, 1) relative reflectance of paper: clouds and fibres."""
    fine = rng.standard_normal((size[0] // 3 + 1, size[1] // 3 + 1), dtype=np.float32)
    clouds = cv2.GaussianBlur(fine, (0, 0), 6) * 6
    grown = cv2.resize(fine * np.float32(0.5) + clouds, size[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(1 + np.float32(strength) * grown, dtype=np.float32)[..., np.newaxis]


def paper_lift(pitch_yaw: tuple[float, float], light: NDArray[np.float64]) -> float:
    """How much brighter a matte sheet is when turned by pitch and yaw (rad), than facing the camera (Lambert 1760).

    ``light`` (3,) unit vector from the sheet to the lamp; x right, y down, z away from the camera.
    """
    pitch, yaw = pitch_yaw
    normal = np.array((-np.sin(yaw), np.sin(pitch), -np.cos(yaw) * np.cos(pitch)))
    ambient = 0.45
    lit = max(float(normal @ light), 0.0) / max(float(-light[2]), 0.2)
    return ambient + (1 - ambient) * lit
