"""Movements of the face among an interview's readings."""

from __future__ import annotations

from biometrics.micro.classes import CLASSES
from biometrics.micro.movement import Movement
from biometrics.micro.recognition import UNIT
from biometrics.micro.told import KIND, REGION
from fraudmodel.signals import Observation, Reading


def movement_of(reading: Reading) -> Movement | None:
    """The movement that a reading is of; None for one that is of a span without any, or of something else."""
    if not isinstance(reading, Observation) or reading.kind != KIND:
        return None
    numbers = reading.covariates
    if numbers.get("movement") != 1.0:
        return None
    named = [name for name, value in numbers.items() if name.startswith(REGION) and value]
    return Movement(
        onset_s=reading.span.start,
        apex_s=numbers.get("apex_s", (reading.span.start + reading.span.end) / 2),
        offset_s=reading.span.end,
        amplitude=numbers.get("amplitude", 0.0),
        strength=reading.score,
        asymmetry=numbers.get("asymmetry", 0.0),
        regions=tuple(name.removeprefix(REGION) for name in named),
        upper=numbers.get("upper") == 1.0,
        brief=numbers.get("brief") == 1.0,
    )


def resemblance_of(reading: Observation) -> dict[str, float]:
    """How much a movement is like those that the training material calls negative, positive and surprise, 0..1 each; empty where it
    was not compared."""
    return {name: reading.covariates[name] for name in CLASSES if name in reading.covariates}


def units_of(reading: Observation) -> tuple[str, ...]:
    """The halves of action units that a movement is like, as ``AU4_left``, the one that went furthest first; empty where it was not compared."""
    went = {name.removeprefix(UNIT): far for name, far in reading.covariates.items() if name.startswith(UNIT)}
    return tuple(sorted(went, key=lambda half: -went[half]))
