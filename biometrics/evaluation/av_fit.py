"""Learns the filter that says how open a mouth should be from how it sounds. Ridge regression on talking people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.av.sync import LARGEST_LAG, compare, pairs
from biometrics.av.timeline import RATE_HZ, Floats, Rows
from biometrics.av.tracks import REACH, about_speech, bands, lagged, mouth_track, sound_track

RIDGE: Final = 1.0
"""Of the mean variance of a column."""
ROUNDS: Final = 3
SURE: Final = 0.3
"""A correlation from which a clip's own offset is believed."""
FURTHEST: Final = 6
"""Grid steps; a clip that is further off stays where it is."""


def fit_weights(talks: Sequence[Rows]) -> Floats:
    """(lags, bands) weights, of any scale.

    Files have offsets of their own: each clip is moved by what the last round found, relative to the median of all.
    """
    offsets = np.zeros(len(talks), dtype=np.int64)
    weights = _solved(talks, offsets)
    for _ in range(ROUNDS - 1):
        found = np.array([_offset(rows, weights) for rows in talks])
        offsets = found.astype(np.int64) - round(float(np.median(found)))
        weights = _solved(talks, offsets)
    return weights


def _offset(rows: Rows, weights: Floats) -> int:
    found = compare(pairs(sound_track(rows, weights), mouth_track(rows), about_speech(rows)))
    if found is None or found.rho < SURE:
        return 0
    steps = round(found.offset_ms / 1e3 * RATE_HZ)
    return steps if abs(steps) <= min(FURTHEST, LARGEST_LAG) else 0


def _solved(talks: Sequence[Rows], offsets: NDArray[np.int64]) -> Floats:
    levels, openings = [], []
    for rows, offset in zip(talks, offsets.tolist(), strict=True):
        x, y, used = np.roll(lagged(bands(rows)), -offset, axis=0), mouth_track(rows), about_speech(rows)
        used = used & np.isfinite(y) & np.isfinite(rows.levels_db[:, 0])
        levels.append(x[used] / x[used].std())
        openings.append(y[used] / y[used].std())
    x, y = np.concatenate(levels), np.concatenate(openings)
    x, y = x - x.mean(axis=0), y - y.mean()
    covariance = x.T @ x / len(x)
    ridge = RIDGE * np.trace(covariance) / len(covariance)
    solved = np.linalg.solve(covariance + ridge * np.eye(len(covariance)), x.T @ y / len(x))
    return np.asarray(solved.reshape(2 * REACH + 1, -1))
