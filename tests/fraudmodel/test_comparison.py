"""Champion and challenger on the same interviews: the better one is found, the same one is not, and a person decides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from fraudmodel.assessment import Band
from fraudmodel.assessor import Assessor
from fraudmodel.calibration import Logistic
from fraudmodel.comparison import compare
from fraudmodel.errors import DatasetError
from fraudmodel.interview_table import BONA_FIDE, InterviewRow, measured_of
from fraudmodel.people import drawn_together
from fraudmodel.pooling import Pool, Pooled, Pooling
from fraudmodel.ranking import auc
from fraudmodel.rescoring import Candidate, cases_of, of_readings, of_row, shift
from fraudmodel.signals import Absent, Abstention, Observation, Reading, Reason, SignalKind, Span
from tests.fraudmodel.builders import FACE, PAD, VOICE, observation, parameters, policy, signal


def candidate(name: str, slope: float, distance: float = 2.0) -> Candidate:
    """Right where statistics are N(0, 1) and N(``distance``, 1) and ``slope`` is that distance."""
    calibrator = Logistic(0.0, (-slope * distance / 2.0, slope))
    return Candidate(name, parameters(signal(FACE, calibrator), signal(VOICE, calibrator)), policy())


def row(name: str, fraud: bool, statistics: Sequence[float], person: str) -> InterviewRow:
    measured = {}
    for kind, value in zip((FACE, VOICE), statistics, strict=True):
        pool = Pool(Pooling(trim=0.0))
        pool.add(observation(kind, value))
        pooled = pool.pooled()
        assert isinstance(pooled, Pooled)
        measured[kind] = measured_of(pooled)
    family = "impostor" if fraud else BONA_FIDE
    return InterviewRow(
        name,
        person,
        person,
        family,
        family,
        "made",
        "test",
        60.0,
        {},
        measured,
        {PAD: Absent(Reason.NO_FACE)},
    )


def rows(count: int = 240, seed: int = 0) -> list[InterviewRow]:
    rng = np.random.default_rng(seed)
    return [
        row(f"i{n}", n % 6 == 0, rng.normal(2.0 * (n % 6 == 0), 1.0, 2).tolist(), f"p{n % 80}")
        for n in range(count)
    ]


def test_the_calibrated_challenger_is_supported_and_a_person_decides() -> None:
    found = compare(candidate("old", 0.5), candidate("new", 2.0), list(cases_of(rows())))
    assert found.differences["cllr"].high < 0.0
    assert found.sentence.startswith("The evidence supports new: Cllr -")
    assert found.sentence.endswith("a person decides.")
    assert (found.fraud, found.bona_fide, found.people) == (40, 200, 80)
    assert found.challenger.figures["cllr_cal"].value < found.champion.figures["cllr_cal"].value


def test_a_worse_challenger_is_told_so() -> None:
    found = compare(candidate("old", 2.0), candidate("new", 0.5), list(cases_of(rows())))
    assert found.differences["cllr"].low > 0.0
    assert "supports staying with old" in found.sentence


def test_the_same_parameters_do_not_differ_at_all() -> None:
    found = compare(candidate("old", 2.0), candidate("new", 2.0), list(cases_of(rows())))
    assert {(each.value, each.low, each.high) for each in found.differences.values()} == {(0.0, 0.0, 0.0)}
    assert found.moved == 0
    assert "does not tell the two apart" in found.sentence
    assert "no ground to adopt" in found.sentence


def test_decisions_are_counted_by_outcome_and_sum_to_1() -> None:
    found = compare(candidate("old", 0.5), candidate("new", 2.0), list(cases_of(rows())))
    for measured in (found.champion, found.challenger):
        for shares, n in ((measured.decisions.fraud, 40), (measured.decisions.bona_fide, 200)):
            assert set(shares) == set(Band)
            assert sum(each.value for each in shares.values()) == pytest.approx(1.0)
            assert {each.n for each in shares.values()} == {n}


def test_nine_frauds_compare_nothing() -> None:
    few = [each for each in rows() if not each.fraud] + [each for each in rows() if each.fraud][:9]
    with pytest.raises(DatasetError, match="9 frauds and 200 bona fide interviews: at least 10 of each"):
        compare(candidate("old", 1.0), candidate("new", 2.0), list(cases_of(few)))


def test_a_row_is_assessed_as_its_readings_were() -> None:
    """The table keeps what a session pooled, so both ways give the very same numbers."""
    readings: list[Reading] = [
        observation(FACE, 1.4),
        observation(FACE, 0.6, t=3.0, quality=0.5),
        observation(VOICE, -0.3),
        Abstention(PAD, Span(0.0, 1.0), Reason.NO_FACE),
    ]
    chosen = candidate("any", 2.0)
    live = Assessor(chosen.parameters, chosen.policy, chosen.prior, {FACE: None, VOICE: None, PAD: None})
    for reading in readings:
        live.add(reading)
    measured = {}
    for kind in (FACE, VOICE):
        pool = Pool(chosen.parameters.signals[kind].pooling)
        for reading in readings:
            if reading.kind == kind and isinstance(reading, Observation):
                pool.add(reading)
        pooled = pool.pooled()
        assert isinstance(pooled, Pooled)
        measured[kind] = measured_of(pooled)
    kept = InterviewRow(
        "i", "p", "p", BONA_FIDE, BONA_FIDE, "r", "test", 60.0, {}, measured, {PAD: Absent(Reason.NO_FACE)}
    )
    wanted = live.assess(60.0)
    again = of_readings(readings, {}, 60.0)(chosen)
    assert again == wanted
    stored = of_row(kept)(chosen)
    assert (stored.log_odds, stored.interval, stored.band, stored.coverage) == (
        wanted.log_odds,
        wanted.interval,
        wanted.band,
        wanted.coverage,
    )
    assert shift(stored) == pytest.approx(sum(each.contribution for each in stored.contributions))


def test_a_signal_that_took_no_part_stays_out() -> None:
    readings = [observation(FACE, 2.0), observation(VOICE, 2.0)]
    withdrawn = of_readings(readings, {VOICE: Absent(Reason.NO_CONSENT)}, 60.0)(candidate("any", 2.0))
    assert [each.kind for each in withdrawn.contributions] == [FACE]
    assert (VOICE, Reason.NO_CONSENT) in {(each.kind, each.reason) for each in withdrawn.absent}


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans(), st.integers(1, 3)), min_size=2, max_size=40))
def test_auc_is_scikit_learn_s(trials: list[tuple[int, bool, int]]) -> None:
    scores, attack, weights = (np.array(each) for each in zip(*trials, strict=True))
    found = auc(scores.astype(float), attack, weights.astype(float))
    if attack.all() or not attack.any():
        assert np.isnan(found)
    else:
        assert found == pytest.approx(float(roc_auc_score(attack, scores, sample_weight=weights)))


def test_people_are_drawn_as_a_whole_and_two_as_their_product() -> None:
    draw, rng = drawn_together([("a",), ("a",), ("b",), ("a", "b"), ("c", "c")]), np.random.default_rng(0)
    for _ in range(50):
        first, again, second, both, third = draw(rng).tolist()
        assert first == again
        assert both == first * second
        assert first + second + third == 3.0


def test_a_signal_that_only_the_challenger_knows_counts_for_it() -> None:
    kinds = SignalKind("face_match"), SignalKind("voice_match")
    assert kinds == (FACE, VOICE)
    calibrator = Logistic(0.0, (-2.0, 2.0))
    old = Candidate("old", parameters(signal(FACE, calibrator)), policy())
    found = compare(old, candidate("new", 2.0), list(cases_of(rows())))
    assert found.differences["auc"].value > 0.0
    assert found.differences["cllr_min"].high < 0.0


def test_what_is_given_pooled_takes_no_reading_more() -> None:
    pool = Pool(Pooling())
    pool.add(observation(FACE, 1.0))
    pooled = pool.pooled()
    assert isinstance(pooled, Pooled)
    chosen = candidate("any", 2.0)
    assessor = Assessor(chosen.parameters, chosen.policy, chosen.prior, {})
    assessor.take(FACE, pooled)
    with pytest.raises(TypeError, match="face_match was given pooled"):
        assessor.add(observation(FACE, 1.0))
    assessor.take(SignalKind("new"), pooled)
    absent = {each.kind: each for each in assessor.assess(1.0).absent}
    assert (absent[SignalKind("new")].reason, absent[SignalKind("new")].statistic) == (
        Reason.NOT_CALIBRATED,
        1.0,
    )
