from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.challenges.digits import digits_plan
from biometrics.detectors.digits_challenge import DETECTOR, DigitsChallenge
from biometrics.evaluation.digits_scene import FIRST_S, facts
from biometrics.views import Fact, SpeechView
from biometrics.voice.embed import VoiceEncoder
from fraudmodel.signals import Abstention, Observation, Reading, Reason, Span
from tests.biometrics.detectors.playing import played
from tests.biometrics.voice.fakes import ShapeOfSpectrum

SEED = b"the session's secret"
PLAN = digits_plan(SEED)
RATE_HZ = 16_000
LATENCIES = (0.41, 0.55, 0.62, 0.38, 0.5, 0.44, 0.68, 0.52)
LATE_S = 0.4
_LEVELS = np.linspace(0.02, 0.2, 10)


@dataclass
class Loudness:
    """Understands digits by how loud they are, so that a test can say them without a voice; of one language only."""

    language: str = "en"

    def hear(self, samples: NDArray[np.float32], language: str) -> int | None:
        if language != self.language:
            return None
        loud = samples[np.abs(samples) > 0.005]
        return int(np.abs(_LEVELS - float(np.sqrt(np.mean(np.square(loud))))).argmin()) if len(loud) else None


def session(
    latencies: Sequence[float | None] = LATENCIES, digits: str = PLAN.digits, noise: float = 1e-4
) -> list[SpeechView]:
    """Bursts of noise after the digits, each as loud as its digit; None says nothing."""
    rng = np.random.default_rng(8)
    samples = rng.normal(0.0, noise, 24 * 8192).astype(np.float32)
    for k, (digit, wait) in enumerate(zip(digits, latencies, strict=True)):
        if wait is not None:
            first = round((FIRST_S + 0.9 * k + wait) * RATE_HZ)
            tone = np.sin(np.arange(5600) * (0.3 + 0.1 * int(digit))) + 0.3 * rng.normal(size=5600)
            samples[first : first + 5600] += (tone / tone.std() * _LEVELS[int(digit)]).astype(np.float32)
    return views(samples)


