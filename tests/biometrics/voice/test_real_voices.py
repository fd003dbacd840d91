"""Perception and enrolment with the real models on real speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from biometrics.errors import EnrolmentError
from biometrics.evaluation.audio import read_audio
from biometrics.media import AudioChunk
from biometrics.voice.embed import VoiceEncoder, distance
from biometrics.voice.enrolment import enrol_voice
from biometrics.voice.features import Samples
from biometrics.voice.perception import SpeechPerception
from biometrics.voice.segments import speech_only
from models.local_hub import LocalHub

pytestmark = pytest.mark.models

RATE = 16_000


def test_noise_and_silence_are_no_speech(hub: LocalHub) -> None:
    rng = np.random.default_rng(0)
    noise = np.concatenate([np.zeros(5 * RATE), 0.05 * rng.standard_normal(5 * RATE)]).astype(np.float32)
    views = SpeechPerception(hub).feed(AudioChunk(0.0, noise, RATE))
    speech = np.concatenate([view.speech for view in views])
    assert (speech >= 0.5).mean() < 0.02
    with pytest.raises(EnrolmentError, match=r"No speech|holds"):
        enrol_voice(noise, RATE, hub)


def test_two_sessions_do_not_hear_each_other(hub: LocalHub) -> None:
    rng = np.random.default_rng(1)
    samples = (0.1 * rng.standard_normal(2 * RATE)).astype(np.float32)
    alone = SpeechPerception(hub).feed(AudioChunk(0.0, samples, RATE))
    one, other = SpeechPerception(hub), SpeechPerception(hub)
    beside = []
    for start in range(0, len(samples), 4096):
        other.feed(AudioChunk(start / RATE, -samples[start : start + 4096][::-1].copy(), RATE))
        beside += one.feed(AudioChunk(start / RATE, samples[start : start + 4096], RATE))
    assert all(np.array_equal(a.speech, b.speech) for a, b in zip(alone, beside, strict=True))


def utterances(shared: Path, speaker: str) -> Samples:
    folder = shared / "data" / "speech" / "librispeech_test_other" / speaker
    return np.concatenate([read_audio(path) for path in sorted(folder.glob("*.flac"))[:4]])


@pytest.mark.shared
def test_read_speech_is_mostly_speech(shared: Path, hub: LocalHub) -> None:
    samples = utterances(shared, "1688")
    views = SpeechPerception(hub).feed(AudioChunk(0.0, samples, RATE))
    share = sum(len(speech_only(view)) for view in views) / len(samples)
    assert 0.6 < share < 0.95


@pytest.mark.shared
def test_a_reference_is_near_its_speaker_and_far_from_another(shared: Path, hub: LocalHub) -> None:
    template = enrol_voice(utterances(shared, "1688"), RATE, hub)
    encoder = VoiceEncoder(hub.get("campplus"))
    assert template.vector.shape == (192,)
    assert template.model == encoder.model
    later = utterances(shared, "1688")[-6 * RATE :]
    foreign = utterances(shared, "2033")[: 6 * RATE]
    assert distance(encoder.embed(later), template.vector) < 0.4
    assert distance(encoder.embed(foreign), template.vector) > 0.6


@pytest.mark.shared
def test_two_real_voices_make_no_reference(shared: Path, hub: LocalHub) -> None:
    mixed = np.concatenate([utterances(shared, "1688"), utterances(shared, "367")])
    with pytest.raises(EnrolmentError, match="More than one voice"):
        enrol_voice(mixed, RATE, hub)
