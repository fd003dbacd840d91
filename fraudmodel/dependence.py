"""Evidence of signals that depend on each other, and a mixture's weights under many refits, laid out so that all of them cost little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from fraudmodel.calibration import FloatArray
from fraudmodel.weighing import Weighing, summed, weighed

_MANY = 1024
"""From so many numbers on it is several times faster to compare whole columns than to sort very short rows."""
_MOST_COMPARED = 4

Columns = tuple[tuple[int, ...], float, float]
"""A group's columns, the correlation of its signals, and its cap (nats)."""


def dependent_sum(llrs: FloatArray, correlation: float) -> FloatArray:
    """The evidence of dependent signals, over the last axis: strongest first, then powers of (1-r)/(1+r).

    Evidence for and against is ranked apart, so that the sum never decreases in any of the LLRs.
    """
    if llrs.shape[-1] == 1:
        return llrs[..., 0]
    if llrs.size < _MANY or llrs.shape[-1] > _MOST_COMPARED:
        decay = np.array(_decay(correlation, llrs.shape[-1]))
        ascending = np.sort(llrs, axis=-1)
        total: FloatArray = np.maximum(ascending[..., ::-1], 0.0) @ decay + np.minimum(ascending, 0.0) @ decay
        return total
    return _dependent([llrs[..., place] for place in range(llrs.shape[-1])], correlation)


def _dependent(llrs: list[FloatArray], correlation: float) -> FloatArray:
    """As `dependent_sum`, of a few signals, each an array of its own: several times faster than rows of a few numbers."""
    for end in range(len(llrs) - 1, 0, -1):
        for place in range(end):
            low, high = llrs[place], llrs[place + 1]
            llrs[place], llrs[place + 1] = np.minimum(low, high), np.maximum(low, high)
    counted: list[FloatArray] = [
        factor * (np.maximum(high, 0.0) + np.minimum(low, 0.0))
        for factor, low, high in zip(_decay(correlation, len(llrs)), llrs, reversed(llrs), strict=True)
    ]
    return sum(counted[1:], counted[0])


def _decay(correlation: float, signals: int) -> list[float]:
    """What the first, second, ... signal counts."""
    ratio = (1.0 - correlation) / (1.0 + correlation)
    return [ratio**place for place in range(signals)]


@dataclass(frozen=True, slots=True)
class Refits:
    """Weights of K components under B refits. ``alone`` the columns of signals that nothing depends on, with their ``weights`` (B, K, m);
    ``several`` each other group, over the components that weigh any of it."""

    alone: tuple[int, ...]
    weights: FloatArray
    several: tuple[Several, ...]
    weighing: Weighing

    def strengths(self, llrs: FloatArray) -> FloatArray:
        """Each component's evidence (D, K) of (D, n) LLRs, each under one refit, in turn."""
        count = len(self.weights)
        rows = slice(None) if count in (1, len(llrs)) else np.arange(len(llrs)) % count
        total = summed(self.weights[rows], llrs[:, self.alone], self.weighing)
        for each in self.several:
            evidence = each.evidence(llrs, rows, self.weighing)
            total[:, each.components] += (
                np.clip(evidence, -each.cap, each.cap) if each.cap < inf else evidence
            )
        return total


@dataclass(frozen=True, slots=True)
class Several:
    """One group of signals: its ``columns``, the ``components`` (k,) that weigh any of them, and their ``weights`` (m, B, k)."""

    columns: tuple[int, ...]
    components: NDArray[np.int_]
    weights: FloatArray
    correlation: float
    cap: float

    def evidence(self, llrs: FloatArray, rows: slice | NDArray[np.int_], weighing: Weighing) -> FloatArray:
        """The group's evidence (D, k), not yet capped, of (D, n) LLRs under the refits ``rows``."""
        some = [
            weighed(weights[rows], llrs[:, column, None], weighing)
            for weights, column in zip(self.weights, self.columns, strict=True)
        ]
        if len(some) > _MOST_COMPARED:
            return dependent_sum(np.stack(some, axis=-1), self.correlation)
        return _dependent(some, self.correlation)


def refits_of(weights: FloatArray, groups: Sequence[Columns], weighing: Weighing) -> Refits:
    """Lay out (B, K, n) weights by groups."""
    alone = tuple(columns[0] for columns, _, cap in groups if len(columns) == 1 and cap == inf)
    several = []
    for columns, correlation, cap in groups:
        if len(columns) > 1 or cap < inf:
            mine = weights[:, :, columns]
            some = np.flatnonzero(mine.any(axis=(0, 2)))
            several.append(
                Several(
                    columns, some, np.ascontiguousarray(np.moveaxis(mine[:, some], -1, 0)), correlation, cap
                )
            )
    return Refits(alone, np.ascontiguousarray(weights[:, :, alone]), tuple(several), weighing)
