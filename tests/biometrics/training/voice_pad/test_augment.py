"""Variations of log power keep its shape and its bounds, and the same chance gives the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.training.voice_pad.augment import FRAMES, varied
from models.build.spectral import FLOOR


def power(count: int, seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    rng = np.random.default_rng(seed)
    return np.log(rng.exponential(0.1, (count, 257, 401)) + FLOOR).astype(np.float16)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 1.0))
def test_what_comes_out_is_log_power_again(seed: int, strength: float) -> None:
    found = varied(power(2), strength, np.random.default_rng(seed))
    assert found.shape == (2, 257, FRAMES)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert found.min() > np.log(FLOOR) - 8.0
    assert found.max() < 15.0
    again = varied(power(2), strength, np.random.default_rng(seed))
    assert np.array_equal(found, again)


def test_without_strength_only_the_part_and_the_colour_vary() -> None:
    given_power = power(40)
    for one, found in zip(given_power, varied(given_power, 0.0, np.random.default_rng(1)), strict=True):
        shifts = [
            found - one[:, start : start + FRAMES].astype(np.float32) for start in range(401 - FRAMES + 1)
        ]
        assert min(float(np.ptp(shift, axis=1).max()) for shift in shifts) < 1e-4
