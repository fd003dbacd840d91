"""An assessment's explanation in words: the page and the terminal say the same, and old assessments can still be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from io import StringIO
from pathlib import Path
from re import findall

import orjson
import pytest
from rich.console import Console

from fraudmodel.assessment import (
    Band,
    CodedReason,
    Crossing,
    FamilyShare,
    FraudAssessment,
    Ground,
    GroundKind,
    NextCheck,
    Proposal,
    Sequential,
)
from fraudmodel.checks import load_checks
from fraudmodel.llr import logit, nats, probability
from fraudmodel.reason_codes import load_taxonomy
from fraudmodel.signals import SignalKind
from interview.analysis.codec import assessment_from_json, assessment_to_json
from interview.analysis.observer import Observer
from interview.analysis.recorded import Analysis
from interview.analysis.report import words
from interview.analysis.report.explained import explained
from interview.analysis.report.render import observed, render
from interview.cli.tables import assessment_tables
from interview.media.recording import MediaInfo
from tests.interview.analysis.test_report import MADE
from tests.interview.world import assessment

LATER = ("families", "sequential", "codes", "next_check", "taxonomy", "checks")
TEST = Sequential(Crossing.UP, 65.0, None, 4.4998, -2.2925, 0.01, 0.1)


def older(one: FraudAssessment) -> FraudAssessment:
    """As it was stored before there was an explanation."""
    stored = orjson.loads(orjson.dumps(assessment_to_json(one)))
    return assessment_from_json({name: value for name, value in stored.items() if name not in LATER})


def page_of(one: FraudAssessment) -> str:
    observer = Observer(last=one)
    given = observed(
        observer,
        title="call.mp4",
        made_at=MADE,
        version="0.1.0",
        duration_s=3.0,
        video="",
        audio="",
        models=[],
    )
    return unescape(render(given))


def terminal_of(one: FraudAssessment) -> str:
    told = StringIO()
    console = Console(width=200, file=told)
    info = MediaInfo("webm", 3.0, None, None)
    for each in assessment_tables(Analysis(Observer(last=one), 3.0, ""), info, "call.mp4", None):
        console.print(each)
    return told.getvalue()


def test_json_and_back_is_the_same_to_the_bit() -> None:
    one = assessment(3.0)
    assert assessment_from_json(orjson.loads(orjson.dumps(assessment_to_json(one)))) == one


def test_page_and_terminal_say_the_same_of_one_assessment() -> None:
    one = assessment(3.0)
    page, terminal = page_of(one), terminal_of(one)
    shown = explained(one)
    assert shown.next_check is not None
    assert shown.sequential is not None
    for told in (
        "R101",
        "The face does not look like the person on the ID photo",
        "N303",
        "67%",
        shown.next_check.en,
        shown.sequential.en,
    ):
        assert told in page
        assert told in terminal
    assert "人脸与证件照不像同一人" in page
    assert shown.next_check.zh in page
    assert one.taxonomy in page
    assert one.checks in page


def test_a_code_stands_on_one_line_on_a_phone_too() -> None:
    page = page_of(assessment(3.0))
    assert ".code.short { overflow-wrap: normal; }" in page
    for code in ("R101", "N303"):
        cell = page[: page.index(f">{code}</td>")].rpartition("<td")[2]
        assert 'class="code short"' in cell


def test_what_is_told_in_words() -> None:
    one = replace(assessment(3.0), sequential=TEST)
    shown = explained(one)
    assert shown.next_check == (
        "Ask an open question, so that the applicant speaks for longer (about 15 s, expected to move it by 1.5 dB, up or down)",
        "提一个开放式问题，请申请人多说几句（约 15 秒，预计变动 1.5 dB，升降均有可能）",
    )
    bounds = "bounds −10.0 … +19.5 dB, α 1.0%, β 10%"
    assert shown.sequential is not None
    assert shown.sequential.en == f"upper bound crossed at 1:05, a check is proposed ({bounds})"
    for test, expected in (
        (replace(TEST, checked_at=80.0), f"upper bound crossed at 1:05, checked at 1:20 ({bounds})"),
        (
            replace(TEST, crossed=Crossing.DOWN),
            f"lower bound crossed at 1:05, which proposes nothing ({bounds})",
        ),
        (replace(TEST, crossed=Crossing.UNDECIDED, at=None), f"undecided ({bounds})"),
        (replace(TEST, crossed=Crossing.UNDECIDED, at=None, highest=4.5), f"undecided ({bounds})"),
        (
            replace(TEST, crossed=Crossing.UNDECIDED, at=None, highest=3.88),
            f"undecided: with the calibrations in force it reaches +16.9 dB at most, short of the upper bound ({bounds})",
        ),
        (
            replace(TEST, crossed=Crossing.UNDECIDED, at=None, highest=4.4796, upper=4.4998),
            "undecided: with the calibrations in force it reaches +19.45 dB at most, short of the upper bound "
            "(bounds −10.0 … +19.54 dB, α 1.0%, β 10%)",
        ),
    ):
        told = explained(replace(one, sequential=test)).sequential
        assert told is not None
        assert told.en == expected


def test_a_check_of_minutes_is_told_in_minutes() -> None:
    long = NextCheck("enrol_the_voice", None, 900.0, 1.0, (SignalKind("voice_match"),))
    told = explained(replace(assessment(3.0), next_check=long)).next_check
    assert told is not None
    assert "(about 15 min, " in told.en
    assert "（约 15 分钟，" in told.zh


def moved(*parts: float) -> FraudAssessment:
    """An assessment whose signals add these (nats) to a base rate of 1 %."""
    (one, *_), kinds = assessment(3.0).contributions, ("face_match", "face_pad", "voice_pad")
    contributions = tuple(
        replace(one, kind=SignalKind(kind), contribution=part)
        for kind, part in zip(kinds, parts, strict=True)
    )
    codes = tuple(CodedReason("R101", each.kind, each.contribution) for each in contributions)
    log_odds = logit(0.01) + sum(parts)
    return replace(
        assessment(3.0, probability(log_odds)),
        prior=0.01,
        log_odds=log_odds,
        contributions=contributions,
        codes=codes,
    )


@pytest.mark.parametrize("shown", [page_of, terminal_of])
def test_what_is_written_in_decibans_adds_up_from_the_base_rate_to_the_sum(
    shown: Callable[[FraudAssessment], str],
) -> None:
    """Rounded each for itself, 0.34 three times would be +0.9 beside a sum that rose by 1.1."""
    one = moved(nats(0.34), nats(0.34), nats(0.34))
    told = explained(one)
    assert (told.base, list(told.shifts.values()), told.together) == (
        "−20.0",
        ["+0.4", "+0.4", "+0.3"],
        "−18.9",
    )
    text = shown(one)
    for written in (told.base, "+0.4", "+0.3", told.together):
        assert written in text
    assert [each.shift for each in told.reasons] == list(told.shifts.values())


@pytest.mark.parametrize("shown", [page_of, terminal_of])
def test_an_interval_without_width_is_not_shown_where_nothing_was_measured(
    shown: Callable[[FraudAssessment], str],
) -> None:
    bare = replace(
        assessment(3.0, 0.01),
        interval=(0.01, 0.01),
        prior=0.01,
        log_odds=logit(0.01),
        contributions=(),
        codes=(),
    )
    text = shown(bare)
    assert words.TEXT["only_base"].en in text
    assert words.TEXT["interval"].en not in text
    assert words.TEXT["interval"].en in shown(assessment(3.0))


@pytest.mark.parametrize("shown", [page_of, terminal_of])
def test_the_kind_that_the_evidence_points_to_is_not_called_the_most_probable_where_another_is(
    shown: Callable[[FraudAssessment], str],
) -> None:
    shares = tuple(FamilyShare(*each) for each in (("impostor", 0.4), ("injected", 0.35), ("replay", 0.25)))
    first = replace(assessment(3.0), family="impostor", families=shares)
    second = replace(first, family="injected")
    assert f"{words.TEXT['family'].en}" in shown(first)
    text = shown(second)
    assert words.TEXT["family"].en not in text
    assert words.TEXT["points"].en in text
    assert "Another person 40%" in text.replace('</span><span class="zh" lang="zh-Hans">他人顶替</span>', "")


@pytest.mark.parametrize(("language", "of"), [("en", 0), ("zh-Hans", 1)])
def test_reports_and_the_console_call_things_by_the_same_names(language: str, of: int) -> None:
    file = Path(__file__).parents[3] / "web" / "console" / "src" / "messages" / language / "evidence.ts"
    said = dict(findall(r'"([\w.]+)":\s*"((?:[^"\\]|\\.)*)"', file.read_text("utf-8")))
    tables = {"signal": words.SIGNALS, "family": words.FAMILIES, "band": words.BANDS, "grade": words.GRADES}
    for table, entries in tables.items():
        for name, text in entries.items():  # type: ignore[attr-defined]
            assert said[f"{table}.{name}"] == text[of]
    for key, name in (
        ("bandHint.insufficient", "insufficient"),
        ("next.none", "next_none"),
        ("assessment.onlyBase", "only_base"),
        ("assessment.priorRow", "prior"),
        ("assessment.posterior", "together"),
    ):
        assert said[key] == words.TEXT[name][of]


def test_where_nothing_would_change_it_that_is_said() -> None:
    assert explained(replace(assessment(3.0), next_check=None)).next_check == words.TEXT["next_none"]


def test_an_assessment_from_before_there_were_explanations_is_shown_without_one() -> None:
    one = older(assessment(3.0))
    assert (one.families, one.sequential, one.codes, one.next_check, one.taxonomy, one.checks) == (
        (),
        None,
        (),
        None,
        "",
        "",
    )
    shown = explained(one)
    assert (
        shown.reasons,
        shown.codes,
        shown.families,
        shown.sequential,
        shown.next_check,
    ) == ((), {}, (), None, None)
    for text in (page_of(one), terminal_of(one)):
        assert words.TEXT["next_check"].en not in text
        assert words.TEXT["sequential"].en not in text
        assert "None" not in text


def test_codes_and_checks_that_are_newer_go_by_name() -> None:
    one = replace(
        assessment(3.0),
        codes=(CodedReason("R999", SignalKind("face_pad"), 1.0),),
        next_check=NextCheck("moon_walk", None, 5.0, 1.0, (SignalKind("face_pad"),)),
    )
    shown = explained(one)
    assert shown.reasons[0].sentence == words.signal("face_pad")
    assert shown.next_check is not None
    assert shown.next_check.en.startswith("moon walk (about 5 s")
    assert explained(replace(one, family="mule_account")).kind[1].en == "mule account"
    assert explained(replace(one, family="none")).kind == (words.TEXT["points"], ("—", "—"))


@pytest.mark.parametrize("shown", [page_of, terminal_of])
def test_too_little_evidence_is_said_to_be_that_and_never_a_low_risk(shown: object) -> None:
    ground = Ground(GroundKind.COVERAGE, Band.INSUFFICIENT, 0.2, 0.4)
    proposal = Proposal(Band.INSUFFICIENT, (ground,), (), ("general",))
    little = replace(assessment(3.0, 0.0005), band=Band.INSUFFICIENT, coverage=0.2, proposal=proposal)
    text = shown(little)  # type: ignore[operator]
    assert words.BANDS[Band.INSUFFICIENT].en in text
    assert words.TEXT["insufficient"].en in text
    assert "check further" in words.BANDS[Band.INSUFFICIENT].en
    assert "需进一步核实" in words.BANDS[Band.INSUFFICIENT].zh
    assert "low risk" not in text.lower()
    assert "低风险" not in text
    assert words.BANDS[Band.PROCEED].en not in text


def test_the_sentences_fit_the_reports_languages() -> None:
    for sentence in (
        *load_taxonomy().sentences.values(),
        *(each.sentence for each in load_checks().checks.values()),
    ):
        assert sentence.en.isascii()
        assert not sentence.zh_hans.isascii()
