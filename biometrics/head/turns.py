"""What the head did after each arrow: which way it turned, how soon, how far, and whether it stayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.challenges.pose import AXIS, DIRECTIONS, Direction
from biometrics.head.track import RATE_HZ, Poses

LEAST_DEG: Final = (12.0, 8.0)
"""A turn by less, yaw or pitch, is not one: talking heads sway by 1-8 degrees (standard deviation in eight clips; the test of real heads)."""
FASTEST_S: Final = 0.12
"""Nobody sees an arrow and begins to turn sooner: such a head is moved by whatever reads the arrow."""
SLOWEST_S: Final = 1.2
LATE_S: Final = 0.5
"""A turn may still be under way when the next arrow appears."""
SEEN_SHARE: Final = 0.6
SIGNS: Final[dict[Direction, float]] = {"left": 1.0, "right": -1.0, "up": 1.0, "down": -1.0}
"""Of yaw or pitch in `HeadPose`."""
_BEFORE_S = 2.0
_LEAST_NEUTRAL = round(0.4 * RATE_HZ)
_SLOW = 0.2
"""A minimum-jerk movement (Flash & Hogan 1985) passes a fifth of its greatest speed after an eighth of its duration: 0.06 s."""
_NEAR_S = 0.2


@dataclass(frozen=True, slots=True)
class Turn:
    """After one arrow.

    ``asked`` the arrow; ``made`` the direction of the clearest turn, None where there was none; ``reaction_s`` from the
    arrow to the beginning of the asked turn, None unless it was made; ``far_deg`` how far it went; ``held_s`` for how long
    it stayed beyond half of that while the arrow was shown; ``seen`` whether enough of it was.
    """

    asked: Direction
    made: Direction | None
    reaction_s: float | None
    far_deg: float
    held_s: float
    seen: bool

    @property
    def hit(self) -> bool:
        """Whether the asked turn was made, not sooner than anybody can and not later than anybody needs."""
        return self.reaction_s is not None and FASTEST_S <= self.reaction_s <= SLOWEST_S


def turns(poses: Poses, asked: Sequence[Direction], shown_s: Sequence[float]) -> tuple[Turn, ...]:
    """One for each arrow; arrow k was shown from ``shown_s[k]`` to ``shown_s[k + 1]``."""
    offset = poses.angles - neutral(poses, shown_s[0])
    found = []
    before: Direction | None = None
    for k, direction in enumerate(asked):
        found.append(_turn(poses, offset, direction, before, (shown_s[k], shown_s[k + 1])))
        before = direction
    return tuple(found)


def neutral(poses: Poses, first_s: float) -> NDArray[np.float64]:
    """Yaw and pitch (2,) before the first arrow; where that was not seen, the median of all."""
    early = poses.during(first_s - _BEFORE_S, first_s + FASTEST_S)
    chosen = early if early.sum() >= _LEAST_NEUTRAL else poses.seen
    return np.asarray(np.median(poses.angles[chosen], axis=0)) if chosen.any() else np.zeros(2)


def _turn(
    poses: Poses,
    offset: NDArray[np.float64],
    asked: Direction,
    before: Direction | None,
    shown: tuple[float, float],
) -> Turn:
    start, end = shown
    window = (poses.t >= start) & (poses.t <= end + LATE_S)
    if window.sum() < 3 or poses.seen[window].mean() < SEEN_SHARE:
        return Turn(asked, None, None, 0.0, 0.0, seen=False)
    # Other turns count until the next arrow only: after it they may be its own.
    seen, shown_only = window & poses.seen, poses.during(start, end)
    ways = {way: offset[:, AXIS[way]] * SIGNS[way] for way in DIRECTIONS if way != before}
    most = {way: float(ways[way][seen if way == asked else shown_only].max(initial=0.0)) for way in ways}
    clearest = max(most, key=lambda way: most[way] / LEAST_DEG[AXIS[way]])
    far = most[asked]
    made = clearest if most[clearest] >= LEAST_DEG[AXIS[clearest]] else None
    if made != asked:
        return Turn(asked, made, None, far, 0.0, seen=True)
    way = ways[asked]
    peak = int(np.flatnonzero(seen)[way[seen].argmax()])
    held_s = float(np.count_nonzero(shown_only & (way >= far / 2))) / RATE_HZ
    return Turn(asked, made, _onset(poses.t, way, start, peak) - start, far, held_s, seen=True)


def _onset(t: NDArray[np.float64], way: NDArray[np.float64], start: float, peak: int) -> float:
    """When the movement to ``peak`` began: where its speed, followed back, is a fifth of its greatest."""
    first = min(int(np.searchsorted(t, start - LATE_S)), peak)
    under = np.flatnonzero(way[first : peak + 1] < way[peak] / 2)
    middle = first + int(under[-1]) if len(under) else first
    speed = np.gradient(way, 1.0 / RATE_HZ)
    reach = round(_NEAR_S * RATE_HZ)
    slow = _SLOW * float(speed[max(middle - reach, 0) : middle + reach + 1].max())
    before = np.flatnonzero(speed[first : middle + 1] < slow)
    if not len(before):
        return float(t[first])
    k = first + int(before[-1])
    share = (slow - speed[k]) / (speed[k + 1] - speed[k]) if k < middle else 0.0
    return float(t[k] + share / RATE_HZ)
