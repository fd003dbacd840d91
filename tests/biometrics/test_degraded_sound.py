"""Silence, music, and speech that was overdriven, narrowed or lost on its way: each detector that hears gives its reason, and no score.

The real voice activity detector, encoder and countermeasure listen. `av_sync` knows nobody by the voice: clipped, narrow and lossy speech still goes with
the lips or does not, so it goes on and says how much it missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from biometrics.media import AudioChunk
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from fraudmodel.signals import Observation, Reading, Reason
from models.local_hub import LocalHub
from tests.biometrics import degraded

pytestmark = pytest.mark.models

Damage = Callable[[Samples], Iterator[AudioChunk]]
VOICE = ("voice_match", "voice_continuity", "voice_pad", "second_voice", "digits_challenge")
"""What tells a voice or its words."""
ASIDE = {Reason.NOT_ENOUGH_SPEECH, Reason.NO_SPEECH, Reason.NOT_YET, Reason.NOT_CHALLENGED}
"""What may be said besides: of a last stretch, or before anything was heard."""


def nothing(speech: Samples) -> Iterator[AudioChunk]:
    """The microphone is muted."""
    return degraded.chunks(np.zeros(len(speech), np.float32))


def background(speech: Samples) -> Iterator[AudioChunk]:
    """A quiet room."""
    return degraded.as_it_is(degraded.in_a_quiet_room(np.zeros(len(speech), np.float32) + 1e-6))


def music(speech: Samples) -> Iterator[AudioChunk]:
    """Music instead of speech."""
    return degraded.as_it_is(degraded.music(len(speech) / SAMPLE_RATE_HZ))


DAMAGES: Mapping[str, tuple[Damage, Reason]] = {
    "silence": (nothing, Reason.NO_SPEECH),
    "a quiet room": (background, Reason.NO_SPEECH),
    "music": (music, Reason.NO_SPEECH),
    "clipped": (degraded.clipped, Reason.CLIPPED),
    "a telephone's band": (degraded.telephone, Reason.NARROWBAND),
    "8 kbit/s": (degraded.starved, Reason.NARROWBAND),
    "dropped packets": (degraded.gaps, Reason.MEDIA_LOST),
    "10 % loss": (degraded.lossy, Reason.MEDIA_LOST),
}
UNHEARD = ("silence", "a quiet room", "music")
IMPAIRED = tuple(damage for damage in DAMAGES if damage not in UNHEARD)

Heard = Mapping[str, list[Reading]]
Hear = Callable[[str], Heard]


@pytest.fixture(scope="module")
def hear(hub: LocalHub) -> Hear:
    """What every detector says of a synthesiser's speech under a damage; "as it is" without one. Heard once each."""
    return _listener(degraded.synthetic_speech(), hub)


def _listener(speech: Samples, hub: LocalHub) -> Hear:
    reference = degraded.enrolled(speech, hub)

    @cache
    def listen(damage: str) -> Heard:
        damaged = degraded.as_it_is if damage == "as it is" else DAMAGES[damage][0]
        return degraded.listened(damaged(speech), speech, hub, reference)

    return listen


def of_voices(heard: Heard) -> Iterator[tuple[str, list[Reading]]]:
    return ((kind, heard[kind]) for kind in VOICE)


def test_undamaged_speech_is_measured_by_all(hear: Hear) -> None:
    """Otherwise the abstentions below would prove nothing."""
    for kind, readings in hear("as it is").items():
        assert degraded.scores(readings), kind
    assert max(degraded.scores(hear("as it is")["voice_match"])) < 0.4
    assert degraded.scores(hear("as it is")["av_sync"])[0] < -4.0


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_voice_is_judged_and_the_reason_is_said(hear: Hear, damage: str) -> None:
    for kind, readings in of_voices(hear(damage)):
        assert degraded.scores(readings) == [], kind
        said = degraded.reasons(readings)
        assert said[DAMAGES[damage][1]] >= 1, (kind, said)
        assert set(said) <= ASIDE | {DAMAGES[damage][1]}, (kind, said)


@pytest.mark.parametrize("damage", UNHEARD)
def test_lips_are_not_compared_with_what_is_no_speech(hear: Hear, damage: str) -> None:
    readings = hear(damage)["av_sync"]
    assert degraded.scores(readings) == []
    assert degraded.reasons(readings)[Reason.NO_SPEECH] >= 5


@pytest.mark.parametrize("damage", IMPAIRED)
def test_lips_go_with_impaired_speech_that_is_theirs(hear: Hear, damage: str) -> None:
    (score,) = degraded.scores(hear(damage)["av_sync"])
    assert score < -4.0


@pytest.mark.parametrize(("damage", "share"), [("dropped packets", 0.25), ("10 % loss", 0.1)])
def test_lips_say_how_much_sound_was_lost(hear: Hear, damage: str, share: float) -> None:
    lost = _only(hear(damage)["av_sync"]).covariates["sound_lost"]
    assert share * 0.8 < lost < share * 3.0
    assert _only(hear("as it is")["av_sync"]).covariates["sound_lost"] < 0.01


def test_lips_do_not_go_with_lossy_speech_that_is_anothers(hub: LocalHub) -> None:
    speech = degraded.synthetic_speech()
    another = np.roll(speech, 7 * SAMPLE_RATE_HZ)
    reference = degraded.enrolled(speech, hub)
    heard = degraded.listened(degraded.lossy(speech), another, hub, reference)
    assert degraded.scores(heard["av_sync"])[0] > -2.5


def test_a_synthesiser_is_taken_for_a_machine(hear: Hear) -> None:
    assert min(degraded.scores(hear("as it is")["voice_pad"])) > 2.0


@pytest.mark.shared
@pytest.mark.parametrize("speaker", ["1998", "2609"])
def test_a_person_is_less_like_a_machine_than_a_synthesiser_is(
    shared: Path, hub: LocalHub, hear: Hear, speaker: str
) -> None:
    person = degraded.scores(
        _listener(degraded.real_speech(shared, speaker, 20.0), hub)("as it is")["voice_pad"]
    )
    assert person
    assert max(person) < min(degraded.scores(hear("as it is")["voice_pad"])) - 2.0


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("speaker", ["1998", "2609"])
@pytest.mark.parametrize("damage", IMPAIRED)
def test_the_same_of_real_speech(shared: Path, hub: LocalHub, speaker: str, damage: str) -> None:
    heard = _listener(degraded.real_speech(shared, speaker), hub)(damage)
    for kind, readings in of_voices(heard):
        assert degraded.scores(readings) == [], kind
        assert degraded.reasons(readings)[DAMAGES[damage][1]] >= 1, kind
    assert all(score < -3.0 for score in degraded.scores(heard["av_sync"]))


def _only(readings: list[Reading]) -> Observation:
    (found,) = [reading for reading in readings if isinstance(reading, Observation)]
    return found
