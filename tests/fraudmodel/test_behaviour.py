"""What behaviour may and may not do to an assessment."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.assessment import Band, FraudAssessment
from fraudmodel.assessor import Assessor
from fraudmodel.behaviour import BEHAVIOUR, CAP_NATS, GROUP, LEAST_OUTCOMES, Validation
from fraudmodel.errors import ParametersError
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.fusion_rows import expert_of
from fraudmodel.llr import logit
from fraudmodel.parameters import FUSION_FILE, Parameters, load_parameters, parse_fusion, parse_parameters
from fraudmodel.policy import parse_policy
from fraudmodel.pooling import Pooling
from fraudmodel.signal_parameters import SignalParameters, parse_signal, signal_document
from fraudmodel.signals import Absent, Abstention, Reading, Reason, SignalKind, Span
from fraudmodel.weighing import Weighing
from tests.fraudmodel.builders import FACE, PAD, VOICE, fusion, identity, observation, policy, signal

MICRO, ANSWERS = SignalKind("micro_expression"), SignalKind("behaviour")
CAP_DOWN = 0.6931471
VALIDATION = Validation(60, 140, "registered as A-7", date(2026, 11, 28), "Model risk")
REFITS = np.column_stack([np.linspace(-1.0, 1.0, 50), np.linspace(0.8, 1.2, 50)])


def channel(kind: SignalKind, **changes: object) -> SignalParameters:
    """A validated calibration of behaviour, whose score is its LLR up to the cap."""
    base = signal(FACE, identity(REFITS), pooling=Pooling(trim=0.0, reading_sd=0.3))
    told = replace(base, kind=kind, bounds=(-CAP_DOWN, CAP_DOWN), validation=VALIDATION)
    return replace(told, **changes)  # type: ignore[arg-type]


def enabled(correlation: float = 0.5, weight: float = 1.0) -> Fusion:
    """`fusion` of a bank that lets behaviour count, in two of the three families."""
    plain = fusion()
    group = Group(GROUP, (MICRO, ANSWERS), correlation)
    weighed = {MICRO: weight, ANSWERS: weight}
    touched = [replace(c, weights={**c.weights, **weighed}) for c in plain.components[:2]]
    return replace(plain, groups=(*plain.groups, group), components=(*touched, *plain.components[2:]))


def validated(correlation: float = 0.5, weight: float = 1.0) -> Parameters:
    plain = [signal(kind, identity(REFITS)) for kind in (FACE, PAD, VOICE)]
    both = [channel(MICRO), channel(ANSWERS)]
    return Parameters("bank+1", {s.kind: s for s in (*plain, *both)}, enabled(correlation, weight))


PARAMETERS = validated()
OTHERS = st.builds(
    lambda kind, score, t: observation(kind, score, t=t),
    st.sampled_from([FACE, PAD, VOICE, SignalKind("unheard_of")]),
    st.floats(-6.0, 6.0),
    st.floats(0.0, 60.0),
)
BEHAVED = st.builds(
    lambda kind, score, t: observation(kind, score, t=t),
    st.sampled_from(sorted(BEHAVIOUR)),
    st.floats(-9.0, 9.0),
    st.floats(0.0, 60.0),
)
SPOKEN = st.lists(OTHERS, max_size=10)
SEEN = st.lists(BEHAVED, min_size=1, max_size=6)


def assessed(
    readings: Sequence[Reading], used: Parameters = PARAMETERS, prior: float = 0.005
) -> FraudAssessment:
    assessor = Assessor(used, policy(), prior, {})
    for reading in readings:
        assessor.add(reading)
    return assessor.assess(60.0)


@given(SPOKEN, SEEN, st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(1e-4, 0.9))
def test_all_of_behaviour_together_stays_within_a_likelihood_ratio_of_two(
    others: list[Reading], seen: list[Reading], correlation: float, weight: float, prior: float
) -> None:
    result = assessed([*others, *seen], validated(correlation, max(weight, 1e-3)), prior)
    told = result.without_behaviour
    assert told is not None
    assert abs(result.log_odds - told.log_odds) <= CAP_NATS + 1e-12
    parts = [part.contribution for part in result.contributions if part.kind in BEHAVIOUR]
    assert abs(sum(parts)) <= CAP_NATS + 1e-9


def test_two_signals_that_agree_count_no_more_than_one_may() -> None:
    alone = Component("impostor", "anybody", 1.0, {MICRO: 1.0, ANSWERS: 1.0})
    single = replace(enabled(correlation=0.0), components=(alone,))
    both = Parameters("x", {MICRO: channel(MICRO), ANSWERS: channel(ANSWERS)}, single)
    result = assessed([observation(MICRO, 9.0), observation(ANSWERS, 9.0)], both)
    assert result.log_odds - logit(0.005) == pytest.approx(log(2.0))
    assert [part.llr for part in result.contributions] == pytest.approx([CAP_DOWN, CAP_DOWN])


@given(SPOKEN, SEEN, st.floats(1e-4, 0.9))
def test_contributions_and_prior_still_sum_to_the_posterior(
    others: list[Reading], seen: list[Reading], prior: float
) -> None:
    result = assessed([*others, *seen], prior=prior)
    total = logit(prior) + sum(part.contribution for part in result.contributions)
    assert total == pytest.approx(result.log_odds, abs=1e-9)


@given(SPOKEN, SEEN)
def test_without_behaviour_is_to_the_bit_what_would_stand_had_nobody_measured_it(
    others: list[Reading], seen: list[Reading]
) -> None:
    result, plain = assessed([*others, *seen]), assessed(others)
    told = result.without_behaviour
    assert told is not None
    assert plain.without_behaviour is None
    assert (told.probability, told.interval, told.log_odds) == (
        plain.probability,
        plain.interval,
        plain.log_odds,
    )
    assert told.band is result.band is plain.band
    assert (result.family, result.coverage) == (plain.family, plain.coverage)
    assert result.voice == plain.voice


@given(SPOKEN, SEEN)
def test_what_behaviour_would_have_changed_is_on_record(others: list[Reading], seen: list[Reading]) -> None:
    result = assessed([*others, *seen])
    assert result.without_behaviour is not None
    counted = {each.kind: each.llr for each in result.contributions if each.kind not in BEHAVIOUR}
    proposal = policy().propose(result.probability, result.coverage, counted, result.absent)
    assert result.without_behaviour.band_with is proposal.band


@pytest.mark.parametrize("reason", [Reason.CHANNEL_OFF, Reason.NO_CONSENT, Reason.SHORT_BASELINE])
def test_where_it_may_count_and_does_not_nothing_is_lost(reason: Reason) -> None:
    """Refused, switched off or not measurable: coverage, band and probability are those of everything else."""
    others = [observation(kind, 0.5) for kind in (FACE, PAD, VOICE)]
    off = Assessor(PARAMETERS, policy(), 0.005, {kind: Absent(reason) for kind in BEHAVIOUR})
    for reading in others:
        off.add(reading)
    result, plain = off.assess(60.0), assessed(others)
    assert result.without_behaviour is None
    assert result.coverage == 1.0
    assert replace(result, absent=()) == replace(plain, absent=())
    assert {each.reason for each in result.absent} == {reason}


def test_behaviour_never_decides() -> None:
    """Just below the referral without it, just above with it."""
    genuine = [observation(kind, 0.0) for kind in (FACE, PAD, VOICE)]
    result = assessed([*genuine, observation(MICRO, 9.0)], prior=0.015)
    assert result.without_behaviour is not None
    assert result.without_behaviour.probability < policy().refer_at < result.probability
    assert (result.band, result.without_behaviour.band_with) == (Band.STEP_UP, Band.REFER)


def test_a_detector_of_behaviour_that_failed_holds_nothing_up() -> None:
    genuine = [observation(kind, -3.0) for kind in (FACE, PAD, VOICE)]
    failed = [Abstention(kind, Span(1.0, 1.0), Reason.DETECTOR_FAILED) for kind in sorted(BEHAVIOUR)]
    assert assessed(genuine).band is assessed([*genuine, *failed]).band is Band.PROCEED
    other = Abstention(SignalKind("rppg"), Span(1.0, 1.0), Reason.DETECTOR_FAILED)
    assert assessed([*genuine, other]).band is Band.STEP_UP


@given(SPOKEN, SEEN)
def test_shipped_parameters_give_behaviour_no_weight(others: list[Reading], seen: list[Reading]) -> None:
    shipped = load_parameters()
    with_it, plain = assessed([*others, *seen], shipped), assessed(others, shipped)
    assert with_it.probability == plain.probability
    assert with_it.interval == plain.interval
    assert with_it.without_behaviour is None
    assert with_it.coverage == plain.coverage
    listed = {each.kind: each for each in with_it.absent}
    for kind in {reading.kind for reading in seen}:
        assert listed[kind].reason is Reason.NOT_CALIBRATED
        assert listed[kind].statistic is not None


def test_nothing_shipped_names_the_channel() -> None:
    shipped = load_parameters()
    assert not BEHAVIOUR & shipped.signals.keys()
    assert not any(BEHAVIOUR & set(group.kinds) for group in shipped.fusion.groups)
    assert not any(BEHAVIOUR & component.weights.keys() for component in shipped.fusion.components)


def changed(change: Callable[[dict[str, object]], object], kind: SignalKind = ANSWERS) -> str:
    document = json.loads(signal_document(channel(kind)))
    change(document)
    return json.dumps(document, indent=1)


def put(name: str, value: object) -> Callable[[dict[str, object]], object]:
    def change(document: dict[str, object]) -> None:
        document[name] = value

    return change


def validation(**changes: object) -> Callable[[dict[str, object]], object]:
    def change(document: dict[str, object]) -> None:
        document["validation"] = {**document["validation"], **changes}  # type: ignore[dict-item]

    return change


@pytest.mark.parametrize("kind", sorted(BEHAVIOUR))
def test_a_validated_calibration_reads_back(kind: SignalKind) -> None:
    original = channel(kind)
    again = parse_signal(signal_document(original), f"{kind}.json")
    assert again == original
    assert again.validation == VALIDATION
    assert VALIDATION.outcomes == LEAST_OUTCOMES


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (
            lambda d: d.pop("validation"),
            'line 1: the document lacks the field "validation": behaviour counts only',
        ),
        (put("grade", "simulated"), "grade must be measured for behaviour, which nothing simulated supports"),
        (put("bounds", [-0.5, 0.7]), "bounds[1] is beyond 0.6931 nats"),
        (put("bounds", [-1.0, 0.5]), "bounds[0] is beyond 0.6931 nats"),
        (validation(fraud=59), "validation counts 199 confirmed outcomes, and at least 200 are needed"),
        (validation(fraud=0, bona_fide=500), "validation needs confirmed outcomes of both kinds"),
        (validation(fraud=500, bona_fide=0), "validation needs confirmed outcomes of both kinds"),
        (validation(analysis=" "), "validation.analysis must be a text that is not empty"),
        (validation(approved_by=""), "validation.approved_by must be a text that is not empty"),
        (validation(date="last week"), "validation.date must be a day, as 2026-11-28; it is 'last week'"),
        (validation(more=1), "validation.more is not a field that is known here"),
        (put("validation", {"fraud": 60}), 'validation lacks the field "bona_fide"'),
    ],
)
@pytest.mark.parametrize("kind", sorted(BEHAVIOUR))
def test_behaviour_that_does_not_meet_the_terms_is_refused_by_field_and_line(
    change: Callable[[dict[str, object]], object], what: str, kind: SignalKind
) -> None:
    with pytest.raises(ParametersError) as refused:
        parse_signal(changed(change, kind), f"{kind}.json")
    assert str(refused.value).startswith(f"{kind}.json, line ")
    assert what in str(refused.value)


def test_the_line_of_what_is_wrong_is_named() -> None:
    text = changed(validation(fraud=1))
    line = next(n for n, row in enumerate(text.splitlines(), 1) if '"validation"' in row)
    with pytest.raises(ParametersError, match=rf"behaviour\.json, line {line}: validation counts 141"):
        parse_signal(text, "behaviour.json")


def test_only_behaviour_is_validated() -> None:
    document = json.loads(signal_document(signal(FACE)))
    document["validation"] = json.loads(signal_document(channel(MICRO)))["validation"]
    with pytest.raises(ParametersError, match="validation belongs to behaviour and micro_expression alone"):
        parse_signal(json.dumps(document), "face_match.json")


@pytest.mark.parametrize(
    "change",
    [
        {"validation": None},
        {"grade": "simulated"},
        {"bounds": (-0.7, 0.1)},
        {"bounds": (-0.1, 0.7)},
        {"validation": replace(VALIDATION, fraud=59)},
        {"validation": replace(VALIDATION, fraud=0, bona_fide=500)},
    ],
)
def test_no_such_calibration_can_be_made_at_all(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a calibration of behaviour"):
        channel(MICRO, **change)


FUSION = {
    "version": "bank",
    "source": "by hand",
    "equivalent_cases": 12,
    "groups": [
        {"name": "identity", "kinds": ["face_match"], "correlation": 0.9},
        {"name": "behaviour", "kinds": ["behaviour", "micro_expression"], "correlation": 0.9},
    ],
    "components": [
        {
            "family": "impostor",
            "name": "another person",
            "prior": 1.0,
            "weights": {"face_match": 1, "behaviour": 1},
        }
    ],
}


def test_a_bank_s_own_folder_lets_behaviour_count(tmp_path: Path) -> None:
    (tmp_path / FUSION_FILE).write_text(json.dumps(FUSION))
    (tmp_path / "face_match.json").write_text(signal_document(signal(FACE)))
    (tmp_path / "behaviour.json").write_text(signal_document(channel(ANSWERS)))
    loaded = load_parameters(str(tmp_path))
    result = assessed([observation(FACE, 0.0), observation(ANSWERS, 9.0)], loaded)
    assert result.log_odds - logit(0.005) == pytest.approx(CAP_DOWN)
    assert result.coverage == 1.0


def test_the_shipped_parameters_have_room_for_it(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "fraudmodel" / "fitted"
    for file in shipped.glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    named = json.loads((shipped / FUSION_FILE).read_text("utf-8"))
    named["groups"].append({"name": GROUP, "kinds": sorted(BEHAVIOUR), "correlation": 0.5})
    for component in named["components"]:
        if component["family"] == "impostor":
            component["weights"] |= dict.fromkeys(sorted(BEHAVIOUR), 1)
    (tmp_path / FUSION_FILE).write_text(json.dumps(named))
    for kind in sorted(BEHAVIOUR):
        (tmp_path / f"{kind}.json").write_text(signal_document(channel(kind)))
    loaded = load_parameters(str(tmp_path))
    result = assessed([observation(MICRO, 9.0), observation(ANSWERS, 9.0)], loaded)
    assert result.without_behaviour is not None
    assert result.without_behaviour.probability == 0.005 < result.probability < 0.01
    # The next fit begins with the bank's channel as it is, and with what the expert gave all other signals.
    began, expert = expert_of(loaded.fusion), expert_of(load_parameters().fusion)
    for mine, theirs in zip(began.components, expert.components, strict=True):
        assert mine.weights == {**theirs.weights, **{k: 1 for k in BEHAVIOUR if mine.family == "impostor"}}
    assert began.groups == (*expert.groups, loaded.fusion.groups[-1])


def test_behaviour_that_the_bank_s_fusion_does_not_name_is_refused() -> None:
    documents = {
        FUSION_FILE: json.dumps({**FUSION, "groups": FUSION["groups"][:1]}).replace(', "behaviour": 1', ""),  # type: ignore[index]
        "behaviour.json": signal_document(channel(ANSWERS)),
    }
    with pytest.raises(ParametersError, match=r"kind is behaviour, to which fusion\.json gives no group"):
        parse_parameters(documents)


@pytest.mark.parametrize(
    ("groups", "weight", "what"),
    [
        ([{"name": "behaviour", "kinds": ["behaviour", "face_match"], "correlation": 0}], 1, "of their own"),
        (
            [
                {"name": "identity", "kinds": ["face_match"], "correlation": 0},
                {"name": "manner", "kinds": ["behaviour"], "correlation": 0},
            ],
            1,
            'belong to one group "behaviour"',
        ),
        (
            [
                {"name": "identity", "kinds": ["face_match"], "correlation": 0},
                {"name": "behaviour", "kinds": ["behaviour"], "correlation": 0},
                {"name": "behaviour", "kinds": ["micro_expression"], "correlation": 0},
            ],
            1,
            "is behaviour, as another group is called already",
        ),
        (FUSION["groups"], 1.5, r"weights\.behaviour must lie in 0\.\.1; it is 1\.5"),
    ],
)
def test_a_fusion_that_would_loosen_the_cap_is_refused(groups: object, weight: float, what: str) -> None:
    components = [
        {"family": "impostor", "name": "x", "prior": 1.0, "weights": {"face_match": 1, "behaviour": weight}}
    ]
    with pytest.raises(ParametersError, match=what):
        parse_fusion(json.dumps({**FUSION, "groups": groups, "components": components}))


def test_no_such_fusion_can_be_made_at_all() -> None:
    plain = replace(enabled(), weighing=Weighing.SCALED)
    heavy = replace(plain.components[0], weights={ANSWERS: 1.01})
    with pytest.raises(ValueError, match=r"weighs behaviour 1\.01: behaviour counts at most once"):
        replace(plain, components=(heavy, *plain.components[1:]))


def test_a_policy_cannot_wait_for_behaviour() -> None:
    text = (Path(__file__).parents[2] / "fraudmodel/fitted/policy.json").read_text("utf-8")
    with pytest.raises(
        ParametersError, match=r"required\[0\] cannot be micro_expression: behaviour never decides"
    ):
        parse_policy(text.replace('["face_match"]', '["micro_expression"]'))
