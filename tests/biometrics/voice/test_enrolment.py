from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.errors import EnrolmentError
from biometrics.voice.embed import VoiceEncoder, distance
from biometrics.voice.enrolment import enrol_recordings, enrol_voice, utterances_of
from biometrics.voice.features import resample
from fraudmodel.signals import Reason
from tests.biometrics.voice.fakes import FakeHub, high_voice, hush, low_voice

RATE = 16_000


def recording(*parts: NDArray[np.float32], pause_s: float = 0.5) -> NDArray[np.float32]:
    """The parts with pauses between them."""
    apart = [sound for part in parts for sound in (part, hush(pause_s))]
    return np.concatenate([hush(1.0), *apart, hush(1.0)])


def thrice(seconds: float) -> tuple[NDArray[np.float32], ...]:
    """One voice in three utterances."""
    return tuple(low_voice(seconds / 3, seed) for seed in (7, 8, 9))


def test_a_reference_is_the_centre_of_its_utterances() -> None:
    hub = FakeHub()
    template = enrol_voice(recording(*thrice(12.0)), RATE, hub)
    assert template.modality == "voice"
    assert template.model == "campplus@aaaaaaaa"
    assert np.linalg.norm(template.vector) == pytest.approx(1.0)
    assert hub.encoder.calls == 3
    encoder = VoiceEncoder(hub.encoder)
    assert distance(template.vector, encoder.embed(low_voice(3.0, seed=9))) < 0.1
    assert distance(template.vector, encoder.embed(high_voice(3.0))) > 0.2
    covariates = dict(template.covariates)
    assert covariates["net_speech_s"] == pytest.approx(10, abs=1.5)
    assert covariates["snr_db"] > 20
    assert covariates["utterances"] == 3.0
    assert 0.0 < covariates["widest"] < 0.66


def test_each_utterance_counts_the_same_however_long_it_is() -> None:
    parts = [low_voice(seconds, seed) for seconds, seed in ((3.0, 7), (3.0, 8), (6.0, 9))]
    hub = FakeHub()
    encoder = VoiceEncoder(hub.encoder)
    template = enrol_voice(recording(*parts), RATE, hub)
    prints = [encoder.embed(each) for each in utterances_of(recording(*parts), hub)]
    mean = np.mean(prints, axis=0)
    assert template.vector == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


def test_three_recordings_make_one_reference() -> None:
    apart = enrol_recordings([recording(part) for part in thrice(12.0)], RATE, FakeHub())
    covariates = dict(apart.covariates)
    assert covariates["utterances"] == 3.0
    assert covariates["net_speech_s"] == pytest.approx(10, abs=1.5)
    with pytest.raises(EnrolmentError, match="More than one voice") as caught:
        enrol_recordings([recording(*thrice(12.0)), recording(high_voice(4.0))], RATE, FakeHub())
    assert caught.value.reason is Reason.SEVERAL_VOICES


def test_too_few_utterances_are_refused_with_their_number() -> None:
    with pytest.raises(EnrolmentError, match="holds 2 utterances") as caught:
        enrol_voice(recording(low_voice(6.0), low_voice(6.0, 8)), RATE, FakeHub())
    assert caught.value.reason is Reason.TOO_FEW_UTTERANCES


def test_the_sample_rate_makes_no_difference() -> None:
    at_48 = resample(recording(*thrice(12.0)), 16_000)
    tripled = np.repeat(at_48, 3)
    one = enrol_voice(at_48, RATE, FakeHub())
    other = enrol_voice(tripled, 3 * RATE, FakeHub())
    assert distance(one.vector, other.vector) < 0.01


def test_very_long_recordings_are_read_only_as_far_as_needed() -> None:
    hub = FakeHub()
    enrol_voice(np.tile(recording(*thrice(10.0)), 30), RATE, hub)
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
        (recording(low_voice(5.0), low_voice(5.0, 8), high_voice(4.0)), "More than one voice"),
    ],
    ids=["short", "silent", "zero", "tiny", "clipped", "empty", "nan", "stereo", "two voices"],
)
def test_what_cannot_be_a_reference_is_one_sentence(samples: NDArray[np.float32], sentence: str) -> None:
    with pytest.raises(EnrolmentError, match=sentence) as caught:
        enrol_voice(samples, RATE, FakeHub())
    assert "\n" not in str(caught.value)


def test_noise_is_refused() -> None:
    speech = recording(*thrice(14.0)) * 0.3
    background = hush(len(speech) / RATE + 0.01)[: len(speech)] * 8
    with pytest.raises(EnrolmentError, match="too noisy"):
        enrol_voice((speech + background).astype(np.float32), RATE, FakeHub())


def test_telephone_quality_is_refused() -> None:
    samples = recording(*thrice(12.0))
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE) > 3000] = 0
    with pytest.raises(EnrolmentError, match="telephone quality"):
        enrol_voice(np.fft.irfft(spectrum, len(samples)).astype(np.float32), RATE, FakeHub())


def test_a_very_low_sample_rate_is_refused() -> None:
    with pytest.raises(EnrolmentError, match="4000 Hz"):
        enrol_voice(low_voice(12.0), 4_000, FakeHub())
