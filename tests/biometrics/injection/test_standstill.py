"""Frozen pictures and the stutter of other frame rates, with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.injection.standstill import LEAST_PAIRS, change, standstill


def stutter(
    source_hz: float, fps: float = 30.0, seconds: float = 4.0
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Differences between pictures of a source of another rate: the latest picture of it at each tick."""
    shown = np.floor(np.arange(int(seconds * fps)) / fps * source_hz + 1e-9)
    rng = np.random.default_rng(1)
    return np.where(
        np.diff(shown) > 0, rng.uniform(2.0, 5.0, len(shown) - 1), rng.uniform(0.0, 0.2, len(shown) - 1)
    )


@pytest.mark.parametrize(
    ("source_hz", "period", "share"), [(24.0, 5, 1 / 5), (25.0, 6, 1 / 6), (15.0, 2, 1 / 2)]
)
def test_a_file_of_another_rate_stutters_with_its_period(source_hz: float, period: int, share: float) -> None:
    found = standstill(stutter(source_hz))
    assert found is not None
    assert found.repeated == pytest.approx(share, abs=0.03)
    assert found.regular > 0.85
    assert found.period % period == 0


def test_a_camera_that_drops_pictures_now_and_then_does_not_stutter() -> None:
    rng = np.random.default_rng(3)
    changes = rng.uniform(2.0, 5.0, 119)
    changes[rng.choice(119, 8, replace=False)] = 0.1
    found = standstill(changes)
    assert found is not None
    assert found.repeated < 0.1
    assert found.regular < 0.6


def test_a_frozen_picture_is_frozen_and_no_stutter() -> None:
    found = standstill(np.full(60, 0.01))
    assert found is not None
    assert (found.frozen, found.repeated) == (1.0, 0.0)


def test_few_pairs_say_nothing() -> None:
    assert standstill(np.ones(LEAST_PAIRS - 1)) is None


def test_change_is_the_mean_absolute_difference_of_the_region() -> None:
    before, now = np.zeros((100, 200), np.uint8), np.zeros((100, 200), np.uint8)
    now[20:40, 50:100] = 10
    assert change(before, now) == pytest.approx(10 * 20 * 50 / 20_000)
    assert change(before, now, (0.25, 0.2, 0.25, 0.2)) == 10.0
    assert change(before, now, (1.0, 1.0, 0.0, 0.0)) is None
    assert change(before, np.zeros((50, 50), np.uint8)) is None
