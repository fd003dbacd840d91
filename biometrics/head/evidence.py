"""From hits to a likelihood ratio, on assumptions that are written down here."""

from __future__ import annotations

from math import comb, log
from typing import Final

from biometrics.head.turns import FASTEST_S

LIVE_HIT: Final = 0.92
"""Chance of the right turn after an arrow, of a person who follows. Assumed."""
CHANCE_HIT: Final = 1.0 / 3.0
"""Of a head that turns every time, but not after these arrows: three directions are open, all but the one before."""
MISUNDERSTOOD: Final = 0.1
"""Share of honest people who do not follow: a stiff neck, a mirror image, a question of what to do. Assumed. So a head that
does not follow never weighs more than the logarithm of ten."""
FOLLOWED_P: Final = 2.5e-3
"""Share of all orders that may fit as well as the shown one; with the two best of 968, 2.1e-3."""
LEAST_HITS: Final = 0.6
"""Share of the arrows that must be hit besides."""


def log_ratio(hits: int, steps: int, reaction_s: float | None, p_value: float = 1.0) -> float:
    """log p(hits | not followed) - log p(hits | live); hits faster than anybody reacts are no hits.

    Never above 0 where the head turned in the shown order by ``p_value``: who follows slowly makes few hits, and followed.
    """
    ratio = _ratio(hits, steps, reaction_s)
    return min(ratio, 0.0) if p_value <= FOLLOWED_P and not too_fast(reaction_s) else ratio


def _ratio(hits: int, steps: int, reaction_s: float | None) -> float:
    counted = 0 if too_fast(reaction_s) else hits
    chance, live = (_binomial(counted, steps, share) for share in (CHANCE_HIT, LIVE_HIT))
    return log(chance) - log((1.0 - MISUNDERSTOOD) * live + MISUNDERSTOOD * chance)


def too_fast(reaction_s: float | None) -> bool:
    """Whether a median reaction is faster than a person's."""
    return reaction_s is not None and reaction_s < FASTEST_S


def followed(hits: int, steps: int, reaction_s: float | None, p_value: float) -> bool:
    """Whether a challenge counts as followed."""
    return p_value <= FOLLOWED_P and hits >= LEAST_HITS * steps and not too_fast(reaction_s)


def _binomial(hits: int, steps: int, share: float) -> float:
    return comb(steps, hits) * share**hits * (1.0 - share) ** (steps - hits)
