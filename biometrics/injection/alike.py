"""How unlike pairs of stretches of motion are: 0 the same, 1 strangers.

Pairs are (2, n, 13, 48): one and the other, n of them, as areas by place; ``known`` (n, 13) the places that count.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Pairs = NDArray[np.float64]
Known = NDArray[np.bool_]
OVER: Final = 3
"""Places, 0.6 s, over which a change is taken."""
SUDDEN: Final = 2 * OVER
"""As many changes as two sudden steps make, in and out again."""
_LEAST_CHANGES: Final = 2
_NOTHING: Final = 1e-6


def varying(pairs: Pairs, known: Known) -> NDArray[np.float64]:
    """(2, n) how much each stretch varies about its mean, a place."""
    seen = np.where(known[..., np.newaxis], pairs, 0.0)
    count = np.maximum(known.sum(axis=-1), 1)
    mean = seen.sum(axis=-2) / count[:, np.newaxis]
    away = np.where(known[..., np.newaxis], seen - mean[..., np.newaxis, :], 0.0)
    return np.asarray((away**2).sum(axis=(-2, -1)) / count)


def levels(pairs: Pairs, known: Known) -> NDArray[np.float64]:
    """(n,) squared distances over how much the two vary."""
    one, other = np.where(known[..., np.newaxis], pairs, 0.0)
    apart = ((one - other) ** 2).sum(axis=(-2, -1)) / np.maximum(known.sum(axis=-1), 1)
    return np.asarray(apart / np.maximum(varying(pairs, known).sum(axis=0), _NOTHING))


def changes(pairs: Pairs, known: Known) -> NDArray[np.float64]:
    """(n,) squared distances of the changes over 0.6 s, over how great they are; without the `SUDDEN` greatest; 1 where nothing else changes.

    A lens that is covered twice makes two stretches alike in level, and in nothing else.
    """
    counts = known[:, OVER:] & known[:, :-OVER]
    one, other = np.where(counts[..., np.newaxis], pairs[..., OVER:, :] - pairs[..., :-OVER, :], 0.0)
    sizes = np.where(counts, (one**2 + other**2).sum(axis=-1), np.inf)
    kept = np.maximum(counts.sum(axis=-1) - SUDDEN, _LEAST_CHANGES)
    rank = np.argsort(np.argsort(sizes, axis=-1), axis=-1)
    chosen = counts & (rank < kept[:, np.newaxis])
    size = np.where(chosen, sizes, 0.0).sum(axis=-1)
    apart = np.where(chosen, ((one - other) ** 2).sum(axis=-1), 0.0).sum(axis=-1)
    return np.asarray(np.where(size > _NOTHING, apart / np.maximum(size, _NOTHING), 1.0))
