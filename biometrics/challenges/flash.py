"""The coloured-light challenge: the screen shows a secret sequence of four equally bright colours, and the face must follow.

Two bits a chip, red-green and blue-yellow. Safe by WCAG 2.3.1: no chip differs in luminance by a tenth, none is a saturated
red, and none is shorter than half a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.challenges.drbg import HmacDrbg, challenge_drbg
from biometrics.colour import linear_light

CHIPS: Final = 32
LOOKS: Final = (16, 20, 24, 28)
"""After how many chips the response is looked at, before the end."""
FADE_S: Final = 0.15
"""Of a change of colour: WCAG would bear none at all, people like it better."""
LONGEST_RUN: Final = 3
MOST_IMBALANCE: Final = 0.25
"""|mean| of either bit's +1 and -1, at every look and over the whole: a code without it looks like slow drift of the light."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of the screen: sRGB ``hex``; ``rg`` and ``by`` its two bits, +1 or -1 (0, 0 is the neutral grey)."""

    name: str
    hex: str
    rg: int
    by: int

    @property
    def linear(self) -> tuple[float, float, float]:
        """R, G, B in linear light 0..1."""
        coded = np.array([int(self.hex[k : k + 2], 16) for k in (1, 3, 5)]) / 255.0
        red, green, blue = (float(value) for value in linear_light(coded))
        return red, green, blue


PALETTE: Final = (
    Colour("rose", "#ff57fa", 1, 1),
    Colour("amber", "#e18c30", 1, -1),
    Colour("azure", "#30a7fa", -1, 1),
    Colour("green", "#30b830", -1, -1),
)
"""Chip 0..3. Relative luminance 0.35 each; the most chroma that sRGB has there while R/(R+G+B) stays under 0.8."""
GREY: Final = Colour("grey", "#a0a0a0", 0, 0)
"""Before the first chip and after the last one: the same luminance."""


@dataclass(frozen=True, slots=True)
class FlashPlan:
    """What the screen shows: ``lead_s`` of grey, each chip (index into `PALETTE`) for ``chip_s``, ``tail_s`` of grey.

    A change of colour takes the first ``fade_s`` of a chip.
    """

    chips: tuple[int, ...]
    chip_s: float = 0.5
    fade_s: float = FADE_S
    lead_s: float = 1.0
    tail_s: float = 1.0

    @property
    def duration_s(self) -> float:
        return self.lead_s + len(self.chips) * self.chip_s + self.tail_s

    def colour(self, k: int) -> Colour:
        """Of chip ``k``; the grey for -1 and beyond the last."""
        return PALETTE[self.chips[k]] if 0 <= k < len(self.chips) else GREY

    def shown_s(self) -> tuple[float, ...]:
        """When each chip and then the tail begins, s after the lead-in began, on a screen that keeps time."""
        return tuple(self.lead_s + k * self.chip_s for k in range(len(self.chips) + 1))


def flash_plan(seed: bytes, chips: int = CHIPS) -> FlashPlan:
    """The plan of a challenge. Raises ValueError for an empty seed or a number of chips that is not 4..64."""
    codes = draw_codes(challenge_drbg(seed, "flash-1"), 1, chips)
    return FlashPlan(tuple(int(chip) for chip in codes[0]))


def draw_codes(drbg: HmacDrbg, count: int, chips: int) -> NDArray[np.int8]:
    """Valid codes (count, chips), each chip 0..3: no bit the same more than three times on end, both bits balanced."""
    if not 4 <= chips <= 64:
        raise ValueError(f"a flash challenge has 4 to 64 chips, not {chips}")
    found: list[NDArray[np.int8]] = []
    missing = count
    while missing > 0:
        candidates = _candidates(drbg, min(2 * missing + 8, 2048), chips)
        found.append(candidates[_balanced(candidates)])
        missing -= len(found[-1])
    return np.concatenate(found)[:count]


def signs(codes: NDArray[np.int8]) -> NDArray[np.int8]:
    """Both bits (..., 2) of chips (...): red-green and blue-yellow, each +1 or -1."""
    return _SIGNS[codes]


def emitted(
    colours: Sequence[Colour], shown_s: Sequence[float], at_s: NDArray[np.float64], fade_s: float
) -> NDArray[np.float64]:
    """Light of the screen (n, 3), linear R, G, B at times ``at_s``: colour k from ``shown_s[k]`` on, after a raised-cosine fade."""
    light = np.array([colour.linear for colour in colours])
    return np.asarray(light[0] + steps(shown_s[1:], at_s, fade_s) @ np.diff(light, axis=0))


def steps(shown_s: Sequence[float], at_s: NDArray[np.float64], fade_s: float) -> NDArray[np.float64]:
    """How far (n, m) each of m changes has come at each time, 0..1."""
    gone = (at_s[:, np.newaxis] - np.asarray(shown_s)) / max(fade_s, 1e-9)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(gone, 0.0, 1.0)))


def _candidates(drbg: HmacDrbg, count: int, chips: int) -> NDArray[np.int8]:
    """Codes (count, chips) whose bits are drawn, and turned over where they would make too long a run."""
    width = (2 * chips + 7) // 8
    drawn = np.frombuffer(b"".join(drbg.generate(width * 64) for _ in range(-(-count // 64))), np.uint8)
    bits = np.unpackbits(drawn.reshape(-1, width), axis=1)[:count, : 2 * chips].reshape(count, chips, 2)
    run = np.zeros((count, 2), np.int8)
    for k in range(1, chips):
        same = bits[:, k] == bits[:, k - 1]
        run = np.where(same, run + 1, 0)
        over = run >= LONGEST_RUN
        bits[:, k] ^= over
        run[over] = 0
    return np.asarray(3 - (2 * bits[..., 0] + bits[..., 1]), dtype=np.int8)


def _balanced(codes: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which codes (count,) keep both bits balanced."""
    chips = codes.shape[1]
    sums = np.cumsum(signs(codes), axis=1, dtype=np.int16)
    whole = [look for look in (*LOOKS, chips) if look <= chips]
    most = [MOST_IMBALANCE * look for look in whole]
    off = np.abs(sums[:, [look - 1 for look in whole]])
    return np.asarray((off <= np.array(most)[:, np.newaxis]).all(axis=(1, 2)))


_SIGNS = np.array([(colour.rg, colour.by) for colour in PALETTE], np.int8)