def views(samples: NDArray[np.float32]) -> list[SpeechView]:
    loud = np.square(samples.reshape(-1, 512)).mean(axis=1) > 1e-4
    speech = np.where(loud, 0.95, 0.02).astype(np.float32)
    return [
        SpeechView(
            Span(k * 0.512, (k + 1) * 0.512),
            samples[k * 8192 : (k + 1) * 8192],
            speech[k * 16 : (k + 1) * 16],
            0.0,
        )
        for k in range(len(samples) // 8192)
    ]


def play(
    heard: Iterable[SpeechView], told: Iterable[Fact], late_s: float = LATE_S, language: str = "en"
) -> list[tuple[float, Reading]]:
    detector = DigitsChallenge(VoiceEncoder(ShapeOfSpectrum()), Loudness(language))
    return played(detector, heard, told, late_s)


def observed(
    heard: Iterable[SpeechView], told: Iterable[Fact], late_s: float = LATE_S, language: str = "en"
) -> Observation:
    ((_, reading),) = play(heard, told, late_s, language)
    assert isinstance(reading, Observation), reading
    return reading


def abstained(heard: Iterable[SpeechView], told: Iterable[Fact]) -> Abstention:
    ((_, reading),) = play(heard, told)
    assert isinstance(reading, Abstention), reading
    return reading


@pytest.mark.parametrize("late_s", [0.0, 0.4, 3.0])
def test_digits_that_are_read_are_believed_however_late_the_facts_come(late_s: float) -> None:
    reading = observed(session(), facts(SEED), late_s)
    assert reading.score < -4.0
    told = reading.covariates
    assert (told["hits"], told["missing"], told["extra"]) == (8.0, 0.0, 0.0)
    assert (told["content_known"], told["followed"], told["too_fast"]) == (1.0, 1.0, 0.0)
    assert told["latency_s"] == pytest.approx(np.mean(LATENCIES), abs=0.02)
    assert told["latency_sd_s"] == pytest.approx(np.std(LATENCIES, ddof=1), abs=0.02)
    assert [told[f"said_{k}"] for k in range(8)] == [float(digit) for digit in PLAN.digits]


def test_the_reading_points_at_the_challenge() -> None:
    reading = observed(session(), facts(SEED))
    (where,) = reading.evidence
    assert where.media == "audio"
    assert where.span.start == FIRST_S
    assert where.span.end == pytest.approx(FIRST_S + 7 * 0.9 + 1.0)


def test_another_order_is_neither_believed_nor_held_against_anybody() -> None:
    reading = observed(session(digits=digits_plan(b"another session's").digits), facts(SEED))
    assert 0.0 <= reading.score < 0.1
    assert reading.covariates["followed"] == 0.0
    assert "said_0" not in reading.covariates


def test_a_language_that_is_not_understood_is_no_wrong_content() -> None:
    reading = observed(session(), facts(SEED), language="none of ours")
    assert reading.covariates["content_known"] == 0.0
    assert reading.score <= 0.0


def test_the_second_language_is_heard_too() -> None:
    reading = observed(session(), facts(SEED), language="zh")
    assert reading.covariates["language"] == 1.0
    assert reading.covariates["hits"] == 8.0


def test_speech_as_even_as_a_machine_points_the_other_way() -> None:
    reading = observed(session([0.5] * 8), facts(SEED))
    assert reading.covariates["latency_cv"] < 0.04
    assert reading.covariates["hits"] == 8.0
    assert reading.score > 1.0


def test_digits_said_before_anybody_could_read_them_are_not_believed() -> None:
    reading = observed(session([-0.1 - 0.02 * (k % 3) for k in range(8)]), facts(SEED))
    assert reading.covariates["too_fast"] == 1.0
    assert reading.covariates["followed"] == 0.0
    assert reading.score == pytest.approx(np.log(6.7))


def test_nobody_is_too_even_or_too_fast_for_times_of_arrival() -> None:
    late = [
        replace(fact, values={**fact.values, "clock": "arrival"}) if fact.values["event"] == "show" else fact
        for fact in facts(SEED)
    ]
    reading = observed(session([0.5] * 8), late)
    assert "latency_cv" not in reading.covariates
    assert reading.score < -1.0, "it is not known whether a machine reads"


def test_missing_digits_are_counted() -> None:
    reading = observed(session([*LATENCIES[:6], None, None]), facts(SEED))
    assert reading.covariates["missing"] == 2.0


def test_silence_is_said_so() -> None:
    assert abstained(session([None] * 8), facts(SEED)).reason is Reason.NO_SPEECH


def test_speech_after_few_digits_is_not_judged() -> None:
    reading = abstained(session([*LATENCIES[:3], *[None] * 5]), facts(SEED))
    assert reading.reason is Reason.NOT_ENOUGH_SPEECH
    assert reading.detail == "3 of 8 digits were followed by speech"


def test_a_noisy_an_overdriven_and_a_broken_line_are_said_so() -> None:
    loud = session()
    noisy = [
        replace(v, samples=v.samples + np.random.default_rng(k).normal(0, 0.08, 8192).astype(np.float32))
        for k, v in enumerate(loud)
    ]
    assert abstained(noisy, facts(SEED)).reason is Reason.NOISY
    clipped = [replace(view, samples=np.clip(view.samples * 20, -1, 1)) for view in loud]
    assert abstained(clipped, facts(SEED)).reason is Reason.CLIPPED
    torn = [view for k, view in enumerate(loud) if k % 4]
    assert abstained(torn, facts(SEED)).reason is Reason.MEDIA_LOST


def test_a_telephone_is_said_so() -> None:
    samples = np.concatenate([view.samples for view in session()])
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE_HZ) > 2500] = 0
    narrow = views(np.fft.irfft(spectrum, len(samples)).astype(np.float32))
    assert abstained(narrow, facts(SEED)).reason is Reason.NARROWBAND


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("refused", Reason.CHALLENGE_REFUSED),
        ("spared", Reason.CHALLENGE_SPARED),
        ("unseen", Reason.CHALLENGE_UNSEEN),
        ("expired", Reason.CHALLENGE_UNSEEN),
        ("cancelled", Reason.NOT_CHALLENGED),
    ],
)
def test_a_challenge_that_was_not_done_is_not_judged(how: str, reason: Reason) -> None:
    assert abstained(session(), facts(SEED, how)).reason is reason
    assert abstained(session(), facts(SEED, how)[-1:]).reason is reason


def test_a_page_that_was_hidden_showed_nothing() -> None:
    hidden = Fact(FIRST_S + 2.0, "page", {"event": "visibility", "hidden": True})
    reading = abstained(session(), [*facts(SEED), hidden])
    assert reading.reason is Reason.CHALLENGE_UNSEEN
    assert "hidden" in reading.detail


def test_times_that_were_not_reported_are_as_the_plan_has_them() -> None:
    told = [fact for fact in facts(SEED) if fact.values.get("k") not in (1, 5)]
    assert observed(session(), told).covariates["hits"] == 8.0


