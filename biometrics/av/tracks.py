"""The two tracks that are compared: how open a mouth is, and how open one that makes this sound would be.

Both are taken relative to their mean over some seconds. The sound's is a linear filter of its bands' levels, learnt
offline (`av.weights`, ridge regression on talking people): what it is applied to never changes it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.av.timeline import RATE_HZ, Floats, Rows

SPEECH: Final = 0.5
"""A grid point is speech from this probability on."""
ABOUT_S: Final = 0.32
"""What lies so close to speech belongs to it: mouths open before they sound."""
LOCAL_S: Final = 4.0
QUIET_DB: Final = 25.0
"""So far below the loud parts (95 % of a band's levels lie below) a band counts as silent: rooms differ, syllables do not."""
REACH: Final = 8
"""The filter looks so many grid steps ahead and back: 0.32 s."""

Mask = NDArray[np.bool_]


def heard_speech(rows: Rows) -> Mask:
    """(n,) where somebody is heard speaking."""
    return np.asarray(np.nan_to_num(rows.speech) >= SPEECH)


def seen_mouth(rows: Rows) -> Mask:
    """(n,) where the mouth is known."""
    return np.isfinite(rows.mouth[:, 0])


def about_speech(rows: Rows) -> Mask:
    """(n,) speech and what is close to it."""
    reach = round(ABOUT_S * RATE_HZ)
    return np.asarray(np.convolve(heard_speech(rows), np.ones(2 * reach + 1), "same") > 0.5)


def mouth_track(rows: Rows) -> Floats:
    """(n,) opening relative to its local mean; NaN where the mouth is not known."""
    return relative(rows.mouth[:, :1])[:, 0]


def sound_track(rows: Rows, weights: Floats) -> Floats:
    """(n,) the opening that the sound lets expect, of any scale; NaN where no sound came. ``weights`` (lags, bands)."""
    expected = lagged(bands(rows)) @ weights.ravel()
    return np.asarray(np.where(np.isfinite(rows.levels_db[:, 0]), expected, np.nan))


def bands(rows: Rows) -> Floats:
    """(n, bands) levels above silence relative to their local mean, dB; NaN where no sound came."""
    levels = rows.levels_db
    if not np.isfinite(levels).any():
        return levels
    return relative(np.maximum(levels, np.nanpercentile(levels, 95.0, axis=0) - QUIET_DB))


def lagged(values: Floats) -> Floats:
    """(n, lags x bands): each row with its neighbours from `REACH` before to `REACH` after; the unknown is neutral."""
    known = np.nan_to_num(values)
    padded = np.pad(known, ((REACH, REACH), (0, 0)))
    return np.concatenate([padded[k : k + len(known)] for k in range(2 * REACH + 1)], axis=1)


def relative(values: Floats) -> Floats:
    """(n, m) less the mean of what is known within half of `LOCAL_S` of each row."""
    half = round(LOCAL_S * RATE_HZ / 2)
    known = np.isfinite(values)
    sums = np.cumsum(
        np.pad(np.where(known, values, 0.0), ((half + 1, half), (0, 0)), mode="constant"), axis=0
    )
    counts = np.cumsum(np.pad(known.astype(np.float64), ((half + 1, half), (0, 0)), mode="constant"), axis=0)
    width = 2 * half + 1
    mean = (sums[width:] - sums[:-width]) / np.maximum(counts[width:] - counts[:-width], 1.0)
    return np.asarray(np.where(known, values - mean, np.nan))
