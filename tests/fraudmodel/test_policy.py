from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fraudmodel.absence import AbsenceRule, Absences, Check, Means
from fraudmodel.assessment import AbsentSignal, Band, Crossing, Ground, GroundKind, GroundSignal, Sequential
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.errors import ParametersError
from fraudmodel.policies import load_policies
from fraudmodel.policy import STRICTEST_FIRST, Policy, Thresholds, load_policy, parse_policy
from fraudmodel.signals import Reason, SignalKind
from tests.fraudmodel.builders import FACE, VOICE, policy

FLASH, POSE = SignalKind("flash_challenge"), SignalKind("pose_challenge")
KINDS = (FACE, VOICE, FLASH)
REASONS = (Reason.NO_CONSENT, Reason.NOISY)
"""Few of both, so that rules, checks and what is missing meet often."""
OLD = {
    "version": "3",
    "product": "equipment",
    "costs": {
        "currency": "CNY",
        "missed_fraud": 10000,
        "referral": 150,
        "step_up": 20,
        "referral_catch": 0.8,
        "step_up_catch": 0.5,
    },
    "minimum_coverage": 0.4,
    "required": ["face_match"],
    "blocking": ["detector_failed"],
}
TEXT = json.dumps(OLD, indent=1)
NEW = {name: value for name, value in OLD.items() if name not in ("product", "blocking")} | {
    "products": ["equipment", "trade"],
    "approved_by": "Head of credit risk",
    "approved_on": "2026-11-20",
    "bands": {"step_up": 0.002, "refer": 0.05},
    "required": ["face_match", {"one_of": ["flash_challenge", "pose_challenge"], "passed": True}],
    "absence": [
        {"signal": "voice_match", "reason": "no_consent", "means": "proceed_without"},
        {"signal": "voice_match", "means": "step_up"},
        {"reason": "detector_failed", "means": "refer"},
    ],
    "step_up": ["flash_challenge", "pose_challenge"],
}
FULL = json.dumps(NEW, indent=1)

SHARES = st.floats(0.0, 1.0)
RULES = st.builds(
    AbsenceRule,
    st.sampled_from(Means),
    st.none() | st.sampled_from(KINDS),
    st.none() | st.sampled_from(REASONS),
)
CHECKS = st.builds(
    Check, st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True).map(tuple), st.booleans()
)
ABSENCES = st.builds(
    Absences, st.lists(CHECKS, max_size=3).map(tuple), st.lists(RULES, max_size=5).map(tuple)
)
MEASURED = st.dictionaries(st.sampled_from(KINDS), st.floats(-3.0, 3.0))
STATES = st.dictionaries(st.sampled_from(KINDS), st.sampled_from(REASONS), max_size=5)


def strictness(band: Band) -> int:
    """Insufficient evidence and a further check ask for the same; nothing is milder than to proceed."""
    return {Band.PROCEED: 0, Band.STEP_UP: 1, Band.INSUFFICIENT: 1, Band.REFER: 2}[band]


def missing(states: dict[SignalKind, Reason]) -> list[AbsentSignal]:
    return [AbsentSignal(kind, reason) for kind, reason in states.items()]


def band(rules: Policy, probability: float = 0.0, coverage: float = 1.0, **states: float | Reason) -> Band:
    """Of signals by name: an LLR, or the reason why there is none."""
    present = {SignalKind(k): v for k, v in states.items() if not isinstance(v, Reason)}
    absent = [AbsentSignal(SignalKind(k), v) for k, v in states.items() if isinstance(v, Reason)]
    return rules.propose(probability, coverage, present, absent).band


def test_thresholds_are_where_the_costs_break_even() -> None:
    read = parse_policy(TEXT)
    assert read.step_up_at == pytest.approx(20.0 / (10_000.0 * 0.5))
    assert read.refer_at == pytest.approx(150.0 / (10_000.0 * 0.8))


