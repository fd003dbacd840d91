"""Which spotted movements are which planted ones: one to one, by intersection over union, as MEGC counts (Li et al. 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scipy.stats import chi2

from fraudmodel.intervals import CONFIDENCE, Estimate

LEAST_IOU: Final = 0.5
Interval = tuple[float, float]
"""Onset and offset, s."""


def iou(one: Interval, other: Interval) -> float:
    """Intersection over union of two stretches of time, 0..1."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    either = max(one[1], other[1]) - min(one[0], other[0])
    return max(both, 0.0) / either if either > 0.0 else 0.0


def matched(planted: Sequence[Interval], spotted: Sequence[Interval]) -> dict[int, int]:
    """Which spotted one each found planted one is, by their places; the best agreement first, each used once."""
    pairs = sorted(
        ((iou(one, other), i, j) for i, one in enumerate(planted) for j, other in enumerate(spotted)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    found: dict[int, int] = {}
    for agreement, i, j in pairs:
        if agreement >= LEAST_IOU and i not in found and j not in found.values():
            found[i] = j
    return found


def per_minute(events: int, minutes: float) -> Estimate:
    """A rate of rare events with its exact Poisson interval (Garwood 1936); N is how many there were. Raises ValueError without time."""
    if minutes <= 0.0:
        raise ValueError("a rate needs some time")
    tail = (1.0 - CONFIDENCE) / 2.0
    low = float(chi2.ppf(tail, 2 * events)) / 2.0 if events else 0.0
    high = float(chi2.ppf(1.0 - tail, 2 * events + 2)) / 2.0
    return Estimate(events / minutes, low / minutes, high / minutes, events)
