from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.evaluation.micro_matching import iou, matched, per_minute

TIMES = st.tuples(st.floats(0.0, 9.0), st.floats(0.05, 1.0)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@pytest.mark.parametrize(
    ("other", "expected"),
    [((0.0, 1.0), 1.0), ((0.5, 1.5), 1 / 3), ((1.0, 2.0), 0.0), ((0.25, 0.75), 0.5), ((5.0, 6.0), 0.0)],
)
def test_intersection_over_union(other: tuple[float, float], expected: float) -> None:
    assert iou((0.0, 1.0), other) == pytest.approx(expected)


def test_one_spotted_movement_finds_one_planted_one() -> None:
    assert matched([(0.0, 0.3), (0.05, 0.35)], [(0.0, 0.3)]) == {0: 0}
    assert matched([(0.0, 0.3), (1.0, 1.3)], [(1.0, 1.2), (0.0, 0.31), (5.0, 5.2)]) == {0: 1, 1: 0}
    assert matched([(0.0, 0.3)], [(0.0, 0.7)]) == {}
    assert matched([], [(0.0, 0.7)]) == {}


@given(planted=st.lists(TIMES, max_size=6), spotted=st.lists(TIMES, max_size=6))
def test_matches_are_one_to_one_and_agree_by_half(
    planted: list[tuple[float, float]], spotted: list[tuple[float, float]]
) -> None:
    found = matched(planted, spotted)
    assert len(set(found.values())) == len(found)
    assert all(iou(planted[i], spotted[j]) >= 0.5 for i, j in found.items())


@pytest.mark.parametrize(("events", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)])
def test_rates_of_rare_events_have_garwoods_interval(events: int, low: float, high: float) -> None:
    rate = per_minute(events, 2.0)
    assert (rate.value, rate.n) == (events / 2.0, events)
    assert (2 * rate.low, 2 * rate.high) == pytest.approx((low, high), rel=2e-3)


def test_without_time_there_is_no_rate() -> None:
    with pytest.raises(ValueError, match="time"):
        per_minute(0, 0.0)