def test_whom_a_referral_wrongs_is_weighed_against_the_fraud_that_it_stops() -> None:
    """At the threshold both cost the same: 10000 x 0.8 of a fraud, or an officer's 150 and, of all others, 300."""
    read = parse_policy(TEXT.replace('"referral": 150', '"referral": 150, "false_referral": 300'))
    at = read.refer_at
    assert at * 10_000.0 * 0.8 == pytest.approx(150.0 + (1.0 - at) * 300.0)
    assert at > parse_policy(TEXT).refer_at
    assert read.step_up_at == parse_policy(TEXT).step_up_at


def test_a_probability_that_is_no_number_is_referred() -> None:
    """Every comparison with it is false: it must not be let through by that."""
    assert band(policy(), float("nan")) is Band.REFER
    assert band(policy(), 0.0, float("nan")) is Band.INSUFFICIENT


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0039, Band.PROCEED),
        (0.004, Band.STEP_UP),
        (0.0187, Band.STEP_UP),
        (0.01875, Band.REFER),
        (1.0, Band.REFER),
    ],
)
def test_bands_begin_at_their_thresholds(probability: float, expected: Band) -> None:
    assert band(policy(), probability) is expected


@given(SHARES, st.floats(0.0, 0.4, exclude_max=True))
def test_too_little_evidence_is_never_called_low_risk_and_never_hides_a_referral(
    probability: float, coverage: float
) -> None:
    expected = Band.REFER if probability >= policy().refer_at else Band.INSUFFICIENT
    assert band(policy(), probability, coverage) is expected


@given(SHARES, SHARES, SHARES, ABSENCES, MEASURED, STATES)
def test_a_greater_probability_never_has_a_milder_band(
    a: float,
    b: float,
    coverage: float,
    absences: Absences,
    present: dict[SignalKind, float],
    states: dict[SignalKind, Reason],
) -> None:
    rules, absent = policy(absences=absences), [one for one in missing(states) if one.kind not in present]
    lower, higher = (rules.propose(p, coverage, present, absent).band for p in sorted((a, b)))
    assert strictness(lower) <= strictness(higher)


@settings(max_examples=500)
@given(
    st.sampled_from([0.0, 0.005, 0.5]),
    st.sampled_from([0.2, 0.7, 1.0]),
    st.sampled_from([0.7, 1.0]),
    ABSENCES,
    MEASURED,
    STATES,
    st.sampled_from(KINDS),
    st.sampled_from(REASONS),
)
def test_an_absence_never_gives_a_milder_band_than_its_presence(
    probability: float,
    a: float,
    b: float,
    absences: Absences,
    present: dict[SignalKind, float],
    states: dict[SignalKind, Reason],
    kind: SignalKind,
    reason: Reason,
) -> None:
    """Whatever it measured, even a challenge that was failed: coverage can only fall, and everything else is the same."""
    rules = policy(absences=absences)
    others = [one for one in missing(states) if one.kind not in (*present, kind)]
    there = rules.propose(probability, max(a, b), {kind: 0.0} | present, others).band
    without = {one: llr for one, llr in present.items() if one != kind}
    gone = rules.propose(probability, min(a, b), without, [*others, AbsentSignal(kind, reason)]).band
    assert strictness(there) <= strictness(gone)


@given(
    SHARES, SHARES, ABSENCES, MEASURED, STATES, st.sampled_from(sorted(BEHAVIOUR)), st.sampled_from(Reason)
)
def test_behaviour_never_matters(
    probability: float,
    coverage: float,
    absences: Absences,
    present: dict[SignalKind, float],
    states: dict[SignalKind, Reason],
    kind: SignalKind,
    reason: Reason,
) -> None:
    rules, absent = policy(absences=absences), [one for one in missing(states) if one.kind not in present]
    plain = rules.propose(probability, coverage, present, absent)
    assert rules.propose(probability, coverage, present, [*absent, AbsentSignal(kind, reason)]) == plain
    assert rules.propose(probability, coverage, present | {kind: 3.0}, absent) == plain


