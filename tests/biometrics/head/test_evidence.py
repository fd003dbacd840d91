from __future__ import annotations

from math import log

import pytest
from scipy.stats import binom

from biometrics.head.evidence import (
    CHANCE_HIT,
    LIVE_HIT,
    MISUNDERSTOOD,
    followed,
    log_ratio,
    too_fast,
)
from biometrics.head.turns import FASTEST_S


def test_the_ratio_is_that_of_two_binomials() -> None:
    for hits in range(7):
        chance, live = (binom.pmf(hits, 6, share) for share in (CHANCE_HIT, LIVE_HIT))
        expected = log(chance / ((1 - MISUNDERSTOOD) * live + MISUNDERSTOOD * chance))
        assert log_ratio(hits, 6, 0.5) == pytest.approx(expected)


def test_more_hits_never_weigh_more_against_the_applicant() -> None:
    scores = [log_ratio(hits, 6, 0.5) for hits in range(7)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(log(10.0), abs=1e-3), "who does not follow may not have understood"


def test_hits_that_nobody_is_fast_enough_for_are_none() -> None:
    assert too_fast(FASTEST_S - 0.01)
    assert not too_fast(FASTEST_S + 0.01)
    assert not too_fast(None)
    assert log_ratio(6, 6, 0.05) == log_ratio(0, 6, None)


def test_who_follows_slowly_is_not_taken_for_an_attack() -> None:
    """All arrows in the shown order, each later than a hit may be: the order fits, and no hit was made."""
    assert log_ratio(0, 6, 1.3, p_value=1e-3) == 0.0
    assert log_ratio(0, 6, 1.3, p_value=0.2) == log_ratio(0, 6, 1.3)
    assert log_ratio(6, 6, 0.5, p_value=1e-3) == log_ratio(6, 6, 0.5)
    assert log_ratio(6, 6, FASTEST_S - 0.01, p_value=1e-3) > 0.0, "a script follows the order as well"


@pytest.mark.parametrize(
    ("hits", "reaction_s", "p_value", "expected"),
    [(6, 0.5, 1e-3, True), (6, 0.05, 1e-3, False), (6, 0.5, 0.01, False), (2, 0.5, 1e-3, False)],
)
def test_followed_needs_order_hits_and_a_persons_reaction(
    hits: int, reaction_s: float, p_value: float, expected: bool
) -> None:
    assert followed(hits, 6, reaction_s, p_value) is expected
