from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fraudmodel.assessment import Band, FraudAssessment
from fraudmodel.assessor import Assessor
from fraudmodel.calibration import Covariate, Logistic
from fraudmodel.explaining import load_explanation
from fraudmodel.llr import logit, probability
from fraudmodel.parameters import Parameters
from fraudmodel.pooling import Pooling
from fraudmodel.signals import Absent, Abstention, Observation, Reading, Reason, SignalKind, Span
from tests.fraudmodel.builders import (
    FACE,
    MODEL,
    PAD,
    SWITCH,
    VOICE,
    fusion,
    identity,
    observation,
    parameters,
    policy,
    signal,
)

REFITS = np.column_stack([np.linspace(-1.0, 1.0, 50), np.linspace(0.8, 1.2, 50)])
PARAMETERS = parameters(
    *(
        signal(kind, identity(REFITS), pooling=Pooling(trim=0.0, reading_sd=0.3))
        for kind in (FACE, SWITCH, PAD, VOICE)
    )
)
PRIOR = 0.005
OBSERVATIONS = st.builds(
    lambda kind, score, t, quality: observation(kind, score, t=t, quality=quality),
    st.sampled_from([FACE, SWITCH, PAD, VOICE, SignalKind("unheard_of")]),
    st.floats(-6.0, 6.0),
    st.floats(0.0, 60.0),
    st.floats(0.0, 1.0),
)
ABSTENTIONS = st.builds(
    lambda kind, t, reason: Abstention(kind, Span(t, t), reason),
    st.sampled_from([FACE, VOICE]),
    st.floats(0.0, 60.0),
    st.sampled_from(Reason),
)
SESSIONS = st.lists(OBSERVATIONS | ABSTENTIONS, max_size=25)


def assessor(used: Parameters = PARAMETERS, prior: float = PRIOR, **expected: Absent | None) -> Assessor:
    return Assessor(used, policy(), prior, {SignalKind(kind): why for kind, why in expected.items()})


def assessed(
    readings: Iterable[Reading], used: Parameters = PARAMETERS, prior: float = PRIOR
) -> FraudAssessment:
    fresh = assessor(used, prior)
    for reading in readings:
        fresh.add(reading)
    return fresh.assess(60.0)


@given(SESSIONS, st.floats(1e-4, 0.9))
def test_contributions_and_prior_sum_to_the_posterior(readings: list[Reading], prior: float) -> None:
    result = assessed(readings, prior=prior)
    total = logit(prior) + sum(part.contribution for part in result.contributions)
    assert total == pytest.approx(result.log_odds, abs=1e-9)
    assert result.probability == pytest.approx(probability(result.log_odds), rel=1e-9)


@given(SESSIONS)
def test_a_signal_either_contributes_or_is_absent_with_a_reason(readings: list[Reading]) -> None:
    result = assessed(readings)
    present = [part.kind for part in result.contributions]
    absent = [signal.kind for signal in result.absent]
    assert sorted([*present, *absent]) == sorted({*PARAMETERS.signals, *(r.kind for r in readings)})


@given(st.lists(ABSTENTIONS, max_size=10), st.floats(1e-6, 1.0 - 1e-6))
def test_with_every_signal_absent_the_probability_is_exactly_the_prior(
    readings: list[Reading], prior: float
) -> None:
    result = assessed(readings, prior=prior)
    assert result.probability == prior
    assert result.interval == (prior, prior)
    assert result.contributions == ()
    assert result.coverage == 0.0
    # Where fraud is so frequent that everybody is referred, that nothing was measured does not make it milder.
    assert result.band is (Band.INSUFFICIENT if prior < policy().refer_at else Band.REFER)
    assert result.family == "none"


@given(SESSIONS)
def test_the_interval_holds_the_probability(readings: list[Reading]) -> None:
    result = assessed(readings)
    assert 0.0 < result.interval[0] <= result.probability <= result.interval[1] < 1.0


@given(SESSIONS, st.data())
def test_the_order_of_readings_and_signals_does_not_matter(
    readings: list[Reading], data: st.DataObject
) -> None:
    observations = [reading for reading in readings if isinstance(reading, Observation)]
    shuffled = data.draw(st.permutations(observations))
    a, b = assessed(observations), assessed(shuffled)
    assert a.probability == pytest.approx(b.probability, rel=1e-9)
    assert [p.kind for p in a.contributions] == [p.kind for p in b.contributions]
    parts = [p.contribution for p in a.contributions]
    assert parts == pytest.approx([p.contribution for p in b.contributions], abs=1e-9)


@given(SESSIONS)
def test_the_same_readings_are_assessed_exactly_alike(readings: list[Reading]) -> None:
    assert assessed(readings) == assessed(readings)


@given(SESSIONS)
def test_assessing_in_between_changes_nothing(readings: list[Reading]) -> None:
    watched = assessor()
    for reading in readings:
        watched.add(reading)
        watched.assess(1.0)
    assert watched.assess(60.0) == assessed(readings)


