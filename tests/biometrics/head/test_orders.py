"""The rank among all orders, against a direct least-squares fit, and against chance."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.challenges.drbg import HmacDrbg
from biometrics.challenges.pose import AXIS, Direction, draw_order
from biometrics.head.orders import LAGS_S, TURN_S, every_order, order_fit
from biometrics.head.track import Poses
from biometrics.head.turns import SIGNS
from tests.biometrics.head.test_turns import ORDER, SHOWN_S, STILL, poses

ORDERS = every_order()


def test_there_are_968_orders_and_the_generator_draws_from_them() -> None:
    assert ORDERS.shape == (968, 6, 2)
    assert len({order.tobytes() for order in ORDERS}) == 968
    drbg = HmacDrbg(b"orders")
    for _ in range(50):
        drawn = [[SIGNS[way] * (AXIS[way] == axis) for axis in (0, 1)] for way in draw_order(drbg)]
        assert (np.array(drawn) == ORDERS).all(axis=(1, 2)).any()


def direct(seen: Poses, order: tuple[Direction, ...]) -> float:
    """The greatest correlation over lags, sample by sample, with the best non-negative amplitude for each axis."""
    best = 0.0
    for lag_s in LAGS_S:
        explained, total = 0.0, 0.0
        for axis in (0, 1):
            pattern = []
            for t in seen.t:
                value = 0.0
                for k, way in enumerate(order):
                    up, down = (
                        0.5 - 0.5 * np.cos(np.pi * min(max((t - at - lag_s) / TURN_S, 0.0), 1.0))
                        for at in SHOWN_S[k : k + 2]
                    )
                    value += SIGNS[way] * (AXIS[way] == axis) * (up - down)
                pattern.append(value)
            x, y = np.array(pattern) - np.mean(pattern), seen.angles[:, axis] - seen.angles[:, axis].mean()
            gain = max(float(x @ y) / float(x @ x), 0.0)
            explained += float(y @ y) - float(((y - gain * x) ** 2).sum())
            total += float(y @ y)
        best = max(best, explained / total)
    return float(np.sqrt(best))


def test_the_correlation_is_that_of_a_direct_fit() -> None:
    seen = poses(ORDER, STILL)
    r, _, _ = order_fit(seen, ORDER, SHOWN_S, ORDERS)
    assert r == pytest.approx(direct(seen, ORDER), abs=1e-9)
    assert r > 0.95


def test_the_shown_order_fits_best_and_its_lag_is_the_reaction() -> None:
    _, lag_s, p_value = order_fit(poses(ORDER, STILL), ORDER, SHOWN_S, ORDERS)
    assert p_value == pytest.approx(1 / 968)
    assert lag_s == pytest.approx(STILL.reaction_s, abs=0.1)


def test_an_order_that_was_not_followed_ranks_anywhere() -> None:
    """Over all orders that could have been asked of one movement, the p-value is uniform."""
    seen = poses(ORDER, STILL)
    drbg = HmacDrbg(b"asked")
    ranks = np.array(
        [order_fit(seen, draw_order(drbg), SHOWN_S, ORDERS)[2] for _ in range(60)],
    )
    for share in (0.25, 0.5, 0.75):
        assert (ranks <= share).mean() == pytest.approx(share, abs=0.2)


def test_a_challenge_cut_short_is_compared_over_what_was_shown() -> None:
    seen = poses(ORDER, STILL)
    early = seen.t < SHOWN_S[4]
    cut = Poses(seen.t[early], seen.angles[early], seen.seen[early])
    _, _, p_value = order_fit(cut, ORDER[:4], SHOWN_S[:5], ORDERS)
    shown = np.array([(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (1.0, 0.0)])
    same = float((ORDERS[:, :4] == shown).all(axis=(1, 2)).mean())
    assert p_value < 0.02
    assert p_value >= same


def test_a_still_head_fits_every_order_as_badly() -> None:
    still = poses(None, STILL)
    assert order_fit(still, ORDER, SHOWN_S, ORDERS)[2] == 1.0
