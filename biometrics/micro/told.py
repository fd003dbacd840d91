"""What other detectors are told of movements of the face: topic "movement", made of `micro_expression`'s readings."""

from __future__ import annotations

from typing import Final

from biometrics.micro.windows import LATE_S, WINDOW_S
from biometrics.views import Fact
from fraudmodel.signals import Observation, Reading, SignalKind

KIND: Final = SignalKind("micro_expression")
REGION: Final = "region_"
"""What the covariates of regions that moved begin with."""
TOLD_S: Final = WINDOW_S + LATE_S
"""So long after a moment all has been told of it."""


def told(reading: Reading) -> Fact | None:
    """The fact in a reading of `micro_expression`, as plain JSON; None in any other.

    Of a movement, at its offset: ``onset_s``, ``apex_s``, ``offset_s``, ``brief``, ``upper``, ``amplitude``, ``asymmetry``, ``regions``.
    Of a stretch in which one could have been seen and none was: ``watched_from_s``, ``watched_to_s``.
    """
    if not isinstance(reading, Observation) or reading.kind != KIND:
        return None
    values = reading.covariates
    if not values.get("movement"):
        watched = {"watched_from_s": reading.span.start, "watched_to_s": reading.span.end}
        return Fact(reading.span.end, "movement", watched)
    found = {
        "onset_s": reading.span.start,
        "apex_s": values["apex_s"],
        "offset_s": reading.span.end,
        "brief": bool(values["brief"]),
        "upper": bool(values["upper"]),
        "amplitude": values["amplitude"],
        "asymmetry": values["asymmetry"],
        "regions": [name.removeprefix(REGION) for name in values if name.startswith(REGION)],
    }
    return Fact(reading.span.end, "movement", found)