@given(SHARES, SHARES, ABSENCES, MEASURED, STATES)
def test_the_band_is_that_of_its_strictest_ground_and_there_is_always_one(
    probability: float,
    coverage: float,
    absences: Absences,
    present: dict[SignalKind, float],
    states: dict[SignalKind, Reason],
) -> None:
    absent = [one for one in missing(states) if one.kind not in present]
    proposal = policy(absences=absences).propose(probability, coverage, present, absent)
    places = [STRICTEST_FIRST.index(ground.band) for ground in proposal.grounds]
    assert places == sorted(places)
    assert proposal.band is proposal.grounds[0].band


def test_no_band_is_an_outcome() -> None:
    """Nothing that a policy can propose decides: there is a band for each of these, and none for a rejection."""
    assert set(Band) == {"insufficient", "proceed", "step_up", "refer"}
    assert set(Means) == {"proceed_without", "step_up", "refer"}


def test_a_required_signal_that_is_absent_forbids_proceeding() -> None:
    strict = policy(required=[FACE])
    assert band(strict, face_match=Reason.NO_REFERENCE) is Band.STEP_UP
    assert band(strict, face_match=2.0, face_pad=Reason.NO_REFERENCE) is Band.PROCEED
    assert band(strict, 0.5, face_match=Reason.NO_REFERENCE) is Band.REFER


def test_a_required_signal_that_nobody_measures_forbids_proceeding() -> None:
    found = policy(required=[FACE]).propose(0.0, 1.0, {}, [])
    assert found.band is Band.STEP_UP
    assert found.grounds == (
        Ground(GroundKind.CHECK, Band.STEP_UP, signals=(GroundSignal(FACE, Reason.NOT_YET),)),
    )


def test_a_detector_that_failed_forbids_proceeding() -> None:
    assert band(policy(), face_pad=Reason.DETECTOR_FAILED) is Band.STEP_UP


def test_one_of_several_signals_is_enough() -> None:
    rules = policy(absences=Absences((Check((FLASH, POSE)),)))
    assert band(rules, flash_challenge=Reason.CHALLENGE_SPARED, pose_challenge=1.0) is Band.PROCEED
    assert (
        band(rules, flash_challenge=Reason.CHALLENGE_SPARED, pose_challenge=Reason.NOT_CHALLENGED)
        is Band.STEP_UP
    )


def test_a_check_to_be_passed_is_not_met_by_a_measurement_that_speaks_for_fraud() -> None:
    rules = policy(absences=Absences((Check((FLASH, POSE), passed=True),)))
    assert band(rules, flash_challenge=-0.1, pose_challenge=Reason.NOT_CHALLENGED) is Band.PROCEED
    failed = rules.propose(0.0, 1.0, {FLASH: 0.0}, [AbsentSignal(POSE, Reason.NOT_CHALLENGED)])
    signals = (GroundSignal(FLASH, None), GroundSignal(POSE, Reason.NOT_CHALLENGED))
    assert failed.grounds == (Ground(GroundKind.PASSING, Band.STEP_UP, signals=signals),)


def test_a_check_is_done_without_only_where_the_policy_says_so_for_all_of_it() -> None:
    spared = AbsenceRule(Means.PROCEED_WITHOUT, FLASH, Reason.CHALLENGE_SPARED)
    rules = policy(absences=Absences((Check((FLASH, POSE)),), (spared,)))
    assert (
        band(rules, flash_challenge=Reason.CHALLENGE_SPARED, pose_challenge=Reason.NOT_CHALLENGED)
        is Band.STEP_UP
    )
    alone = policy(absences=Absences((Check((FLASH,)),), (spared,)))
    assert band(alone, flash_challenge=Reason.CHALLENGE_SPARED) is Band.PROCEED
    to_pass = policy(absences=Absences((Check((FLASH,), passed=True),), (spared,)))
    assert band(to_pass, flash_challenge=Reason.CHALLENGE_SPARED) is Band.STEP_UP


def test_a_check_refers_only_once_nothing_of_it_can_be_asked_for() -> None:
    rules = policy(
        absences=Absences(
            (Check((FLASH, POSE)),), (AbsenceRule(Means.REFER, None, Reason.CHALLENGE_REFUSED),)
        )
    )
    refused = Reason.CHALLENGE_REFUSED
    assert band(rules, flash_challenge=refused, pose_challenge=Reason.NOT_CHALLENGED) is Band.STEP_UP
    assert band(rules, flash_challenge=refused, pose_challenge=refused) is Band.REFER


