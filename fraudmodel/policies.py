"""Which policy is whose: the shipped one or one file for every loan product, or a folder with a file for each.

In a folder a file is named after a product that it is for, and may say that it is for others too; ``default.json`` is for every product that no
file names. Everything is read at once, so that a mistake in any file is found before the first interview.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from fraudmodel.absence import named_signals
from fraudmodel.document import Node
from fraudmodel.errors import ParametersError
from fraudmodel.parameters import DEFAULT, FUSION_FILE, Parameters, load_parameters
from fraudmodel.policy import Policy, parse_policy, policy_text
from fraudmodel.signals import SignalKind

EXAMPLES: Final = "examples"


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A policy as it was written: the ``source`` that people know it by, its exact ``text``, and what that says."""

    source: str
    text: str
    policy: Policy

    @classmethod
    def of(cls, source: str, text: str) -> PolicyDocument:
        """Read it. Raises ParametersError with the line."""
        return cls(source, text, parse_policy(text, source))


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of a deployment. ``by_product`` those that are for a product, ``other`` the one for all others, None for none."""

    by_product: Mapping[str, PolicyDocument]
    other: PolicyDocument | None

    @property
    def documents(self) -> tuple[PolicyDocument, ...]:
        """Each once."""
        every = (*self.by_product.values(), *(() if self.other is None else (self.other,)))
        return tuple({document.source: document for document in every}.values())

    def of(self, product: str) -> PolicyDocument:
        """The policy of a product. Raises ParametersError where it has none."""
        found = self.by_product.get(product, self.other)
        if found is None:
            named = ", ".join(sorted(self.by_product))
            raise ParametersError(
                f'there is no policy for the product "{product}": the policies are for {named}; add {product}.json, or {DEFAULT}.json for all others'
            )
        return found

    def require(self, products: Iterable[str]) -> None:
        """Raises ParametersError for the first of these products that has no policy."""
        for product in products:
            self.of(product)

    def require_signals(self, parameters: Parameters) -> None:
        """Raises ParametersError for the first signal that neither these parameters nor the shipped ones know: a rule for a misspelt one never holds."""
        groups = (*parameters.fusion.groups, *load_parameters().fusion.groups)
        known = {kind for group in groups for kind in group.kinds}
        for document in self.documents:
            for node in named_signals(Node.parse(document.text, document.source)):
                if (kind := SignalKind(node.line())) not in known:
                    raise node.error(
                        f"names {kind}, which is in no group of {FUSION_FILE}: the signals are {', '.join(sorted(known))}"
                    )

    def idle(self, products: Iterable[str]) -> list[str]:
        """Policies that no interview about these products would have, a sentence each: their products may be misspelt."""
        known = set(products)
        return [
            f"{document.source}: it is for {', '.join(document.policy.products)}, and there is no such product"
            for document in self.documents
            if document is not self.other and known.isdisjoint(document.policy.products)
        ]


def load_policies(name: str = DEFAULT) -> Policies:
    """The shipped policy (``default``) or a file's, for every product; or those of a folder. Raises ParametersError."""
    folder = Path(name)
    if name in (DEFAULT, "") or not folder.is_dir():
        return Policies(MappingProxyType({}), PolicyDocument.of(*policy_text(name)))
    documents = [PolicyDocument.of(*policy_text(str(file))) for file in sorted(folder.glob("*.json"))]
    if not documents:
        raise ParametersError(f"there is no policy (PRODUCT.json) in the folder {name}")
    return policies_of(documents)


def policies_of(documents: Iterable[PolicyDocument]) -> Policies:
    """Those of a folder, each for what it says. Raises ParametersError where two are for one product, or a file's name misleads."""
    by_product: dict[str, PolicyDocument] = {}
    for document in documents:
        named = Path(document.source).stem
        if named not in document.policy.products:
            raise ParametersError(
                f"{document.source}: it is for {', '.join(document.policy.products)}, and the file's name says {named}"
            )
        for product in document.policy.products:
            if product in by_product:
                raise ParametersError(
                    f"{document.source}: {by_product[product].source} is for {product} already"
                )
            by_product[product] = document
    other = by_product.pop(DEFAULT, None)
    return Policies(MappingProxyType(by_product), other)


def example_policies() -> tuple[tuple[str, str], ...]:
    """The shipped examples, as file names and texts: figures to begin from, not measured and nobody's approval."""
    folder = files("fraudmodel") / EXAMPLES
    found = sorted(folder.iterdir(), key=lambda file: file.name)
    return tuple((file.name, file.read_text("utf-8")) for file in found if file.name.endswith(".json"))
