"""Why a proposal is what it is, in words: on the page and on the terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fraudmodel.assessment import Band, FraudAssessment, Ground, GroundKind, GroundSignal, Proposal
from fraudmodel.signals import Reason, SignalKind
from interview.analysis.report.grounds import asks, grounds, policy_named
from interview.analysis.report.render import render
from interview.analysis.report.words import Words
from tests.interview.analysis.test_report import report
from tests.interview.world import assessment

FACE, FLASH, POSE = (SignalKind(kind) for kind in ("face_match", "flash_challenge", "pose_challenge"))


def proposed(*why: Ground, **more: object) -> FraudAssessment:
    proposal = Proposal(why[0].band if why else Band.PROCEED, why, (), ("trade", "export"))
    return replace(assessment(1.0), policy="3+abc", proposal=replace(proposal, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ground", "en", "zh"),
    [
        (
            Ground(GroundKind.PROBABILITY, Band.REFER, 0.031, 0.01875),
            "Refer to a second reader: the probability 3.1% is at or above 1.9%",
            "转第二人复核：欺诈概率 3.1%，达到或高于 1.9%",
        ),
        (
            Ground(GroundKind.PROBABILITY, Band.PROCEED, 0.001, 0.004),
            "Proceed: the probability 0.10% is below 0.40%",
            "可继续：欺诈概率 0.10%，低于 0.40%",
        ),
        (
            Ground(GroundKind.COVERAGE, Band.INSUFFICIENT, 0.3, 0.4),
            "the coverage 30% is below 40%",
            "覆盖率 30%，低于 40%",
        ),
        (
            Ground(GroundKind.COVERAGE, Band.INSUFFICIENT, 0.3996, 0.4),
            "the coverage 39.96% is below 40.00%",
            "覆盖率 39.96%，低于 40.00%",
        ),
        (
            Ground(GroundKind.CHECK, Band.STEP_UP, signals=(GroundSignal(FACE, Reason.NO_REFERENCE),)),
            "it has to be measured: Face against ID photo (No reference to compare with)",
            "必须测量：人脸与证件照比对（没有可比对的样本）",
        ),
        (
            Ground(
                GroundKind.PASSING,
                Band.STEP_UP,
                signals=(GroundSignal(FLASH, None), GroundSignal(POSE, Reason.NOT_CHALLENGED)),
            ),
            "it has to be passed: Response to the light challenge (measured, and not passed), or Response to the head-turn challenge (No such challenge",
            "必须通过：屏幕光线检测的反应（已测量，未通过），或转头测试的反应（未进行此项测试）",
        ),
        (
            Ground(GroundKind.ABSENCE, Band.REFER, signals=(GroundSignal(FACE, Reason.DETECTOR_FAILED),)),
            "it is absent: Face against ID photo (The check failed",
            "缺失：人脸与证件照比对（检测出错，已停用）",
        ),
        (Ground(GroundKind.SEQUENTIAL, Band.STEP_UP), "the evidence over time crossed", "累积证据越过上界"),
    ],
)
def test_every_ground_has_a_sentence_in_both_languages(ground: Ground, en: str, zh: str) -> None:
    (told,) = grounds(proposed(ground))
    assert en in told.en
    assert zh in told.zh


def test_every_kind_of_ground_and_every_reason_can_be_told() -> None:
    signals = tuple(GroundSignal(FACE, reason) for reason in Reason)
    for kind in GroundKind:
        assert grounds(proposed(Ground(kind, Band.STEP_UP, 0.5, 0.4, signals)))


def test_what_is_asked_for_stands_in_order() -> None:
    told = asks(proposed(asks=(POSE, FLASH)))
    assert told == Words(
        "The policy asks for, in this order: Response to the head-turn challenge, Response to the light challenge",
        "策略要求依次进行：转头测试的反应、屏幕光线检测的反应",
    )
    assert asks(proposed()) is None


def test_the_policy_says_whom_it_is_for_and_who_answers_for_it() -> None:
    assert policy_named(proposed()).en == "3+abc for trade, export"
    signed = proposed(approved_by="Wang", approved_on="2026-11-20")
    assert policy_named(signed).en == "3+abc for trade, export; Wang answers for it since 2026-11-20"


def test_an_assessment_from_before_proposals_said_why_is_shown_without() -> None:
    old = replace(assessment(1.0), proposal=None, policy="2026.11")
    assert (grounds(old), asks(old), policy_named(old).en) == ([], None, "2026.11")


def test_the_page_shows_it_and_escapes_what_a_file_says() -> None:
    ground = Ground(GroundKind.COVERAGE, Band.INSUFFICIENT, 0.3, 0.4)
    signed = proposed(ground, asks=(FLASH,), approved_by="<b>Wang</b>", approved_on="2026-11-20")
    page = render(replace(report(), assessment=signed))
    for part in (
        "the coverage 30% is below 40%",
        "The policy asks for, in this order: Response to the light challenge",
        "&lt;b&gt;Wang&lt;/b&gt; answers for it",
    ):
        assert part in page
    assert "<b>Wang" not in page
