from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.digits.alike import Features, distance, distances, features


def by_recursion(one: Features, other: Features) -> float:
    """Sakoe & Chiba's symmetric recursion, written out."""
    rows, columns = len(one), len(other)
    cost = {(i, j): float(np.linalg.norm(one[i] - other[j])) for i in range(rows) for j in range(columns)}
    best: dict[tuple[int, int], float] = {}

    def total(i: int, j: int) -> float:
        if (i, j) == (0, 0):
            return 2.0 * cost[0, 0]
        if (i, j) not in best:
            steps = [(i - 1, j, 1.0), (i, j - 1, 1.0), (i - 1, j - 1, 2.0)]
            best[i, j] = min(total(a, b) + weight * cost[i, j] for a, b, weight in steps if a >= 0 and b >= 0)
        return best[i, j]

    return total(rows - 1, columns - 1) / (rows + columns)


@settings(max_examples=20)
@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 1000))
def test_it_is_the_published_recursion(rows: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.normal(size=(rows, 3)), rng.normal(size=(columns, 3))
    assert distance(one, other) == pytest.approx(by_recursion(one, other))
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert distance(one, one) == pytest.approx(0.0, abs=1e-6)


def test_the_same_said_more_slowly_is_still_alike() -> None:
    rng = np.random.default_rng(5)
    one, stranger = rng.normal(size=(20, 12)), rng.normal(size=(20, 12))
    assert distance(one, np.repeat(one, 2, axis=0)) < 0.2 * distance(one, stranger)


def test_what_is_missing_is_not_compared() -> None:
    some = np.zeros((3, 12))
    apart = distances([some, None, some])
    assert apart[0, 2] == apart[2, 0] == 0.0
    assert np.isnan(apart[1]).all()
    assert features(np.zeros(100, np.float32)) is None
