"""From a probability to what policy proposes. Bands follow from costs; a person decides, and nothing is declined here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from fraudmodel.assessment import AbsentSignal, Band
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.document import Node
from fraudmodel.errors import ParametersError
from fraudmodel.parameters import DEFAULT, POLICY_FILE
from fraudmodel.sequential import ErrorRates, parse_error_rates
from fraudmodel.signals import Reason, SignalKind


@dataclass(frozen=True, slots=True)
class Costs:
    """What outcomes cost, in one currency unit throughout.

    ``missed_fraud`` the loss of a fraud that went through; ``referral`` an officer's time and the delay; ``step_up``
    the friction of another check. ``referral_catch`` and ``step_up_catch`` (0..1): the share of fraud that each
    stops.
    """

    missed_fraud: float
    referral: float
    step_up: float
    referral_catch: float
    step_up_catch: float


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules of one loan product.

    ``minimum_coverage`` (0..1): below it the evidence is insufficient, whatever the probability. ``required`` signals
    must be measured, and none may be absent for one of ``blocking`` reasons, before the policy proposes to proceed. Behaviour is
    never required and its absence never blocks: it has no say in what is proposed. ``sequential`` the error rates of the sequential test,
    None for none.
    """

    version: str
    product: str
    costs: Costs
    minimum_coverage: float
    required: frozenset[SignalKind]
    blocking: frozenset[Reason]
    sequential: ErrorRates | None = None

    @property
    def step_up_at(self) -> float:
        """The probability from which another check costs less than the fraud that it stops."""
        return self.costs.step_up / (self.costs.missed_fraud * self.costs.step_up_catch)

    @property
    def refer_at(self) -> float:
        """The probability from which referring costs less than the fraud that it stops."""
        return self.costs.referral / (self.costs.missed_fraud * self.costs.referral_catch)

    def band(self, probability: float, coverage: float, absent: Iterable[AbsentSignal]) -> Band:
        """What this policy proposes. Never ``proceed`` where too little was measured."""
        if coverage < self.minimum_coverage:
            return Band.INSUFFICIENT
        if probability >= self.refer_at:
            return Band.REFER
        if probability >= self.step_up_at or any(self._blocks(signal) for signal in absent):
            return Band.STEP_UP
        return Band.PROCEED

    def _blocks(self, signal: AbsentSignal) -> bool:
        if signal.kind in BEHAVIOUR:
            return False
        return signal.kind in self.required or signal.reason in self.blocking


def load_policy(name: str = DEFAULT) -> Policy:
    """The shipped policy (``default``), or that in a file of that path."""
    file = files("fraudmodel") / "fitted" / POLICY_FILE if name == DEFAULT else Path(name)
    if not file.is_file():
        raise ParametersError(f'there is no policy file "{name}": use "{DEFAULT}" or a file\'s path')
    return parse_policy(file.read_text("utf-8"), file.name)


def parse_policy(text: str, source: str = POLICY_FILE) -> Policy:
    """Read a policy. Raises ParametersError with the file, the line and the field."""
    root = Node.parse(text, source)
    root.fields(
        *("version", "product", "costs", "minimum_coverage", "required", "blocking"), optional=("sequential",)
    )
    policy = Policy(
        version=f"{root['version'].text()}+{sha256(text.encode()).hexdigest()[:8]}",
        product=root["product"].text(),
        costs=_costs(root["costs"]),
        minimum_coverage=root["minimum_coverage"].number(0.0, 1.0),
        required=frozenset(_required(kind) for kind in root["required"].items()),
        blocking=frozenset(Reason(reason.choice(*Reason)) for reason in root["blocking"].items()),
        sequential=parse_error_rates(root["sequential"]) if "sequential" in root else None,
    )
    if not policy.step_up_at < policy.refer_at < 1.0:
        raise root["costs"].error(
            f"ask for a step-up from {policy.step_up_at:.3g} and a referral from {policy.refer_at:.3g}: "
            "the first must come before the second, and both below 1"
        )
    return policy


def _required(node: Node) -> SignalKind:
    kind = SignalKind(node.text())
    if kind in BEHAVIOUR:
        raise node.error(f"cannot be {kind}: behaviour never decides, so no proposal may wait for it")
    return kind


def _costs(node: Node) -> Costs:
    node.fields("missed_fraud", "referral", "step_up", "referral_catch", "step_up_catch", "currency")
    node["currency"].text()
    return Costs(
        missed_fraud=node["missed_fraud"].positive(),
        referral=node["referral"].positive(),
        step_up=node["step_up"].positive(),
        referral_catch=_share(node["referral_catch"]),
        step_up_catch=_share(node["step_up_catch"]),
    )


def _share(node: Node) -> float:
    value = node.positive()
    return node.number(0.0, 1.0) if value > 1.0 else value
