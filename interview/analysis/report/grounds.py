"""Why a proposal is what it is, in the report's and the terminal's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fraudmodel.assessment import Band, FraudAssessment, Ground, GroundKind, GroundSignal, Proposal
from fraudmodel.signals import SignalKind
from interview.analysis.report.numbers import compared
from interview.analysis.report.words import BANDS, REASONS, TEXT, Words, signal

_COMPARED: Final = {
    GroundKind.PROBABILITY: Words("the probability {} is at or above {}", "欺诈概率 {}，达到或高于 {}"),
    GroundKind.COVERAGE: Words("the coverage {} is below {}", "覆盖率 {}，低于 {}"),
}
_BELOW: Final = Words("the probability {} is below {}", "欺诈概率 {}，低于 {}")
_MISSING: Final = {
    GroundKind.CHECK: Words("it has to be measured: {}", "必须测量：{}"),
    GroundKind.PASSING: Words("it has to be passed: {}", "必须通过：{}"),
    GroundKind.ABSENCE: Words("it is absent: {}", "缺失：{}"),
}
_SEQUENTIAL: Final = Words("the evidence over time crossed its upper bound", "累积证据越过上界")
_NOT_PASSED: Final = Words("measured, and not passed", "已测量，未通过")
_OR: Final = Words(", or ", "，或")
_ASKS: Final = Words("The policy asks for, in this order: {}", "策略要求依次进行：{}")
_POLICY: Final = Words("for {}", "适用于 {}")
_APPROVED: Final = Words("for {}; {} answers for it since {}", "适用于 {}；由 {} 自 {} 起负责")


def grounds(assessment: FraudAssessment) -> list[Words]:
    """A sentence for each ground, the strictest first; none for an assessment from before proposals said why."""
    return [_sentence(each) for each in assessment.proposal.grounds] if assessment.proposal else []


def asks(assessment: FraudAssessment) -> Words | None:
    """What a further check asks for, in order; None where it asks for nothing."""
    proposal = assessment.proposal
    if proposal is None or not proposal.asks:
        return None
    named = _joined([signal(kind) for kind in proposal.asks], Words(", ", "、"))
    return Words(*(text.format(name) for text, name in zip(_ASKS, named, strict=True)))


def policy_named(assessment: FraudAssessment) -> Words:
    """The policy's version, what it is for and who answers for it."""
    proposal = assessment.proposal
    if proposal is None:
        return Words(assessment.policy, assessment.policy)
    text, parts = _named(proposal)
    return Words(*(f"{assessment.policy} {each.format(*parts)}" for each in text))


def _named(proposal: Proposal) -> tuple[Words, tuple[str, ...]]:
    products = ", ".join(proposal.products)
    if not proposal.approved_by:
        return _POLICY, (products,)
    return _APPROVED, (products, proposal.approved_by, proposal.approved_on)


def _sentence(ground: Ground) -> Words:
    parts = zip(BANDS[ground.band], TEXT["colon"], _why(ground), strict=True)
    return Words(*("".join(each) for each in parts))


def _why(ground: Ground) -> Words:
    if ground.kind is GroundKind.SEQUENTIAL:
        return _SEQUENTIAL
    if ground.kind in _COMPARED:
        below = ground.kind is GroundKind.PROBABILITY and ground.band is Band.PROCEED
        text = _BELOW if below else _COMPARED[ground.kind]
        figures = compared(ground.value or 0.0, ground.threshold or 0.0)
        return Words(*(each.format(*figures) for each in text))
    missing = _joined([_missing(each) for each in ground.signals], _OR)
    return Words(*(text.format(name) for text, name in zip(_MISSING[ground.kind], missing, strict=True)))


def _missing(one: GroundSignal) -> Words:
    reason = REASONS[one.reason] if one.reason else _NOT_PASSED
    name = signal(SignalKind(one.kind))
    return Words(f"{name.en} ({reason.en})", f"{name.zh}（{reason.zh}）")


def _joined(parts: Sequence[Words], by: Words) -> Words:
    return Words(by.en.join(each.en for each in parts), by.zh.join(each.zh for each in parts))
