"""An assessment's explanation in words, the same for the page and for the terminal: reasons, kinds of fraud, the test in time, the next check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fraudmodel.assessment import Crossing, FraudAssessment, Sequential
from fraudmodel.checks import load_checks
from fraudmodel.fusion import NO_FAMILY
from fraudmodel.llr import decibans
from fraudmodel.reason_codes import load_taxonomy
from fraudmodel.signals import SignalKind
from interview.analysis.report import words
from interview.analysis.report.charts import clock
from interview.analysis.report.numbers import percent
from interview.analysis.report.words import Words


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """One reason that moved the probability: its code, its sentence, and by how much (nats)."""

    code: str
    sentence: Words
    contribution: float


@dataclass(frozen=True, slots=True)
class Explained:
    """``reasons`` in the assessment's order; ``codes`` of all signals, absent ones too; ``families`` the most probable first, 0..1.

    What an assessment from before there were these lacks is empty or None.
    """

    reasons: tuple[ReasonShown, ...]
    codes: Mapping[SignalKind, str]
    families: tuple[tuple[Words, float], ...]
    sequential: Words | None
    next_check: Words | None


def explained(assessment: FraudAssessment) -> Explained:
    """The words for one assessment. A code or a check that this version does not know goes by its signal's or its own name."""
    sentences = load_taxonomy().sentences
    reasons = []
    for each in assessment.codes:
        if each.contribution == 0.0:
            continue
        known = sentences.get(each.code)
        sentence = words.signal(each.kind) if known is None else Words(known.en, known.zh_hans)
        reasons.append(ReasonShown(each.code, sentence, each.contribution))
    shares = assessment.families if assessment.family != NO_FAMILY else ()
    return Explained(
        reasons=tuple(reasons),
        codes={each.kind: each.code for each in assessment.codes},
        families=tuple((words.family(each.family), each.share) for each in shares),
        sequential=None if assessment.sequential is None else _standing(assessment.sequential),
        next_check=_next(assessment),
    )


_STANDING: Final = {
    Crossing.UNDECIDED: "sequential_undecided",
    Crossing.UP: "sequential_up",
    Crossing.DOWN: "sequential_down",
}


def _standing(test: Sequential) -> Words:
    key = _STANDING[test.crossed] if test.checked_at is None else "sequential_checked"
    at, checked = clock(test.at or 0.0), clock(test.checked_at or 0.0)
    bounds = f"{decibans(test.lower):+.1f} … {decibans(test.upper):+.1f} dB, α {percent(test.alpha)}, β {percent(test.beta)}"
    return Words(*(text.format(at=at, checked=checked, bounds=bounds) for text in words.TEXT[key]))


def _next(assessment: FraudAssessment) -> Words | None:
    """None of an assessment from before there were checks."""
    if not assessment.checks:
        return None
    following = assessment.next_check
    if following is None:
        return words.TEXT["next_none"]
    known = load_checks().checks.get(following.check)
    plain = following.check.replace("_", " ")
    asks = Words(plain, plain) if known is None else Words(known.sentence.en, known.sentence.zh_hans)
    figures = {"seconds": f"{following.seconds:g}", "gain": f"{decibans(following.gain):.1f}"}
    return Words(
        *(
            text.format(check=what, **figures)
            for what, text in zip(asks, words.TEXT["next_line"], strict=True)
        )
    )
