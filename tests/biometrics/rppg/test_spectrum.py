"""Against SciPy's Welch estimate, and sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import signal

from biometrics.rppg.spectrum import beat, coherence, snr_db, spectra, strength

RATE_HZ = 30.0
T = np.arange(round(22.0 * RATE_HZ)) / RATE_HZ


def sine(hz: float, phase: float = 0.0, drift: float = 0.0) -> NDArray[np.float64]:
    return np.asarray(np.sin(2 * np.pi * hz * T - phase) + drift * T)


def noise(seed: int, scale: float = 1.0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(0.0, scale, len(T))


def test_power_is_scipy_s_welch() -> None:
    values = sine(1.3, drift=0.2) + noise(1)
    found = spectra(values[:, np.newaxis], RATE_HZ)
    hz, power = signal.welch(
        values, RATE_HZ, np.hanning(300), 300, 270, 2048, detrend="linear", scaling="spectrum"
    )
    kept = (hz >= found.hz[0] - 1e-9) & (hz <= found.hz[-1] + 1e-9)
    ratio = found.power(0) / power[kept]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-6)


@settings(max_examples=30)
@given(st.floats(0.75, 2.9), st.floats(0.0, 6.0))
def test_the_rate_is_found_to_a_tenth_of_a_beat(hz: float, phase: float) -> None:
    found = beat(spectra(sine(hz, phase)[:, np.newaxis], RATE_HZ), 0)
    assert found is not None
    assert found.bpm == pytest.approx(60.0 * hz, abs=0.1)
    assert found.snr_db > 6.0


def test_the_ratio_is_a_sum_over_bins() -> None:
    hz = np.round(np.arange(0.6, 3.11, 0.01), 2)
    power = np.random.default_rng(2).uniform(0.1, 1.0, len(hz))
    signal_sum = rest = 0.0
    for f, p in zip(hz.tolist(), power.tolist(), strict=True):
        if not 0.7 <= f <= 3.0:
            continue
        if abs(f - 1.204) <= 0.1 or abs(f - 2.408) <= 0.2:
            signal_sum += p
        else:
            rest += p
    assert snr_db(hz, power, 1.204) == pytest.approx(10 * np.log10(signal_sum / rest))


def test_more_noise_is_less_signal() -> None:
    levels = [0.0, 0.5, 2.0, 8.0]
    ratios = []
    for level in levels:
        found = spectra((sine(1.2) + noise(3, level))[:, np.newaxis], RATE_HZ)
        ratios.append(snr_db(found.hz, found.power(0), 1.2))
    assert ratios == sorted(ratios, reverse=True)


def test_silence_has_no_rate() -> None:
    assert beat(spectra(np.zeros((len(T), 1)), RATE_HZ), 0) is None


def test_a_delay_is_a_phase() -> None:
    found = spectra(np.stack([sine(1.2), sine(1.2, phase=0.4)], axis=1), RATE_HZ)
    together = coherence(found, 0, 1, 1.2)
    assert abs(together) == pytest.approx(1.0, abs=1e-3)
    assert np.angle(together) == pytest.approx(0.4, abs=0.01)


def test_signals_that_have_nothing_in_common_are_less_coherent() -> None:
    pairs = [spectra(np.stack([noise(k), noise(k + 100)], axis=1), RATE_HZ) for k in range(40)]
    chance = [abs(coherence(found, 0, 1, 1.2)) for found in pairs]
    assert np.quantile(chance, 0.95) < 0.85
    assert np.median(chance) < 0.6
    assert coherence(spectra(np.zeros((len(T), 2)), RATE_HZ), 0, 1, 1.2) == 0j


def test_strength_grows_with_the_square_of_the_amplitude() -> None:
    found = spectra(np.stack([sine(1.2), 3.0 * sine(1.2)], axis=1), RATE_HZ)
    assert strength(found, 1, 1.2) == pytest.approx(9.0 * strength(found, 0, 1.2))