def test_the_rule_that_names_signal_and_reason_goes_before_the_stricter_of_the_others() -> None:
    rules = parse_policy(FULL)
    assert band(rules, face_match=-1.0, flash_challenge=-1.0, voice_match=Reason.NO_CONSENT) is Band.PROCEED
    assert band(rules, face_match=-1.0, flash_challenge=-1.0, voice_match=Reason.NO_SPEECH) is Band.STEP_UP
    assert (
        band(rules, face_match=-1.0, flash_challenge=-1.0, voice_match=Reason.DETECTOR_FAILED) is Band.REFER
    )


def test_a_proposal_says_why_in_order_of_weight() -> None:
    rules = parse_policy(FULL)
    absent = [AbsentSignal(FACE, Reason.NO_FACE), AbsentSignal(VOICE, Reason.NOISY)]
    found = rules.propose(0.003, 0.3, {FLASH: -2.0}, absent)
    assert found.band is Band.INSUFFICIENT
    assert found.grounds == (
        Ground(GroundKind.COVERAGE, Band.INSUFFICIENT, 0.3, 0.4),
        Ground(GroundKind.PROBABILITY, Band.STEP_UP, 0.003, 0.002),
        Ground(GroundKind.CHECK, Band.STEP_UP, signals=(GroundSignal(FACE, Reason.NO_FACE),)),
        Ground(GroundKind.ABSENCE, Band.STEP_UP, signals=(GroundSignal(VOICE, Reason.NOISY),)),
    )
    assert found.asks == (POSE,)
    assert (found.products, found.approved_by) == (("equipment", "trade"), "Head of credit risk")
    assert found.approved_on == "2026-11-20"


def test_who_may_proceed_is_told_below_what() -> None:
    found = policy().propose(0.001, 0.9, {FACE: -3.0}, [])
    assert found.grounds == (Ground(GroundKind.PROBABILITY, Band.PROCEED, 0.001, policy().step_up_at),)
    assert found.asks == ()


def test_the_sequential_test_asks_for_a_check_and_for_nothing_else() -> None:
    crossed = Sequential(Crossing.UP, 3.0, None, 4.5, -2.3, 0.01, 0.1)
    found = policy().propose(0.001, 0.9, {FACE: -3.0}, [], crossed)
    assert (found.band, found.grounds[0].kind) == (Band.STEP_UP, GroundKind.SEQUENTIAL)
    assert policy().propose(0.5, 0.9, {FACE: -3.0}, [], crossed).band is Band.REFER


