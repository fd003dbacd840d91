"""What it means for a proposal that something was not measured: required checks, and rules by signal and by reason.

An absent signal moves the probability by exactly 0; whether one may proceed without it is a matter of policy. Nothing here can make a
proposal milder: that a signal is absent never weighs less than that it is there. Behaviour is in no check and no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fraudmodel.assessment import AbsentSignal, Band, Ground, GroundKind, GroundSignal
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.document import Node
from fraudmodel.signals import Reason, SignalKind


class Means(StrEnum):
    """What an absence means, the mildest first."""

    PROCEED_WITHOUT = "proceed_without"
    STEP_UP = "step_up"
    REFER = "refer"


_BANDS = {Means.STEP_UP: Band.STEP_UP, Means.REFER: Band.REFER}
_STRICTNESS = {means: place for place, means in enumerate(Means)}


@dataclass(frozen=True, slots=True)
class AbsenceRule:
    """What the absence of ``signal`` for ``reason`` means; None is any."""

    means: Means
    signal: SignalKind | None = None
    reason: Reason | None = None

    def covers(self, kind: SignalKind, reason: Reason) -> bool:
        """Whether it speaks of this absence."""
        return self.signal in (None, kind) and self.reason in (None, reason)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that has to be done before a policy proposes to proceed: one of ``signals`` measured or, with ``passed``, measured with
    evidence against fraud (an LLR below 0)."""

    signals: tuple[SignalKind, ...]
    passed: bool = False

    def met(self, present: Mapping[SignalKind, float]) -> bool:
        """Whether the signals that are present, with their LLRs (nats), meet it."""
        return any(kind in present and (not self.passed or present[kind] < 0.0) for kind in self.signals)


@dataclass(frozen=True, slots=True)
class Absences:
    """A policy's checks and rules.

    A signal of a check is judged by the check; any other one by itself, and without a rule its absence means nothing. Of a check that is
    not met the mildest absence counts that still asks for something: as long as one of its signals can be asked for, that is enough. A check
    to be passed is never done without: an absence would otherwise be milder than a failure.
    """

    checks: tuple[Check, ...] = ()
    rules: tuple[AbsenceRule, ...] = ()

    def meaning(self, kind: SignalKind, reason: Reason, otherwise: Means) -> Means:
        """What the rule says that names both; else the stricter one of those that name the signal or the reason; else ``otherwise``."""
        fitting = [rule for rule in self.rules if rule.covers(kind, reason)]
        both = [rule for rule in fitting if rule.signal is not None and rule.reason is not None]
        found = (rule.means for rule in both or fitting)
        return max(found, key=_STRICTNESS.__getitem__, default=otherwise)

    def grounds(self, present: Mapping[SignalKind, float], absent: Iterable[AbsentSignal]) -> list[Ground]:
        """Why not to proceed, as far as something is missing: checks first, then signals by name."""
        reasons = {each.kind: each.reason for each in absent if each.kind not in BEHAVIOUR}
        checked = {kind for check in self.checks for kind in check.signals}
        grounds = [self._unmet(check, present, reasons) for check in self.checks]
        for kind in sorted(reasons.keys() - checked):
            means = self.meaning(kind, reasons[kind], Means.PROCEED_WITHOUT)
            grounds.append(_ground(GroundKind.ABSENCE, means, (GroundSignal(kind, reasons[kind]),)))
        return [ground for ground in grounds if ground is not None]

    def _unmet(
        self, check: Check, present: Mapping[SignalKind, float], reasons: Mapping[SignalKind, Reason]
    ) -> Ground | None:
        if check.met(present):
            return None
        # What nobody measures here, and nobody gives a reason for, has not been measured yet.
        missing = {kind: reasons.get(kind, Reason.NOT_YET) for kind in check.signals if kind not in present}
        meanings = [Means.STEP_UP] * (len(check.signals) - len(missing))
        meanings += [self._of_checked(check, kind, reason) for kind, reason in missing.items()]
        asking = [means for means in meanings if means is not Means.PROCEED_WITHOUT]
        means = min(asking, key=_STRICTNESS.__getitem__, default=Means.PROCEED_WITHOUT)
        signals = tuple(GroundSignal(kind, missing.get(kind)) for kind in check.signals)
        return _ground(GroundKind.PASSING if check.passed else GroundKind.CHECK, means, signals)

    def _of_checked(self, check: Check, kind: SignalKind, reason: Reason) -> Means:
        means = self.meaning(kind, reason, Means.STEP_UP)
        return Means.STEP_UP if check.passed and means is Means.PROCEED_WITHOUT else means


