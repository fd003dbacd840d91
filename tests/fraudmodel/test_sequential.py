"""The sequential test: Wald's bounds, that it only proposes, that it goes on where it was left, and that it keeps its error rate."""

from __future__ import annotations

from dataclasses import replace
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.assessment import Band, Crossing, Sequential
from fraudmodel.assessor import Assessor, reach
from fraudmodel.calibration import FloatArray
from fraudmodel.document import Node
from fraudmodel.errors import ParametersError
from fraudmodel.explaining import load_explanation
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.intervals import rate
from fraudmodel.llr import logit
from fraudmodel.parameters import Parameters, load_parameters
from fraudmodel.policy import load_policy
from fraudmodel.pooling import Pooling
from fraudmodel.sequential import ErrorRates, advanced, parse_error_rates, proposed
from fraudmodel.signals import SignalKind
from tests.fraudmodel.builders import (
    FACE,
    PAD,
    SWITCH,
    VOICE,
    fusion,
    observation,
    parameters,
    policy,
    signal,
)

RATES = ErrorRates(0.01, 0.1)
LOOKS = st.lists(st.floats(-8.0, 8.0), max_size=30)


def after(looks: list[float], *, covered: bool = True) -> Sequential:
    test = RATES.begin()
    for index, evidence in enumerate(looks):
        test = advanced(test, index / 2, evidence, covered=covered, checked_at=-inf)
    return test


def test_the_shipped_policy_names_the_error_rates_and_their_bounds_are_walds() -> None:
    assert load_policy().sequential == RATES
    assert (RATES.upper, RATES.lower) == pytest.approx((log(90.0), log(0.1 / 0.99)))
    assert (round(RATES.upper, 1), round(RATES.lower, 1)) == (4.5, -2.3)


@given(LOOKS)
def test_it_is_the_first_crossing_that_is_kept(looks: list[float]) -> None:
    test = after(looks)
    up = next((i for i, each in enumerate(looks) if each >= RATES.upper), None)
    down = next((i for i, each in enumerate(looks) if each <= RATES.lower), None)
    if up is not None:
        assert (test.crossed, test.at) == (Crossing.UP, up / 2)
    elif down is not None:
        assert (test.crossed, test.at) == (Crossing.DOWN, down / 2)
    else:
        assert test == RATES.begin()


@given(LOOKS, st.integers(0, 30))
def test_taken_up_again_it_goes_on_as_if_it_had_never_stopped(looks: list[float], at: int) -> None:
    test = after(looks[:at])
    for index, evidence in enumerate(looks[at:], start=len(looks[:at])):
        test = advanced(test, index / 2, evidence, covered=True, checked_at=-inf)
    assert test == after(looks)


@given(LOOKS)
def test_what_was_hardly_measured_releases_nobody(looks: list[float]) -> None:
    assert after(looks, covered=False).crossed is not Crossing.DOWN


@given(st.sampled_from(Band), LOOKS)
def test_it_proposes_a_check_and_nothing_else(band: Band, looks: list[float]) -> None:
    test = after(looks)
    raised = band is Band.PROCEED and test.crossed is Crossing.UP
    assert proposed(band, test) is (Band.STEP_UP if raised else band)
    assert proposed(band, None) is band


def test_its_proposal_lapses_with_a_challenge_that_came_after_it() -> None:
    flagged = after([5.0, -1.0])
    earlier = advanced(flagged, 9.0, -3.0, covered=True, checked_at=0.0)
    assert proposed(Band.PROCEED, earlier) is Band.STEP_UP
    later = advanced(flagged, 9.0, -3.0, covered=True, checked_at=8.5)
    assert (later.crossed, later.at, later.checked_at) == (Crossing.UP, 0.0, 8.5)
    assert proposed(Band.PROCEED, later) is Band.PROCEED
    assert advanced(later, 10.0, -3.0, covered=True, checked_at=9.5) == later


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ('{"alpha": 0.01}', "line 1: the document lacks the field"),
        ('{\n"alpha": 0.01,\n"beta": 1.2}', "line 3: beta must lie in 0..1"),
        (
            '{"alpha": 0.5, "beta": 0.5}',
            "line 1: the document cannot be used: alpha and beta must be above 0",
        ),
        ('{"alpha": 0.0, "beta": 0.5}', "they are 0 and 0.5"),
    ],
)
def test_error_rates_that_make_no_test_are_refused_with_the_line(document: str, where: str) -> None:
    with pytest.raises(ParametersError, match=where):
        parse_error_rates(Node.parse(document, "policy.json"))


