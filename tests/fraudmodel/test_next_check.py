"""The next check: what a measurement is expected to tell, and which check is worth its seconds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from fraudmodel.assessment import AbsentSignal
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.checks import load_checks, parse_checks
from fraudmodel.errors import ParametersError
from fraudmodel.explaining import STEP_NATS, Adviser
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.llr import posterior
from fraudmodel.next_check import best_check, bits_of, expected_change, question, separation_of, worth_of
from fraudmodel.parameters import Parameters, load_parameters
from fraudmodel.signals import Reason, SignalKind
from fraudmodel.weighing import Weighing
from tests.fraudmodel.builders import FACE, PAD, SWITCH, VOICE, fusion, parameters, signal

CHECKS = load_checks()
SHIPPED = load_parameters()
FLASH = SignalKind("flash_challenge")
PRIOR = 0.005


def by_quadrature(
    prior: float, present: Mapping[SignalKind, float], weighed: float, used: Parameters
) -> float:
    """E |dL| of one more signal in a fusion of one component, by numerical integration."""
    kinds = (*present, VOICE)
    mixture = used.fusion.over(kinds)
    now = float(mixture.evidence(np.array([*present.values(), 0.0])))
    worth = worth_of(used.signals[VOICE])
    d = worth.separation

    def change(llr: float) -> float:
        drawn = used.signals[VOICE].in_force(llr)
        return abs(float(mixture.evidence(np.array([*present.values(), drawn]))) - now)

    def over(mean: float) -> float:
        return float(
            quad(lambda x: change(x) * norm.pdf(x, mean, d), mean - 9 * d, mean + 9 * d, limit=400)[0]
        )

    fraud = posterior(prior, now)
    clean, disturbed = over(-(d**2) / 2.0), over(d**2 / 2.0)
    if used.fusion.weighing is Weighing.SCALED:
        return (1.0 - fraud) * clean + fraud * over((weighed - 0.5) * d**2)
    return (1.0 - fraud) * clean + fraud * ((1.0 - weighed) * clean + weighed * disturbed)


@pytest.mark.parametrize("bits", [0.05, 0.3, 0.55, 0.84, 0.97])
def test_the_separation_tells_the_bits_that_the_calibration_measured(bits: float) -> None:
    assert bits_of(separation_of(bits)) == pytest.approx(bits, abs=1e-9)
    d = separation_of(bits)
    rng = np.random.default_rng(0)
    fraud = d**2 / 2.0 + d * rng.standard_normal(400_000)
    cost = float(np.log2(1.0 + np.exp(-fraud)).mean())
    assert 1.0 - cost == pytest.approx(bits, abs=0.01)


@pytest.mark.parametrize("weight", [1.0, 0.5])
@pytest.mark.parametrize("prior", [0.005, 0.3, 0.9])
@pytest.mark.parametrize("weighing", Weighing)
def test_the_expected_change_is_the_integral_over_the_present_posterior(
    weight: float, prior: float, weighing: Weighing
) -> None:
    groups = (Group("f", (FACE,), 0.5), Group("v", (VOICE,), 0.5))
    one = Fusion(
        "1", "t", 50.0, groups, (Component("f", "c", 1.0, {FACE: 1.0, VOICE: weight}),), weighing=weighing
    )
    used = replace(parameters(signal(FACE), signal(VOICE, discount=0.5, cap=1.5)), fusion=one)
    got = expected_change(one, prior, {FACE: 1.2}, {VOICE: worth_of(used.signals[VOICE])})
    assert got == pytest.approx(by_quadrature(prior, {FACE: 1.2}, weight, used), rel=0.02)


@settings(max_examples=40)
@given(st.lists(st.floats(-4.0, 4.0), min_size=3, max_size=3), st.floats(0.001, 0.9))
def test_more_information_is_never_expected_to_change_less(llrs: list[float], prior: float) -> None:
    present = dict(zip((FACE, SWITCH, PAD), llrs, strict=True))
    gains = [
        expected_change(fusion(), prior, present, {VOICE: worth_of(signal(VOICE, information=bits))})
        for bits in (0.1, 0.4, 0.8)
    ]
    assert 0.0 <= gains[0] <= gains[1] <= gains[2]


def test_a_question_that_is_kept_is_small_and_tells_what_a_new_one_would() -> None:
    worths = {FLASH: worth_of(SHIPPED.signals[FLASH])}
    kept = question(SHIPPED.fusion, (PAD,), worths)
    assert kept.mixture.refits is None
    for llr in (-0.5, 0.0, 0.5):
        assert kept.expected_change(PRIOR, (llr,)) == expected_change(
            SHIPPED.fusion, PRIOR, {PAD: llr}, worths
        )


def test_a_signal_that_no_component_weighs_changes_nothing() -> None:
    stranger = SignalKind("stranger")
    assert expected_change(fusion(), PRIOR, {FACE: 1.0}, {stranger: worth_of(signal(VOICE))}) == 0.0


def absent(**reasons: Reason) -> list[AbsentSignal]:
    return [AbsentSignal(SignalKind(kind), reason) for kind, reason in reasons.items()]


def advised(
    used: Parameters = SHIPPED, present: Mapping[SignalKind, float] | None = None, **reasons: Reason
) -> Any:  # noqa: ANN401
    return Adviser(CHECKS, used, PRIOR).next_check(present or {}, absent(**reasons))


def test_the_best_check_is_that_of_the_most_change_a_second() -> None:
    best = advised(flash_challenge=Reason.NOT_CHALLENGED, voice_match=Reason.NOISY, face_pad=Reason.BLURRED)
    rates = {}
    for name, kinds in CHECKS.possible(
        absent(flash_challenge=Reason.NOT_CHALLENGED, voice_match=Reason.NOISY, face_pad=Reason.BLURRED)
    ).items():
        worths = {kind: worth_of(SHIPPED.signals[kind]) for kind in kinds}
        rates[name] = expected_change(SHIPPED.fusion, PRIOR, {}, worths) / CHECKS.checks[name].seconds
    assert best.check == max(rates, key=lambda name: rates[name])
    assert best.gain / best.seconds == pytest.approx(max(rates.values()))


def test_a_challenge_can_be_started_and_says_what_it_would_let_measure() -> None:
    best = advised(flash_challenge=Reason.NOT_CHALLENGED)
    assert (best.check, best.starts, best.kinds) == ("flash", "flash", (FLASH,))
    again = advised(flash_challenge=Reason.AMBIENT_LIGHT)
    assert (again.check, again.starts) == ("flash_in_the_dark", "flash")


@pytest.mark.parametrize(
    "reason",
    [Reason.NO_CONSENT, Reason.MODEL_NOT_INSTALLED, Reason.CHALLENGE_REFUSED, Reason.CHALLENGE_SPARED, Reason.NOT_CALIBRATED, Reason.CHANNEL_OFF],
)  # fmt: skip
def test_what_cannot_be_helped_now_is_not_asked_for(reason: Reason) -> None:
    assert advised(flash_challenge=reason, face_match=reason, voice_match=reason) is None


def test_what_has_just_measured_is_not_asked_for_again() -> None:
    assert advised(present={FLASH: -1.0, SignalKind("face_match"): -1.0}) is None


def test_a_challenge_that_is_not_calibrated_would_change_nothing_and_is_not_proposed() -> None:
    assert SignalKind("pose_challenge") not in SHIPPED.signals
    assert advised(pose_challenge=Reason.NOT_CHALLENGED) is None


def test_several_signals_that_one_check_mends_count_together() -> None:
    both = advised(face_match=Reason.TOO_DARK, face_pad=Reason.TOO_DARK)
    one = advised(face_match=Reason.TOO_DARK)
    assert both.check == one.check == "light"
    assert both.gain > one.gain


def test_behaviour_is_never_asked_for() -> None:
    assert not BEHAVIOUR & {kind for kind, _ in CHECKS.mends}
    reasons = {kind: reason for kind in BEHAVIOUR for reason in (Reason.SHORT_BASELINE,)}
    assert CHECKS.possible(AbsentSignal(kind, reason) for kind, reason in reasons.items()) == {}
    for reason in Reason:
        assert CHECKS.possible(AbsentSignal(kind, reason) for kind in BEHAVIOUR) == {}


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from([FACE, PAD, VOICE]), st.floats(-3.0, 3.0)), st.integers(0, 5))
def test_what_it_remembers_changes_no_answer(present: dict[SignalKind, float], others: int) -> None:
    """An answer is that of the rounded state, whatever was asked before."""
    missing = absent(flash_challenge=Reason.NOT_CHALLENGED)
    fresh, busy = (Adviser(CHECKS, SHIPPED, PRIOR) for _ in range(2))
    for step in range(others):
        busy.next_check({FACE: step * STEP_NATS}, missing)
    nudged = {kind: STEP_NATS * round(llr / STEP_NATS) for kind, llr in present.items()}
    assert fresh.next_check(present, missing) == busy.next_check(nudged, missing)


def test_of_checks_that_are_not_expected_to_change_enough_none_is_proposed() -> None:
    dull = replace(CHECKS, least=log(1e6))
    possible = dull.possible(absent(flash_challenge=Reason.NOT_CHALLENGED))
    assert best_check(dull, possible, lambda _: 13.8) is None
    assert best_check(dull, possible, lambda _: 13.9) is not None


def test_what_else_is_asked_for_does_not_let_a_challenge_measure() -> None:
    """Light on the face mends the face's own signals; a challenge has to be put again."""
    possible = CHECKS.possible(absent(flash_challenge=Reason.NO_VIDEO, face_pad=Reason.NO_VIDEO))
    assert possible == {"camera": ("face_pad",), "flash": (FLASH,)}
    for kind in CHECKS.challenges:
        for reason in Reason:
            for name in CHECKS.possible([AbsentSignal(kind, reason)]):
                assert CHECKS.checks[name].starts is not None


