"""How well a head's movement fits the order that was shown, against every order that could have been.

The order is drawn evenly, so a movement that does not depend on it ranks the shown order evenly among all: the p-value
is exact, whatever the movement is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.challenges.pose import AXIS, DIRECTIONS, STEPS, Direction
from biometrics.head.track import Poses
from biometrics.head.turns import SIGNS

LAGS_S: Final = np.arange(0.0, 1.21, 0.08)
TURN_S: Final = 0.5
"""How long a turn takes in the pattern that a movement is compared with."""


def every_order(steps: int = STEPS) -> NDArray[np.float64]:
    """All valid orders (k, steps, 2) as unit targets of yaw and pitch."""
    signs = np.array([[SIGNS[way] * (AXIS[way] == axis) for axis in (0, 1)] for way in DIRECTIONS])
    rows = np.array(list(product(range(len(DIRECTIONS)), repeat=steps)))
    axes = np.array([AXIS[way] for way in DIRECTIONS])[rows]
    valid = (np.diff(rows, axis=1) != 0).all(axis=1) & (np.ptp(axes, axis=1) > 0)
    return np.asarray(signs[rows[valid]])


def order_fit(
    poses: Poses, asked: Sequence[Direction], shown_s: Sequence[float], orders: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Correlation 0..1 with the shown order's pattern, the lag of its best fit (s), and the share of orders that fit as well.

    ``orders`` (k, at least as many steps, 2) from `every_order`. Either axis has its own amplitude, which is not negative.
    """
    angles = poses.angles[poses.seen] - poses.angles[poses.seen].mean(axis=0)
    targets = np.concatenate([_targets(asked)[np.newaxis], orders[:, : len(asked)]])
    fits = np.stack([_fits(poses, angles, targets, shown_s, float(lag_s)) for lag_s in LAGS_S])
    best = fits.max(axis=0)
    as_good = float((best[1:] >= best[0] - 1e-9).mean())
    return float(np.sqrt(best[0])), float(LAGS_S[fits[:, 0].argmax()]), as_good


def _targets(asked: Sequence[Direction]) -> NDArray[np.float64]:
    return np.array([[SIGNS[way] * (AXIS[way] == axis) for axis in (0, 1)] for way in asked])


def _fits(
    poses: Poses,
    angles: NDArray[np.float64],
    targets: NDArray[np.float64],
    shown_s: Sequence[float],
    lag_s: float,
) -> NDArray[np.float64]:
    """Share (k,) of the movement's energy that each order's pattern explains at one lag."""
    gone = (poses.t[:, np.newaxis] - np.asarray(shown_s) - lag_s) / TURN_S
    steps = 0.5 - 0.5 * np.cos(np.pi * np.clip(gone, 0.0, 1.0))
    pulses = (steps[:, :-1] - steps[:, 1:])[poses.seen]
    pulses -= pulses.mean(axis=0)
    gram = pulses.T @ pulses
    explained = np.zeros(len(targets))
    for axis in (0, 1):
        pattern = targets[:, :, axis]
        along = np.maximum(pattern @ (pulses.T @ angles[:, axis]), 0.0)
        explained += along**2 / np.maximum(((pattern @ gram) * pattern).sum(axis=1), 1e-9)
    return np.asarray(explained / max(float((angles**2).sum()), 1e-9))
