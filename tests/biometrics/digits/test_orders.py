from __future__ import annotations

import numpy as np
import pytest

from biometrics.challenges.digits import DIGITS, digits_plan
from biometrics.digits.orders import ORDERS, order_fit, other_orders

ASKED = (3, 1, 4, 1, 5, 9, 2, 6)
UNKNOWN = np.full((8, 8), np.nan)


def drawn(seed: int) -> tuple[int, ...]:
    return tuple(int(digit) for digit in digits_plan(b"order %d" % seed).digits)


def test_orders_are_drawn_as_a_challenge_draws_them() -> None:
    orders = other_orders(DIGITS)
    assert orders.shape == (ORDERS, DIGITS)
    assert (np.diff(orders, axis=1) != 0).all()
    assert np.bincount(orders.ravel(), minlength=10) == pytest.approx(ORDERS * DIGITS / 10, rel=0.03)


def test_the_shown_digits_in_their_places_fit_better_than_any_other_order() -> None:
    fit = order_fit(ASKED, [ASKED], UNKNOWN)
    assert fit.heard == pytest.approx(1 / (ORDERS + 1))
    assert fit.alike == 1.0
    assert fit.both == pytest.approx(fit.heard)


def test_three_hits_of_eight_fit_as_a_binomial_has_it() -> None:
    """P(at least 3 of 8 by chance, each 1/10) is 0.038: what was said has no digit twice running, so it is nearly that."""
    heard = (3, 1, 4, 7, 0, 7, 0, 7)
    assert order_fit(ASKED, [heard], UNKNOWN).heard == pytest.approx(0.0381, rel=0.25)


def test_nothing_heard_fits_every_order() -> None:
    assert order_fit(ASKED, [(None,) * 8], UNKNOWN).both == 1.0


def test_a_second_language_costs_what_it_gains_by_chance() -> None:
    rng = np.random.default_rng(2)
    noise = [tuple(int(d) for d in rng.integers(0, 10, 8)) for _ in range(2)]
    alone, both = (order_fit(ASKED, [ASKED[:3] + (0,) * 5, *more], UNKNOWN).heard for more in ([], noise))
    assert both >= alone


@pytest.mark.parametrize("languages", [1, 2])
def test_speech_that_does_not_depend_on_the_order_is_seldom_a_good_fit(languages: int) -> None:
    rng = np.random.default_rng(3)
    small = 0
    for k in range(100):
        said = [tuple(int(d) for d in rng.integers(0, 10, 8)) for _ in range(languages)]
        points = rng.normal(size=(8, 3))
        apart = np.linalg.norm(points[:, None] - points[None], axis=2)
        small += order_fit(drawn(k), said, apart).both <= 0.1
    assert small <= 18, "expected 10 of 100; more than 18 has a chance of half a per cent"


def test_repeated_digits_that_sound_alike_are_seen_in_any_language() -> None:
    asked = (3, 1, 3, 1, 5, 3, 2, 1)
    rng = np.random.default_rng(4)
    sounds = rng.normal(size=(10, 12))
    said = np.array([sounds[digit] + 0.1 * rng.normal(size=12) for digit in asked])
    apart = np.linalg.norm(said[:, None] - said[None], axis=2)
    nobody = [(None,) * 8]
    assert order_fit(asked, nobody, apart).both < 1e-3
    assert order_fit((0, 1, 2, 3, 4, 5, 6, 7), nobody, apart).alike > 0.5
