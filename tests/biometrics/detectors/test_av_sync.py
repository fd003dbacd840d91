"""A speaker with the own sound, with another's, with one that lags; and why nothing is measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biometrics.av.tracks import REACH
from biometrics.detectors.av_sync import DETECTOR, AvSync, drift_ms_per_min
from biometrics.evaluation.av_clips import Talk, played
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from tests.biometrics.av.talking import arriving, silence, speaker, view

SAME = np.zeros((2 * REACH + 1, 6))
SAME[REACH] = 1.0
"""A filter that expects a mouth as open as the sound is loud, at the same moment."""


def read(items: list[FaceView | Fact], detector: AvSync | None = None) -> list[Reading]:
    detector = detector or AvSync(SAME)
    found = [
        reading
        for item in items
        for reading in (detector.observe(item) if isinstance(item, FaceView) else detector.learn(item))
    ]
    return [*found, *detector.finish()]


def measured(talk: Talk) -> list[Observation]:
    return [reading for reading in read(list(played(talk))) if isinstance(reading, Observation)]


def test_ones_own_sound_reads_far_below_0_and_its_offset_is_found() -> None:
    (found,) = measured(speaker(18.0, late_s=0.08))
    assert found.score < -5.0
    assert found.covariates["offset_ms"] == pytest.approx(80.0, abs=15.0)
    assert found.covariates["desync"] == 0.0
    assert found.covariates["voiced_s"] == 16.0
    assert found.covariates["still_s"] == 0.0


def test_anothers_sound_reads_as_chance() -> None:
    scores = [measured(speaker(18.0, seed).dubbed(speaker(18.0, seed + 50)))[0].score for seed in range(1, 9)]
    assert min(scores) > -3.0
    assert abs(np.mean(scores)) < 1.0


@pytest.mark.parametrize("late_s", [-0.4, -0.24, 0.24, 0.4])
def test_a_sound_that_lags_too_far_is_out_of_step_and_its_offset_is_found(late_s: float) -> None:
    found = measured(speaker(20.0).late(late_s))[0]
    assert found.covariates["offset_ms"] == pytest.approx(1e3 * late_s, abs=40.0)
    assert found.covariates["desync"] == 1.0
    assert found.score > measured(speaker(20.0))[0].score + 2.0


def test_the_networks_jitter_changes_no_reading() -> None:
    items = list(played(speaker(36.0, late_s=0.05)))
    plain = read(items)
    assert len([one for one in plain if isinstance(one, Observation)]) == 2
    for seed in range(3):
        assert read(arriving(items, seed)) == plain


def test_the_evidence_is_where_the_sound_is_anothers() -> None:
    own, other = speaker(18.0), speaker(18.0, seed=60)
    facts = tuple(
        theirs if 5.0 < mine.t < 11.5 else mine for mine, theirs in zip(own.facts, other.facts, strict=True)
    )
    (found,) = measured(replace(own, facts=facts))
    (evidence,) = found.evidence
    assert 3.5 < evidence.span.start < 6.5
    assert evidence.span.duration_s == pytest.approx(6.0, abs=0.2)


def test_drift_is_a_slope_over_a_minute_and_three_windows() -> None:
    assert drift_ms_per_min([(0.0, 10.0), (30.0, 40.0), (60.0, 70.0)]) == pytest.approx(60.0)
    assert drift_ms_per_min([(0.0, 10.0), (60.0, 70.0)]) is None
    assert drift_ms_per_min([(0.0, 10.0), (20.0, 40.0), (40.0, 70.0)]) is None


def unseen(reason: Reason) -> tuple[FaceView, ...]:
    return tuple(view(k / 25, None, reason=reason) for k in range(200))


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (replace(speaker(8.0), facts=()), Reason.NO_AUDIO),
        (replace(speaker(8.0), facts=silence(8.0)), Reason.NO_SPEECH),
        (speaker(8.0), Reason.NOT_ENOUGH_SPEECH),
        (replace(speaker(8.0), views=unseen(Reason.NO_FACE)), Reason.NO_FACE),
        (replace(speaker(8.0), views=unseen(Reason.SEVERAL_FACES)), Reason.SEVERAL_FACES),
        (speaker(8.0, fps=8.0), Reason.LOW_FRAME_RATE),
        (replace(speaker(8.0), views=speaker(8.0).views[::12]), Reason.MEDIA_LOST),
    ],
)
def test_why_nothing_is_measured(talk: Talk, reason: Reason) -> None:
    readings = read(list(played(talk)))
    assert readings
    assert {one.reason for one in readings if isinstance(one, Abstention)} == {reason}
    assert not [one for one in readings if isinstance(one, Observation)]


def test_how_much_speech_is_still_wanting_is_said() -> None:
    (first, *_) = read(list(played(speaker(8.0))))
    assert isinstance(first, Abstention)
    assert first.detail.endswith("s of 16 s of speech with the mouth in sight")


def test_a_long_pause_does_not_fill_a_window() -> None:
    talk = speaker(34.0)
    facts = tuple(
        quiet if 6.0 < own.t < 20.0 else own for own, quiet in zip(talk.facts, silence(34.0), strict=True)
    )
    (found,) = measured(replace(talk, facts=facts))
    assert found.span.duration_s > 28.0


def test_it_needs_consent_to_both() -> None:
    assert (DETECTOR.consent, DETECTOR.also) == ("face", ("voice",))


def test_a_still_face_in_the_window_is_counted() -> None:
    (found,) = measured(replace(speaker(18.0), views=speaker(18.0, moves=False).views))
    assert found.score > -2.5
    assert found.covariates["still_s"] > 12.0