@given(SESSIONS, st.data(), st.floats(0.0, 5.0))
def test_raising_any_score_never_lowers_the_probability(
    readings: list[Reading], data: st.DataObject, rise: float
) -> None:
    observations = [reading for reading in readings if isinstance(reading, Observation)]
    if observations:
        index = data.draw(st.integers(0, len(observations) - 1))
        raised = [replace(o, score=o.score + rise) if i == index else o for i, o in enumerate(observations)]
        assert assessed(raised).probability >= assessed(observations).probability - 1e-12


def test_each_contribution_can_be_traced() -> None:
    result = assessed([observation(FACE, 2.0, t=3.0), observation(FACE, 4.0, t=5.0)])
    (part,) = result.contributions
    assert (part.kind, part.llr, part.statistic, part.observations) == (FACE, 3.0, 3.0, 2)
    assert part.bounds == (-4.0, 4.0)
    assert part.grade == "measured"
    assert [ref.span.end for ref in part.evidence] == [3.0, 5.0]
    assert result.family == "impostor"
    assert result.calibration == "test+1"
    assert result.policy == "test"
    assert result.t == 60.0


def test_evidence_never_exceeds_what_its_calibration_data_support() -> None:
    (part,) = assessed([observation(FACE, 50.0)]).contributions
    assert part.llr == 4.0
    (part,) = assessed([observation(FACE, -50.0)]).contributions
    assert part.llr == -4.0


def test_simulated_evidence_is_discounted_and_capped() -> None:
    used = parameters(signal(PAD, discount=0.5, cap=1.5))
    assert assessed([observation(PAD, 2.0)], used).contributions[0].llr == pytest.approx(1.0)
    assert assessed([observation(PAD, 4.0)], used).contributions[0].llr == pytest.approx(1.5)


def test_an_uncalibrated_signal_shows_what_it_measured_and_adds_nothing() -> None:
    stranger = SignalKind("blink_rate")
    result = assessed([observation(stranger, 0.7), observation(FACE, 1.0)])
    listed = next(s for s in result.absent if s.kind == stranger)
    assert (listed.reason, listed.statistic, listed.observations) == (Reason.NOT_CALIBRATED, 0.7, 1)
    assert result.probability == assessed([observation(FACE, 1.0)]).probability


def test_scores_of_other_weights_are_not_calibrated() -> None:
    result = assessed([observation(FACE, 1.0), observation(FACE, 1.0, model="other@11111111")])
    listed = next(s for s in result.absent if s.kind == FACE)
    assert listed.reason is Reason.NOT_CALIBRATED
    assert listed.detail == f"calibrated for {MODEL}, measured with other@11111111"


def test_a_condition_that_was_not_measured_leaves_the_signal_uncalibrated() -> None:
    condition = Covariate("snr_db", 10.0, 5.0, 0.0, 40.0)
    used = parameters(signal(VOICE, Logistic(0.0, (0.0, 1.0, 0.0, 0.0), (condition,))))
    listed = next(s for s in assessed([observation(VOICE, 1.0)], used).absent if s.kind == VOICE)
    assert (listed.reason, listed.detail) == (Reason.NOT_CALIBRATED, "its calibration needs snr_db")
    measured = assessed([observation(VOICE, 1.0, covariates={"snr_db": 12.0})], used)
    assert measured.contributions[0].llr == pytest.approx(1.0)


def test_signals_that_cannot_take_part_say_why_from_the_start() -> None:
    result = assessor(voice_match=Absent(Reason.NO_REFERENCE, "none given"), face_match=None).assess(0.0)
    reasons = {signal.kind: (signal.reason, signal.detail) for signal in result.absent}
    assert reasons[VOICE] == (Reason.NO_REFERENCE, "none given")
    assert reasons[FACE] == (Reason.NOT_YET, "")


def test_a_withdrawn_signal_says_nothing_but_shows_what_it_measured() -> None:
    session = assessor()
    session.add(observation(FACE, -3.0))
    session.add(observation(PAD, -3.0))
    session.withdraw(FACE, Absent(Reason.DETECTOR_FAILED, "division by zero"))
    result = session.assess(2.0)
    listed = next(s for s in result.absent if s.kind == FACE)
    assert (listed.reason, listed.statistic) == (Reason.DETECTOR_FAILED, -3.0)
    assert [part.kind for part in result.contributions] == [PAD]
    assert result.band in (Band.STEP_UP, Band.INSUFFICIENT)


def test_an_unexpected_signal_can_be_withdrawn() -> None:
    session = assessor()
    session.withdraw(SignalKind("late"), Absent(Reason.NO_CONSENT))
    assert Reason.NO_CONSENT in [signal.reason for signal in session.assess(0.0).absent]


