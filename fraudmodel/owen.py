"""Who moved a mixture's evidence, and by how much: exact, whatever the order (Shapley 1953; Owen 1977)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

from fraudmodel.calibration import FloatArray


def owen_values(log_prior: FloatArray, tables: Sequence[FloatArray]) -> list[FloatArray]:
    """Attribute the mixture's evidence to its players, exactly (Owen 1977); for each union, its members' values.

    The Shapley value with the groups of dependent signals as a priori unions: a union enters the coalition as a whole
    or is being taken apart, so the cost is 2^unions x 2^members instead of 2^players. Where every union has one
    member it is the Shapley value. ``tables`` hold each union's strengths (2^members, K) for every subset of its
    members, by bit mask; what a coalition is worth is the log of the components' mean likelihood ratio by ``log_prior`` (K,).
    """
    # Every coalition of whole unions once, number = bit mask. What adds 0 changes no bit, so that a null player gets exactly 0.
    joint = log_prior[None, :]
    for table in tables:
        joint = np.concatenate([joint, joint + table[-1]])
    tops = joint.max(axis=1)
    shares = np.exp(joint - tops[:, None])
    worth = np.log(shares.sum(axis=1)) + tops
    weights = _coalition_weights(max(len(tables) - 1, 0), len(tables))
    # Summed along a row, not as a product with a matrix, so that equal unions stay equal to the last bit.
    whole = (weights * (worth[_with(len(tables))] - worth[_without(len(tables))])).sum(axis=1)
    values = [whole[index : index + 1] for index in range(len(tables))]
    for size in {len(table) for table in tables if len(table) > 2}:
        some = [index for index, table in enumerate(tables) if len(table) == size]
        others = _without(len(tables))[some]
        table = np.stack([tables[index] for index in some])
        top = table.max(axis=2)
        # Summed without regard to the place of a column, so that equal columns stay equal to the last bit.
        mean = np.einsum("uok,utk->uto", shares[others], np.exp(table - top[..., None]))
        worths = np.log(mean) + tops[others][:, None, :] + top[..., None]
        for index, each in zip(some, _shapley((weights * worths).sum(axis=2)), strict=True):
            values[index] = each
    return values


def _shapley(worth: FloatArray) -> FloatArray:
    """Values (U, m) of games (U, 2^m)."""
    players = worth.shape[1].bit_length() - 1
    weights = _coalition_weights(players, players)[_without(players)]
    values: FloatArray = (weights * (worth[:, _with(players)] - worth[:, _without(players)])).sum(axis=2)
    return values


@cache
def _without(players: int) -> NDArray[np.int_]:
    """For each player, the numbers of the subsets that it is not in, ascending."""
    numbers = [np.flatnonzero(subsets(players)[:, player] == 0.0) for player in range(players)]
    return np.array(numbers, dtype=np.int_).reshape(players, (1 << players) // 2)


@cache
def _with(players: int) -> NDArray[np.int_]:
    """The same subsets, each with the player."""
    return _without(players) + (1 << np.arange(players))[:, None]


@cache
def subsets(players: int) -> FloatArray:
    """All subsets as rows of 0 and 1; row number = bit mask."""
    member: FloatArray = ((np.arange(1 << players)[:, None] >> np.arange(players)) & 1).astype(np.float64)
    member.flags.writeable = False
    return member


@cache
def _coalition_weights(members: int, players: int) -> FloatArray:
    """How often each coalition of ``members`` is the one found before one of ``players``, over all orders; 0 for the one of all players."""
    orders = factorial(players)
    by_size = [factorial(s) * factorial(players - s - 1) / orders for s in range(players)]
    weights: FloatArray = np.array([*by_size, 0.0])[subsets(members).sum(axis=1).astype(int)]
    weights.flags.writeable = False
    return weights
