"""A policy in words: from which probability it asks for what, what has to be measured, and what it asks for that cannot be had."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from fraudmodel.absence import AbsenceRule, Check
from fraudmodel.llr import decibans, logit
from fraudmodel.parameters import Parameters
from fraudmodel.phrases import Words, say
from fraudmodel.policy import Policy

ENGLISH: Final[Words] = MappingProxyType(
    {
        "version": "{products}: version {version}",
        "approved": "{by} answers for it since {on}.",
        "unapproved": "Nobody is named who answers for it.",
        "bands.costs": "Check further from {step_up}, refer from {refer} (where the costs break even).",
        "bands.hand": "Check further from {step_up}, refer from {refer} (set by hand).",
        "by_costs": "The costs alone would say {step_up} and {refer}.",
        "costs": "Costs in {currency}: a missed fraud {missed}, a referral {referral} (catches {referral_catch}), a further check {step_up} (catches "
        "{step_up_catch}).",
        "false_referral": "That somebody who is no fraud is referred costs {amount} more.",
        "no_currency": "no currency",
        "evidence": "Starting from {prior}, to proceed the evidence must stay below {lower} dB; from {higher} dB on it is a referral.",
        "all_referred": "At that prevalence everybody begins as a referral: the evidence has to speak for an applicant first.",
        "all_checked": "At that prevalence everybody begins with a further check: the evidence has to speak for an applicant first.",
        "coverage": "Below a coverage of {least}: insufficient evidence, check further; never proceed.",
        "required": "Required: {check}; otherwise check further, unless an absence below says else.",
        "absent": "Absent: {what}{why}: {means}.",
        "any": "any signal",
        "why": " for the reason {reason}",
        "proceed_without": "one may proceed without",
        "step_up": "check further",
        "refer": "refer",
        "check.passed": "{signals}, passed (evidence against fraud)",
        "check.measured": "{signals}, measured",
        "or": " or ",
        "one_of": "one of {signals}",
        "others": "Any other signal that is absent moves nothing, and means nothing.",
        "asks": "A further check asks for, in order: {signals}.",
        "sequential": "Evidence over time: from {upper} dB on it asks for a check, with error rates {alpha} and {beta}.",
        "decides": "A person decides. Nothing is rejected by any of this.",
    }
)


def described(policy: Policy, prior: float, words: Words = ENGLISH) -> list[str]:
    """Sentences for whoever answers for the policy. ``prior`` is the prevalence (0..1) that evidence starts from."""
    return [
        say(words, "version", {"products": ", ".join(policy.products), "version": policy.version}),
        _approval(policy, words),
        *([policy.note] if policy.note else []),
        *_bands(policy, prior, words),
        say(words, "coverage", {"least": _percent(policy.minimum_coverage)}),
        *(say(words, "required", {"check": _check(check, words)}) for check in policy.absences.checks),
        *(_rule(rule, words) for rule in policy.absences.rules),
        words["others"],
        *([say(words, "asks", {"signals": ", ".join(policy.step_up)})] if policy.step_up else []),
        *_sequential(policy, words),
        words["decides"],
    ]


def unmeasurable(policy: Policy, parameters: Parameters) -> list[str]:
    """Checks that nobody could meet: none of their signals is calibrated in these parameters."""
    return [
        f"requires {_check(check, ENGLISH)}, and these parameters calibrate none of it: every interview would be checked further"
        for check in policy.absences.checks
        if not any(kind in parameters.signals for kind in check.signals)
    ]


def _approval(policy: Policy, words: Words) -> str:
    if not policy.approved_by or policy.approved_on is None:
        return words["unapproved"]
    return say(words, "approved", {"by": policy.approved_by, "on": policy.approved_on.isoformat()})


def _bands(policy: Policy, prior: float, words: Words) -> Iterator[str]:
    costs, by_costs = policy.costs, policy.costs.thresholds
    at = {"step_up": _percent(policy.step_up_at), "refer": _percent(policy.refer_at)}
    yield say(words, "bands.hand" if policy.bands else "bands.costs", at)
    if policy.bands:
        yield say(
            words, "by_costs", {"step_up": _percent(by_costs.step_up), "refer": _percent(by_costs.refer)}
        )
    yield say(
        words,
        "costs",
        {
            "currency": costs.currency or words["no_currency"],
            "missed": f"{costs.missed_fraud:g}",
            "referral": f"{costs.referral:g}",
            "referral_catch": _percent(costs.referral_catch),
            "step_up": f"{costs.step_up:g}",
            "step_up_catch": _percent(costs.step_up_catch),
        },
    )
    if costs.false_referral:
        yield say(words, "false_referral", {"amount": f"{costs.false_referral:g}"})
    lower, higher = (decibans(logit(at) - logit(prior)) for at in (policy.step_up_at, policy.refer_at))
    evidence = {"prior": _percent(prior), "lower": f"{lower:+.1f}", "higher": f"{higher:+.1f}"}
    yield say(words, "evidence", evidence)
    if higher <= 0.0:
        yield words["all_referred"]
    elif lower <= 0.0:
        yield words["all_checked"]


def _check(check: Check, words: Words) -> str:
    names = words["or"].join(check.signals)
    if len(check.signals) > 1:
        names = say(words, "one_of", {"signals": names})
    return say(words, "check.passed" if check.passed else "check.measured", {"signals": names})


def _rule(rule: AbsenceRule, words: Words) -> str:
    what = rule.signal or words["any"]
    why = say(words, "why", {"reason": rule.reason}) if rule.reason else ""
    return say(words, "absent", {"what": what, "why": why, "means": words[rule.means]})


def _sequential(policy: Policy, words: Words) -> Iterator[str]:
    if policy.sequential is not None:
        rates = policy.sequential
        upper = f"{decibans(rates.upper):+.1f}"
        yield say(
            words, "sequential", {"upper": upper, "alpha": f"{rates.alpha:g}", "beta": f"{rates.beta:g}"}
        )


def _percent(share: float) -> str:
    return f"{100.0 * share:.3g} %"
