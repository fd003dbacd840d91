"""From a probability to what policy proposes. Bands follow from costs; a person decides, and nothing is declined here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from fraudmodel.absence import Absences, deciding_signals, parse_absences
from fraudmodel.assessment import AbsentSignal, Band, Ground, GroundKind, Proposal, Sequential
from fraudmodel.document import Node, document_text
from fraudmodel.errors import ParametersError
from fraudmodel.parameters import DEFAULT, LONGEST_VERSION, POLICY_FILE
from fraudmodel.sequential import ErrorRates, parse_error_rates, proposed
from fraudmodel.signals import SignalKind

STRICTEST_FIRST: Final = (Band.REFER, Band.INSUFFICIENT, Band.STEP_UP, Band.PROCEED)
"""Of several grounds the first in this order is the proposal. Too little evidence asks for a further check too, and never hides a referral."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What outcomes cost, in one currency unit throughout.

    ``missed_fraud`` the loss of a fraud that went through; ``referral`` an officer's time and the delay; ``step_up``
    the friction of another check. ``referral_catch`` and ``step_up_catch`` (0..1): the share of fraud that each
    stops. ``false_referral`` what it costs beside the officer's time that somebody who is no fraud is referred: who is
    kept waiting may go elsewhere.
    """

    missed_fraud: float
    referral: float
    step_up: float
    referral_catch: float
    step_up_catch: float
    currency: str = ""
    false_referral: float = 0.0

    @property
    def thresholds(self) -> Thresholds:
        """Where the fraud that a measure stops costs as much as the measure, and as those whom it wrongs."""
        stopped = self.missed_fraud * self.referral_catch
        return Thresholds(
            self.step_up / (self.missed_fraud * self.step_up_catch),
            (self.referral + self.false_referral) / (stopped + self.false_referral),
        )


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The probabilities (0..1) from which a further check, and from which a referral, is proposed."""

    step_up: float
    refer: float

    @property
    def ordered(self) -> bool:
        """Whether the first comes before the second, and both lie between 0 and 1."""
        return 0.0 < self.step_up < self.refer < 1.0


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules of loan ``products``.

    ``minimum_coverage`` (0..1): below it the evidence is insufficient. ``absences`` are the checks that have to be made and what it means that
    something could not be. ``bands`` are thresholds that were set by hand, None where the costs give them. ``step_up`` what a further
    check asks for, in order. ``sequential`` the error rates of the sequential test, None for none. ``approved_by`` and ``approved_on`` who
    answers for it since when. Behaviour is never required and its absence never counts: it has no say in what is proposed.
    """

    version: str
    products: tuple[str, ...]
    costs: Costs
    minimum_coverage: float
    absences: Absences = field(default_factory=Absences)
    bands: Thresholds | None = None
    step_up: tuple[SignalKind, ...] = ()
    sequential: ErrorRates | None = None
    approved_by: str = ""
    approved_on: date | None = None
    note: str = ""

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds in force."""
        return self.bands or self.costs.thresholds

    @property
    def step_up_at(self) -> float:
        """The probability from which another check is proposed."""
        return self.thresholds.step_up

    @property
    def refer_at(self) -> float:
        """The probability from which a referral is proposed."""
        return self.thresholds.refer

    def propose(
        self,
        probability: float,
        coverage: float,
        present: Mapping[SignalKind, float],
        absent: Iterable[AbsentSignal],
        test: Sequential | None = None,
    ) -> Proposal:
        """What this policy proposes and why, of the LLRs (nats) of the signals that are ``present`` and the reasons of those that are not.

        Never ``proceed`` where too little was measured, a required check is missing, or the sequential ``test`` asks for one.
        """
        grounds = [
            *self._of_probability(probability),
            *self._of_coverage(coverage),
            *self.absences.grounds(present, absent),
            *_of_test(test),
        ]
        grounds.sort(key=lambda ground: STRICTEST_FIRST.index(ground.band))
        grounds = grounds or [Ground(GroundKind.PROBABILITY, Band.PROCEED, probability, self.step_up_at)]
        band = grounds[0].band
        checking = band in (Band.STEP_UP, Band.INSUFFICIENT)
        return Proposal(
            band=band,
            grounds=tuple(grounds),
            asks=tuple(kind for kind in self.step_up if kind not in present) if checking else (),
            products=self.products,
            approved_by=self.approved_by,
            approved_on=self.approved_on.isoformat() if self.approved_on else "",
        )

    def _of_probability(self, probability: float) -> list[Ground]:
        for band, at in ((Band.REFER, self.refer_at), (Band.STEP_UP, self.step_up_at)):
            if not probability < at:  # a figure that is none is looked at, never let through
                return [Ground(GroundKind.PROBABILITY, band, probability, at)]
        return []

    def _of_coverage(self, coverage: float) -> list[Ground]:
        if coverage >= self.minimum_coverage:
            return []
        return [Ground(GroundKind.COVERAGE, Band.INSUFFICIENT, coverage, self.minimum_coverage)]


