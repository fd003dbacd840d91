"""Synthetic voices in a synthetic room: who is there, who is only the officer's echo, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from biometrics.detector import DetectorContext
from biometrics.detectors.second_voice import DETECTOR, PERIOD_S, WHISPERED, SecondVoice, build
from biometrics.template import Template
from biometrics.views import FarView, SpeechView
from biometrics.voice.embed import VoiceEncoder
from biometrics.voices.clusters import JOIN
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from models.hub import Rows
from tests.biometrics.voice.fakes import ShapeOfSpectrum, high_voice, hush, low_voice
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
SILENT = np.zeros(0, np.float32)


class Counting(ShapeOfSpectrum):
    """Remembers what it was shown."""

    seen: list[Rows]

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        self.seen = [*getattr(self, "seen", []), inputs[0]]
        return super().__call__(*inputs)


def detector(model: ShapeOfSpectrum | None = None, reference: Template | None = None) -> SecondVoice:
    built = build(
        DetectorContext(
            {"campplus": model or ShapeOfSpectrum()}, {} if reference is None else {"voice": reference}
        )
    )
    assert isinstance(built, SecondVoice)
    return built


def interleaved(near: Sound, far: Sound, loud: float = 5e-3) -> list[SpeechView | FarView]:
    """Both tracks as they come, the officer's packets 60 ms late."""
    sounds: list[tuple[float, SpeechView | FarView]] = [(view.t, view) for view in speech_views(near, loud)]
    sounds += [(view.t + 0.06, view) for view in far_views(far)]
    return [view for _, view in sorted(sounds, key=lambda pair: pair[0])]


def hear(near: Sound, far: Sound | None = None, listener: SecondVoice | None = None) -> list[Reading]:
    """All readings; without ``far`` the officer is silent."""
    listener = listener or detector()
    officer = np.zeros(len(near), np.float32) if far is None else far
    return read(listener, interleaved(near, officer))


def read(listener: SecondVoice, views: Iterable[SpeechView | FarView]) -> list[Reading]:
    readings = [reading for view in views for reading in listener.observe(view)]
    return readings + list(listener.finish())


def observations(readings: Sequence[Reading]) -> list[Observation]:
    return [reading for reading in readings if isinstance(reading, Observation)]


def turns(*parts: tuple[str, float]) -> Sound:
    """ "low", "high" (10 dB down) and "hush" of so many seconds, one after the other, over a background."""
    made = []
    for number, (who, seconds) in enumerate(parts):
        voice = {"low": low_voice, "high": high_voice, "hush": hush}[who]
        made.append((0.3 if who == "high" else 1.0) * voice(seconds, seed=number + 1))
    return np.concatenate(made).astype(np.float32)


ALONE = turns(
    ("hush", 1.0), ("low", 5.0), ("hush", 3.0), ("low", 5.0), ("hush", 3.0), ("low", 5.0), ("hush", 3.0)
)
TWO = turns(("hush", 1.0), ("low", 5.0), ("high", 3.0), ("hush", 1.0), ("low", 5.0), ("hush", 0.5), ("high", 3.0), ("hush", 0.5), ("low", 5.0))  # fmt: skip


def test_one_voice_is_one_voice() -> None:
    found = observations(hear(ALONE))
    assert len(found) >= 2
    assert all(each.score < JOIN for each in found)
    assert all(each.covariates["second_s"] == each.covariates["segments"] == 0.0 for each in found)


def test_another_voice_in_the_pauses_is_found_with_its_clips() -> None:
    found = observations(hear(TWO))
    assert max(each.score for each in found) > JOIN
    flagged = next(each for each in found if each.covariates["segments"])
    assert flagged.covariates["second_s"] > 1.5
    assert flagged.covariates["level_db"] == pytest.approx(-10.0, abs=4.0)
    assert all(ref.span.start >= 5.6 and ref.span.end <= 9.6 for ref in flagged.evidence[:2])
    assert {ref.media for ref in flagged.evidence} == {"audio"}
    assert flagged.model == "campplus@aaaaaaaa"


def test_the_officers_echo_is_nobody() -> None:
    """The officer sounds exactly like the other voice above."""
    officer = turns(("hush", 6.0), ("high", 4.0), ("hush", 6.0), ("high", 4.0), ("hush", 6.0))
    spoken = np.where(np.abs(np.convolve(np.abs(officer), np.ones(1600) / 1600, "same")) > 0.01, officer, 0)
    officer = np.asarray(spoken, np.float32)
    near = turns(("hush", 1.0), ("low", 5.0), ("hush", 5.0), ("low", 5.0), ("hush", 5.0), ("low", 5.0))
    heard = near + 0.5 * in_room(delayed(officer, 0.25), seed=4)[: len(near)]
    with_track = observations(hear(heard, officer[: len(near)]))
    assert with_track
    assert all(each.score < JOIN for each in with_track)
    assert sum(each.covariates["echo_s"] for each in with_track) > 4.0
    without = observations(hear(heard))
    assert max(each.score for each in without) > JOIN, "it would have been taken for somebody"


