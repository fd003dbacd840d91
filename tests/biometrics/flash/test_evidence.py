from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.challenges.drbg import HmacDrbg
from biometrics.challenges.flash import draw_codes, flash_plan
from biometrics.flash.evidence import (
    LARGEST_LLR,
    LIT,
    NULL_CODES,
    WASHED_OUT,
    Comparison,
    compare,
    following_bound,
    log_ratio,
    null_codes,
    power,
)
from biometrics.flash.null import NullLaw
from biometrics.flash.response import Fit
from tests.biometrics.flash.signals import a_series, light, noise, shown, times

SEED = b"the seed of a challenge"
CODE = flash_plan(SEED, 24).chips


@cache
def null() -> NDArray[np.int8]:
    return null_codes(SEED, 24)


def compared(amplitude: float, seed: int, code: tuple[int, ...] = CODE) -> Comparison:
    t = times(24)
    signal = amplitude * light(code, t, 0.2) + noise(len(t), np.random.default_rng(seed))
    comparison = compare(a_series(signal), shown(24))
    assert comparison is not None
    return comparison


def test_a_face_that_follows_is_believed() -> None:
    verdict = compared(0.4, 1).judge(CODE, null())
    assert verdict.p_value < 1e-4
    assert verdict.llr < -4.0
    assert not verdict.counted


def test_what_follows_weakly_counts_for_little_for_glass_does_too() -> None:
    verdict = compared(0.02, 1).judge(CODE, null())
    assert verdict.p_value < 1e-4
    assert -1.7 < verdict.llr < -1.3


@given(st.floats(0.003, 2.0), st.floats(1.0, 3.0))
def test_the_more_light_comes_back_the_more_it_may_count(amplitude: float, more: float) -> None:
    assert following_bound(0.2, amplitude * more) <= following_bound(0.2, amplitude) + 1e-9
    assert -6.5 < following_bound(0.2, amplitude) < -1.0


def test_a_face_that_does_not_is_not_and_daylight_bounds_what_that_says() -> None:
    verdicts = [compared(0.0, seed).judge(CODE, null()) for seed in range(100)]
    p_values = np.array([verdict.p_value for verdict in verdicts])
    for share in (0.05, 0.5):
        assert abs((p_values <= share).mean() - share) < 4 * np.sqrt(share * (1 - share) / len(verdicts))
    assert not any(verdict.other_light for verdict in verdicts)
    assert max(compared(0.0, seed).whitest.any_code(CODE).ratio for seed in range(30)) < LIT - 0.5
    llrs = [verdict.llr for verdict in verdicts]
    assert 0.5 < np.median(llrs) <= max(llrs) <= -np.log(WASHED_OUT) + 1e-9


def test_a_replayed_other_challenge_never_passes() -> None:
    others = [flash_plan(bytes([number]), 24).chips for number in range(10)]
    verdicts = [compared(0.1, number, other).judge(CODE, null()) for number, other in enumerate(others)]
    assert min(verdict.p_value for verdict in verdicts) > 1e-3
    assert min(verdict.llr for verdict in verdicts) > 0.5
    assert all(verdict.other_light for verdict in verdicts)


def test_a_face_that_follows_both_is_not_believed() -> None:
    """A replay on a screen that mirrors the session's own: the shown code is there, and another explains the most."""
    t = times(24)
    other = flash_plan(b"replayed", 24).chips
    signal = (
        0.06 * light(other, t, 0.3) + 0.02 * light(CODE, t, 0.0) + noise(len(t), np.random.default_rng(3))
    )
    comparison = compare(a_series(signal), shown(24))
    assert comparison is not None
    verdict = comparison.judge(CODE, null())
    assert verdict.other_light
    assert verdict.llr > 0.0


def test_following_late_is_worth_less_for_relighting_comes_late() -> None:
    bounds = [following_bound(lag_s, 0.5) for lag_s in (0.15, 0.35, 0.6, 1.1)]
    assert bounds == sorted(bounds)
    assert -6.5 < bounds[0] < -5.0
    assert -3.0 < bounds[-1] < -2.0
    t = times(24)
    signal = 0.5 * light(CODE, t, 0.7) + noise(len(t), np.random.default_rng(3))
    comparison = compare(a_series(signal), shown(24))
    assert comparison is not None
    assert comparison.judge(CODE, null()).llr == pytest.approx(following_bound(0.7, 0.5), abs=0.1)


def test_codes_that_were_not_shown_have_evenly_spread_p_values() -> None:
    comparison = compared(0.05, 3)
    law = comparison.law(null())
    others = comparison.statistics(draw_codes(HmacDrbg(b"x"), 2000, 24))
    values = np.array([law.p_value(float(statistic))[0] for statistic in others])
    for share in (0.01, 0.1, 0.5):
        spread = 4 * np.sqrt(share * (1 - share) * (1 / len(values) + 1 / NULL_CODES))
        assert abs((values <= share).mean() - share) < spread


def test_common_changes_of_the_whole_picture_are_taken_off() -> None:
    """White balance that wanders more than the light: the background shows it too."""
    t = times(24)
    rng = np.random.default_rng(5)
    wander = noise(len(t), rng, 0.2)
    signal = 0.02 * light(CODE, t, 0.2) + noise(len(t), rng) + wander
    alone = compare(a_series(signal), shown(24))
    beside = compare(a_series(signal, background=wander), shown(24))
    assert alone is not None
    assert beside is not None
    assert beside.judge(CODE, null()).fit.statistic > alone.judge(CODE, null()).fit.statistic + 3.0


def test_the_same_session_has_the_same_verdict() -> None:
    assert compared(0.01, 7).judge(CODE, null()) == compared(0.01, 7).judge(CODE, null_codes(SEED, 24))


def test_codes_not_shown_are_not_the_shown_one_and_fit_every_look() -> None:
    codes = null_codes(SEED, 32)
    assert not (codes == np.array(flash_plan(SEED, 32).chips)).all(axis=1).any()
    for look in (16, 20, 24, 28):
        assert len(np.unique(codes[:, :look], axis=0)) > 0.999 * NULL_CODES


@cache
def some_noise() -> NullLaw:
    """Where nothing follows: the greatest of a dozen independent lags."""
    return NullLaw.of(np.random.default_rng(5).standard_normal((4000, 12)).max(axis=1))


@settings(deadline=None)
@given(st.floats(-3, 40), st.floats(0.0, 5.0), st.floats(0.1, 3000.0))
def test_a_better_fit_is_never_more_suspicious(statistic: float, more: float, information: float) -> None:
    one, other = (
        log_ratio(a_fit(value, information), some_noise()) for value in (statistic, statistic + more)
    )
    assert -LARGEST_LLR <= other <= one + 0.05
    assert one <= -np.log(WASHED_OUT) + 1e-9


def a_fit(statistic: float, information: float) -> Fit:
    return Fit(statistic, 0.2, statistic / information, information, 0.01, 0.01)


def test_noise_that_hides_everything_says_nothing() -> None:
    assert abs(log_ratio(a_fit(1.7, 1e-3), some_noise())) < 0.6
    assert power(1e-3, some_noise()) < 0.05
    assert power(1000.0, some_noise()) > 0.99