def test_the_end_of_media_cuts_a_challenge_short() -> None:
    upto = [view for view in session() if view.t < FIRST_S + 5.4]
    told = [fact for fact in facts(SEED)[:-1] if fact.t < FIRST_S + 4.9]
    assert observed(upto, told, late_s=0.0).covariates["digits"] == 6.0


def test_an_end_without_a_beginning_is_said_so_and_once() -> None:
    end = facts(SEED)[-1]
    assert abstained(session(), [end, end]).reason is Reason.CHALLENGE_UNSEEN


@pytest.mark.parametrize("odd", [{"seed": "not hex"}, {"seed": None}, {"seed": ""}])
def test_a_beginning_that_makes_no_plan_ends_unseen(odd: dict[str, Any]) -> None:
    begin, *rest = facts(SEED)
    told = [replace(begin, values=dict(begin.values) | odd), *rest]
    assert abstained(session(), told).reason is Reason.CHALLENGE_UNSEEN


@pytest.mark.parametrize(
    "odd", [{"k": "1"}, {"k": 99}, {"k": -1}, {"shown_s": None}, {"shown_s": float("nan")}]
)
def test_a_step_that_says_nothing_usable_is_passed_over(odd: dict[str, Any]) -> None:
    begin, first, second, *rest = facts(SEED)
    told = [begin, first, replace(second, values=dict(second.values) | odd), *rest]
    assert observed(session(), told).covariates["hits"] == 8.0


def test_two_challenges_make_two_readings() -> None:
    again = [replace(fact, values=dict(fact.values) | {"challenge": "d"}) for fact in facts(SEED)]
    given = play(session(), [*facts(SEED)[:-1], again[0], *again[1:]], late_s=0.0)
    assert len(given) == 2


def mouth(moves: bool, until_s: float = 12.0, tracks: int = 1) -> list[Fact]:
    """A mouth at 25 looks a second, open by 0.3 of the eyes' distance: moving as in speech, or held still."""
    rng = np.random.default_rng(3)
    opening = 0.3 + (0.05 if moves else 0.002) * rng.normal(size=300)
    return [
        Fact(k / 25, "mouth", {"track": k * tracks // 300, "opening": float(opening[k])})
        for k in range(300)
        if k / 25 < until_s
    ]


def with_mouth(looks: list[Fact]) -> Observation:
    """The digits read well, with this mouth in sight."""
    return observed(session(), [*facts(SEED), *looks], late_s=0.0)


def test_a_mouth_that_moves_on_the_digits_is_said_so_and_changes_nothing() -> None:
    blind, reading = observed(session(), facts(SEED), late_s=0.0), with_mouth(mouth(moves=True))
    assert (reading.covariates["mouth_seen"], reading.covariates["mouth_moved"]) == (8.0, 8.0)
    assert reading.covariates["mouth_still"] == 0.0
    assert reading.score == blind.score
    assert "mouth_seen" not in blind.covariates


def test_digits_over_a_still_mouth_are_not_followed() -> None:
    reading = with_mouth(mouth(moves=False))
    assert (reading.covariates["mouth_seen"], reading.covariates["mouth_moved"]) == (8.0, 0.0)
    assert (reading.covariates["hits"], reading.covariates["followed"]) == (8.0, 0.0)
    assert reading.score >= 0.0


def test_a_mouth_out_of_sight_most_of_the_time_says_nothing() -> None:
    reading = with_mouth(mouth(moves=False, until_s=FIRST_S + 3.0))
    assert "mouth_seen" not in reading.covariates
    assert reading.covariates["followed"] == 1.0


def test_another_face_in_the_middle_of_a_digit_is_no_mouth_seen_throughout() -> None:
    reading = with_mouth(mouth(moves=False, tracks=30))
    assert "mouth_seen" not in reading.covariates


def test_it_is_told_of_digits_and_the_page_and_needs_the_voice() -> None:
    assert DETECTOR.topics == ("digits", "page", "mouth")
    assert DETECTOR.consent == "voice"


def test_no_voiceprint_is_made_while_nothing_is_asked() -> None:
    encoder = ShapeOfSpectrum()
    detector = DigitsChallenge(VoiceEncoder(encoder), Loudness("en"))
    speech = np.ones(16, np.float32)
    for k in range(40):
        samples = np.random.default_rng(k).normal(0.0, 0.1, 8192).astype(np.float32)
        list(detector.observe(SpeechView(Span(k * 0.512, (k + 1) * 0.512), samples, speech, 0.0)))
    assert encoder.calls == 0
