"""What a person's face does at rest: how far its regions come and go at every pace, and how much of that the head's turning explains.

The last minute of what could be observed, and at least 15 s of it. Medians throughout: a few movements do not count as rest.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.micro.regions import NAMES

LEAST_S: Final = 15.0
KEPT_S: Final = 60.0
RATE_HZ: Final = 30
"""Samples a second of the even grid on which everything after alignment is measured."""
LAGS: Final = (3, 4, 5, 6, 8, 11, 15)
"""Samples before and after a moment that it is compared with: 0.1 to 0.5 s."""
LEAST_NOISE: Final = 0.0008
"""Inter-ocular distances, a twenty-fifth of a pixel of the straight face: a picture without noise has no less than this."""
_RAYLEIGH_MEDIAN = 1.1774
_RIDGE = 0.02
_WIDTH = 2 * len(NAMES)
_TERMS = 6

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def swings(curves: Floats, centres: NDArray[np.intp]) -> Floats:
    """(n, lags, columns): how far each of the ``curves`` (m, columns) at each centre is from the mean of what it was a lag before and will be a lag after."""
    lags = np.array(LAGS)
    before = curves[centres[:, np.newaxis] - lags]
    after = curves[centres[:, np.newaxis] + lags]
    return np.asarray(curves[centres][:, np.newaxis] - 0.5 * (before + after))


@dataclass(frozen=True, slots=True)
class Rest:
    """``noise`` (lags, 12): one deviation of each coordinate of a region's swing; ``turning`` (lags, 6, 24): what a swing of the head brings with it."""

    noise: Floats
    turning: Floats

    def freed(self, swung: Floats) -> Floats:
        """(n, lags, 12, 2): regions' swings without the head's, from (n, lags, 30)."""
        head = np.einsum("nlp,lpc->nlc", swung[..., _WIDTH:], self.turning)
        return np.asarray((swung[..., :_WIDTH] - head).reshape(*swung.shape[:2], len(NAMES), 2))

    def strengths(self, freed: Floats) -> Floats:
        """(n, lags, 12): in deviations."""
        return np.asarray(np.hypot(freed[..., 0], freed[..., 1]) / self.noise)


class Baseline:
    """Learns one person's rest while it is observed."""

    def __init__(self) -> None:
        self._kept: deque[tuple[Floats, Flags]] = deque()
        self._count = 0
        self.rest: Rest | None = None

    def push(self, swung: Floats, usable: Flags) -> None:
        """Take swings (n, lags, 30) of ``n`` further samples; ``usable`` (n, lags, 12) where nothing disturbed a region."""
        self._kept.append((swung, usable))
        self._count += len(swung)
        while self._count - len(self._kept[0][0]) >= KEPT_S * RATE_HZ:
            self._count -= len(self._kept.popleft()[0])

    @property
    def observed_s(self) -> float:
        """How much of it was usable, by its regions' median."""
        if not self._kept:
            return 0.0
        shortest = np.concatenate([usable[:, 0] for _, usable in self._kept])
        return float(np.median(shortest.sum(axis=0))) / RATE_HZ

    def settle(self) -> None:
        """Learn anew from what is kept, where that is enough."""
        if self.observed_s < LEAST_S:
            return
        swung = np.concatenate([each for each, _ in self._kept])
        usable = np.concatenate([each for _, each in self._kept])
        turning = np.stack([_turning(swung[:, lag], usable[:, lag]) for lag in range(len(LAGS))])
        rest = Rest(np.ones((len(LAGS), len(NAMES))), turning)
        far = rest.strengths(rest.freed(swung))
        noise = np.array(
            [[_median(far[usable[:, lag, k], lag, k]) for k in range(len(NAMES))] for lag in range(len(LAGS))]
        )
        self.rest = Rest(np.maximum(noise / _RAYLEIGH_MEDIAN, LEAST_NOISE), turning)


def _turning(swung: Floats, usable: Flags) -> Floats:
    """(6, 24) least squares of the regions' swings by the head's, over the samples that nothing disturbed."""
    calm = usable.mean(axis=1) > 0.5
    head, regions = swung[calm, _WIDTH:], swung[calm, :_WIDTH]
    spread = head.T @ head
    if len(head) <= _TERMS:
        return np.zeros((_TERMS, _WIDTH))
    ridge = _RIDGE * np.diag(np.maximum(np.diag(spread), 1e-12))
    return np.asarray(np.linalg.solve(spread + ridge, head.T @ regions))


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else np.inf
