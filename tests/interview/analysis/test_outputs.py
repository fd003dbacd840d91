"""Outputs as JSON, exactly; and how a re-run is compared with what was stored."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nextafter

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import Alternative, Band, FraudAssessment
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reason, SignalKind, Span
from interview.analysis.codec import from_json, to_json
from interview.analysis.compare import Counts, compare
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import Fault, Output
from tests.interview.analysis.fakes import SPEC, parts
from tests.interview.analysis.media import call

finite = st.floats(allow_nan=False, allow_infinity=False)
names = st.text("abc_", min_size=1, max_size=8)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.floats(0, 1e5))
    return Span(start, start + draw(st.floats(0, 1e3)))


evidence = st.builds(
    EvidenceRef, st.sampled_from(["video", "audio"]), spans(), st.none() | st.tuples(*[st.floats(0, 1)] * 4)
)
observations = st.builds(
    Observation, names.map(SignalKind), spans(), finite, st.floats(0, 1), names,
    st.lists(evidence, max_size=2).map(tuple), st.dictionaries(names, finite, max_size=3),
)  # fmt: skip
abstentions = st.builds(
    Abstention, names.map(SignalKind), spans(), st.sampled_from(Reason), st.text(max_size=10)
)
meters = st.builds(
    SpeechHeard, *[st.floats(0, 1e4)] * 4, st.none() | finite, st.none() | st.floats(0, 1), st.none() | finite,
    st.none() | st.sampled_from(Reason),
)  # fmt: skip
faults = st.builds(Fault, names.map(SignalKind), st.floats(0, 1e5), st.text(max_size=10))


def session() -> list[Output]:
    pipeline = Pipeline(SPEC, parts())
    return [output for packet in call(2.2) for output in pipeline.feed(packet)] + pipeline.finish()


@settings(deadline=None)
@given(observations | abstentions | meters | faults)
def test_json_and_back_is_the_same_to_the_bit(output: Output) -> None:
    assert from_json(orjson.loads(orjson.dumps(to_json(output)))) == output


def test_a_whole_session_survives_json() -> None:
    outputs = session()
    assert [from_json(orjson.loads(orjson.dumps(to_json(each)))) for each in outputs] == outputs


@pytest.mark.parametrize("value", [{}, {"type": "song"}, {"type": "fault", "kind": "x"}])
def test_anything_else_is_refused(value: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="output"):
        from_json(value)


def test_equal_is_equal() -> None:
    difference = compare(session(), session())
    assert difference.equal
    assert difference.stored == difference.fresh
    assert difference.stored.observations > 10
    assert difference.stored.assessments == 5


def test_one_bit_is_seen_and_named() -> None:
    outputs = session()
    index = next(i for i, each in enumerate(outputs) if isinstance(each, Observation))
    observation = outputs[index]
    assert isinstance(observation, Observation)
    score = nextafter(observation.score, inf)
    difference = compare(
        outputs, [*outputs[:index], replace(observation, score=score), *outputs[index + 1 :]]
    )
    assert not difference.equal
    assert difference.largest == score - observation.score
    assert (
        difference.where
        == f"output {index + 1} ({observation.kind} at {observation.span.start:.3f} s): score"
    )


def test_the_largest_of_several_is_named() -> None:
    fault = Fault(SignalKind("a"), 1.0, "x")
    stored: list[Output] = [fault, replace(fault, t=5.0)]
    difference = compare(stored, [replace(fault, t=1.5), replace(fault, t=7.0)])
    assert (difference.largest, difference.where) == (2.0, "output 2 (a at 5.000 s): t")


def test_a_missing_output_is_an_infinite_difference() -> None:
    outputs = session()
    difference = compare(outputs, outputs[:-1])
    assert difference.largest == inf
    assert "the record" in difference.where
    assert not difference.equal


def test_other_words_are_an_infinite_difference() -> None:
    fault = Fault(SignalKind("a"), 1.0, "x")
    assert compare([fault], [replace(fault, message="y")]).largest == inf


def test_what_would_stand_without_behaviour_is_compared_too() -> None:
    assessment = next(each for each in session() if isinstance(each, FraudAssessment))
    told = Alternative(0.01, (0.005, 0.02), -4.6, Band.PROCEED, Band.STEP_UP)
    stored = replace(assessment, without_behaviour=told)
    other = replace(assessment, without_behaviour=replace(told, probability=0.0125))
    difference = compare([stored], [other])
    assert difference.largest == pytest.approx(0.0025)
    assert difference.where.endswith(": without_behaviour.probability")
    assert compare([stored], [assessment]).largest == inf


def test_counts_by_type() -> None:
    fault = Fault(SignalKind("a"), 1.0, "x")
    assert compare([fault, fault], []).stored == Counts(faults=2)


@settings(deadline=None)
@given(st.lists(observations | faults, max_size=5), st.lists(observations | faults, max_size=5))
def test_equal_exactly_when_the_same(stored: list[Output], fresh: list[Output]) -> None:
    assert compare(stored, fresh).equal == (stored == fresh)