def test_coverage_counts_dependent_signals_once_and_by_information() -> None:
    used = parameters(
        signal(FACE, information=0.8),
        signal(SWITCH, information=0.4),
        signal(VOICE, information=0.9),
        signal(PAD, information=0.6, discount=0.5),
    )
    total = 0.8 + 0.9 + 0.3
    assert assessed([observation(FACE, 0.0)], used).coverage == pytest.approx(0.8 / total)
    assert assessed([observation(SWITCH, 0.0)], used).coverage == pytest.approx(0.4 / total)
    both = assessed([observation(FACE, 0.0), observation(SWITCH, 0.0)], used)
    assert both.coverage == pytest.approx(0.8 / total)
    everything = assessed([observation(k, 0.0) for k in (FACE, SWITCH, VOICE, PAD)], used)
    assert everything.coverage == pytest.approx(1.0)


def test_peak_hold_remembers_a_short_attack_and_pays_for_looking_everywhere() -> None:
    used = parameters(signal(SWITCH, pooling=Pooling("peak-hold", trim=0.0, window_s=10.0)))
    calm = [observation(SWITCH, -2.0, t=float(t)) for t in range(100)]
    attacked = [replace(o, score=3.5) if 40.0 <= o.span.end < 50.0 else o for o in calm]
    assert assessed(calm, used).contributions[0].llr == pytest.approx(-2.0)
    assert assessed(attacked, used).contributions[0].llr == pytest.approx(3.5 - np.log(10.0))


def test_more_readings_narrow_the_interval() -> None:
    used = parameters(signal(FACE, pooling=Pooling(trim=0.0, reading_sd=1.0)))
    widths = []
    for count in (1, 100):
        low, high = assessed(
            [observation(FACE, (-1.0) ** i, t=float(i)) for i in range(count)], used
        ).interval
        widths.append(logit(high) - logit(low))
    assert widths[1] < widths[0] / 3.0


def test_fewer_known_cases_widen_the_interval() -> None:
    widths = []
    for cases in (10.0, 1000.0):
        used = replace(parameters(signal(FACE)), fusion=fusion(equivalent_cases=cases))
        low, high = assessed([observation(FACE, 4.0)], used).interval
        widths.append(logit(high) - logit(low))
    assert widths[0] > 3.0 * widths[1] > 0.0


def test_the_interval_of_one_signal_is_that_of_its_refits() -> None:
    used = parameters(signal(VOICE, identity(REFITS)))
    low, high = assessed([observation(VOICE, 0.0)], used).interval

    # With the score at the centre a refit's LLR is its intercept, -1..1; impostor weighs it 0.9, voice attack 1.
    def evidence(llr: float) -> float:
        return float(np.log(0.5 + 0.3 * (0.1 + 0.9 * np.exp(llr)) + 0.2 * np.exp(llr)))

    assert logit(low) - logit(PRIOR) == pytest.approx(evidence(-0.9), abs=0.02)
    assert logit(high) - logit(PRIOR) == pytest.approx(evidence(0.9), abs=0.02)


@settings(max_examples=20)
@given(st.floats(-4.0, 4.0))
def test_scores_tell_the_llr_before_fusion(score: float) -> None:
    session = assessor()
    session.add(observation(VOICE, score))
    session.add(Abstention(VOICE, Span(2.0, 3.0), Reason.NO_SPEECH))
    told = next(s for s in session.scores() if s.kind == VOICE)
    assert told.llr == pytest.approx(score)
    assert (told.observations, told.abstentions, told.bounds) == (1, 1, (-4.0, 4.0))


@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_a_prior_that_nothing_could_move_is_refused(prior: float) -> None:
    with pytest.raises(ValueError, match="prior"):
        assessor(prior=prior)


@given(SESSIONS, st.floats(1e-4, 0.9))
def test_an_explained_assessment_is_the_same_number_with_reasons_that_sum_to_it(
    readings: list[Reading], prior: float
) -> None:
    explained = Assessor(PARAMETERS, policy(), prior, {}, load_explanation())
    for reading in readings:
        explained.add(reading)
    result, plain = explained.assess(60.0), assessed(readings, prior=prior)
    bare = replace(result, codes=(), next_check=None, taxonomy="", checks="")
    assert bare == plain
    assert sum(each.share for each in result.families) == pytest.approx(1.0, abs=1e-9)
    assert [each.share for each in result.families] == sorted(
        (e.share for e in result.families), reverse=True
    )
    coded = {each.kind: each.contribution for each in result.codes if each.contribution}
    small = [each.contribution for each in result.contributions if each.kind not in coded]
    total = logit(prior) + sum(coded.values()) + sum(small)
    assert total == pytest.approx(result.log_odds, abs=1e-9)
    assert result.taxonomy == load_explanation().taxonomy.version
    assert result.checks == load_explanation().checks.version


def test_below_the_coverage_that_policy_asks_for_nothing_is_ever_waved_through() -> None:
    """However clean the little is that was measured."""
    used = parameters(
        signal(FACE, information=0.3), signal(VOICE, information=0.9), signal(PAD, information=0.9)
    )
    result = assessed([observation(FACE, -4.0)], used)
    assert result.coverage < 0.4
    assert result.band is Band.INSUFFICIENT
