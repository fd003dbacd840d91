from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.challenges.digits import DIGITS, digits_plan

SEED = bytes(range(32))
PINNED = "06975807"


def test_a_plan_is_its_seed_s() -> None:
    """A change of the generator would make every recorded challenge unverifiable: one plan is pinned."""
    plan = digits_plan(SEED)
    assert plan.digits == PINNED
    assert plan.duration_s == pytest.approx(7.2)
    assert digits_plan(SEED + b"x") != plan


@given(st.binary(min_size=1, max_size=64))
def test_eight_digits_none_twice_running(seed: bytes) -> None:
    digits = digits_plan(seed).digits
    assert len(digits) == DIGITS
    assert digits.isdecimal()
    assert all(before != after for before, after in pairwise(digits))


def test_every_digit_is_as_likely_at_each_place() -> None:
    plans = [digits_plan(k.to_bytes(4, "big")).digits for k in range(2000)]
    for place in range(DIGITS):
        counts = Counter(digits[place] for digits in plans)
        assert len(counts) == 10
        assert all(abs(count - 200) < 5 * 180**0.5 for count in counts.values())


def test_no_plan_without_a_seed() -> None:
    with pytest.raises(ValueError, match="seed"):
        digits_plan(b"")
