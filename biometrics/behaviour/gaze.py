"""Where the eyes went: how much of an answer away from where they mostly are, and how much of it along lines of text.

Somebody who reads moves the gaze to the right in small steps and back in one sweep, line after line (Rayner 1998). A webcam does
not resolve the steps, it does resolve the lines: a slow way to the person's right, and a fast one back. Scripts that run the other way
are not found.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE_HZ: Final = 12.5
"""Of the even grid; each point is the median of the looks about it, which takes single bad ones out."""
STEP_S: Final = 1.0 / RATE_HZ
ENOUGH_HZ: Final = 8.0
ENOUGH_READING_HZ: Final = 15.0
"""A sweep back takes 0.05 s and must stand between two fixations: fewer looks a second blur it into the line."""
AVERTED_DEG: Final = 10.0
"""Further from where the gaze mostly is counts as averted. The noise of a still gaze is 1 to 2 degrees."""
SWEEP_DEG: Final = 4.0
"""A sweep back is at least as wide: three centimetres of text half a metre away."""
SWEEP_S: Final = 0.32
"""And takes no longer, fixations of 0.2 s beside it included in the grid."""
LINE_S: Final = (0.6, 6.0)
"""How long one line takes."""
ALONG: Final = 0.6
"""The way along a line leads back over so much of the sweep: otherwise the gaze only jumped."""
STEADY: Final = 0.6
"""Least rank correlation of the gaze with time along a line: it goes one way, and does not wander."""
ABRUPT: Final = 0.15
"""A sweep neither comes out of, nor goes over into, more of the same way than so much of its width."""
LEAST_LINES: Final = 3
"""In a row: fewer are chance."""
GAP_S: Final = 0.5
"""From one look to the next: a blink is shorter, and where the gaze went in more is not known."""

Floats = NDArray[np.float64]


def even(t: Floats, gaze: Floats) -> Floats:
    """(m, 2) the gaze (n, 2) on a grid of `RATE_HZ` from the first look on, NaN where none came."""
    place = ((t - t[0]) * RATE_HZ).astype(np.intp)
    grid = np.full((int(place[-1]) + 1, 2), np.nan)
    edges = np.flatnonzero(np.diff(place, prepend=-1, append=place[-1] + 1))
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        grid[place[start]] = np.median(gaze[start:end], axis=0)
    return grid


def averted_share(gaze: Floats, home: Floats) -> float:
    """Share of the known points of (n, 2) that lie further than `AVERTED_DEG` from ``home`` (2,)."""
    known = gaze[~np.isnan(gaze[:, 0])]
    return float(np.mean(np.hypot(*(known - home).T) > AVERTED_DEG)) if len(known) else 0.0


def reading_share(across: Floats) -> float:
    """Share of the time that was seen of (n,) on the grid, degrees to the person's left, that was spent along lines of text."""
    stretches = list(_stretches(across))
    seen = sum(map(len, stretches))
    return min(sum(map(_read, stretches)) / seen, 1.0) if seen else 0.0


def _stretches(across: Floats) -> Iterator[Floats]:
    """What was seen without a longer gap than `GAP_S`; over shorter ones, a blink for instance, a straight line."""
    known = np.flatnonzero(~np.isnan(across))
    if not len(known):
        return
    for places in np.split(known, np.flatnonzero(np.diff(known) > GAP_S * RATE_HZ) + 1):
        yield np.interp(np.arange(places[0], places[-1] + 1), places, across[places])


def _read(across: Floats) -> int:
    """How many points of one stretch lie along lines of text."""
    sweeps = list(_sweeps(across))
    read = run = length = 0
    for (_, start, _), (stop, _, back) in pairwise(sweeps):
        if _is_line(across[start : stop + 1], back):
            run, length = run + 1, length + stop - start + 1
        else:
            read, run, length = read + (length if run >= LEAST_LINES else 0), 0, 0
    return read + (length if run >= LEAST_LINES else 0)


def _sweeps(across: Floats) -> Iterator[tuple[int, int, float]]:
    """Each fast way to the person's left: its first and last point and how wide it is. The widest of overlapping ones."""
    reach = round(SWEEP_S * RATE_HZ)
    n = len(across)
    widths = np.stack([across[np.minimum(np.arange(n) + k, n - 1)] - across for k in range(1, reach + 1)])
    best = widths.max(axis=0) if n else np.zeros(0)
    found = 0
    while found < n:
        if best[found] < SWEEP_DEG:
            found += 1
            continue
        near = best[found : found + reach]
        start = found + int(near.argmax())
        end = min(start + int(widths[:, start].argmax()) + 1, n - 1)
        if _abrupt(across, start, end, reach):
            yield start, end, float(best[start])
        found = end + 1


def _abrupt(across: Floats, start: int, end: int, reach: int) -> bool:
    """Whether the gaze did not go the same way just before and just after: a swing does."""
    slack = ABRUPT * (across[end] - across[start])
    before, after = across[max(start - reach, 0) : start + 1], across[end : end + reach + 1]
    return bool(before.mean() >= across[start] - slack and after.mean() <= across[end] + slack)


def _is_line(along: Floats, back_deg: float) -> bool:
    """Whether the way between two sweeps leads steadily to the right, about as far as the next one leads back."""
    if not LINE_S[0] <= (len(along) - 1) * STEP_S <= LINE_S[1]:
        return False
    way = float(np.mean(along[:2]) - np.mean(along[-2:]))
    if not ALONG * back_deg <= way <= back_deg / ALONG:
        return False
    ranks = np.argsort(np.argsort(along, kind="stable"), kind="stable").astype(np.float64)
    return bool(-np.corrcoef(ranks, np.arange(len(along)))[0, 1] >= STEADY)
