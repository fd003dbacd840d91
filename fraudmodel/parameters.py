"""Fitted parameters: versioned JSON documents, read once, checked completely, named in every assessment.

A folder of parameters holds ``fusion.json`` and one ``<kind>.json`` for each calibrated signal; ``policy.json`` may lie
beside them and is read by `policy`. A wrong document raises ParametersError with its file, line and field, so a
session never starts with half of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.document import Node
from fraudmodel.errors import ParametersError
from fraudmodel.fitted import parse_fitted
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.signal_parameters import SignalParameters, parse_signal
from fraudmodel.signals import SignalKind

DEFAULT = "default"
FUSION_FILE = "fusion.json"
POLICY_FILE = "policy.json"


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
    if not folder.is_dir():
        raise ParametersError(
            f'there is no folder of parameters "{name}": use "{DEFAULT}" or a folder\'s path'
        )
    return {file.name: _text(file) for file in folder.iterdir() if _is_parameters(file.name)}


def _is_parameters(name: str) -> bool:
    return name.endswith(".json") and name != POLICY_FILE


def _text(file: Traversable) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ParametersError(f"{file.name}: not UTF-8 text, {error.reason}") from None


def parse_parameters(documents: Mapping[str, str]) -> Parameters:
    """Read parameters from the texts of their documents, by file name."""
    if FUSION_FILE not in documents:
        raise ParametersError(f"{FUSION_FILE} is missing: without it no signal can be fused")
    fusion = parse_fusion(documents[FUSION_FILE])
    digest = sha256(documents[FUSION_FILE].encode())
    signals: dict[SignalKind, SignalParameters] = {}
    for name in sorted(documents.keys() - {FUSION_FILE, POLICY_FILE}):
        signal = parse_signal(documents[name], name)
        if signal.kind in signals:
            raise ParametersError(f"{name}: another file of the folder calibrates {signal.kind} already")
        signals[signal.kind] = signal
        digest.update(documents[name].encode())
    return Parameters(f"{fusion.version}+{digest.hexdigest()[:8]}", MappingProxyType(signals), fusion)


def parse_fusion(text: str, source: str = FUSION_FILE) -> Fusion:
    """Read the families of fraud, their weights and the groups of dependent signals."""
    root = Node.parse(text, source)
    root.fields("version", "source", "equivalent_cases", "groups", "components", optional=("fitted",))
    groups = tuple(_group(node) for node in root["groups"].items())
    components = tuple(_component(node) for node in root["components"].items())
    try:
        return Fusion(
            version=root["version"].text(),
            source=root["source"].text(),
            equivalent_cases=root["equivalent_cases"].positive(),
            groups=groups,
            components=components,
            fitted=parse_fitted(root["fitted"], sum(len(each.weights) for each in components), len(groups))
            if "fitted" in root
            else None,
        )
    except ValueError as error:
        raise ParametersError(f"{source}: {error}") from None


def _group(node: Node) -> Group:
    node.fields("name", "kinds", "correlation")
    kinds = tuple(SignalKind(kind.text()) for kind in node["kinds"].items())
    return Group(node["name"].text(), kinds, node["correlation"].number(0.0, 1.0))


def _component(node: Node) -> Component:
    node.fields("family", "name", "prior", "weights")
    weights = {
        SignalKind(kind): weight.number(0.0, 1.0 if kind in BEHAVIOUR else 10.0)
        for kind, weight in node["weights"].entries()
    }
    return Component(node["family"].text(), node["name"].text(), node["prior"].positive(), weights)
