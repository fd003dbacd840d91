from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.errors import EnrolmentError
from biometrics.voice.embed import VoiceEncoder, distance
from biometrics.voice.enrolment import enrol_voice
from biometrics.voice.features import resample
from tests.biometrics.voice.fakes import FakeHub, high_voice, hush, low_voice

RATE = 16_000


def recording(*parts: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([hush(1.0), *parts, hush(1.0)])


def test_a_reference_is_the_centre_of_its_windows() -> None:
    hub = FakeHub()
    template = enrol_voice(recording(low_voice(12.0)), RATE, hub)
    assert template.modality == "voice"
    assert template.model == "campplus@aaaaaaaa"
    assert np.linalg.norm(template.vector) == pytest.approx(1.0)
    assert hub.encoder.calls >= 4
    encoder = VoiceEncoder(hub.encoder)
    assert distance(template.vector, encoder.embed(low_voice(3.0, seed=9))) < 0.1
    assert distance(template.vector, encoder.embed(high_voice(3.0))) > 0.2
    covariates = dict(template.covariates)
    assert covariates["net_speech_s"] == pytest.approx(10, abs=1.5)
    assert covariates["snr_db"] > 20


def test_the_sample_rate_makes_no_difference() -> None:
    at_48 = resample(recording(low_voice(12.0)), 16_000)
    tripled = np.repeat(at_48, 3)
    one = enrol_voice(at_48, RATE, FakeHub())
    other = enrol_voice(tripled, 3 * RATE, FakeHub())
    assert distance(one.vector, other.vector) < 0.01


def test_very_long_recordings_are_read_only_as_far_as_needed() -> None:
    hub = FakeHub()
    enrol_voice(np.tile(low_voice(10.0), 30), RATE, hub)
    assert hub.encoder.calls < 60


@pytest.mark.parametrize(
    ("samples", "sentence"),
    [
        (recording(low_voice(5.0)), r"holds [34]\.\d s of speech .* needs 8 s"),
        (hush(12.0), "No speech was found"),
        (np.zeros(12 * RATE, dtype=np.float32), "No speech was found"),
        (hush(0.01), "No speech was found"),
        (np.clip(recording(low_voice(12.0)) * 20, -1, 1), "overdriven"),
        (np.zeros(0, dtype=np.float32), "empty"),
        (np.full(RATE, np.nan, dtype=np.float32), "damaged"),
        (np.zeros((RATE, 2), dtype=np.float32), "mono"),
        (recording(low_voice(6.0), high_voice(6.0)), "More than one voice"),
    ],
    ids=["short", "silent", "zero", "tiny", "clipped", "empty", "nan", "stereo", "two voices"],
)
def test_what_cannot_be_a_reference_is_one_sentence(samples: NDArray[np.float32], sentence: str) -> None:
    with pytest.raises(EnrolmentError, match=sentence) as caught:
        enrol_voice(samples, RATE, FakeHub())
    assert "\n" not in str(caught.value)


def test_noise_is_refused() -> None:
    background = hush(16.0) * 8
    speech = np.concatenate([np.zeros(RATE), low_voice(14.0) * 0.3, np.zeros(RATE)])
    with pytest.raises(EnrolmentError, match="too noisy"):
        enrol_voice((speech + background).astype(np.float32), RATE, FakeHub())


def test_telephone_quality_is_refused() -> None:
    samples = recording(low_voice(12.0))
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE) > 3000] = 0
    with pytest.raises(EnrolmentError, match="telephone quality"):
        enrol_voice(np.fft.irfft(spectrum, len(samples)).astype(np.float32), RATE, FakeHub())


def test_a_very_low_sample_rate_is_refused() -> None:
    with pytest.raises(EnrolmentError, match="4000 Hz"):
        enrol_voice(low_voice(12.0), 4_000, FakeHub())
