"""The ceiling on what a camera sends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.media.ceiling import Ceiling


def test_there_is_none_without_heavy_loss() -> None:
    ceiling = Ceiling(floor_kbps=150)
    assert [ceiling.report(loss, 1000.0) for loss in (0.0, 0.02, 0.1)] == [None, None, None]


def test_heavy_loss_lowers_it_and_its_end_lifts_it_slowly_until_it_is_gone() -> None:
    ceiling = Ceiling(floor_kbps=150)
    assert ceiling.report(0.5, 1000.0) == pytest.approx(750.0)
    assert ceiling.report(0.05, 700.0) == pytest.approx(750.0)
    assert ceiling.report(0.0, 700.0) == pytest.approx(810.0)
    for _ in range(20):
        ceiling.report(0.0, 700.0)
    assert ceiling.kbps is None
    assert ceiling.report(0.0, 700.0) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 5000)), max_size=50))
def test_it_never_goes_below_its_floor(reports: list[tuple[float, float]]) -> None:
    ceiling = Ceiling(floor_kbps=150)
    for loss, sent_kbps in reports:
        told = ceiling.report(loss, sent_kbps)
        assert told is None or told >= 150


def test_it_settles_near_what_a_narrow_link_carries() -> None:
    """A link of 300 kbit/s that drops the excess, and a camera that sends what it may."""
    ceiling, sent_kbps, told = Ceiling(floor_kbps=100), 1500.0, []
    for _ in range(60):
        answer = ceiling.report(max(0.0, 1 - 300 / sent_kbps), sent_kbps)
        sent_kbps = min(1500.0, answer if answer is not None else 1500.0)
        told.append(sent_kbps)
    assert 250 < min(told[10:]) <= max(told[10:]) < 400
