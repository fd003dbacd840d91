"""Fitted parameters: versioned JSON documents, read once, checked completely, named in every assessment.

A folder of parameters holds ``fusion.json`` and one ``<kind>.json`` for each calibrated signal; ``policy.json`` may lie
beside them and is read by `policy`. A wrong document raises ParametersError with its file, line and field, so a
session never starts with half of it.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from math import isclose
from pathlib import Path
from types import MappingProxyType

from fraudmodel.behaviour import BEHAVIOUR, GROUP
from fraudmodel.document import Node, document_text
from fraudmodel.errors import ParametersError
from fraudmodel.fitted import LARGEST_WEIGHT, parse_fitted
from fraudmodel.fusion import LARGEST_GROUP, MOST_GROUPS, NO_FAMILY, Component, Fusion, Group, learnable
from fraudmodel.signal_parameters import SignalParameters, parse_signal
from fraudmodel.signals import SignalKind
from fraudmodel.weighing import Weighing

DEFAULT = "default"
FUSION_FILE = "fusion.json"
POLICY_FILE = "policy.json"
LONGEST_VERSION = 60
"""Characters of a version that a document states: with the digest it is kept beside every interview."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Calibrations by signal and the fusion over them. ``version`` names their exact content."""

    version: str
    signals: Mapping[SignalKind, SignalParameters]
    fusion: Fusion

    def __post_init__(self) -> None:
        for kind in self.signals:
            if kind not in self.fusion.kinds:
                raise ParametersError(
                    f"{kind} is calibrated, but {FUSION_FILE} gives it no group or no weight: name it in both"
                )


def load_parameters(name: str = DEFAULT) -> Parameters:
    """The shipped parameters (``default``), or those in a folder of that path."""
    return parse_parameters(parameters_texts(name))


def parameters_texts(name: str = DEFAULT) -> dict[str, str]:
    """The documents of parameters, by file name. A policy that lies beside them is none of them."""
    folder = files("fraudmodel") / "fitted" if name == DEFAULT else Path(name)
    if not name or not folder.is_dir():
        raise ParametersError(
            f'there is no folder of parameters "{name}": use "{DEFAULT}" or a folder\'s path'
        )
    return {file.name: document_text(file) for file in folder.iterdir() if _is_parameters(file.name)}


def _is_parameters(name: str) -> bool:
    return name.endswith(".json") and name != POLICY_FILE


def parse_parameters(documents: Mapping[str, str]) -> Parameters:
    """Read parameters from the texts of their documents, by file name."""
    if FUSION_FILE not in documents:
        raise ParametersError(f"{FUSION_FILE} is missing: without it no signal can be fused")
    fusion = parse_fusion(documents[FUSION_FILE])
    digest = sha256(documents[FUSION_FILE].encode())
    signals: dict[SignalKind, SignalParameters] = {}
    for name in sorted(documents.keys() - {FUSION_FILE, POLICY_FILE}):
        signal = parse_signal(documents[name], name)
        obstacle = (
            "which another file of the folder calibrates already"
            if signal.kind in signals
            else f"to which {FUSION_FILE} gives no group or no weight: name it in both"
            if signal.kind not in fusion.kinds
            else ""
        )
        if obstacle:
            raise Node.parse(documents[name], name)["kind"].error(f"is {signal.kind}, {obstacle}")
        signals[signal.kind] = signal
        digest.update(documents[name].encode())
    return Parameters(f"{fusion.version}+{digest.hexdigest()[:8]}", MappingProxyType(signals), fusion)


def parse_fusion(text: str, source: str = FUSION_FILE) -> Fusion:
    """Read the families of fraud, their weights and the groups of dependent signals."""
    root = Node.parse(text, source)
    root.fields(
        "version", "source", "equivalent_cases", "groups", "components", optional=("fitted", "weighing")
    )
    weighing = Weighing(root["weighing"].choice(*Weighing)) if "weighing" in root else Weighing.SCALED
    largest = 1.0 if weighing is Weighing.MIXED else LARGEST_WEIGHT
    groups = _groups(root["groups"])
    components = _components(root["components"], {kind for group in groups for kind in group.kinds}, largest)
    try:
        return Fusion(
            version=root["version"].line(LONGEST_VERSION),
            source=root["source"].text(),
            equivalent_cases=root["equivalent_cases"].positive(),
            groups=groups,
            components=components,
            fitted=parse_fitted(
                root["fitted"],
                len(learnable(components)),
                sum(group.name != GROUP for group in groups),
                largest,
            )
            if "fitted" in root
            else None,
            weighing=weighing,
        )
    except ValueError as error:
        raise root.error(f"cannot be used: {error}") from None


def _groups(node: Node) -> tuple[Group, ...]:
    groups = tuple(_group(item) for item in node.items())
    if len(groups) > MOST_GROUPS:
        raise node.error(f"are {len(groups)}, and at most {MOST_GROUPS} can be explained")
    names: set[str] = set()
    grouped: set[SignalKind] = set()
    for group, item in zip(groups, node.items(), strict=True):
        if group.name in names:
            raise item["name"].error(f"is {group.name}, as another group is called already")
        names.add(group.name)
        for kind, place in zip(group.kinds, item["kinds"].items(), strict=True):
            if kind in grouped:
                raise place.error(f"is {kind}, which is in a group already: a signal may belong to one only")
            grouped.add(kind)
    return groups


def _group(node: Node) -> Group:
    node.fields("name", "kinds", "correlation")
    name, kinds = node["name"].line(), tuple(SignalKind(kind.line()) for kind in node["kinds"].items())
    if len(kinds) > LARGEST_GROUP:
        raise node["kinds"].error(
            f"are {len(kinds)} signals, and at most {LARGEST_GROUP} in a group can be explained"
        )
    if set(kinds) - BEHAVIOUR if name == GROUP else BEHAVIOUR.intersection(kinds):
        raise node.error(
            f'cannot be used: {" and ".join(sorted(BEHAVIOUR))} belong to one group "{GROUP}" of their own, so that the cap holds for both together'
        )
    return Group(name, kinds, node["correlation"].number(0.0, 1.0))


def _components(node: Node, grouped: Container[SignalKind], largest: float) -> tuple[Component, ...]:
    components = tuple(_component(item, grouped, largest) for item in node.items())
    total = sum(component.prior for component in components)
    if not isclose(total, 1.0, abs_tol=1e-9):
        raise node.error(f"must have priors that sum to 1; they sum to {total:g}")
    return components


def _component(node: Node, grouped: Container[SignalKind], largest: float) -> Component:
    node.fields("family", "name", "prior", "weights")
    weights: dict[SignalKind, float] = {}
    for name, weight in node["weights"].entries():
        if (kind := SignalKind(name)) not in grouped:
            raise weight.error("is the weight of a signal that belongs to no group")
        weights[kind] = weight.number(0.0, 1.0 if kind in BEHAVIOUR else largest)
    if (family := node["family"].line()) == NO_FAMILY:
        raise node["family"].error(f"cannot be {NO_FAMILY}: it stands for no family")
    return Component(family, node["name"].text(), node["prior"].positive(), weights)
