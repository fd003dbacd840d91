from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.challenges.drbg import HmacDrbg
from biometrics.challenges.pose import AXIS, DIRECTIONS, HOLDS_S, STEPS, draw_order, pose_plan

SEED = bytes(range(32))
PINNED = [("right", 1.3), ("down", 2.1), ("left", 1.3), ("down", 1.5), ("left", 2.1), ("up", 1.7)]


def test_a_plan_is_its_seed_s() -> None:
    """A change of the generator would make every recorded challenge unverifiable: one plan is pinned."""
    plan = pose_plan(SEED)
    assert [(step.direction, step.hold_s) for step in plan.steps] == PINNED
    assert plan.duration_s == pytest.approx(sum(hold_s for _, hold_s in PINNED))
    assert pose_plan(SEED + b"x") != plan


@given(st.binary(min_size=1, max_size=64))
def test_every_step_is_a_change_and_both_axes_are_asked_for(seed: bytes) -> None:
    plan = pose_plan(seed)
    order = [step.direction for step in plan.steps]
    assert len(order) == STEPS
    assert all(before != after for before, after in pairwise(order))
    assert {AXIS[direction] for direction in order} == {0, 1}
    assert all(step.hold_s in HOLDS_S for step in plan.steps)


def test_every_order_comes_up_and_about_as_often() -> None:
    drbg = HmacDrbg(b"many")
    counts = Counter(draw_order(drbg, 3) for _ in range(6400))
    assert len(counts) == 4 * 3 * 3 - 4, "all but the two that only shake and the two that only nod"
    assert all(abs(count - 200) < 5 * 200**0.5 for count in counts.values())


def test_directions_are_as_likely_at_each_step() -> None:
    drbg = HmacDrbg(b"fair")
    orders = [draw_order(drbg) for _ in range(2000)]
    for k in range(STEPS):
        counts = Counter(order[k] for order in orders)
        assert all(abs(counts[direction] - 500) < 5 * 375**0.5 for direction in DIRECTIONS)


def test_no_plan_without_a_seed_and_no_order_of_one() -> None:
    with pytest.raises(ValueError, match="seed"):
        pose_plan(b"")
    with pytest.raises(ValueError, match="at least 2"):
        draw_order(HmacDrbg(b"x"), 1)
