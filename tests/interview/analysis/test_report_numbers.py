"""Numbers are written as the console writes them, and what is written adds up. The console's own tests read the same cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.llr import logit, nats
from interview.analysis.report.numbers import (
    MINUS,
    compared,
    compared_decibans,
    percent,
    shifts,
    signed,
    signed_decibans,
)

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "numbers.json").read_text("utf-8"))


@pytest.mark.parametrize(("share", "text"), CASES["percent"])
def test_a_probability(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(("share", "other", "one", "two"), CASES["compared"])
def test_two_that_are_compared_are_seen_to_differ(share: float, other: float, one: str, two: str) -> None:
    assert compared(share, other) == (one, two)


@pytest.mark.parametrize(("one", "other", "first", "second"), CASES["compared_decibans"])
def test_two_amounts_of_evidence_that_are_compared_are_seen_to_differ(
    one: float, other: float, first: str, second: str
) -> None:
    assert compared_decibans(one, other) == (first, second)


@pytest.mark.parametrize(("value", "text"), CASES["signed"])
def test_a_signed_number(value: float, text: str) -> None:
    assert signed(value) == text


@pytest.mark.parametrize("case", CASES["shifts"])
def test_contributions_as_they_are_written(case: dict[str, Any]) -> None:
    shown = shifts(nats(case["prior"]), [nats(part) for part in case["parts"]], nats(case["whole"]))
    assert shown == case["shown"]


def read(text: str) -> int:
    """Tenths of a deciban."""
    return round(float(text.replace(MINUS, "-")) * 10)


@given(st.floats(1e-6, 0.9), st.lists(st.floats(-6.0, 6.0) | st.just(0.0), max_size=19))
def test_what_is_written_adds_up_and_is_off_by_a_tenth_at_most(prior: float, parts: list[float]) -> None:
    start = logit(prior)
    whole = start + sum(parts)
    shown = shifts(start, parts, whole)
    moved = [part for part in parts if part != 0.0]
    if moved:
        assert read(signed_decibans(start)) + sum(map(read, shown)) == read(signed_decibans(whole))
    for part, text in zip(parts, shown, strict=True):
        assert abs(read(text) - read(signed_decibans(part))) <= 1
        assert part != 0.0 or text == "0.0"
