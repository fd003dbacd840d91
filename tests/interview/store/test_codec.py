"""Evidence survives storage to the bit."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.assessment import (
    AbsentSignal,
    Alternative,
    Band,
    Contribution,
    FraudAssessment,
    Ground,
    GroundKind,
    GroundSignal,
    Proposal,
    VoiceDecision,
)
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reason, SignalKind, Span
from interview.analysis.codec import (
    assessment_from_json,
    assessment_to_json,
    reading_from_json,
    reading_to_json,
)
from interview.store.codec import dumps, loads, template_to_bytes, vector_from_bytes
from tests.interview.world import template

finite = st.floats(allow_nan=False, allow_infinity=False)
unit = st.floats(0.0, 1.0)
words = st.text(st.characters(codec="utf-8"), max_size=20)
kinds = words.map(SignalKind)
spans = st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)).map(lambda pair: Span(min(pair), max(pair)))
boxes = st.none() | st.tuples(unit, unit, unit, unit)
evidence = st.lists(
    st.builds(EvidenceRef, st.sampled_from(["video", "audio"]), spans, boxes), max_size=3
).map(tuple)
observations = st.builds(
    Observation, kinds, spans, finite, unit, words, evidence, st.dictionaries(words, finite, max_size=3)
)
abstentions = st.builds(Abstention, kinds, spans, st.sampled_from(Reason), words)
pairs = st.tuples(finite, finite)
counts = st.integers(0, 2**40)
contributions = st.builds(Contribution, kinds, finite, finite, pairs, finite, counts, words, evidence)
absents = st.builds(AbsentSignal, kinds, st.sampled_from(Reason), words, st.none() | finite, counts)
voices = st.none() | st.builds(VoiceDecision, finite, st.none() | finite, st.none() | finite)
bands = st.sampled_from(Band)
alternatives = st.none() | st.builds(Alternative, unit, pairs, finite, bands, bands)
shares = st.none() | unit
missing = st.builds(GroundSignal, kinds, st.none() | st.sampled_from(Reason))
grounds = st.builds(
    Ground, st.sampled_from(GroundKind), bands, shares, shares, st.lists(missing, max_size=3).map(tuple)
)
proposals = st.none() | st.builds(
    Proposal,
    bands,
    st.lists(grounds, max_size=3).map(tuple),
    st.lists(kinds, max_size=3).map(tuple),
    st.lists(words, max_size=3).map(tuple),
    words,
    words,
)
assessments = st.builds(
    FraudAssessment,
    t=finite,
    probability=unit,
    interval=pairs,
    prior=unit,
    log_odds=finite,
    contributions=st.lists(contributions, max_size=3).map(tuple),
    absent=st.lists(absents, max_size=3).map(tuple),
    coverage=unit,
    band=bands,
    family=words,
    calibration=words,
    policy=words,
    voice=voices,
    without_behaviour=alternatives,
    proposal=proposals,
)


@given(observations | abstentions)
def test_reading_comes_back_equal(reading: Observation | Abstention) -> None:
    assert reading_from_json(loads(dumps(reading_to_json(reading)))) == reading


@given(assessments)
def test_assessment_comes_back_equal(assessment: FraudAssessment) -> None:
    assert assessment_from_json(loads(dumps(assessment_to_json(assessment)))) == assessment


@given(assessments)
def test_a_record_from_before_the_voice_decision_is_read(assessment: FraudAssessment) -> None:
    value = assessment_to_json(assessment)
    del value["voice"]
    assert assessment_from_json(value) == replace(assessment, voice=None)


@given(assessments)
def test_a_record_from_before_proposals_said_why_is_read(assessment: FraudAssessment) -> None:
    value = assessment_to_json(assessment)
    del value["proposal"]
    assert assessment_from_json(value) == replace(assessment, proposal=None)


@given(finite)
def test_every_double_comes_back_to_the_bit(value: float) -> None:
    # The standard library's reader is the independent reference for what was written.
    assert np.float64(json.loads(dumps(value))).tobytes() == np.float64(value).tobytes()
    assert np.float64(loads(dumps(value))).tobytes() == np.float64(value).tobytes()


def test_template_comes_back_to_the_bit() -> None:
    given = template(seed=7)
    assert vector_from_bytes(template_to_bytes(given)).tobytes() == given.vector.tobytes()


def test_template_is_stored_little_endian() -> None:
    one = np.array([1.0], dtype=">f4")
    assert np.frombuffer(template_to_bytes(type(template())("face", one, "m")), "u1").tolist() == [
        0,
        0,
        128,
        63,
    ]


@given(assessments)
def test_a_record_from_before_behaviour_could_count_is_read(assessment: FraudAssessment) -> None:
    value = assessment_to_json(assessment)
    del value["without_behaviour"]
    assert assessment_from_json(value) == replace(assessment, without_behaviour=None)