def parameters_of_session() -> Parameters:
    return parameters(
        *(signal(kind, pooling=Pooling(trim=0.0), bounds=(-9.0, 9.0)) for kind in (FACE, SWITCH, PAD, VOICE))
    )


def session(used: Parameters | None = None) -> Assessor:
    chosen = used or parameters_of_session()
    return Assessor(chosen, replace(policy(), sequential=RATES), 1e-6, {}, load_explanation())


def test_an_assessment_says_where_the_test_stands_and_keeps_proposing_the_check() -> None:
    judged = session()
    for kind in (FACE, SWITCH, PAD, VOICE):
        judged.add(observation(kind, 9.0, t=1.0))
    crossed = judged.assess(1.0)
    for kind in (FACE, SWITCH, PAD, VOICE):
        for t in range(200):
            judged.add(observation(kind, -9.0, t=2.0 + t))
    calm = judged.assess(300.0)
    assert crossed.sequential is not None
    assert crossed.sequential.crossed is Crossing.UP
    assert calm.sequential == crossed.sequential
    assert calm.probability < policy().step_up_at
    assert calm.band is Band.STEP_UP


@pytest.mark.parametrize("calibrated", [True, False])
def test_its_proposal_lapses_only_with_a_challenge_that_counts(calibrated: bool) -> None:
    """A challenge that is not calibrated adds nothing, so it answers nothing."""
    flash = SignalKind("flash_challenge")
    both = replace(
        fusion(),
        groups=(*fusion().groups, Group("challenges", (flash,), 0.5)),
        components=tuple(replace(each, weights={**each.weights, flash: 1.0}) for each in fusion().components),
    )
    some = [
        signal(kind, pooling=Pooling(trim=0.0), bounds=(-9.0, 9.0)) for kind in (FACE, SWITCH, PAD, VOICE)
    ]
    kinds = {each.kind: each for each in (*some, *([signal(flash)] if calibrated else []))}
    judged = session(Parameters("t", kinds, both))
    for kind in (FACE, SWITCH, PAD, VOICE):
        judged.add(observation(kind, 9.0, t=1.0))
    judged.assess(1.0)
    judged.add(observation(flash, -1.0, t=2.0))
    test = judged.assess(2.5).sequential
    assert test is not None
    assert (test.crossed, test.checked_at) == (Crossing.UP, 2.0 if calibrated else None)


@given(st.lists(st.floats(-20.0, 20.0), min_size=4, max_size=4))
def test_evidence_stays_within_the_reach_that_the_test_tells(scores: list[float]) -> None:
    judged = session()
    for kind, score in zip((FACE, SWITCH, PAD, VOICE), scores, strict=True):
        judged.add(observation(kind, score, t=1.0))
    result = judged.assess(1.0)
    assert result.sequential is not None
    assert result.sequential.lowest is not None
    assert result.sequential.highest is not None
    evidence = result.log_odds - logit(result.prior)
    assert result.sequential.lowest - 1e-9 <= evidence <= result.sequential.highest + 1e-9


@pytest.mark.parametrize(("score", "place"), [(20.0, 1), (-20.0, 0)])
def test_the_reach_is_reached_where_every_signal_is_at_its_limit(score: float, place: int) -> None:
    judged = session()
    for kind in (FACE, SWITCH, PAD, VOICE):
        judged.add(observation(kind, score, t=1.0))
    evidence = judged.assess(1.0).log_odds - logit(1e-6)
    assert evidence == pytest.approx(reach(parameters_of_session())[place], abs=1e-9)


def test_another_assessor_goes_on_where_the_first_was_left() -> None:
    first, whole = session(), session()
    looks = [
        [observation(kind, score, t=t) for kind in (FACE, SWITCH, PAD, VOICE)]
        for t, score in ((1.0, 9.0), (2.0, -9.0))
    ]
    for readings in looks:
        for reading in readings:
            first.add(reading)
            whole.add(reading)
        last = first.assess(readings[0].span.end)
        whole.assess(readings[0].span.end)
    second = session()
    for readings in looks:
        for reading in readings:
            second.add(reading)
    assert last.sequential is not None
    second.go_on(last.sequential)
    assert second.assess(3.0) == whole.assess(3.0)


