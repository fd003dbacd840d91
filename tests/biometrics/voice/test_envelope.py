"""Band levels of sounds whose power is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.views import SpeechView
from biometrics.voice.envelope import BANDS_HZ, FLOOR_DB, STEP, STEP_S, levels_db
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import heard
from fraudmodel.signals import Span


def tone(hz: float, amplitude: float, seconds: float = 0.512) -> Samples:
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (amplitude * np.sin(2 * np.pi * hz * t)).astype(np.float32)


@pytest.mark.parametrize(
    ("hz", "band"), [(187.5, 0), (437.5, 1), (812.5, 2), (1312.5, 3), (2062.5, 4), (3250.0, 5)]
)
def test_a_tone_has_its_power_in_its_band(hz: float, band: int) -> None:
    levels = levels_db(tone(hz, 0.1))
    assert levels.shape == (32, len(BANDS_HZ) - 1)
    assert levels[:, band] == pytest.approx(10 * np.log10(0.1**2 / 2), abs=0.5)
    assert np.all(np.delete(levels, band, axis=1) < levels[:, [band]] - 15.0)


def test_the_powers_of_noise_add_up_to_its_band_of_the_spectrum() -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 16 * SAMPLE_RATE_HZ).astype(np.float32)
    total = np.mean(np.sum(10 ** (levels_db(noise) / 10), axis=1))
    share = (BANDS_HZ[-1] - BANDS_HZ[0]) / (SAMPLE_RATE_HZ / 2)
    assert 10 * np.log10(total / (share * 0.05**2)) == pytest.approx(0.0, abs=0.2)


def test_silence_is_the_floor_and_a_rest_is_left_out() -> None:
    assert np.all(levels_db(np.zeros(STEP + 100, np.float32)) == FLOOR_DB)
    assert levels_db(np.zeros(STEP - 1, np.float32)).shape == (0, 6)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 31))
def test_where_the_sound_is_cut_does_not_matter(steps: int) -> None:
    noise = np.random.default_rng(2).normal(0, 0.1, 32 * STEP).astype(np.float32)
    parts = np.vstack([levels_db(noise[: steps * STEP]), levels_db(noise[steps * STEP :])])
    assert np.array_equal(parts, levels_db(noise))


@settings(max_examples=20, deadline=None)
@given(st.floats(0.1, 10.0))
def test_louder_is_louder_by_as_much_in_every_band(gain: float) -> None:
    noise = np.random.default_rng(3).normal(0, 0.01, 8 * STEP)
    one, other = levels_db(noise.astype(np.float32)), levels_db((gain * noise).astype(np.float32))
    assert other - one == pytest.approx(20 * np.log10(gain), abs=0.01)


def test_a_hop_is_told_as_plain_json() -> None:
    view = SpeechView(Span(1.0, 1.512), tone(437.5, 0.1), np.array([0.9] * 10 + [0.1] * 6, np.float32), 0.0)
    values = heard(view).values
    assert (values["from_s"], values["to_s"], values["speech_s"]) == (1.0, 1.512, 0.32)
    assert values["step_s"] == STEP_S
    assert len(values["levels_db"]) * values["step_s"] == pytest.approx(0.512)
    assert len(values["speech"]) == 16
    assert all(isinstance(level, float) for step in values["levels_db"] for level in step)
