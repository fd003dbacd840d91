"""A policy in words: from which probability it asks for what, what has to be measured, and what it asks for that cannot be had."""

from __future__ import annotations

from collections.abc import Iterator

from fraudmodel.absence import AbsenceRule, Check, Means
from fraudmodel.llr import decibans, logit
from fraudmodel.parameters import Parameters
from fraudmodel.policy import Policy

_MEANS = {
    Means.PROCEED_WITHOUT: "one may proceed without",
    Means.STEP_UP: "check further",
    Means.REFER: "refer",
}


def described(policy: Policy, prior: float) -> list[str]:
    """Sentences for whoever answers for the policy. ``prior`` is the prevalence (0..1) that evidence starts from."""
    return [
        f"{', '.join(policy.products)}: version {policy.version}",
        _approval(policy),
        *([policy.note] if policy.note else []),
        *_bands(policy, prior),
        f"Below a coverage of {_percent(policy.minimum_coverage)}: insufficient evidence, check further; never proceed.",
        *(f"Required: {_check(check)}." for check in policy.absences.checks),
        *(f"Absent: {_rule(rule)}." for rule in policy.absences.rules),
        "Any other signal that is absent moves nothing, and means nothing.",
        *([f"A further check asks for, in order: {', '.join(policy.step_up)}."] if policy.step_up else []),
        *_sequential(policy),
        "A person decides. Nothing is rejected by any of this.",
    ]


def unmeasurable(policy: Policy, parameters: Parameters) -> list[str]:
    """Checks that nobody could meet: none of their signals is calibrated in these parameters."""
    return [
        f"requires {_check(check)}, and these parameters calibrate none of it: every interview would be checked further"
        for check in policy.absences.checks
        if not any(kind in parameters.signals for kind in check.signals)
    ]


def _approval(policy: Policy) -> str:
    if not policy.approved_by or policy.approved_on is None:
        return "Nobody is named who answers for it."
    return f"{policy.approved_by} answers for it since {policy.approved_on.isoformat()}."


def _bands(policy: Policy, prior: float) -> Iterator[str]:
    costs, by_costs = policy.costs, policy.costs.thresholds
    origin = "set by hand" if policy.bands else "where the costs break even"
    yield f"Check further from {_percent(policy.step_up_at)}, refer from {_percent(policy.refer_at)} ({origin})."
    if policy.bands:
        yield f"The costs alone would say {_percent(by_costs.step_up)} and {_percent(by_costs.refer)}."
    yield (
        f"Costs in {costs.currency or 'no currency'}: a missed fraud {costs.missed_fraud:g}, a referral {costs.referral:g} (catches "
        f"{_percent(costs.referral_catch)}), a further check {costs.step_up:g} (catches {_percent(costs.step_up_catch)})."
    )
    if costs.false_referral:
        yield f"That somebody who is no fraud is referred costs {costs.false_referral:g} more."
    lower, higher = (decibans(logit(at) - logit(prior)) for at in (policy.step_up_at, policy.refer_at))
    yield f"Starting from {_percent(prior)}, to proceed the evidence must stay below {lower:+.1f} dB; from {higher:+.1f} dB on it is a referral."
    if higher <= 0.0:
        yield "At that prevalence everybody begins as a referral: the evidence has to speak for an applicant first."
    elif lower <= 0.0:
        yield "At that prevalence everybody begins with a further check: the evidence has to speak for an applicant first."


def _check(check: Check) -> str:
    names = " or ".join(check.signals)
    if len(check.signals) > 1:
        names = f"one of {names}"
    return f"{names}, passed (evidence against fraud)" if check.passed else f"{names}, measured"


def _rule(rule: AbsenceRule) -> str:
    what = rule.signal or "any signal"
    why = f" for the reason {rule.reason}" if rule.reason else ""
    return f"{what}{why}: {_MEANS[rule.means]}"


def _sequential(policy: Policy) -> Iterator[str]:
    if policy.sequential is not None:
        rates = policy.sequential
        yield (
            f"Evidence over time: from {decibans(rates.upper):+.1f} dB on it asks for a check, with error rates {rates.alpha:g} and {rates.beta:g}."
        )


def _percent(share: float) -> str:
    return f"{100.0 * share:.3g} %"
