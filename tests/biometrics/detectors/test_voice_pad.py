from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.detector import DetectorContext
from biometrics.detectors.voice_pad import (
    DETECTOR,
    LEVEL,
    NETWORK,
    build,
    log_odds,
    prepare,
)
from biometrics.media import AudioChunk
from biometrics.voice.perception import SpeechPerception
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from models.hub import ModelId, Rows
from tests.biometrics.voice.fakes import FakeHub, high_voice, hush, low_voice

RATE = 16_000


@dataclass
class SpoofsAreLow:
    """Takes a voice for a spoof that has a third or more below 1 kHz. Index 1 is bona fide."""

    waves: list[NDArray[np.float32]] = field(default_factory=list)
    bona_fide: int = 1

    @property
    def id(self) -> ModelId:
        return ModelId(NETWORK, "fake", "b" * 64, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        (wave,) = inputs
        assert wave.shape == (1, 64_512)
        self.waves.append(wave[0].copy())
        power = np.abs(np.fft.rfft(wave[0])) ** 2
        low = float(power[: len(power) // 8].sum() / power.sum())
        logits = np.zeros((1, 2), np.float32)
        logits[0, self.bona_fide], logits[0, 1 - self.bona_fide] = 3.0, 10 * low
        return (logits,)


def watch(*chunks: AudioChunk, network: SpoofsAreLow | None = None) -> list[Reading]:
    detector = build(DetectorContext({NETWORK: network or SpoofsAreLow()}, {}))
    perception = SpeechPerception(FakeHub())
    views = [view for chunk in chunks for view in perception.feed(chunk)] + perception.finish()
    readings = [reading for view in views for reading in detector.observe(view)]
    return readings + list(detector.finish())


def hear(*parts: NDArray[np.float32], network: SpoofsAreLow | None = None) -> list[Reading]:
    return watch(AudioChunk(0.0, np.concatenate(parts), RATE), network=network)


def observations(readings: list[Reading]) -> list[Observation]:
    return [reading for reading in readings if isinstance(reading, Observation)]


def reasons(readings: list[Reading]) -> set[Reason]:
    return {reading.reason for reading in readings if isinstance(reading, Abstention)}


def test_what_the_network_takes_for_a_spoof_scores_higher() -> None:
    (spoof, *_), (real, *_) = observations(hear(low_voice(9.0))), observations(hear(high_voice(9.0)))
    assert spoof.score > 0 > real.score


def test_a_network_with_its_classes_swapped_has_the_opposite_sign() -> None:
    ours = observations(hear(low_voice(9.0)))[0].score
    swapped = observations(hear(low_voice(9.0), network=SpoofsAreLow(bona_fide=0)))[0].score
    assert swapped == pytest.approx(-ours)


def test_the_score_is_spoof_against_bona_fide() -> None:
    assert log_odds(np.array([3.0, -1.0], np.float32)) == 4.0


def test_an_observation_points_at_the_speech_it_judged() -> None:
    first = observations(hear(hush(1.0), low_voice(9.0)))[0]
    assert first.kind == "voice_pad"
    assert first.model == f"{NETWORK}@bbbbbbbb"
    assert first.covariates["net_speech_s"] == pytest.approx(4.032)
    assert {ref.media for ref in first.evidence} == {"audio"}
    assert all(first.span.start <= ref.span.start <= ref.span.end <= first.span.end for ref in first.evidence)


def test_every_window_is_judged() -> None:
    network = SpoofsAreLow()
    readings = hear(hush(0.512), *[low_voice(5.0) for _ in range(8)], network=network)
    assert len(network.waves) == len(observations(readings)) >= 6


def test_leading_silence_does_not_move_the_score() -> None:
    voice = low_voice(9.0)
    scores = [observations(hear(hush(s), voice, hush(1.0)))[0].score for s in (0.512, 1.536, 4.608)]
    assert np.ptp(scores) < 0.2


@pytest.mark.parametrize("gain", [0.8, 2.0])
def test_loudness_does_not_move_the_score(gain: float) -> None:
    network = SpoofsAreLow()
    voice = low_voice(6.0)
    plain, *_ = observations(hear(hush(1.0), voice, network=network))
    scaled, *_ = observations(hear(hush(1.0), np.asarray(voice * gain, np.float32), network=network))
    assert scaled.score == pytest.approx(plain.score, abs=0.2)


def test_the_network_hears_one_level() -> None:
    assert np.sqrt(np.mean(np.square(prepare(low_voice(4.0))))) == pytest.approx(LEVEL, rel=1e-5)
    silence = np.zeros(64, np.float32)
    assert np.array_equal(prepare(silence), silence)


def test_silence_is_an_abstention_every_ten_seconds() -> None:
    readings = hear(hush(25.0))
    assert observations(readings) == []
    assert reasons(readings) == {Reason.NO_SPEECH}
    assert len(readings) == 3


def test_too_little_speech_says_how_much() -> None:
    (reading,) = hear(hush(1.0), low_voice(2.0), hush(1.0))
    assert isinstance(reading, Abstention)
    assert reading.reason is Reason.NOT_ENOUGH_SPEECH
    assert reading.detail.endswith("of 4 s")


def telephone(seconds: float) -> NDArray[np.float32]:
    spectrum = np.fft.rfft(low_voice(seconds))
    spectrum[np.fft.rfftfreq(round(seconds * RATE), 1 / RATE) > 2500] = 0
    return np.asarray(np.fft.irfft(spectrum), dtype=np.float32)


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (np.clip(low_voice(9.0) * 20, -1, 1), Reason.CLIPPED),
        (50 * hush(6.0), Reason.NOISY),
        (telephone(9.0), Reason.NARROWBAND),
    ],
    ids=["clipped", "noisy", "narrowband"],
)
def test_bad_speech_is_an_abstention_with_its_reason(samples: NDArray[np.float32], reason: Reason) -> None:
    readings = hear(samples)
    assert observations(readings) == []
    assert reason in reasons(readings)


def test_speech_with_much_lost_media_is_not_judged() -> None:
    readings = watch(
        AudioChunk(0.0, np.concatenate([hush(1.0), low_voice(3.0)]), RATE),
        AudioChunk(5.0, low_voice(3.5), RATE, lost_s=1.0),
    )
    assert observations(readings) == []
    assert Reason.MEDIA_LOST in reasons(readings)


def test_two_detectors_read_the_same() -> None:
    parts = (hush(1.0), low_voice(10.0), hush(6.0), high_voice(9.0))
    assert hear(*parts) == hear(*parts)


def test_finishing_twice_says_nothing_more() -> None:
    detector = build(DetectorContext({NETWORK: SpoofsAreLow()}, {}))
    assert list(detector.finish()) == []
    (view,) = SpeechPerception(FakeHub()).feed(AudioChunk(0.0, hush(0.512), RATE))
    list(detector.observe(view))
    assert len(list(detector.finish())) == 1
    assert list(detector.finish()) == []


def test_it_takes_part_with_consent_to_the_voice() -> None:
    assert DETECTOR.consent == "voice"
