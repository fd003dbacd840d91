"""What other detectors are told of movements of the face: topic "movement", made of `micro_expression`'s readings."""

from __future__ import annotations

from typing import Final

from biometrics.views import Fact
from fraudmodel.signals import Observation, SignalKind

KIND: Final = SignalKind("micro_expression")
REGION: Final = "region_"
"""Begins the covariate of each region that moved."""


def movement_told(reading: object) -> Fact | None:
    """The fact in a reading of `micro_expression`, as plain JSON; None in any other.

    Of a movement: ``onset_s``, ``apex_s``, ``offset_s``, ``brief`` and ``upper`` 0 or 1, ``amplitude``, ``asymmetry``, ``regions``. Of a
    stretch in which one could be seen and none was: ``watched_from_s``, ``watched_to_s``.
    """
    if not isinstance(reading, Observation) or reading.kind != KIND:
        return None
    numbers = reading.covariates
    if not numbers.get("movement"):
        watched = {"watched_from_s": reading.span.start, "watched_to_s": reading.span.end}
        return Fact(reading.span.end, "movement", watched)
    names = ("apex_s", "brief", "upper", "amplitude", "asymmetry")
    values = {
        "onset_s": reading.span.start,
        "offset_s": reading.span.end,
        **{name: numbers[name] for name in names},
        "regions": [name.removeprefix(REGION) for name in numbers if name.startswith(REGION)],
    }
    return Fact(reading.span.end, "movement", values)
