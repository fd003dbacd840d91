"""Do two bursts say the same? Dynamic time warping of log-mel spectra: it needs no language.

Sakoe & Chiba 1978, symmetric steps; the path's mean distance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from biometrics.voice.features import FBANK_WINDOW, Samples, log_fbank

Features = NDArray[np.float64]

_CEPSTRA = 13


def features(samples: Samples) -> Features | None:
    """Cepstra (frames, 12) without level, their mean taken off; None for less than 25 ms."""
    if len(samples) < FBANK_WINDOW:
        return None
    cepstra = dct(log_fbank(samples).astype(np.float64), type=2, norm="ortho", axis=1)[:, 1:_CEPSTRA]
    return np.asarray(cepstra - cepstra.mean(axis=0))


def distance(one: Features, other: Features) -> float:
    """0 for the same; symmetric."""
    apart = np.sqrt(np.maximum(_squares(one, other), 0.0))
    rows, columns = apart.shape
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0.0
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            cost = apart[i - 1, j - 1]
            total[i, j] = min(
                total[i - 1, j] + cost, total[i, j - 1] + cost, total[i - 1, j - 1] + 2.0 * cost
            )
    return float(total[rows, columns] / (rows + columns))


def distances(said: Sequence[Features | None]) -> NDArray[np.float64]:
    """Between all pairs (n, n); NaN where something is missing."""
    found = np.full((len(said), len(said)), np.nan)
    for i, one in enumerate(said):
        for j, other in enumerate(said[:i]):
            if one is not None and other is not None:
                found[i, j] = found[j, i] = distance(one, other)
    return found


def _squares(one: Features, other: Features) -> NDArray[np.float64]:
    return np.asarray(
        np.square(one).sum(axis=1)[:, np.newaxis] + np.square(other).sum(axis=1) - 2.0 * one @ other.T
    )