def _of_test(test: Sequential | None) -> list[Ground]:
    """The test asks for a check until one was made, and for nothing else."""
    band = proposed(Band.PROCEED, test)
    return [] if band is Band.PROCEED else [Ground(GroundKind.SEQUENTIAL, band)]


def load_policy(name: str = DEFAULT) -> Policy:
    """The shipped policy (``default``), that in a file of that path, or ``default.json`` in a folder of that path."""
    source, text = policy_text(name)
    return parse_policy(text, source)


def policy_text(name: str = DEFAULT) -> tuple[str, str]:
    """The name that people know a policy by, and its text. Raises ParametersError where there is none."""
    file = files("fraudmodel") / "fitted" / POLICY_FILE if name == DEFAULT else Path(name)
    if isinstance(file, Path) and file.is_dir():
        file = file / f"{DEFAULT}.json"
    if not file.is_file():
        raise ParametersError(f'there is no policy file "{name}": use "{DEFAULT}" or a file\'s path')
    return file.name, document_text(file)


def parse_policy(text: str, source: str = POLICY_FILE) -> Policy:
    """Read a policy. Raises ParametersError with the file, the line and the field."""
    root = Node.parse(text, source)
    root.fields(
        *("version", "costs", "minimum_coverage", "required"),
        optional=(
            *("product", "products", "approved_by", "approved_on", "note", "bands", "blocking", "absence"),
            *("step_up", "sequential"),
        ),
    )
    policy = Policy(
        version=f"{root['version'].line(LONGEST_VERSION)}+{sha256(text.encode()).hexdigest()[:8]}",
        products=_products(root),
        costs=_costs(root["costs"]),
        minimum_coverage=root["minimum_coverage"].number(0.0, 1.0),
        absences=parse_absences(root),
        bands=_bands(root["bands"]) if "bands" in root else None,
        step_up=deciding_signals(root["step_up"]) if "step_up" in root else (),
        sequential=parse_error_rates(root["sequential"]) if "sequential" in root else None,
        note=root["note"].text() if "note" in root else "",
    )
    if policy.bands is None and not policy.thresholds.ordered:
        raise root["costs"].error(
            f"ask for a step-up from {policy.step_up_at:.3g} and a referral from {policy.refer_at:.3g}: "
            "the first must come before the second, above 0, and both below 1"
        )
    return _approved(policy, root)


def _products(root: Node) -> tuple[str, ...]:
    if ("product" in root) == ("products" in root):
        what = "both" if "product" in root else "neither"
        raise root.error(
            f'must say in "product" or in "products" what it is a policy for, not in both; it has {what}'
        )
    if "product" in root:
        return (root["product"].line(),)
    products: list[str] = []
    for node in root["products"].items():
        if (product := node.line()) in products:
            raise node.error(f"names {product} a second time")
        products.append(product)
    if not products:
        raise root["products"].error("must name at least one product")
    return tuple(products)


def _approved(policy: Policy, root: Node) -> Policy:
    """With who answers for it and since when: both or neither."""
    if "approved_by" not in root and "approved_on" not in root:
        return policy
    for name in ("approved_by", "approved_on"):
        if name not in root:
            raise root.error(
                f'lacks the field "{name}": who answers for a policy, and since when, go together'
            )
    try:
        on = date.fromisoformat(root["approved_on"].text())
    except ValueError:
        raise root["approved_on"].error(
            f"must be a day, as 2026-11-28; it is {root['approved_on'].text()!r}"
        ) from None
    return replace(policy, approved_by=root["approved_by"].line(), approved_on=on)


def _bands(node: Node) -> Thresholds:
    node.fields("step_up", "refer")
    bands = Thresholds(node["step_up"].number(0.0, 1.0), node["refer"].number(0.0, 1.0))
    if not bands.ordered:
        raise node.error(
            f"ask for a step-up from {bands.step_up:g} and a referral from {bands.refer:g}: "
            "the first must come before the second, above 0, and both below 1"
        )
    return bands


def _costs(node: Node) -> Costs:
    node.fields(
        *("missed_fraud", "referral", "step_up", "referral_catch", "step_up_catch", "currency"),
        optional=("false_referral",),
    )
    return Costs(
        missed_fraud=node["missed_fraud"].positive(),
        referral=node["referral"].positive(),
        step_up=node["step_up"].positive(),
        referral_catch=_share(node["referral_catch"]),
        step_up_catch=_share(node["step_up_catch"]),
        currency=node["currency"].line(),
        false_referral=node["false_referral"].number(0.0) if "false_referral" in node else 0.0,
    )


def _share(node: Node) -> float:
    value = node.positive()
    return node.number(0.0, 1.0) if value > 1.0 else value