def _ground(kind: GroundKind, means: Means, signals: tuple[GroundSignal, ...]) -> Ground | None:
    return Ground(kind, _BANDS[means], signals=signals) if means in _BANDS else None


def parse_absences(root: Node) -> Absences:
    """The fields ``required``, ``blocking`` and ``absence`` of a policy. Raises ParametersError with the line and the field.

    ``required`` lists signals, or objects with ``one_of`` and, where measured is not enough, ``"passed": true``. ``blocking`` lists reasons that mean
    a step-up whatever is absent for them; ``absence`` says it rule by rule.
    """
    rules: dict[tuple[SignalKind | None, Reason | None], AbsenceRule] = {}
    for node in root["blocking"].items() if "blocking" in root else ():
        _add(rules, node, AbsenceRule(Means.STEP_UP, None, Reason(node.choice(*Reason))))
    for node in root["absence"].items() if "absence" in root else ():
        _add(rules, node, _rule(node))
    checks: list[Check] = []
    for node in root["required"].items():
        if (check := _check(node)) in checks:
            raise node.error("asks for the same check a second time")
        checks.append(check)
    return Absences(tuple(checks), tuple(rules.values()))


def named_signals(root: Node) -> Iterator[Node]:
    """Wherever a policy, which was read, names a signal."""
    for check in root["required"].items():
        yield from check["one_of"].items() if check.is_object() else (check,)
    for rule in root["absence"].items() if "absence" in root else ():
        if "signal" in rule:
            yield rule["signal"]
    yield from root["step_up"].items() if "step_up" in root else ()


def deciding_signal(node: Node) -> SignalKind:
    """A signal that may have a say. Raises ParametersError for behaviour, which never does."""
    kind = SignalKind(node.line())
    if kind in BEHAVIOUR:
        raise node.error(f"cannot be {kind}: behaviour never decides, so no proposal may wait for it")
    return kind


def deciding_signals(node: Node) -> tuple[SignalKind, ...]:
    """A list of them, each once."""
    kinds: list[SignalKind] = []
    for item in node.items():
        kind = deciding_signal(item)
        if kind in kinds:
            raise item.error(f"names {kind} a second time")
        kinds.append(kind)
    return tuple(kinds)


def _check(node: Node) -> Check:
    if not node.is_object():
        return Check((deciding_signal(node),))
    node.fields("one_of", optional=("passed",))
    signals = deciding_signals(node["one_of"])
    if not signals:
        raise node["one_of"].error("must name at least one signal: nobody could meet a check of none")
    return Check(signals, "passed" in node and node["passed"].flag())


def _rule(node: Node) -> AbsenceRule:
    node.fields("means", optional=("signal", "reason"))
    if "signal" not in node and "reason" not in node:
        raise node.error("must name a signal, a reason or both")
    return AbsenceRule(
        Means(node["means"].choice(*Means)),
        deciding_signal(node["signal"]) if "signal" in node else None,
        Reason(node["reason"].choice(*Reason)) if "reason" in node else None,
    )


def _add(
    rules: dict[tuple[SignalKind | None, Reason | None], AbsenceRule], node: Node, rule: AbsenceRule
) -> None:
    if (rule.signal, rule.reason) in rules:
        named = " ".join(filter(None, (rule.signal, rule.reason)))
        raise node.error(f"says a second time what the absence of {named} means")
    rules[rule.signal, rule.reason] = rule
