"""What new interviews of this deployment are assessed by, read whole and checked once: the parameters, and a policy for each loan product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from fraudmodel.errors import ParametersError
from fraudmodel.parameters import DEFAULT, Parameters, parameters_texts, parse_parameters
from fraudmodel.policies import Policies, PolicyDocument, load_policies
from fraudmodel.policy_words import unmeasurable
from fraudmodel.rulebook import Rulebook
from interview.audit import SYSTEM, AuditLog
from interview.problems import Rejected
from interview.store.audit import AuditStore

IN_FORCE: Final = "rules.in_force"


@dataclass(frozen=True, slots=True)
class Rules:
    """``texts`` of the parameters' files by name, and what they say; ``policies`` by loan product."""

    texts: Mapping[str, str]
    parameters: Parameters
    policies: Policies

    def policy_of(self, product: str) -> PolicyDocument:
        """The product's policy. Raises Rejected where it has none: a deployment's own products were checked at the start."""
        try:
            return self.policies.of(product)
        except ParametersError as error:
            raise Rejected(
                f"No interview can be made for this product: {error}.",
                "该产品没有可用的策略，无法新建面谈。",
                code="no_policy",
            ) from error

    def rulebook(self, product: str) -> Rulebook:
        """What an interview about this product keeps. Raises Rejected."""
        return Rulebook.of(self.texts, self.policy_of(product))

    def warnings(self) -> list[str]:
        """What these rules ask for and cannot get, a sentence each: no mistake, but nobody would ever be let proceed."""
        return [
            f"{document.source}: {what}"
            for document in self.policies.documents
            for what in unmeasurable(document.policy, self.parameters)
        ]


def note_rules(rules: Rules, kept: AuditStore, audit: AuditLog) -> None:
    """Note in the audit log that other parameters or policies are in force than before: which, and who answers for the policies."""
    now = {
        "parameters": rules.parameters.version,
        **{f"policy.{each.source}": _named(each) for each in rules.policies.documents},
    }
    before = kept.last(IN_FORCE)
    if before is None or dict(before.detail) != now:
        audit.write(SYSTEM, IN_FORCE, **now)


def _named(document: PolicyDocument) -> str:
    policy = document.policy
    approved = f", {policy.approved_by} {policy.approved_on}" if policy.approved_on else ""
    return f"{policy.version} for {', '.join(policy.products)}{approved}"


def load_rules(parameters: str = DEFAULT, policy: str = DEFAULT, products: Iterable[str] = ()) -> Rules:
    """Read them. Raises ParametersError with the file, line and field of the first mistake, and for a product without a policy or a policy for a
    signal that nobody knows."""
    texts = parameters_texts(parameters)
    read, policies = parse_parameters(texts), load_policies(policy)
    policies.require_signals(read)
    policies.require(products)
    return Rules(texts, read, policies)
