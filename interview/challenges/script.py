"""What a challenge displays, step by step: the plan that biometrics draws from the seed, laid out for a page that is paced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from biometrics.challenges.digits import digits_plan
from biometrics.challenges.flash import CHIPS, flash_plan
from biometrics.challenges.pose import pose_plan
from interview.challenges.records import Direction, Kind


@dataclass(frozen=True, slots=True)
class Step:
    """Display this ``after_s`` after the step before it; of the three, what its kind has."""

    k: int
    after_s: float
    colour: str | None = None
    direction: Direction | None = None
    digit: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """Every step in order. ``count`` is what the plan has, without lead-in and tail; ``tail_s`` how long the last one stays."""

    steps: tuple[Step, ...]
    count: int
    tail_s: float
    facts: Mapping[str, int]
    """What the fact that begins it says besides: how much of the plan there is."""


_NO_FACTS: Final[Mapping[str, int]] = {}


def script_of(kind: Kind, seed: bytes) -> Script:
    """The script of one challenge: the same seed gives the same."""
    match kind:
        case "flash":
            return _flash(seed)
        case "pose":
            return _pose(seed)
        case "digits":
            return _digits(seed)


def _flash(seed: bytes) -> Script:
    plan = flash_plan(seed, CHIPS)
    count = len(plan.chips)
    after_s = [0.0, plan.lead_s, *[plan.chip_s] * count]
    steps = tuple(
        Step(k, gap, colour=plan.colour(k).hex) for k, gap in zip(range(-1, count + 1), after_s, strict=True)
    )
    return Script(steps, count, plan.tail_s, {"chips": count})


def _pose(seed: bytes) -> Script:
    plan = pose_plan(seed)
    after_s = [0.0, *(step.hold_s for step in plan.steps)]
    steps = tuple(Step(k, after_s[k], direction=step.direction) for k, step in enumerate(plan.steps))
    return Script(steps, len(steps), after_s[-1], _NO_FACTS)


def _digits(seed: bytes) -> Script:
    plan = digits_plan(seed)
    steps = tuple(Step(k, plan.period_s if k else 0.0, digit=digit) for k, digit in enumerate(plan.digits))
    return Script(steps, len(steps), plan.period_s, _NO_FACTS)