def test_the_challenges_of_the_document_are_those_of_the_product() -> None:
    assert CHECKS.challenges == {"flash_challenge", "pose_challenge", "digits_challenge"}


def document(**changed: Any) -> str:  # noqa: ANN401 - any JSON
    check = {"id": "a", "seconds": 10, "mends": ["noisy"], "zh-Hans": "一", "zh-Hant": "一", "en": "one"}
    return json.dumps(
        {"version": "1", "source": "by hand", "least_decibans": 0.5, "checks": [check, changed]}, indent=1
    )


OTHER = {"id": "b", "seconds": 5, "mends": ["too_dark"], "zh-Hans": "二", "zh-Hant": "二", "en": "two"}


def test_a_check_of_one_signal_comes_before_that_of_any() -> None:
    checks = parse_checks(document(**{**OTHER, "mends": ["noisy"], "signals": ["voice_match"]}))
    assert checks.possible(absent(voice_match=Reason.NOISY, voice_pad=Reason.NOISY)) == {
        "a": ("voice_pad",),
        "b": ("voice_match",),
    }


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({**OTHER, "seconds": 0}, r"line \d+: checks\[1\]\.seconds must be above 0"),
        ({**OTHER, "id": "a"}, "id is a, which another check is called already"),
        ({**OTHER, "mends": ["noisy"]}, r"mends\[0\] of any signal is what a mends already"),
        ({**OTHER, "mends": ["moon"]}, "must be one of not_yet"),
        ({**OTHER, "starts": "flash"}, "starts needs the signals beside it"),
        ({**OTHER, "starts": "song", "signals": ["x"]}, "must be one of flash, pose, digits"),
        ({**OTHER, "signals": ["behaviour"]}, "cannot be behaviour: behaviour is never asked for"),
        ({**OTHER, "price": 3}, "price is not a field"),
        ({**OTHER, "zh-Hant": ""}, "zh-Hant must be a text"),
    ],
)
def test_malformed_checks_are_refused_with_the_line(changed: dict[str, Any], what: str) -> None:
    with pytest.raises(ParametersError, match=what):
        parse_checks(document(**changed), "checks.json")
