"""Reasons by code: whole, unambiguous, in three languages, strongest first."""

from __future__ import annotations

import json
from re import search
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.catalogue import detector_specs
from fraudmodel.assessment import AbsentSignal, Contribution
from fraudmodel.checks import load_checks
from fraudmodel.errors import ParametersError
from fraudmodel.llr import nats
from fraudmodel.parameters import load_parameters
from fraudmodel.reason_codes import Taxonomy, load_taxonomy, parse_taxonomy
from fraudmodel.signals import Reason, SignalKind
from tests.fraudmodel.builders import FACE, PAD, VOICE

SHIPPED = load_taxonomy()
KINDS = st.sampled_from(
    [*sorted(spec.kind for spec in detector_specs()), SignalKind("newer_than_the_taxonomy")]
)
FAMILIES = st.sampled_from(["none", "impostor", "injected", "presentation", "replay", "voice_attack", "new"])


def moved(kind: SignalKind, contribution: float) -> Contribution:
    return Contribution(kind, contribution, contribution, (-9.0, 9.0), 0.0, 1, "measured")


@given(
    st.dictionaries(KINDS, st.floats(-5.0, 5.0), max_size=12),
    st.dictionaries(KINDS, st.sampled_from(Reason), max_size=12),
    FAMILIES,
)
def test_every_contribution_of_the_stated_size_and_every_absence_has_exactly_one_code(
    shifts: dict[SignalKind, float], reasons: dict[SignalKind, Reason], family: str
) -> None:
    contributions = [moved(kind, shift) for kind, shift in shifts.items()]
    absent = [AbsentSignal(kind, reason) for kind, reason in reasons.items() if kind not in shifts]
    codes = SHIPPED.coded(contributions, absent, family)
    expected = [kind for kind, shift in shifts.items() if abs(shift) >= SHIPPED.least]
    assert sorted(each.kind for each in codes) == sorted([*expected, *(each.kind for each in absent)])
    for each in codes:
        assert each.code in SHIPPED.sentences
        assert each.code.startswith("R" if each.kind in shifts else "N")
        assert each.contribution == shifts.get(each.kind, 0.0)


@given(st.dictionaries(KINDS, st.floats(-5.0, 5.0), max_size=12))
def test_what_speaks_for_fraud_comes_first_and_the_strongest_of_it_before_all(
    shifts: dict[SignalKind, float],
) -> None:
    codes = SHIPPED.coded([moved(*each) for each in shifts.items()], [], "none")
    towards = [each.contribution for each in codes if each.contribution > 0.0]
    against = [each.contribution for each in codes if each.contribution < 0.0]
    assert [each.contribution for each in codes] == [
        *sorted(towards, reverse=True),
        *sorted(against),
    ]


GIVEN = """
    R101 face_match towards
    R102 face_match against
    R111 face_continuity towards
    R112 face_continuity against
    R121 voice_match towards
    R122 voice_match against
    R131 voice_continuity towards
    R132 voice_continuity against
    R141 second_voice towards
    R142 second_voice against
    R201 face_pad towards
    R202 face_pad against
    R203 face_pad towards presentation
    R204 face_pad towards injected
    R211 rppg towards
    R212 rppg against
    R301 flash_challenge towards
    R302 flash_challenge against
    R303 flash_challenge towards injected
    R304 flash_challenge towards replay
    R311 pose_challenge towards
    R312 pose_challenge against
    R321 digits_challenge towards
    R322 digits_challenge against
    R401 injection_page towards
    R402 injection_page against
    R411 injection_transport towards
    R412 injection_transport against
    R421 injection_light towards
    R422 injection_light against
    R431 injection_frames towards
    R432 injection_frames against
    R501 voice_pad towards
    R502 voice_pad against
    R511 av_sync towards
    R512 av_sync against
    R513 av_sync towards impostor
    R521 voice_over towards
    R522 voice_over against
    R601 micro_expression towards
    R602 micro_expression against
    R611 behaviour towards
    R612 behaviour against
    R901 towards
    R902 against
    N101 not_yet
    N102 not_calibrated
    N103 detector_failed
    N104 model_not_installed
    N105 no_reference
    N106 channel_off
    N107 no_consent
    N201 no_video
    N202 no_face
    N203 several_faces
    N204 face_too_small
    N205 face_turned
    N206 face_cut_off
    N207 too_dark
    N208 too_bright
    N209 blurred
    N210 low_frame_rate
    N211 low_bitrate
    N212 media_lost
    N213 still_scene
    N214 unsteady
    N215 occluded
    N216 flicker
    N217 ambient_light
    N218 no_pulse
    N301 no_audio
    N302 no_officer_track
    N303 no_speech
    N304 not_enough_speech
    N305 noisy
    N306 clipped
    N307 narrowband
    N308 too_few_utterances
    N309 several_voices
    N401 not_challenged
    N402 challenge_refused
    N403 challenge_spared
    N404 challenge_unseen
    N501 no_page_report
    N502 no_transport_report
    N601 short_baseline
    N602 withdrawn
"""
"""Every code that was ever given, with its trigger."""


def test_the_codes_that_have_been_given_keep_their_meaning() -> None:
    """A change here is a change of what stored interviews say: add codes, never move them."""
    known = {code: trigger for trigger, code in SHIPPED.codes.items()}
    for line in GIVEN.split("\n")[1:-1]:
        code, *meaning = line.split()
        trigger = known[code]
        assert meaning == [
            each for each in (trigger.kind, trigger.direction, trigger.family, trigger.reason) if each
        ]


