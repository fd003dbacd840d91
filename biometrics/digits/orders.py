"""How well what was heard fits the order that was shown, against orders that could have been shown.

The order is drawn evenly, so speech that does not depend on it ranks the shown order evenly among all: the p-value is exact
whatever was said, in whichever language, and however well it is understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

ORDERS: Final = 20_000
_SEED: Final = 8


@cache
def other_orders(digits: int) -> NDArray[np.int8]:
    """Orders (k, digits) as a challenge draws them: no digit twice running. The same each time."""
    rng = np.random.default_rng(_SEED)
    steps = rng.integers(1, 10, (ORDERS, digits))
    steps[:, 0] = rng.integers(0, 10, ORDERS)
    return np.asarray(np.cumsum(steps, axis=1) % 10, dtype=np.int8)


def hits(order: NDArray[np.int8], heard: Sequence[int | None]) -> NDArray[np.int64]:
    """How many digits of each order (k, n) were heard in their place; None fits nothing."""
    said = np.array([-1 if digit is None else digit for digit in heard])
    return np.asarray((order == said).sum(axis=1))


def heard_p(asked: Sequence[int], languages: Sequence[Sequence[int | None]]) -> float:
    """Share of orders that fit as well in the language that suits each best."""
    if not languages:
        return 1.0
    orders = np.concatenate([np.array([asked], dtype=np.int8), other_orders(len(asked))])
    best = np.max([hits(orders, heard) for heard in languages], axis=0)
    return float((best >= best[0]).mean())


def alike_p(asked: Sequence[int], distance: NDArray[np.float64]) -> float:
    """Share of orders whose repeated digits sound as much alike. 1 where no digit was shown twice.

    ``distance`` (n, n) between what was said after either digit, NaN where nothing was.
    """
    orders = np.concatenate([np.array([asked], dtype=np.int8), other_orders(len(asked))])
    first, second = np.triu_indices(len(asked), 2)
    apart = distance[first, second]
    known = np.isfinite(apart)
    if not known.any():
        return 1.0
    closer = np.where(known, np.median(apart[known]) - apart, 0.0)
    fits = (orders[:, first] == orders[:, second]).astype(np.float64) @ closer
    return float((fits >= fits[0] - 1e-9).mean())
