"""What other detectors are told of a movement that was found, topic "movement"."""

from __future__ import annotations

from typing import Final

from biometrics.views import Fact
from fraudmodel.signals import Observation, Reading, SignalKind

KIND: Final = SignalKind("micro_expression")
REGION: Final = "region_"
"""What the covariates of regions that moved begin with."""


def told(reading: Reading) -> Fact | None:
    """The fact of a reading that is a movement, at its offset, as plain JSON; None for any other reading."""
    if not isinstance(reading, Observation) or reading.kind != KIND or not reading.covariates.get("movement"):
        return None
    values = reading.covariates
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
