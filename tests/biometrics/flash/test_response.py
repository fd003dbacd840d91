from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import lfilter

from biometrics.challenges.drbg import HmacDrbg
from biometrics.challenges.flash import draw_codes, flash_plan
from biometrics.flash.response import EDGE_S, LAGS_S, ORDER, WHITE_SHARE, Response, lights, pulses, respond
from tests.biometrics.flash.signals import a_series, light, noise, shown, times

CODE = flash_plan(b"a challenge", 24).chips


def followed(amplitude: float, lag_s: float, seed: int = 1) -> NDArray[np.float64]:
    t = times(len(CODE))
    return amplitude * light(CODE, t, lag_s) + noise(len(t), np.random.default_rng(seed))


def prepared(signal: NDArray[np.float64], seen: NDArray[np.bool_] | None = None) -> Response | None:
    return respond(a_series(signal, seen), signal, shown(24), pulses(times(24), shown(24)))


def reference(signal: NDArray[np.float64], code: tuple[int, ...]) -> float:
    """The same statistic by another road: filters of SciPy, one generalised regression of one unknown for each lag."""
    t = times(len(code))
    filters = []
    for i in (0, 1):
        centred = signal[:, i] - signal[:, i].mean()
        past = np.stack([np.roll(centred, k) for k in range(1, ORDER + 1)], axis=1)[ORDER:]
        white = np.sqrt(WHITE_SHARE * len(past) * np.var(np.diff(centred))) * np.eye(ORDER)
        weights, *_ = np.linalg.lstsq(
            np.concatenate([past, white]), np.concatenate([centred[ORDER:], np.zeros(ORDER)]), rcond=None
        )
        filters.append(np.concatenate([[1.0], -weights]))
    white = np.stack([lfilter(filters[i], [1.0], signal[:, i])[ORDER:] for i in (0, 1)], axis=1)
    white -= white.mean(axis=0)
    inverse = np.linalg.inv(np.cov(white.T, bias=True))
    palette = light((0, 1, 2, 3), np.array([1.4, 1.9, 2.4, 2.9]), 0.0).mean(axis=0)
    best = -np.inf
    for lag_s in LAGS_S:
        at = float(lag_s) - (EDGE_S - 0.15) / 2
        any_chip = light((0,) * len(code), t, at, EDGE_S)[:, :1]
        pulse = light(code, t, at, EDGE_S) - palette * any_chip / any_chip.max()
        lit = np.stack([lfilter(filters[i], [1.0], pulse[:, i])[ORDER:] for i in (0, 1)], axis=1)
        best = max(best, float(np.sum(white @ inverse * lit) / np.sqrt(np.sum(lit @ inverse * lit))))
    return float(best / np.sqrt(1 - best**2 / white.size))


@pytest.mark.parametrize("amplitude", [0.0, 0.01, 0.05])
def test_it_is_generalised_least_squares(amplitude: float) -> None:
    signal = followed(amplitude, 0.2)
    response = prepared(signal)
    assert response is not None
    assert response.fit(CODE).statistic == pytest.approx(reference(signal, CODE), rel=0.05, abs=0.1)
    other = flash_plan(b"another", 24).chips
    assert response.fit(other).statistic == pytest.approx(reference(signal, other), rel=0.05, abs=0.1)


@pytest.mark.parametrize("lag_s", [-0.1, 0.06, 0.31, 0.7, 1.1])
def test_it_finds_the_lag_and_the_amplitude(lag_s: float) -> None:
    signal = followed(0.03, lag_s)
    response = prepared(signal)
    assert response is not None
    fit = response.fit(CODE)
    assert fit.lag_s == pytest.approx(lag_s, abs=0.03)
    assert fit.amplitude == pytest.approx(0.03, rel=0.3)
    assert response.half_lags_s(CODE) == pytest.approx((lag_s, lag_s), abs=0.05)
    assert fit.snr_db == pytest.approx(20 * np.log10(0.03 * 0.53 / 0.0104), abs=4.0)


def test_any_chips_explain_what_the_code_does_and_know_its_share() -> None:
    response = prepared(followed(0.05, 0.2))
    assert response is not None
    mine, other = response.any_code(CODE), response.any_code(flash_plan(b"another", 24).chips)
    assert mine.ratio == other.ratio > 3.0
    assert mine.strength == pytest.approx(response.fit(CODE).statistic, rel=0.2)
    assert mine.share > 0.8
    assert other.share < 0.3


def test_one_code_and_many_have_the_same_statistic() -> None:
    signal = followed(0.02, 0.2)
    response = prepared(signal)
    assert response is not None
    codes = draw_codes(HmacDrbg(b"some"), 20, 24)
    np.testing.assert_allclose(
        response.statistics(lights(codes)),
        [response.fit(tuple(code)).statistic for code in codes.tolist()],
        rtol=1e-4,
    )


def test_a_response_turned_over_does_not_count() -> None:
    """Light adds: a face that darkens where the screen brightens follows something else."""
    signal = followed(-0.05, 0.2)
    response = prepared(signal)
    assert response is not None
    assert response.fit(CODE).statistic < -0.6 * reference_at(signal)


def reference_at(signal: NDArray[np.float64]) -> float:
    """Plain correlation of the differences at the true lag."""
    one, other = np.diff(signal, axis=0), np.diff(light(CODE, times(24), 0.2), axis=0)
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()) * np.sqrt(one.size))


def test_what_is_not_seen_does_not_matter() -> None:
    signal = followed(0.03, 0.2)
    seen = np.ones(len(signal), bool)
    seen[100:160] = False
    spoilt = signal.copy()
    spoilt[100:160] = 77.0
    clean, dirty = (prepared(each, seen) for each in (signal, spoilt))
    assert clean is not None
    assert dirty is not None
    assert dirty.fit(CODE) == clean.fit(CODE)


def test_a_frozen_picture_follows_nothing_and_is_borne() -> None:
    still = np.zeros((len(times(24)), 2))
    response = prepared(still)
    assert response is not None
    assert response.fit(CODE).statistic == 0.0


def test_too_little_is_no_response() -> None:
    signal = followed(0.03, 0.2)
    seen = np.arange(len(signal)) < 60
    assert prepared(signal, seen) is None


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.0, 1.0), st.floats(0.0, 10.0))
def test_any_gaps_and_any_noise_give_a_number(seed: int, share: float, level: float) -> None:
    rng = np.random.default_rng(seed)
    signal = noise(len(times(24)), rng, level)
    response = prepared(signal, rng.uniform(size=len(signal)) < share)
    if response is not None:
        fit = response.fit(CODE)
        assert np.isfinite(
            [fit.statistic, fit.lag_s, fit.amplitude, fit.information, fit.noise, fit.snr_db]
        ).all()
        assert -0.2 <= fit.lag_s <= 1.2
