"""Frame schedule and load shedding: pure functions of media time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview.analysis.cadence import LAST_LEVEL, RATES_HZ, Cadence, LoadShedder


def analysed(level: int, fps: float, seconds: float = 20.0) -> float:
    cadence = Cadence(level)
    times = [round(i * 1000 / fps) for i in range(round(seconds * fps))]
    return sum(cadence.due(pts_ms) for pts_ms in times) / seconds


@pytest.mark.parametrize("level", range(LAST_LEVEL + 1))
@pytest.mark.parametrize("fps", [15.0, 24.0, 25.0, 30.0, 50.0, 60.0])
def test_the_mean_rate_is_the_level_s_or_the_source_s(level: int, fps: float) -> None:
    assert analysed(level, fps) == pytest.approx(min(fps, RATES_HZ[level]), rel=0.02)


def test_a_slow_source_is_analysed_whole() -> None:
    assert analysed(0, 5.0) == 5.0


def test_a_pause_earns_no_burst() -> None:
    cadence = Cadence(1)
    assert cadence.due(0)
    assert [cadence.due(10_000 + 10 * i) for i in range(5)] == [True, False, False, False, True]


@settings(deadline=None)
@given(st.lists(st.integers(1, 200), min_size=1, max_size=200), st.integers(0, LAST_LEVEL))
def test_never_faster_than_the_level_allows(gaps: list[int], level: int) -> None:
    cadence, now = Cadence(level), 0
    times = []
    for gap in gaps:
        now += gap
        if cadence.due(now):
            times.append(now)
    if len(times) > 1:
        assert len(times) - 2 <= (times[-1] - times[0]) / 1000 * RATES_HZ[level]


def test_lag_climbs_a_level_a_second_and_calm_descends_slowly() -> None:
    shedder = LoadShedder()
    climbed = [shedder.update(t / 10, 1.0) for t in range(40)]
    assert climbed[0] == 1
    assert climbed[10] == 2
    assert climbed[-1] == LAST_LEVEL
    calm = [shedder.update(4.0 + t / 10, 0.0) for t in range(160)]
    assert calm[49] == LAST_LEVEL
    assert calm[50] == LAST_LEVEL - 1
    assert calm[-1] == 0


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 5.0), min_size=1, max_size=200))
def test_levels_stay_in_range_and_move_by_one(lags: list[float]) -> None:
    shedder, before = LoadShedder(), 0
    for index, lag in enumerate(lags):
        level = shedder.update(index / 10, lag)
        assert 0 <= level <= LAST_LEVEL
        assert abs(level - before) <= 1
        before = level


def test_a_lag_between_the_thresholds_changes_nothing() -> None:
    shedder = LoadShedder()
    shedder.update(0.0, 1.0)
    assert {shedder.update(t / 10, 0.4) for t in range(1, 200)} == {1}