def test_bands_set_by_hand_take_the_place_of_those_of_the_costs() -> None:
    read = parse_policy(FULL)
    assert read.thresholds == Thresholds(0.002, 0.05)
    assert read.costs.thresholds == parse_policy(TEXT).thresholds


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            '"step_up": 20',
            '"step_up": 900',
            "line 4: costs ask for a step-up from 0.18 and a referral from 0.0187",
        ),
        ('"missed_fraud": 10000', '"missed_fraud": 1e16', r"line 6: costs\.missed_fraud must lie in"),
        (
            '"referral": 150',
            '"referral": 150, "referral": 1',
            r"line 7: costs\.referral is there a second time",
        ),
        (
            '"referral": 150',
            '"false_referral": -1, "referral": 150',
            r"line 7: costs\.false_referral must lie in 0",
        ),
        (
            '"face_match"',
            '"face_match", "face_match"',
            r"line 14: required\[1\] asks for the same check a second time",
        ),
        ('"step_up_catch": 0.5', '"step_up_catch": 1.5', r"costs\.step_up_catch must lie in 0\.\.1"),
        ('"missed_fraud": 10000', '"missed_fraud": 0', r"line 6: costs\.missed_fraud must be above 0"),
        ('"detector_failed"', '"crashed"', r"blocking\[0\] must be one of not_yet"),
        ('"product"', '"prodct"', "line 3: prodct is not a field that is known here"),
        ('"product": "equipment",', "", 'must say in "product" or in "products"'),
        ('"minimum_coverage": 0.4', '"minimum_coverage": 40', "minimum_coverage must lie in 0"),
        ('"version": "3"', f'"version": "{"3" * 61}"', "line 2: version must be at most 60 characters"),
        ('"face_match"', '"behaviour"', r"required\[0\] cannot be behaviour"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_line(old: str, new: str, what: str) -> None:
    assert old in TEXT
    with pytest.raises(ParametersError, match=what):
        parse_policy(TEXT.replace(old, new))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (
            {"bands": {"step_up": 0.05, "refer": 0.002}},
            "bands ask for a step-up from 0.05 and a referral from 0.002",
        ),
        ({"bands": {"step_up": 0.0, "refer": 0.002}}, "above 0"),
        ({"bands": {"step_up": 0.05}}, 'bands lacks the field "refer"'),
        ({"required": [{"one_of": []}]}, r"required\[0\]\.one_of must name at least one signal"),
        ({"required": [{"one_of": ["face_match", "face_match"]}]}, "names face_match a second time"),
        ({"required": [{"one_of": ["micro_expression"]}]}, r"one_of\[0\] cannot be micro_expression"),
        ({"required": [{"one_of": ["face_match"], "passed": "yes"}]}, "passed must be true or false"),
        ({"absence": [{"means": "step_up"}]}, r"absence\[0\] must name a signal, a reason or both"),
        (
            {"absence": [{"signal": "face_pad", "means": "reject"}]},
            r"absence\[0\]\.means must be one of proceed_without",
        ),
        ({"absence": [{"signal": "behaviour", "means": "step_up"}]}, "cannot be behaviour"),
        ({"absence": [{"reason": "noisy", "means": "refer"}] * 2}, r"absence\[1\] says a second time"),
        ({"blocking": ["detector_failed"]}, r"absence\[2\] says a second time"),
        (
            {"step_up": ["pose_challenge", "pose_challenge"]},
            r"step_up\[1\] names pose_challenge a second time",
        ),
        ({"products": []}, "products must name at least one product"),
        ({"products": ["a", "a"]}, r"products\[1\] names a a second time"),
        ({"product": "a"}, "not in both; it has both"),
        ({"approved_on": "next week"}, "approved_on must be a day"),
        ({"approved_on": None}, "approved_on must be a text"),
        ({"sequential": {"alpha": 0.5, "beta": 0.6}}, "sequential cannot be used"),
        ({"reject_at": 0.9}, "reject_at is not a field that is known here"),
    ],
)
def test_a_wrong_rule_is_refused_with_the_line(change: dict[str, object], what: str) -> None:
    with pytest.raises(ParametersError, match=f"line .*{what}"):
        parse_policy(json.dumps(NEW | change, indent=1))


def test_who_answers_and_since_when_go_together() -> None:
    for name in ("approved_by", "approved_on"):
        with pytest.raises(ParametersError, match=f'lacks the field "{name}"'):
            parse_policy(json.dumps({key: value for key, value in NEW.items() if key != name}))


def test_a_policy_is_named_by_version_and_content(tmp_path: Path) -> None:
    file = tmp_path / "equipment.json"
    file.write_text(TEXT)
    read = load_policy(str(file))
    assert read == parse_policy(TEXT)
    assert read.version.startswith("3+")
    assert parse_policy(TEXT.replace("150", "151")).version != read.version


def test_of_a_folder_the_default_is_taken(tmp_path: Path) -> None:
    (tmp_path / "default.json").write_text(TEXT)
    assert load_policy(str(tmp_path)) == parse_policy(TEXT)


def test_a_policy_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParametersError, match='no policy file "nowhere'):
        load_policy("nowhere.json")
    with pytest.raises(ParametersError, match='no policy file ""'):
        load_policies("")
    (tmp_path / "p.json").write_bytes(b"\xff\xfe")
    with pytest.raises(ParametersError, match=r"p\.json, line 1: not UTF-8 text"):
        load_policy(str(tmp_path / "p.json"))


def test_the_strictest_order_knows_every_band() -> None:
    assert set(STRICTEST_FIRST) == set(Band)
