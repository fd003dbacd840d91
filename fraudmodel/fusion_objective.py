"""What a mixture over fraud families costs on a table of interviews, and how that changes with each weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp

from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.calibration import FloatArray
from fraudmodel.fusion import Fusion
from fraudmodel.fusion_rows import UNKNOWN
from fraudmodel.interview_table import BONA_FIDE
from fraudmodel.metrics import Mask
from fraudmodel.sessions import Sessions
from fraudmodel.signals import SignalKind
from fraudmodel.weighing import likelihood_ratios, weighed_with_slopes

Places = tuple[tuple[int, int], ...]


def free_weights(fusion: Fusion, kinds: Sequence[SignalKind]) -> Places:
    """(component, column) of every weight that may be learnt: where the structure has one, of a signal that is here.

    Which signals a way of fraud disturbs is never learnt: a simulation would teach that whoever shows a mask has a stranger's voice. Components of
    the unknown, and behaviour, stay as they are.
    """
    return tuple(
        (row, column)
        for row, component in enumerate(fusion.components)
        for column, kind in enumerate(kinds)
        if component.family != UNKNOWN and kind not in BEHAVIOUR and component.weights.get(kind, 0.0) > 0.0
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """One group's columns, and the components that weigh any of them."""

    columns: NDArray[np.int_]
    components: NDArray[np.int_]
    decay: FloatArray


class Objective:
    """Prior-weighted log-loss (nats) of the mixture as a whole and, by ``family_share``, of each family against bona fide.

    The second part keeps a family's components to that family: what they are worth as a sum says nothing of which of them was meant. Weights
    are (P,), in the order of ``places``; row weights (N,) sum to 1 over each class.
    """

    def __init__(self, fusion: Fusion, sessions: Sessions, places: Places, family_share: float) -> None:
        self._llrs = sessions.llrs
        self._raised = likelihood_ratios(sessions.llrs)
        self._fraud = sessions.fraud
        self._places = np.array(places, dtype=np.int_).reshape(-1, 2)
        self._log_prior = np.log([component.prior for component in fusion.components])
        self._base = np.array(
            [[c.weights.get(kind, 0.0) for kind in sessions.kinds] for c in fusion.components]
        )
        weighing = self._base != 0.0
        weighing[tuple(self._places.T)] = True  # a weight that was fitted to 0 may be another in a refit
        self._weighing = fusion.weighing
        self._blocks = [block for block in _blocks(fusion, sessions.kinds, weighing) if len(block.components)]
        self._families = _families(fusion, sessions, family_share)

    def __call__(self, weights: FloatArray, rows: FloatArray) -> tuple[float, FloatArray]:
        """The loss and its gradient (P,)."""
        table = self._base.copy()
        table[tuple(self._places.T)] = weights
        strengths = np.zeros((len(self._llrs), len(table)))
        slopes = []
        for block in self._blocks:
            evidence, slope = self._block(block, table)
            strengths[:, block.components] += evidence
            slopes.append(slope)
        loss, pulls = self._loss(strengths, rows)
        gradient = np.zeros_like(table)
        for block, slope in zip(self._blocks, slopes, strict=True):
            gradient[np.ix_(block.components, block.columns)] += np.einsum(
                "rk,rki->ki", pulls[:, block.components], slope
            )
        return loss, gradient[tuple(self._places.T)]

    def evidence(self, weights: FloatArray) -> FloatArray:
        """(N,) log-odds shift under these weights."""
        table = self._base.copy()
        table[tuple(self._places.T)] = weights
        strengths = np.zeros((len(self._llrs), len(table)))
        for block in self._blocks:
            strengths[:, block.components] += self._block(block, table)[0]
        total: FloatArray = logsumexp(self._log_prior + strengths, axis=1)
        return total

    def _block(self, block: _Block, table: FloatArray) -> tuple[FloatArray, FloatArray]:
        """A group's evidence (N, k) in its components, and the slope (N, k, m) in each weight."""
        llrs, raised = (values[:, None, block.columns] for values in (self._llrs, self._raised))
        weights = table[np.ix_(block.components, block.columns)]
        each, slope = weighed_with_slopes(weights, llrs, raised, self._weighing)
        if len(block.columns) == 1:
            return each[..., 0], slope
        # Strongest first, evidence for and against ranked apart, as `dependent_sum` has it.
        order = np.argsort(-np.abs(each), axis=-1, kind="stable")
        rank = np.empty_like(order)
        for sign in (each > 0.0, each <= 0.0):
            sorted_sign = np.take_along_axis(sign, order, axis=-1)
            counted = np.cumsum(sorted_sign, axis=-1) - 1
            place = np.empty_like(counted)
            np.put_along_axis(place, order, counted, axis=-1)
            rank = np.where(sign, place, rank)
        decay = block.decay[rank]
        return (decay * each).sum(axis=-1), decay * slope

    def _loss(self, strengths: FloatArray, rows: FloatArray) -> tuple[float, FloatArray]:
        joint = self._log_prior + strengths
        pulls = np.zeros_like(joint)
        loss = _log_loss(joint, self._fraud, rows, pulls, slice(None))
        for chosen, components, scale in self._families:
            inside = joint[np.ix_(chosen, components)] - logsumexp(self._log_prior[components])
            pull = np.zeros_like(inside)
            fraud = self._fraud[chosen]
            part = np.where(fraud, rows[chosen], 0.0)
            if (total := part.sum()) > 0.0:
                balanced = np.where(fraud, part / total, rows[chosen])
                loss += scale * _log_loss(inside, fraud, balanced, pull, slice(None))
                pulls[np.ix_(chosen, components)] += scale * pull
        return loss, pulls


def _log_loss(
    joint: FloatArray, fraud: NDArray[np.bool_], rows: FloatArray, pulls: FloatArray, at: slice
) -> float:
    """Half of each class's loss; adds what pulls at each component's evidence to ``pulls``."""
    evidence = logsumexp(joint, axis=1)
    signed = np.where(fraud, -evidence, evidence)
    slope = 0.5 * rows * expit(signed) * np.where(fraud, -1.0, 1.0)
    pulls[:, at] += slope[:, None] * np.exp(joint - evidence[:, None])
    return float(0.5 * (rows @ np.logaddexp(0.0, signed)))


def _blocks(fusion: Fusion, kinds: Sequence[SignalKind], weighing: Mask) -> list[_Block]:
    blocks = []
    for group in fusion.groups:
        columns = np.array([i for i, kind in enumerate(kinds) if kind in group.kinds], dtype=np.int_)
        components = np.flatnonzero(weighing[:, columns].any(axis=1))
        ratio = (1.0 - group.correlation) / (1.0 + group.correlation)
        decay: FloatArray = np.array([ratio**rank for rank in range(max(len(columns), 1))], dtype=np.float64)
        if len(columns):
            blocks.append(_Block(columns, components, decay))
    return blocks


def _families(
    fusion: Fusion, sessions: Sessions, share: float
) -> list[tuple[NDArray[np.int_], NDArray[np.int_], float]]:
    """For each family that is here: its rows with all bona fide ones, its components, and what its loss counts."""
    families = np.array(sessions.families)
    found = []
    for name in sorted({component.family for component in fusion.components} - {UNKNOWN}):
        components = np.flatnonzero([component.family == name for component in fusion.components])
        if share > 0.0 and (families == name).any():
            chosen = np.flatnonzero((families == name) | (families == BONA_FIDE))
            prior = sum(fusion.components[k].prior for k in components)
            found.append((chosen, components, share * prior))
    return found
