"""A voice over a still mouth is flagged within three seconds; one that speaks is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biometrics.detectors.voice_over import DETECTOR, VoiceOver
from biometrics.evaluation.av_clips import Talk, played
from biometrics.views import FaceView
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from tests.biometrics.av.talking import arriving, facts, silence, speaker


def given(talk: Talk) -> list[tuple[float, Reading]]:
    detector, found, now = VoiceOver(), [], 0.0
    for item in played(talk):
        now = max(now, item.t)
        read = detector.observe(item) if isinstance(item, FaceView) else detector.learn(item)
        found += [(now, reading) for reading in read]
    return [*found, *((now, reading) for reading in detector.finish())]


def scores(talk: Talk) -> list[float]:
    return [one.score for _, one in given(talk) if isinstance(one, Observation)]


def still(seconds: float) -> Talk:
    return replace(speaker(seconds), views=speaker(seconds, moves=False).views)


def test_a_mouth_that_speaks_reads_below_0_in_every_look() -> None:
    found = scores(speaker(12.0))
    assert len(found) >= 10
    assert max(found) < 0.0


def test_a_still_mouth_reads_above_0_in_every_look() -> None:
    found = scores(still(12.0))
    assert len(found) >= 10
    assert min(found) > 0.5


@pytest.mark.parametrize("starts_s", [0.0, 2.0, 3.3])
def test_a_voice_is_flagged_within_three_seconds_of_its_first_word(starts_s: float) -> None:
    voice = facts(10.0, lambda t: np.full(len(t), -30.0), lambda t: t >= starts_s)
    talk = replace(still(10.0), facts=voice)
    first = next((t, one) for t, one in given(talk) if isinstance(one, Observation) and one.score > 0.0)
    assert first[0] - starts_s < 3.0
    assert first[1].evidence[0].span.start >= starts_s - 0.3
    assert first[1].covariates["still_s"] == 1.0


def test_who_is_silent_and_still_is_not_looked_at() -> None:
    readings = [one for _, one in given(replace(still(12.0), facts=silence(12.0)))]
    assert {one.reason for one in readings if isinstance(one, Abstention)} == {Reason.NO_SPEECH}
    assert {one.detail for one in readings if isinstance(one, Abstention)} == {""}


def test_a_mouth_that_speaks_without_a_sound_is_told_of_but_no_evidence() -> None:
    readings = [one for _, one in given(replace(speaker(12.0), facts=silence(12.0)))]
    assert not [one for one in readings if isinstance(one, Observation)]
    details = [one.detail for one in readings if isinstance(one, Abstention)]
    assert any(detail.startswith("the mouth moved as in speech for") for detail in details)


def test_jitter_changes_nothing() -> None:
    talk = still(12.0)
    items = list(played(talk))

    def read(order: list[object]) -> list[Reading]:
        detector = VoiceOver()
        found = [
            reading
            for item in order
            for reading in (detector.observe(item) if isinstance(item, FaceView) else detector.learn(item))  # type: ignore[arg-type]
        ]
        return [*found, *detector.finish()]

    assert read(list(arriving(items, 4))) == read(list(items))


def test_it_needs_consent_to_both() -> None:
    assert (DETECTOR.consent, DETECTOR.also) == ("face", ("voice",))
