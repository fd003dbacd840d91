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


def told(reading: Reading) -> tuple[Fact, ...]:
    """The facts in a reading of `micro_expression`, as plain JSON; none in any other.

    Of a movement, at its offset: ``onset_s``, ``apex_s``, ``offset_s``, ``brief``, ``upper``, ``amplitude``, ``asymmetry``, ``regions``.
    Of a window without any, at its end, one for each stretch that was searched: ``watched_from_s``, ``watched_to_s``. Between them lie
    blinks, turns of the head and breaks, in which none would have been found.
    """
    if not isinstance(reading, Observation) or reading.kind != KIND:
        return ()
    values = reading.covariates
    if not values.get("movement"):
        return tuple(
            Fact(
                reading.span.end,
                "movement",
                {"watched_from_s": each.span.start, "watched_to_s": each.span.end},
            )
            for each in reading.evidence
        )
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
    return (Fact(reading.span.end, "movement", found),)
