from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.voice.quality import ENROL, VERIFY, SpeechQuality, grade, measure, refuse, snr_db
from fraudmodel.signals import Reason
from tests.biometrics.voice.fakes import low_voice

GOOD = SpeechQuality(net_speech_s=10.0, snr_db=30.0, clipped=0.0, rolloff_hz=7000.0)


def tone(amplitude: float, seconds: float = 3.2) -> NDArray[np.float32]:
    t = np.arange(round(seconds * 16_000)) / 16_000
    return np.asarray(amplitude * np.sin(2 * np.pi * 500 * t), dtype=np.float32)


@pytest.mark.parametrize("wanted_db", [0.0, 8.0, 20.0, 45.0])
def test_snr_is_known_for_a_tone_in_known_noise(wanted_db: float) -> None:
    rng = np.random.default_rng(1)
    noise_power = 0.005 / 10 ** (wanted_db / 10)
    noisy = tone(0.1) + np.sqrt(noise_power) * rng.standard_normal(51_200)
    assert snr_db(noisy.astype(np.float32), noise_power) == pytest.approx(wanted_db, abs=0.3)


def test_snr_has_a_floor_and_a_ceiling() -> None:
    assert snr_db(tone(0.1), 0.0) == 60.0
    assert snr_db(tone(0.1), 0.1) == -20.0
    assert snr_db(tone(0.1)[:0], 0.1) == -20.0


def test_without_background_the_quietest_speech_stands_for_it() -> None:
    steady = tone(0.1)
    assert snr_db(steady, None) < 8.0
    rising = (steady * np.linspace(0.0, 1.0, len(steady))).astype(np.float32)
    assert snr_db(rising, None) > 20.0


def test_clipping_is_the_share_at_full_scale() -> None:
    samples = tone(0.5)
    samples[:512] = 1.0
    assert measure(samples, None).clipped == pytest.approx(512 / len(samples))
    assert measure(samples[:0], None).clipped == 0.0


def test_measure_counts_speech_in_seconds() -> None:
    assert measure(low_voice(3.2), 1e-6).net_speech_s == pytest.approx(3.2)


@pytest.mark.parametrize(
    ("quality", "reason"),
    [
        (GOOD, None),
        (replace(GOOD, net_speech_s=2.9), Reason.NOT_ENOUGH_SPEECH),
        (replace(GOOD, snr_db=7.9), Reason.NOISY),
        (replace(GOOD, clipped=0.005), Reason.CLIPPED),
        (replace(GOOD, rolloff_hz=3300.0), Reason.NARROWBAND),
        (replace(GOOD, rolloff_hz=4130.0), Reason.NARROWBAND),
        (replace(GOOD, snr_db=7.0, clipped=0.1), Reason.CLIPPED),
    ],
)
def test_the_gate_says_why(quality: SpeechQuality, reason: Reason | None) -> None:
    assert refuse(quality, VERIFY) is reason


def test_enrolment_asks_for_more() -> None:
    assert refuse(replace(GOOD, net_speech_s=5.0), VERIFY) is None
    assert refuse(replace(GOOD, rolloff_hz=4640.0), VERIFY) is None
    assert refuse(replace(GOOD, net_speech_s=5.0), ENROL) is Reason.NOT_ENOUGH_SPEECH
    assert refuse(replace(GOOD, snr_db=10.0), ENROL) is Reason.NOISY


@given(st.floats(-20, 60), st.floats(-20, 60))
def test_grade_lies_in_bounds_and_never_falls_with_the_snr(one: float, other: float) -> None:
    low, high = (grade(replace(GOOD, snr_db=value)) for value in sorted((one, other)))
    assert 0.1 <= low <= high <= 1.0
