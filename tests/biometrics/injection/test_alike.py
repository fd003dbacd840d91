"""How unlike pairs of stretches are: known answers, and laws that hold for any motion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.injection.alike import OVER, Known, Pairs, changes, levels, varying
from biometrics.injection.motion import AREAS, LENGTH

ALL: Known = np.ones((1, LENGTH), np.bool_)


def pair(seed: int) -> Pairs:
    """(2, 1, 13, 48) two walks that have nothing to do with each other."""
    return np.random.default_rng(seed).normal(0, 1, (2, 1, LENGTH, AREAS)).cumsum(axis=2)


@given(seed=st.integers(0, 999), offset=st.floats(-50, 50))
def test_the_same_is_alike_and_strangers_are_not(seed: int, offset: float) -> None:
    one, other = pair(seed)
    same = np.stack([one, one])
    assert levels(same, ALL)[0] == changes(same, ALL)[0] == 0.0
    strangers = np.stack([one, other])
    assert levels(strangers, ALL)[0] > 0.5
    assert changes(strangers, ALL)[0] > 0.5
    # A change is the same whatever it is a change of.
    assert changes(strangers + offset, ALL)[0] == pytest.approx(changes(strangers, ALL)[0], rel=1e-6)


@given(seed=st.integers(0, 999))
def test_opposites_are_twice_as_unlike_as_strangers(seed: int) -> None:
    """About their own means they add up to zero."""
    one = pair(seed)[0]
    one = one - one.mean(axis=1, keepdims=True)
    opposite = np.stack([one, -one])
    assert levels(opposite, ALL)[0] == pytest.approx(2.0)
    assert changes(opposite, ALL)[0] == pytest.approx(2.0)


@given(seed=st.integers(0, 999), lost=st.sets(st.integers(0, LENGTH - 1), max_size=3))
def test_what_is_not_known_does_not_matter(seed: int, lost: set[int]) -> None:
    pairs, known = pair(seed), ALL.copy()
    known[0, list(lost)] = False
    holed, other = pairs.copy(), pairs.copy()
    holed[:, :, list(lost)] = np.nan
    other[:, :, list(lost)] = 1e6
    for measure in (varying, levels, changes):
        np.testing.assert_allclose(measure(holed, known), measure(other, known), rtol=1e-9)
    whole = np.delete(pairs, list(lost), axis=2)
    np.testing.assert_allclose(levels(holed, known), levels(whole, ALL[:, len(lost) :]), rtol=1e-9)


@given(seed=st.integers(0, 999), at=st.integers(1, LENGTH - 1), size=st.floats(30, 300))
def test_a_step_that_both_have_makes_levels_alike_and_changes_not(seed: int, at: int, size: float) -> None:
    pairs = pair(seed)
    step = np.random.default_rng(seed + 1).normal(0, size, AREAS)
    stepped = pairs.copy()
    stepped[:, :, at:] += step
    assert levels(stepped, ALL)[0] < levels(pairs, ALL)[0]
    assert changes(stepped, ALL)[0] > 0.4


def test_changes_are_those_over_three_places_but_the_six_greatest() -> None:
    one, other = pair(5)[:, 0]
    both = [
        (float(np.sum((a - b) ** 2)), float(np.sum(a * a) + np.sum(b * b)))
        for a, b in ((one[k] - one[k - OVER], other[k] - other[k - OVER]) for k in range(OVER, LENGTH))
    ]
    least = sorted(both, key=lambda each: each[1])[:4]
    expected = sum(apart for apart, _ in least) / sum(size for _, size in least)
    assert changes(pair(5), ALL)[0] == pytest.approx(expected)


def test_where_nothing_else_changes_nothing_is_said_to_be_alike() -> None:
    assert changes(np.zeros((2, 1, LENGTH, AREAS)), ALL)[0] == 1.0
