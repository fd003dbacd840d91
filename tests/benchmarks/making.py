"""What makes each detector that a benchmark runs, afresh for each run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from biometrics.catalogue import detector_specs
from biometrics.detector import Detector, DetectorContext, DetectorSpec
from biometrics.template import Template
from fraudmodel.signals import Absent
from models.errors import ModelError
from models.hub import ModelHub

Running = tuple[Any, Detector[Any]]
"""A spec and its detector."""
Make = Callable[[], Running]


def makers(
    hub: ModelHub,
    wanted: Callable[[DetectorSpec[Any]], bool],
    absent: dict[str, str],
    references: Mapping[str, Template] | None = None,
) -> dict[str, Make]:
    """What makes each wanted detector, by kind; ``absent`` gets the others' reasons: a model is not installed, or it does not run so."""
    found: dict[str, Make] = {}
    for spec in filter(wanted, detector_specs()):
        try:
            models = {name: hub.get(name) for name in spec.models}
        except ModelError as error:
            absent[str(spec.kind)] = str(error)
            continue
        context = DetectorContext(models, references or {})
        built = spec.build(context)
        if isinstance(built, Absent):
            absent[str(spec.kind)] = built.detail or str(built.reason)
            continue
        found[str(spec.kind)] = lambda spec=spec, context=context: (spec, spec.build(context))  # type: ignore[misc]
    return found
