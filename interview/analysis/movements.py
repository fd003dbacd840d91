"""Movements of the face among an interview's readings."""

from __future__ import annotations

from typing import Final

from biometrics.micro.movement import Movement
from fraudmodel.signals import Observation, Reading, SignalKind

KIND: Final = SignalKind("micro_expression")
CLASSES: Final = ("negative", "positive", "surprise")
"""What movements of the training material were labelled: covariates of a reading whose movement was compared with them."""
_REGION: Final = "region_"


def movement_of(reading: Reading) -> Movement | None:
    """The movement that a reading is of; None for one that is of a span without any, or of something else."""
    if not isinstance(reading, Observation) or reading.kind != KIND:
        return None
    numbers = reading.covariates
    if numbers.get("movement") != 1.0:
        return None
    named = [name for name, value in numbers.items() if name.startswith(_REGION) and value]
    return Movement(
        onset_s=reading.span.start,
        apex_s=numbers.get("apex_s", (reading.span.start + reading.span.end) / 2),
        offset_s=reading.span.end,
        amplitude=numbers.get("amplitude", 0.0),
        strength=reading.score,
        asymmetry=numbers.get("asymmetry", 0.0),
        regions=tuple(name.removeprefix(_REGION) for name in named),
        upper=numbers.get("upper") == 1.0,
    )


def resemblance_of(reading: Observation) -> dict[str, float]:
    """How much a movement is like those that the training material calls negative, positive and surprise, 0..1 each; empty where it
    was not compared."""
    return {name: reading.covariates[name] for name in CLASSES if name in reading.covariates}
