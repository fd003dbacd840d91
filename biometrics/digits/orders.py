"""How well what was heard fits the order that was shown, against orders that could have been shown.

The order is drawn evenly, so speech that does not depend on it ranks the shown order evenly among all: the p-value is exact
whatever was said, in whichever language, and however well it is understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class OrderFit:
    """Shares of orders that fit as well: what was ``heard``, which repeated digits sound ``alike``, and ``both`` together."""

    heard: float
    alike: float
    both: float


def order_fit(
    asked: Sequence[int], languages: Sequence[Sequence[int | None]], distance: NDArray[np.float64]
) -> OrderFit:
    """Fit of the shown order, in the language that suits each order best.

    ``distance`` (n, n) between what was said after either digit, NaN where nothing was.
    """
    orders = np.concatenate([np.array([asked], dtype=np.int8), other_orders(len(asked))])
    heard = _shares(np.max([hits(orders, said) for said in languages], axis=0).astype(np.float64))
    alike = _shares(_alike(orders, distance))
    both = _shares(-np.log(heard) - np.log(alike))
    return OrderFit(float(heard[0]), float(alike[0]), float(both[0]))


def _alike(orders: NDArray[np.int8], distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much nearer to each other the digits are that an order has twice (k,), than two digits are; 0 where it repeats none."""
    first, second = np.triu_indices(orders.shape[1], 2)
    apart = distance[first, second]
    known = np.isfinite(apart)
    middle = np.median(apart[known]) if known.any() else 0.0
    closer = np.where(known, middle - apart, 0.0)
    return np.asarray(np.round((orders[:, first] == orders[:, second]).astype(np.float64) @ closer, 6))


def _shares(fits: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each (k,) the share of all that fit as well or better."""
    ordered = np.sort(fits)
    return np.asarray((len(fits) - np.searchsorted(ordered, fits - 1e-9, side="left")) / len(fits))
