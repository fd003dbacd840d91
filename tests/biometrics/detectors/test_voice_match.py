from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.detector import DetectorContext
from biometrics.detectors.voice_match import DETECTOR, VoiceMatch, build
from biometrics.media import AudioChunk
from biometrics.template import Template
from biometrics.voice.embed import VoiceEncoder
from biometrics.voice.perception import SpeechPerception
from fraudmodel.signals import Absent, Abstention, Observation, Reading, Reason
from tests.biometrics.voice.fakes import FakeHub, ShapeOfSpectrum, high_voice, hush, low_voice

RATE = 16_000


def reference(model: str = "campplus@aaaaaaaa") -> Template:
    return Template("voice", VoiceEncoder(ShapeOfSpectrum()).embed(low_voice(10.0, seed=1)), model)


def watch(*chunks: AudioChunk) -> list[Reading]:
    context = DetectorContext({"campplus": ShapeOfSpectrum()}, {"voice": reference()})
    detector = build(context)
    assert isinstance(detector, VoiceMatch)
    perception = SpeechPerception(FakeHub())
    views = [view for chunk in chunks for view in perception.feed(chunk)] + perception.finish()
    readings = [reading for view in views for reading in detector.observe(view)]
    return readings + list(detector.finish())


def hear(*parts: NDArray[np.float32]) -> list[Reading]:
    return watch(AudioChunk(0.0, np.concatenate(parts), RATE))


def observations(readings: list[Reading]) -> list[Observation]:
    return [reading for reading in readings if isinstance(reading, Observation)]


def test_another_voice_is_further_away_than_the_enrolled_one() -> None:
    mated = observations(hear(hush(1.0), low_voice(8.0)))
    other = observations(hear(hush(1.0), high_voice(8.0)))
    assert len(mated) >= 3
    assert len(other) >= 3
    assert max(o.score for o in mated) < min(o.score for o in other)


def test_an_observation_carries_what_calibration_and_a_listener_need() -> None:
    first = observations(hear(hush(1.0), low_voice(5.0)))[0]
    assert first.kind == "voice_match"
    assert first.model == "campplus@aaaaaaaa"
    assert first.covariates["net_speech_s"] == pytest.approx(3.008)
    assert first.covariates["snr_db"] > 20
    assert 0 < first.quality <= 1
    assert {ref.media for ref in first.evidence} == {"audio"}
    assert all(first.span.start <= ref.span.start <= ref.span.end <= first.span.end for ref in first.evidence)


def test_silence_is_an_abstention_every_five_seconds() -> None:
    readings = hear(hush(11.0))
    assert [type(reading) for reading in readings] == [Abstention] * 3
    assert {r.reason for r in readings if isinstance(r, Abstention)} == {Reason.NO_SPEECH}
    assert [r.span.start for r in readings[1:]] == pytest.approx([r.span.end for r in readings[:-1]])
    assert all(reading.span.duration_s <= 5.6 for reading in readings)


def test_too_little_speech_says_how_much() -> None:
    (reading,) = hear(hush(1.0), low_voice(2.0), hush(1.0))
    assert isinstance(reading, Abstention)
    assert reading.reason is Reason.NOT_ENOUGH_SPEECH
    assert reading.detail.endswith("of 3 s")


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (np.clip(low_voice(6.0) * 20, -1, 1), Reason.CLIPPED),
        (50 * hush(5.0), Reason.NOISY),
    ],
    ids=["clipped", "noisy"],
)
def test_bad_speech_is_an_abstention_with_its_reason(samples: NDArray[np.float32], reason: Reason) -> None:
    readings = hear(samples)
    assert observations(readings) == []
    assert reason in {r.reason for r in readings if isinstance(r, Abstention)}


def test_speech_with_much_lost_media_is_not_compared() -> None:
    readings = watch(
        AudioChunk(0.0, np.concatenate([hush(1.0), low_voice(2.0)]), RATE),
        AudioChunk(4.0, low_voice(2.5), RATE, lost_s=1.0),
    )
    assert observations(readings) == []
    assert Reason.MEDIA_LOST in {r.reason for r in readings if isinstance(r, Abstention)}


def test_a_lost_packet_is_tolerated() -> None:
    first, second = low_voice(3.0)[: 2 * RATE], low_voice(3.0)[2 * RATE + 320 :]
    readings = watch(
        AudioChunk(0.0, first, RATE), AudioChunk(2.02, np.concatenate([second, low_voice(3.0)]), RATE, 0.02)
    )
    assert len(observations(readings)) >= 1


def test_two_detectors_read_the_same() -> None:
    parts = (hush(1.0), low_voice(6.0), hush(6.0), high_voice(4.0))
    assert hear(*parts) == hear(*parts)


def test_readings_lie_within_the_stated_latency() -> None:
    detector = build(DetectorContext({"campplus": ShapeOfSpectrum()}, {"voice": reference()}))
    assert isinstance(detector, VoiceMatch)
    bursts = [part for _ in range(12) for part in (low_voice(0.6), hush(5.0))]
    perception = SpeechPerception(FakeHub())
    seen = 0
    for view in perception.feed(AudioChunk(0.0, np.concatenate(bursts), RATE)):
        for reading in detector.observe(view):
            seen += 1
            assert view.span.end - reading.span.start <= DETECTOR.latency_s
    assert seen > 5


def test_finishing_twice_says_nothing_more() -> None:
    detector = VoiceMatch(VoiceEncoder(ShapeOfSpectrum()), reference())
    assert list(detector.finish()) == []
    (view,) = SpeechPerception(FakeHub()).feed(AudioChunk(0.0, hush(0.512), RATE))
    list(detector.observe(view))
    assert len(list(detector.finish())) == 1
    assert list(detector.finish()) == []


def test_without_a_reference_it_is_absent() -> None:
    assert build(DetectorContext({"campplus": ShapeOfSpectrum()})) == Absent(Reason.NO_REFERENCE)


def test_a_reference_of_other_weights_is_not_compared() -> None:
    context = DetectorContext({"campplus": ShapeOfSpectrum()}, {"voice": reference("campplus@bbbbbbbb")})
    absent = build(context)
    assert isinstance(absent, Absent)
    assert absent.reason is Reason.NO_REFERENCE
    assert "enrol again" in absent.detail
