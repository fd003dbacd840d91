"""How often the eyes were closed for a moment, against how far this person's are open in the same answer."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

ENOUGH_HZ: Final = 20.0
"""A blink lasts 0.1 to 0.4 s: fewer looks a second miss some."""
CLOSED: Final = 0.6
"""Of the own open eye's aspect ratio: below it the eye is closing. Own, because narrow eyes never reach a fixed threshold."""
LONGEST_S: Final = 0.6
"""Longer is a look down or a rest, and no blink."""
LONGEST_GAP_S: Final = 0.25
"""Between two looks further apart nothing is known."""

Floats = NDArray[np.float64]


def open_eye(opening: Floats) -> float:
    """The aspect ratio of the open eye: the median, for eyes are open most of the time."""
    return float(np.median(opening))


def closed(opening: Floats) -> NDArray[np.bool_]:
    """(n,) in which looks the eyes are closed."""
    return np.asarray(opening < CLOSED * open_eye(opening))


def blinks(t: Floats, opening: Floats) -> int:
    """How many of the eye's closings (n,) are blinks: seen to begin and to end, and short."""
    shut = closed(opening).astype(np.int8)
    steps = np.diff(shut)
    starts, ends = np.flatnonzero(steps == 1) + 1, np.flatnonzero(steps == -1) + 1
    ends = ends[ends > starts[0]] if len(starts) else ends[:0]
    whole = zip(starts[: len(ends)].tolist(), ends.tolist(), strict=True)
    return sum(_short(t[start - 1 : end + 1]) for start, end in whole)


def _short(t: Floats) -> bool:
    """From the last open look before to the first open one after."""
    return bool(t[-2] - t[1] <= LONGEST_S and np.diff(t).max() <= LONGEST_GAP_S)