def test_without_the_officers_track_nothing_is_claimed() -> None:
    readings = read(detector(), speech_views(TWO))
    assert {type(each) for each in readings} == {Abstention}
    assert {each.reason for each in readings if isinstance(each, Abstention)} == {Reason.NO_OFFICER_TRACK}


def test_no_voiceprint_is_made_of_the_officers_sound() -> None:
    """While only the officer talks, with and without an echo, the encoder is never asked."""
    model, officer = Counting(), murmur(26.0, seed=8)
    echo = 0.3 * in_room(delayed(officer, 0.2), seed=4) + background(26.0)
    for near in (background(26.0), echo.astype(np.float32)):
        readings = hear(near, officer, detector(model))
        assert readings
        assert all(isinstance(each, Abstention) for each in readings)
    assert model.calls == 0


def test_what_the_encoder_is_shown_does_not_depend_on_the_officers_sound() -> None:
    models = Counting(), Counting()
    for model, far in zip(models, (np.zeros(len(TWO), np.float32), murmur(len(TWO) / RATE, 9)), strict=True):
        hear(TWO, far[: len(TWO)], detector(model))
    assert models[0].calls == models[1].calls > 10
    assert all(np.array_equal(one, other) for one, other in zip(models[0].seen, models[1].seen, strict=True))


def test_whispering_in_the_pauses_is_found_and_says_so() -> None:
    near = ALONE.copy()
    for start_s in (6.3, 14.3):
        whisper = 0.15 * murmur(2.4, seed=round(start_s))
        near[round(start_s * RATE) : round(start_s * RATE) + len(whisper)] += whisper
    views = interleaved(near, np.zeros(len(near), np.float32), loud=0.025)
    found = [each for each in observations(read(detector(), views)) if each.covariates["whisper_s"] > 0]
    assert found
    assert all(each.score == WHISPERED for each in found if each.covariates["whisper_s"] >= 1.5)
    assert any(abs(ref.span.start - 6.3) < 0.4 for ref in found[0].evidence)
    assert found[0].covariates["level_db"] < -12.0


def test_with_a_reference_whoever_resembles_it_is_the_applicant() -> None:
    """The other voice speaks more than the applicant here."""
    near = turns(("hush", 1.0), ("high", 9.0), ("hush", 0.5), ("low", 4.0), ("high", 9.0), ("hush", 0.5))
    encoder = VoiceEncoder(ShapeOfSpectrum())
    reference = Template("voice", encoder.embed(low_voice(8.0, seed=9)), encoder.model)
    told = observations(hear(near, listener=detector(reference=reference)))
    dominant = observations(hear(near))
    assert told[-1].covariates["second_s"] > dominant[-1].covariates["second_s"]


@pytest.mark.parametrize(
    ("near", "reason"),
    [
        (hush(26.0), Reason.NO_SPEECH),
        (turns(("hush", 6.0), ("low", 0.6), ("hush", 19.0)), Reason.NOT_ENOUGH_SPEECH),
        (turns(("hush", 6.0), ("low", 2.2), ("hush", 18.0)), Reason.NOT_ENOUGH_SPEECH),
        (np.clip(turns(("hush", 1.0), ("low", 25.0)) * 30, -1, 1), Reason.CLIPPED),
        (0.05 * ALONE + 0.004 * np.random.default_rng(0).standard_normal(len(ALONE)).astype(np.float32), Reason.NOISY),
    ],
    ids=["silence", "a word", "too little", "clipped", "noise"],
)  # fmt: skip
def test_what_cannot_be_told_is_an_abstention_with_its_reason(near: Sound, reason: Reason) -> None:
    readings = hear(near)
    assert observations(readings) == []
    assert reason in {each.reason for each in readings if isinstance(each, Abstention)}


def test_lost_media_is_said() -> None:
    views = [
        replace(view, lost_s=0.4 if number % 3 == 2 else 0.0) if isinstance(view, SpeechView) else view
        for number, view in enumerate(interleaved(TWO, np.zeros(len(TWO), np.float32)))
    ]
    reasons = {each.reason for each in read(detector(), views) if isinstance(each, Abstention)}
    assert Reason.MEDIA_LOST in reasons


def test_it_reads_every_twelve_seconds_and_finishes_once() -> None:
    listener = detector()
    readings = hear(ALONE, listener=listener)
    assert [each.span.end for each in readings] == pytest.approx([12.288, 24.576])
    assert readings[0].span.duration_s == pytest.approx(PERIOD_S, abs=0.52)
    assert list(listener.finish()) == []
    assert hear(ALONE) == hear(ALONE)


def test_it_declares_what_it_hears() -> None:
    assert (DETECTOR.view, DETECTOR.hears_far, DETECTOR.consent) == (SpeechView, True, "voice")
