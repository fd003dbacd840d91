"""How many flashes a changing screen makes: WCAG 2.2, success criterion 2.3.1, "three flashes or below threshold".

The whole screen is taken to change at once: the criterion's small safe area is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.colour import LUMINANCE

MOST_FLASHES: Final = 3
"""In any one second."""
_CHANGE: Final = 0.10
_DARK: Final = 0.80
_SATURATED: Final = 0.8
_APART: Final = 0.2
_WINDOW_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Flashes:
    """The most transitions in any one second; a flash is a pair of opposing ones."""

    general_transitions: int
    red_transitions: int

    @property
    def safe(self) -> bool:
        """Whether neither exceeds three flashes."""
        return max(self.general_transitions, self.red_transitions) <= 2 * MOST_FLASHES


def flashes(t_s: NDArray[np.float64], linear: NDArray[np.float64]) -> Flashes:
    """Count in a screen's light (n, 3), linear R, G, B 0..1 at ascending times (n,)."""
    return Flashes(
        _most_in_a_second(general_transitions(t_s, linear @ LUMINANCE)),
        _most_in_a_second(red_transitions(t_s, linear)),
    )


def general_transitions(t_s: NDArray[np.float64], luminance: NDArray[np.float64]) -> list[float]:
    """When each change of relative luminance by 10 % or more, whose darker end is below 0.80, is complete, s.

    Opposing changes only: a rise that goes on is one change.
    """
    if not len(luminance) or float(np.ptp(luminance)) < _CHANGE:
        return []
    turns = _turning_points(luminance.tolist())
    legs = pairwise(turns)
    return [float(t_s[b]) for a, b in legs if min(luminance[a], luminance[b]) < _DARK]


def _turning_points(values: Sequence[float]) -> list[int]:
    """Indices of the extremes between which a series moves by at least 10 %; empty where it never does."""
    turns: list[int] = []
    low = high = direction = 0
    for k, value in enumerate(values):
        low = k if value < values[low] else low
        high = k if value > values[high] else high
        if direction >= 0 and values[high] - value >= _CHANGE:
            turns.append(high)
            direction, low, high = -1, k, k
        elif direction <= 0 and value - values[low] >= _CHANGE:
            turns.append(low)
            direction, low, high = 1, k, k
    return [*turns, high if direction > 0 else low] if turns else []


def red_transitions(t_s: NDArray[np.float64], linear: NDArray[np.float64]) -> list[float]:
    """When each change to or from a saturated red, by more than 0.2 in the CIE 1976 UCS diagram, is complete, s."""
    red = linear[:, 0] >= _SATURATED * np.maximum(linear.sum(axis=1), 1e-9)
    ends: list[float] = []
    if not red.any():
        return ends
    places = chromaticity(linear)
    inside, before = bool(red[0]), places[0]
    for t, is_red, place in zip(t_s.tolist(), red.tolist(), places, strict=True):
        far = float(np.hypot(*(place - before))) > _APART
        if far and is_red != inside:
            ends.append(t)
            inside = is_red
        if is_red == inside:
            before = place
    return ends


def chromaticity(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE 1976 u', v' (n, 2) of linear sRGB (n, 3); black has that of white."""
    xyz = np.maximum(linear, 1e-9) @ _TO_XYZ.T
    weight = xyz @ (1.0, 15.0, 3.0)
    return np.stack([4.0 * xyz[:, 0] / weight, 9.0 * xyz[:, 1] / weight], axis=1)


def _most_in_a_second(ends: Sequence[float]) -> int:
    times = np.array(ends)
    return max((int(((times >= t) & (times <= t + _WINDOW_S)).sum()) for t in ends), default=0)


_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
