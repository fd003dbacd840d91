"""Synthetic voices: one that stays, one that takes over and goes, a prompter, the officer's echo, and what cannot be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from biometrics.detector import DetectorContext
from biometrics.detectors.voice_continuity import DETECTOR, VoiceContinuity, build, turned_s
from biometrics.media import AudioChunk
from biometrics.views import FarView, SpeechView
from biometrics.voice.perception import SpeechPerception
from biometrics.voices.change import ALARM
from fraudmodel.signals import Abstention, Observation, Reading, Reason, Span
from tests.biometrics.voice.fakes import FakeHub, ShapeOfSpectrum, high_voice, hush, low_voice
from tests.biometrics.voices.signals import (
    Sound,
    background,
    delayed,
    far_views,
    in_room,
    murmur,
    speech_views,
)

RATE = 16_000


def detector(model: ShapeOfSpectrum | None = None) -> VoiceContinuity:
    return build(DetectorContext({"campplus": model or ShapeOfSpectrum()}))


def read(views: Iterable[SpeechView | FarView]) -> list[Reading]:
    listener = detector()
    readings = [reading for view in views for reading in listener.observe(view)]
    return readings + list(listener.finish())


def hear(*chunks: AudioChunk) -> list[Reading]:
    perception = SpeechPerception(FakeHub())
    return read([view for chunk in chunks for view in perception.feed(chunk)] + perception.finish())


def call(*turns: tuple[str, float]) -> list[Reading]:
    """ "low", "high" and "hush" of so many seconds, one after the other."""
    voices = {"low": low_voice, "high": high_voice, "hush": hush}
    parts = [voices[who](seconds, seed=number + 1) for number, (who, seconds) in enumerate(turns)]
    return hear(AudioChunk(0.0, np.concatenate(parts), RATE))


def observations(readings: Sequence[Reading]) -> list[Observation]:
    return [reading for reading in readings if isinstance(reading, Observation)]


def reasons(readings: Sequence[Reading]) -> set[Reason]:
    return {reading.reason for reading in readings if isinstance(reading, Abstention)}


def test_one_voice_throughout_scores_nothing() -> None:
    found = observations(call(("low", 14.0), ("hush", 2.0), ("low", 20.0)))
    assert len(found) >= 10
    assert {each.score for each in found} == {0.0}
    assert all("changed_s" not in each.covariates for each in found)


def test_another_voice_is_found_with_its_time_and_a_clip_before_and_after() -> None:
    found = observations(call(("low", 14.0), ("hush", 1.0), ("high", 20.0)))
    assert found[-1].score == ALARM
    turn, *later = [each for each in found if "changed_s" in each.covariates]
    assert turn.covariates["changed_s"] == pytest.approx(15.0, abs=1.5)
    assert {each.covariates["changed_s"] for each in later} == {turn.covariates["changed_s"]}
    assert turn.covariates["changed_part"] == turn.score == ALARM
    before, after = turn.evidence
    assert before.span.end <= 14.1
    assert after.span.start >= 14.9
    assert turn.span.start == before.span.start
    assert turn.span.end < 15.0 + 12.0
    assert turn.model == "campplus@aaaaaaaa"


def test_the_first_voice_that_returns_is_found_as_well() -> None:
    found = observations(call(("low", 14.0), ("hush", 1.0), ("high", 14.0), ("hush", 1.0), ("low", 14.0)))
    changed = [each.covariates["changed_s"] for each in found if "changed_s" in each.covariates]
    (back,) = [each for each in found if "back_s" in each.covariates]
    assert changed[0] == pytest.approx(15.0, abs=1.5)
    assert back.covariates["back_s"] == pytest.approx(30.0, abs=1.5)
    assert [each.span.start >= 15.0 and each.span.end <= 29.1 for each in back.evidence] == [True, False]
    assert found[-1].score == 0.0


def test_somebody_who_says_a_sentence_in_between_is_no_change() -> None:
    turns = [("low", 14.0), *[("high", 3.0), ("low", 6.0)] * 3]
    found = observations(call(*turns))
    assert 0.0 < max(each.score for each in found) < ALARM


def test_a_stray_voice_at_the_beginning_is_not_taken_for_the_applicants() -> None:
    found = observations(call(("low", 2.0), ("high", 3.5), ("hush", 0.5), ("low", 25.0)))
    assert found[-1].score == 0.0
    assert found[-1].covariates["distance"] < 0.3


def test_before_there_is_enough_speech_it_says_how_much_there_is() -> None:
    readings = call(("low", 8.0))
    assert observations(readings) == []
    assert reasons(readings) == {Reason.NOT_ENOUGH_SPEECH}
    details = [reading.detail for reading in readings if isinstance(reading, Abstention)]
    assert details[0] == "3.0 s of 9 s to compare with"
    assert details[-1] == "6.0 s of 9 s to compare with"


def test_silence_clipping_and_loss_are_said() -> None:
    assert reasons(hear(AudioChunk(0.0, hush(11.0), RATE))) == {Reason.NO_SPEECH}
    clipped = np.clip(low_voice(16.0) * 20, -1, 1)
    assert reasons(hear(AudioChunk(0.0, clipped, RATE))) >= {Reason.CLIPPED}
    pieces = [AudioChunk(2.5 * k, low_voice(2.0, seed=k), RATE, lost_s=0.5 if k else 0.0) for k in range(8)]
    lost = hear(*pieces)
    assert observations(lost) == []
    assert Reason.MEDIA_LOST in reasons(lost)


def echoing(near: Sound, officer: Sound, heard: bool) -> list[Reading]:
    """The officer's sound in the applicant's microphone 0.25 s late, with their track or without."""
    echo = delayed(in_room(officer, 4), 0.25)
    events: list[tuple[float, SpeechView | FarView]] = [
        (view.t, view) for view in speech_views(near + echo + background(len(near) / RATE))
    ]
    if heard:
        events += [(view.t + 0.06, view) for view in far_views(officer)]
    return read(view for _, view in sorted(events, key=lambda pair: pair[0]))


def test_the_officers_echo_is_left_out_by_their_track() -> None:
    applicant = np.concatenate([low_voice(16.0), np.zeros(24 * RATE, np.float32)])
    officer = np.concatenate(
        [np.zeros(17 * RATE, np.float32), 2 * murmur(22.0, 5), np.zeros(RATE, np.float32)]
    )
    mistaken = observations(echoing(applicant, officer, heard=False))
    assert max(each.score for each in mistaken) > 3.0
    readings = echoing(applicant, officer, heard=True)
    assert max(each.score for each in observations(readings)) < 2.0
    assert any("officer's echo" in each.detail for each in readings if isinstance(each, Abstention))


def test_what_the_officer_said_and_was_lost_is_not_guessed() -> None:
    near = speech_views(low_voice(30.0))
    far: list[FarView] = [FarView(Span(0.0, 0.02), np.zeros(320, np.float32), 0.0)]
    far += [FarView(Span(20.0, 20.02), np.zeros(320, np.float32), 19.98)]
    events: list[tuple[float, SpeechView | FarView]] = [(view.t, view) for view in near]
    events += [(view.t, view) for view in far]
    readings = read(view for _, view in sorted(events, key=lambda pair: pair[0]))
    assert Reason.NO_OFFICER_TRACK in reasons(readings)


def test_readings_lie_within_the_stated_latency_and_repeat() -> None:
    sound = np.concatenate([part for _ in range(9) for part in (low_voice(1.3), hush(4.0))])
    for _ in range(2):
        listener = detector()
        for view in SpeechPerception(FakeHub()).feed(AudioChunk(0.0, sound, RATE)):
            for reading in listener.observe(view):
                assert view.span.end - DETECTOR.latency_s <= reading.span.end <= view.span.end
    assert call(("low", 12.0), ("high", 9.0)) == call(("low", 12.0), ("high", 9.0))


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ((Span(10.0, 13.0),), 10.75),
        ((Span(10.0, 10.6), Span(12.0, 14.4)), 12.0),
        ((Span(10.0, 12.4), Span(14.0, 14.6)), 10.75),
        ((Span(10.0, 10.2), Span(11.0, 11.6), Span(13.0, 15.2)), 13.0),
    ],
)
def test_a_change_is_put_into_the_pause_that_fits(stretches: tuple[Span, ...], expected: float) -> None:
    assert turned_s(stretches) == pytest.approx(expected)