def test_what_moved_nothing_has_no_code_even_where_the_smallest_counts() -> None:
    taxonomy = parsed(whole(least_decibans=0))
    assert [each.kind for each in taxonomy.coded([moved(FACE, 0.0), moved(PAD, -1e-9)], [], "none")] == [PAD]


def test_every_detector_of_the_product_has_sentences_of_its_own() -> None:
    own = {trigger.kind for trigger in SHIPPED.codes if trigger.direction}
    assert {spec.kind for spec in detector_specs()} <= own


def test_the_family_makes_a_code_more_exact() -> None:
    swapped = SHIPPED.coded([moved(PAD, 1.0)], [], "injected")
    shown = SHIPPED.coded([moved(PAD, 1.0)], [], "presentation")
    other = SHIPPED.coded([moved(PAD, 1.0)], [], "impostor")
    assert [each[0].code for each in (swapped, shown, other)] == ["R204", "R203", "R201"]
    families = {each.family for each in load_parameters().fusion.components}
    assert {trigger.family for trigger in SHIPPED.codes} - {None} <= families


_JUDGES = r"\b(lie|lies|lied|liar|lying|deceptive|deceives?|dishonest|guilty|low risk|safe|harmless)\b"
_JUDGES_IN_CHINESE = r"撒谎|撒謊|说谎|說謊|谎言|謊言|欺骗|欺騙|不诚实|不誠實|低风险|低風險|无风险|無風險|安全"


def test_no_sentence_says_that_a_person_lies_or_that_the_risk_is_low() -> None:
    assert search(_JUDGES, "the applicant lies")
    assert search(_JUDGES_IN_CHINESE, "申请人撒谎")
    for sentence in (*SHIPPED.sentences.values(), *(each.sentence for each in load_checks().checks.values())):
        assert not search(_JUDGES, sentence.en.lower())
        assert not search(_JUDGES_IN_CHINESE, sentence.zh_hans + sentence.zh_hant)


def whole(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    words = {"zh-Hans": "一", "zh-Hant": "一", "en": "one"}
    triggers: list[dict[str, str]] = [{"direction": "towards"}, {"direction": "against"}]
    triggers += [{"reason": reason} for reason in Reason]
    codes = [{"code": f"N{index:03}", "trigger": each, **words} for index, each in enumerate(triggers)]
    return {"version": "1", "least_decibans": 0.5, "codes": codes, **changed}


def parsed(document: dict[str, Any]) -> Taxonomy:
    return parse_taxonomy(json.dumps(document, indent=1), "codes.json")


def with_entry(**entry: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    words = {"zh-Hans": "二", "zh-Hant": "二", "en": "two"}
    return whole(codes=[*whole()["codes"], {"code": "R101", **words, **entry}])


def test_a_version_names_the_exact_content() -> None:
    assert parsed(whole()).version.startswith("1+")
    assert (
        parsed(whole()).version != parsed(with_entry(trigger={"kind": FACE, "direction": "towards"})).version
    )
    assert parsed(whole()).least == nats(0.5)


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (
            with_entry(trigger={"direction": "towards"}),
            r"line \d+: codes\[\d+\]\.trigger is what N000 stands for",
        ),
        (
            with_entry(code="N000", trigger={"kind": "x", "direction": "towards"}),
            r"code is N000, which another",
        ),
        (
            with_entry(code="X1", trigger={"kind": "x", "direction": "towards"}),
            r"code must be R \(measured\)",
        ),
        (with_entry(trigger={"kind": "x"}), "must have either a direction or a reason"),
        (with_entry(trigger={"direction": "towards", "reason": "noisy"}), "must have either"),
        (with_entry(trigger={"direction": "up"}), "must be one of towards, against"),
        (with_entry(trigger={"reason": "moon"}), "must be one of not_yet"),
        (with_entry(trigger={"direction": "against", "family": "replay"}), "needs the signal's kind"),
        (
            with_entry(trigger={"kind": "x", "reason": "noisy", "family": "replay"}),
            "has no meaning for a signal",
        ),
        (with_entry(trigger={"kind": "x", "direction": "towards"}, en=" "), "en must be a text"),
        (with_entry(trigger={"kind": "x", "direction": "towards"}, fr="un"), "fr is not a field"),
        (whole(codes=whole()["codes"][1:]), "codes.json: no code stands for towards of any signal"),
        (whole(codes=whole()["codes"][:-1]), "codes.json: no code stands for withdrawn of any signal"),
        (whole(least_decibans=-1), "least_decibans must lie in 0"),
    ],
)
def test_a_malformed_taxonomy_is_refused_with_the_line(document: dict[str, Any], what: str) -> None:
    with pytest.raises(ParametersError, match=what):
        parsed(document)


def test_a_code_of_one_signals_own_absence_comes_before_the_general_one() -> None:
    taxonomy = parsed(with_entry(code="N901", trigger={"kind": VOICE, "reason": "noisy"}))
    assert taxonomy.code_of_absent(AbsentSignal(VOICE, Reason.NOISY)) == "N901"
    assert taxonomy.code_of_absent(AbsentSignal(FACE, Reason.NOISY)) != "N901"
