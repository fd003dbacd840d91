from __future__ import annotations

import numpy as np
import pytest

from biometrics.evaluation.channel import PEAK, PHONE_BAND_HZ, Channel, by_phone, with_noise
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from tests.biometrics.voice.fakes import low_voice

RATE = SAMPLE_RATE_HZ


def power(samples: Samples) -> float:
    return float(np.mean(np.square(samples, dtype=np.float64)))


@pytest.mark.parametrize("snr_db", [20.0, 8.0])
def test_noise_lies_that_far_below_a_steady_tone(snr_db: float) -> None:
    tone = np.asarray(0.1 * np.sin(2 * np.pi * 300 * np.arange(4 * RATE) / RATE), np.float32)
    noise = with_noise(tone, snr_db, np.random.default_rng(1)) - tone
    assert 10 * np.log10(power(tone) / power(noise)) == pytest.approx(snr_db, abs=0.1)


def test_pauses_do_not_lower_the_noise() -> None:
    tone = np.asarray(0.1 * np.sin(2 * np.pi * 300 * np.arange(2 * RATE) / RATE), np.float32)
    sparse = np.concatenate([tone, np.zeros(6 * RATE, np.float32)])
    noise = with_noise(sparse, 10.0, np.random.default_rng(1)) - sparse
    assert 10 * np.log10(power(tone) / power(noise)) == pytest.approx(10.0, abs=0.2)


def test_a_phone_hears_no_bass_and_more_presence() -> None:
    rng = np.random.default_rng(0)
    sound = np.asarray(0.1 * rng.standard_normal(8 * RATE), np.float32)
    heard = by_phone(sound, rng)
    spectrum = np.abs(np.fft.rfft(heard)) ** 2
    hertz = np.fft.rfftfreq(len(heard), 1 / RATE)
    bass = spectrum[hertz < PHONE_BAND_HZ[0] / 4].mean()
    presence = spectrum[(hertz > 2500) & (hertz < 4000)].mean()
    middle = spectrum[(hertz > 600) & (hertz < 1200)].mean()
    assert 10 * np.log10(bass / middle) < -20
    assert 10 * np.log10(presence / middle) == pytest.approx(6.0, abs=1.5)


@pytest.mark.parametrize(("hertz", "more_db"), [(300, 0.0), (3000, 6.0)], ids=["band", "rise"])
def test_a_phone_keeps_the_level_of_the_band_and_the_rise_adds_to_it(hertz: int, more_db: float) -> None:
    tone = np.asarray(0.1 * np.sin(2 * np.pi * hertz * np.arange(8 * RATE) / RATE), np.float32)
    heard = by_phone(tone, np.random.default_rng(0))
    assert 10 * np.log10(power(heard) / power(tone)) == pytest.approx(more_db, abs=0.2)


def test_a_channel_is_the_same_each_time_and_says_what_it_is() -> None:
    channel = Channel(16, 15.0, phone=True)
    once, again = channel.carry(low_voice(1.0)), channel.carry(low_voice(1.0))
    assert np.array_equal(once, again)
    assert str(channel) == "Opus 16 kbit/s, noise at 15 dB, phone microphone"
    assert str(Channel(None)) == "as recorded"


def test_as_recorded_changes_nothing() -> None:
    samples = low_voice(0.5)
    assert Channel(None).carry(samples) is samples


def test_nothing_clips() -> None:
    loud = np.asarray(np.clip(20 * low_voice(1.0), -1, 1), np.float32)
    assert np.abs(Channel(None, 8.0).carry(loud)).max() <= PEAK + 1e-6