def test_without_error_rates_there_is_no_test() -> None:
    judged = Assessor(parameters(signal()), policy(), 0.005, {})
    judged.add(observation(FACE, 9.0))
    assert judged.assess(1.0).sequential is None


SEPARATION = 3.0
"""d of the score model below: LLRs N(-d^2/2, d^2) of bona fide, calibrated and without bounds, so that the bounds do not keep the rate."""
LENGTH_S = 300
SESSIONS = 4000


def bona_fide(sessions: int, rho: float, between: float, seed: int) -> FloatArray:
    """LLRs (sessions, LENGTH_S) of single readings, one a second: a session's own level and AR(1) noise, each marginally calibrated."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((sessions, LENGTH_S))
    for t in range(1, LENGTH_S):
        noise[:, t] = rho * noise[:, t - 1] + np.sqrt(1.0 - rho**2) * noise[:, t]
    level = rng.standard_normal((sessions, 1))
    z = np.sqrt(between) * level + np.sqrt(1.0 - between) * noise
    llrs: FloatArray = -(SEPARATION**2) / 2.0 + SEPARATION * z
    return llrs


def accumulated(llrs: FloatArray, half_life_s: float) -> FloatArray:
    """The pooled mean after every reading, as `Pool` has it without a trim: (sessions, LENGTH_S)."""
    decay = 2.0 ** (-1.0 / half_life_s)
    sums, mass, total = np.empty_like(llrs), 0.0, np.zeros(len(llrs))
    for t in range(llrs.shape[1]):
        total = decay * total + llrs[:, t]
        mass = decay * mass + 1.0
        sums[:, t] = total / mass
    return sums


def single(half_life_s: float, rho: float) -> Parameters:
    """One signal whose score is its LLR, in one component, without bounds."""
    kind = SignalKind("s")
    pooling = Pooling(trim=0.0, half_life_s=half_life_s, autocorrelation=rho)
    family = Fusion("mc", "mc", 1e6, (Group("g", (kind,), 0.9),), (Component("f", "c", 1.0, {kind: 1.0}),))
    return Parameters("mc", {kind: signal(kind, pooling=pooling, bounds=(-50.0, 50.0))}, family)


def test_the_monte_carlo_accumulates_as_a_session_does() -> None:
    llrs = bona_fide(3, 0.9, 0.5, seed=1)
    for row, expected in zip(llrs, accumulated(llrs, 120.0), strict=True):
        judged = session(single(120.0, 0.9))
        for t, score in enumerate(row[:60]):
            judged.add(observation(SignalKind("s"), float(score), t=float(t)))
            result = judged.assess(float(t))
            assert result.log_odds - log(1e-6 / (1.0 - 1e-6)) == pytest.approx(expected[t], abs=1e-6)


@pytest.mark.parametrize("between", [0.0, 0.5, 1.0])
def test_over_whole_bona_fide_interviews_the_realised_alpha_is_at_most_1_2_times_the_nominal(
    between: float,
) -> None:
    """With the autocorrelations that the shipped calibrations name, whatever part of the spread is between sessions."""
    nominal = RATES.alpha
    shipped = {round(each.pooling.autocorrelation, 3) for each in load_parameters().signals.values()}
    for seed, rho in enumerate(sorted(shipped)):
        evidence = accumulated(bona_fide(SESSIONS, rho, between, seed), 120.0)
        flagged = int((evidence.max(axis=1) >= RATES.upper).sum())
        assert rate(flagged, SESSIONS).low <= 1.2 * nominal
        assert flagged / SESSIONS <= 1.2 * nominal + 3.0 * np.sqrt(nominal / SESSIONS)
        # No test of a likelihood ratio can do worse than this, however often one looks (Ville 1939).
        assert exp(-RATES.upper) <= 1.2 * nominal


def test_a_sum_that_is_not_corrected_for_autocorrelation_would_not_keep_it() -> None:
    """Summed as if readings were independent, each with evidence of its own: the error that averaging avoids."""
    llrs = bona_fide(SESSIONS, 0.9, 0.0, seed=7)
    flagged = int((np.cumsum(llrs, axis=1).max(axis=1) >= RATES.upper).sum())
    assert rate(flagged, SESSIONS).low > 1.2 * RATES.alpha


def test_bounds_are_finite_whatever_the_error_rates() -> None:
    rates = ErrorRates(5e-324, 5e-324)
    assert rates.upper == pytest.approx(744.44, abs=0.01)
    assert rates.lower == -rates.upper
