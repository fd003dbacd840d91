"""The head-pose challenge: arrows in a secret order, each shown for a secret time, and the head must turn after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from biometrics.challenges.drbg import HmacDrbg, challenge_drbg

Direction = Literal["left", "right", "up", "down"]
"""As the person sees it: ``left`` is the person's own left."""

DIRECTIONS: Final[tuple[Direction, ...]] = ("left", "right", "up", "down")
AXIS: Final[dict[Direction, int]] = {"left": 0, "right": 0, "up": 1, "down": 1}
"""What a direction turns: 0 yaw, 1 pitch."""
STEPS: Final = 6
"""968 orders, 9.9 bits, of which somebody who turns the head at random hits one in a thousand."""
HOLDS_S: Final = (1.3, 1.5, 1.7, 1.9, 2.1)
"""How long an arrow may be shown: time to see it (0.2-0.8 s), to turn (0.3-0.6 s), and to stay there for a moment."""


@dataclass(frozen=True, slots=True)
class PoseStep:
    """Turn to ``direction`` and stay there until ``hold_s`` after the arrow appeared."""

    direction: Direction
    hold_s: float


@dataclass(frozen=True, slots=True)
class PosePlan:
    """The arrows in order: each is shown when the one before it has been for its ``hold_s``."""

    steps: tuple[PoseStep, ...]

    @property
    def duration_s(self) -> float:
        return sum(step.hold_s for step in self.steps)


def pose_plan(seed: bytes) -> PosePlan:
    """The plan of a challenge: no direction twice running, both axes. Raises ValueError for an empty seed."""
    drbg = challenge_drbg(seed, "pose-1")
    order = draw_order(drbg)
    return PosePlan(tuple(PoseStep(direction, drbg.choose(HOLDS_S)) for direction in order))


def draw_order(drbg: HmacDrbg, steps: int = STEPS) -> tuple[Direction, ...]:
    """A valid order of directions. Raises ValueError below two steps."""
    if steps < 2:
        raise ValueError(f"a pose challenge has at least 2 steps, not {steps}")
    while True:
        order = [drbg.choose(DIRECTIONS)]
        while len(order) < steps:
            order.append(drbg.choose([other for other in DIRECTIONS if other != order[-1]]))
        if len({AXIS[direction] for direction in order}) == 2:
            return tuple(order)
