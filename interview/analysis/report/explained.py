"""An assessment's explanation in words, the same for the page and for the terminal: reasons, kinds of fraud, the test in time, the next check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fraudmodel.assessment import Crossing, FraudAssessment, Sequential
from fraudmodel.checks import load_checks
from fraudmodel.fusion import NO_FAMILY
from fraudmodel.llr import decibans, logit
from fraudmodel.reason_codes import load_taxonomy
from fraudmodel.signals import SignalKind
from interview.analysis.report import words
from interview.analysis.report.charts import clock
from interview.analysis.report.numbers import compared_decibans, percent, shifts, signed_decibans
from interview.analysis.report.words import Words

_IN_MINUTES_S: Final = 120.0
"""From here on a duration is told in minutes, as the console does."""


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """One reason that moved the probability: its code, its sentence, and by how much (dB, as it is written)."""

    code: str
    sentence: Words
    shift: str


@dataclass(frozen=True, slots=True)
class Explained:
    """``reasons`` in the assessment's order; ``codes`` of all signals, absent ones too; ``families`` the most probable first, 0..1.

    ``interval`` of the probability. ``shifts`` what each signal adds (dB), which as it is written sums up from ``base`` to ``together``. ``kind``
    what the evidence points to, with the words for that. What an assessment from before there were these lacks is empty or None.
    """

    interval: Words
    base: str
    shifts: Mapping[SignalKind, str]
    together: str
    kind: tuple[Words, Words]

    reasons: tuple[ReasonShown, ...]
    codes: Mapping[SignalKind, str]
    families: tuple[tuple[Words, float], ...]
    sequential: Words | None
    next_check: Words | None


def explained(assessment: FraudAssessment) -> Explained:
    """The words for one assessment. A code or a check that this version does not know goes by its signal's or its own name."""
    sentences = load_taxonomy().sentences
    moved = _shifts(assessment)
    reasons = []
    for each in assessment.codes:
        if each.contribution == 0.0:
            continue
        known = sentences.get(each.code)
        sentence = words.signal(each.kind) if known is None else Words(known.en, known.zh_hans)
        reasons.append(
            ReasonShown(each.code, sentence, moved.get(each.kind) or signed_decibans(each.contribution))
        )
    shares = assessment.families if assessment.family != NO_FAMILY else ()
    return Explained(
        interval=_interval(assessment),
        base=signed_decibans(logit(assessment.prior)),
        shifts=moved,
        together=signed_decibans(assessment.log_odds),
        kind=_kind(assessment),
        reasons=tuple(reasons),
        codes={each.kind: each.code for each in assessment.codes},
        families=tuple((words.family(each.family), each.share) for each in shares),
        sequential=None if assessment.sequential is None else _standing(assessment.sequential),
        next_check=_next(assessment),
    )


def _shifts(assessment: FraudAssessment) -> Mapping[SignalKind, str]:
    parts = [each.contribution for each in assessment.contributions]
    shown = shifts(logit(assessment.prior), parts, assessment.log_odds)
    return {each.kind: text for each, text in zip(assessment.contributions, shown, strict=True)}


def _interval(assessment: FraudAssessment) -> Words:
    """Where nothing was measured there is nothing to be certain of: an interval without width would look like certainty."""
    if not assessment.contributions:
        return words.TEXT["only_base"]
    low, high = (percent(each) for each in assessment.interval)
    return Words(*(f"{text} {low} – {high}" for text in words.TEXT["interval"]))


def _kind(assessment: FraudAssessment) -> tuple[Words, Words]:
    """The evidence may point to a kind that is not the most probable one all the same, where another is so much more frequent."""
    shares = {each.family: each.share for each in assessment.families}
    share = shares.get(assessment.family)
    most = share is not None and share >= max(shares.values())
    return words.TEXT["family" if most else "points"], words.family(assessment.family)


_STANDING: Final = {
    Crossing.UNDECIDED: "sequential_undecided",
    Crossing.UP: "sequential_up",
    Crossing.DOWN: "sequential_down",
}


def _standing(test: Sequential) -> Words:
    short = test.crossed is Crossing.UNDECIDED and test.highest is not None and test.highest < test.upper
    undecided = "sequential_short" if short else _STANDING[test.crossed]
    key = undecided if test.checked_at is None else "sequential_checked"
    most, upper = (
        compared_decibans(test.highest or 0.0, test.upper) if short else ("", signed_decibans(test.upper))
    )
    at, checked = clock(test.at or 0.0), clock(test.checked_at or 0.0)
    bounds = f"{signed_decibans(test.lower)} … {upper} dB, α {percent(test.alpha)}, β {percent(test.beta)}"
    return Words(*(text.format(at=at, checked=checked, most=most, bounds=bounds) for text in words.TEXT[key]))


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
    gain = f"{decibans(following.gain):.1f}"
    parts = zip(asks, _lasting(following.seconds), words.TEXT["next_line"], strict=True)
    return Words(*(text.format(check=what, time=time, gain=gain) for what, time, text in parts))


def _lasting(seconds: float) -> Words:
    minutes = seconds >= _IN_MINUTES_S
    count = f"{seconds / 60.0:.0f}" if minutes else f"{seconds:g}"
    return Words(*(text.format(count) for text in words.TEXT["minutes" if minutes else "seconds"]))
