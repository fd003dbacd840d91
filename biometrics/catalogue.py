"""Which detectors there are: every module of `biometrics.detectors` that has a ``DETECTOR``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import biometrics.detectors
from biometrics.detector import DetectorSpec
from biometrics.errors import CatalogueError
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.signals import SignalKind

Spec = DetectorSpec[Any]
"""A spec of either view."""


def detector_specs(package: ModuleType = biometrics.detectors) -> tuple[Spec, ...]:
    """Every detector's spec, in the order of their kinds.

    Raises CatalogueError for a module that cannot be imported, has no ``DETECTOR``, or brings a kind that another has:
    evidence must never go missing without a word.
    """
    modules = sorted(f"{package.__name__}.{found.name}" for found in pkgutil.iter_modules(package.__path__))
    return ordered((name, _spec(name)) for name in modules)


def ordered(specs: Iterable[tuple[str, Spec]]) -> tuple[Spec, ...]:
    """Specs by module name, sorted by kind. Raises CatalogueError where two modules bring the same kind, or one would watch the officer."""
    owners: dict[SignalKind, str] = {}
    found: list[Spec] = []
    for module, spec in specs:
        if spec.kind in owners:
            raise CatalogueError(
                f"Two detectors are called {spec.kind}: {owners[spec.kind]} and {module}. Rename one of them."
            )
        _check_behaviour(module, spec)
        owners[spec.kind] = module
        found.append(spec)
    return tuple(sorted(found, key=lambda spec: spec.kind))


def _check_behaviour(module: str, spec: Spec) -> None:
    """Behaviour is the applicant's, with their consent: the part of it that a jurisdiction switches off."""
    asks = "behaviour" in (spec.consent, *spec.also)
    if spec.kind in BEHAVIOUR and not asks:
        raise CatalogueError(
            f'The detector module {module} reads {spec.kind} without the consent part "behaviour": it could not be refused or switched off.'
        )
    if (asks or spec.kind in BEHAVIOUR) and spec.hears_far:
        raise CatalogueError(
            f"The detector module {module} reads behaviour and hears the officer: the officer is never analysed."
        )


def _spec(module: str) -> Spec:
    try:
        spec = getattr(importlib.import_module(module), "DETECTOR", None)
    except Exception as error:
        raise CatalogueError(f"The detector module {module} cannot be imported: {error}") from error
    if not isinstance(spec, DetectorSpec):
        raise CatalogueError(f"The detector module {module} has no DETECTOR = DetectorSpec(...).")
    return spec
