"""The voice alone, as one LLR of three classes."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.assessor import Assessor
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.parameters import Parameters
from fraudmodel.voice_decision import IMPOSTOR, SPOOF, decide, spoof_share
from fraudmodel.weighing import Weighing
from tests.fraudmodel.builders import FACE, fusion, observation, policy, signal

LLR = st.floats(-20.0, 20.0)
VOICES = Fusion(
    version="test",
    source="by hand",
    equivalent_cases=20.0,
    groups=(Group("voice", (IMPOSTOR, SPOOF), 0.5), Group("face", (FACE,), 0.5)),
    components=(
        Component("impostor", "another person", 0.45, {IMPOSTOR: 1.0, FACE: 1.0}),
        Component("voice_attack", "cloned voice", 0.15, {SPOOF: 1.0}),
        Component("presentation", "screen", 0.4, {FACE: 1.0}),
    ),
)


def test_by_hand() -> None:
    """Three of four frauds by voice are other people: log(0.75 / 2 + 0.25 * 8)."""
    decision = decide({IMPOSTOR: log(0.5), SPOOF: log(8.0)}, VOICES)
    assert decision is not None
    assert decision.llr == pytest.approx(log(2.375), abs=1e-12)


def test_the_share_of_machines_follows_the_priors() -> None:
    assert spoof_share(VOICES) == pytest.approx(0.25, abs=1e-12)
    assert spoof_share(fusion()) == 0.5  # no component weighs a countermeasure


def test_a_way_that_seldom_disturbs_a_voice_counts_as_seldom() -> None:
    seldom = replace(VOICES.components[2], weights={FACE: 1.0, IMPOSTOR: 0.1, SPOOF: 0.25})
    mixed = replace(VOICES, components=(*VOICES.components[:2], seldom))
    assert spoof_share(mixed) == pytest.approx((0.15 + 0.1) / (0.45 + 0.04 + 0.15 + 0.1), abs=1e-12)
    # A weight that scales is no share: interviews that keep one are assessed as they were.
    before = replace(mixed, weighing=Weighing.SCALED)
    assert spoof_share(before) == pytest.approx((0.15 + 0.4) / (0.45 + 0.4 + 0.15 + 0.4), abs=1e-12)


def test_no_voice_no_decision() -> None:
    assert decide({FACE: 3.0}, VOICES) is None


@given(LLR)
def test_a_class_that_was_not_measured_counts_as_even(llr: float) -> None:
    decision = decide({SPOOF: llr}, VOICES)
    assert decision is not None
    assert decision.impostor is None
    assert exp(decision.llr) == pytest.approx(0.75 + 0.25 * exp(llr), rel=1e-9)


@given(LLR, LLR)
def test_it_lies_between_its_parts(impostor: float, spoof: float) -> None:
    decision = decide({IMPOSTOR: impostor, SPOOF: spoof}, VOICES)
    assert decision is not None
    assert min(impostor, spoof) - 1e-9 <= decision.llr <= max(impostor, spoof) + 1e-9


def test_an_assessment_carries_it() -> None:
    used = Parameters("test+1", {kind: signal(kind) for kind in (IMPOSTOR, SPOOF, FACE)}, VOICES)
    session = Assessor(used, policy(), 0.01, {})
    session.add(observation(FACE, 2.0))
    assert session.assess(1.0).voice is None
    session.add(observation(IMPOSTOR, -2.0))
    alone = session.assess(2.0).voice
    assert alone is not None
    assert alone.impostor == pytest.approx(-2.0)
    assert alone.spoof is None
    assert alone.llr == pytest.approx(log(0.75 * exp(-2.0) + 0.25))
    session.add(observation(SPOOF, 3.0))
    found = session.assess(3.0)
    assert found.voice is not None
    assert found.voice.llr == pytest.approx(log(0.75 * exp(-2.0) + 0.25 * exp(3.0)))
