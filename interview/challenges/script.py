"""What a challenge displays, step by step: the plan that biometrics draws from the seed, laid out for a page that is paced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from biometrics.challenges.flash import CHIPS, flash_plan
from interview.challenges.records import Direction, Kind
from interview.problems import Rejected


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


def script_of(kind: Kind, seed: bytes) -> Script:
    """The script of one challenge: the same seed gives the same. Raises Rejected for a kind that has no plan."""
    if kind != "flash":
        raise Rejected(
            f"A challenge of the kind {kind} cannot be put yet.", "暂不支持该类挑战。", code="no_such_kind"
        )
    return _flash(seed)


def _flash(seed: bytes) -> Script:
    plan = flash_plan(seed, CHIPS)
    count = len(plan.chips)
    after_s = [0.0, plan.lead_s, *[plan.chip_s] * count]
    steps = tuple(
        Step(k, gap, colour=plan.colour(k).hex) for k, gap in zip(range(-1, count + 1), after_s, strict=True)
    )
    return Script(steps, count, plan.tail_s, {"chips": count})
