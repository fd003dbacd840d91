"""What a signal's LLR says for one way of committing fraud that disturbs the signal in some cases only."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from fraudmodel.calibration import FloatArray
from fraudmodel.signal_parameters import LARGEST_BOUND


class Weighing(StrEnum):
    """What a weight w (0..1) of a component and a signal means for an LLR l (nats).

    ``MIXED``: w is the share of such frauds that disturb the signal, so the component's LLR is that of the mixture, ``log(1 - w + w exp(l))``.
    A clean signal then speaks against the component by no more than ``log(1 - w)``, a disturbed one for it by ``l + log w``.
    ``SCALED``: ``w l``, as documents of before version 2026.12.3 have it. Interviews that keep one are assessed as they were.
    """

    MIXED = "mixed"
    SCALED = "scaled"


def weighed(weights: FloatArray, llrs: FloatArray, weighing: Weighing) -> FloatArray:
    """LLRs (nats) under weights of the same, or a broadcastable, shape: never decreasing in the LLR, exactly 0 where it is 0."""
    if weighing is Weighing.SCALED:
        return weights * llrs
    result: FloatArray = np.log(ratios(weights, likelihood_ratios(llrs)))
    return result


def weighed_with_slopes(
    weights: FloatArray, llrs: FloatArray, raised: FloatArray, weighing: Weighing
) -> tuple[FloatArray, FloatArray]:
    """As `weighed`, of LLRs whose likelihood ratios ``raised`` are known already, and how it changes with each weight."""
    if weighing is Weighing.SCALED:
        return weights * llrs, np.broadcast_to(llrs, np.broadcast_shapes(weights.shape, llrs.shape))
    mixed = ratios(weights, raised)
    return np.log(mixed), (raised - 1.0) / mixed


def summed(weights: FloatArray, llrs: FloatArray, weighing: Weighing) -> FloatArray:
    """The sum of `weighed` over the last axis, of (D, n) LLRs under weights (D, K, n) or (1, K, n): (D, K).

    Likelihood ratios are multiplied and one logarithm is taken of the product, which costs a tenth of as many logarithms.
    """
    if weighing is Weighing.SCALED:
        total: FloatArray = np.einsum("bn,bkn->bk", llrs, weights)
        return total
    raised = likelihood_ratios(llrs)
    product = np.ones((len(llrs), weights.shape[1]))
    for place in range(llrs.shape[1]):
        product *= ratios(weights[..., place], raised[:, place, None])
    return np.log(product)


def ratios(weights: FloatArray, raised: FloatArray) -> FloatArray:
    """Likelihood ratios of mixtures, of likelihood ratios ``raised``; exactly 1 where that is 1."""
    return (1.0 - weights) + weights * raised


def likelihood_ratios(llrs: FloatArray) -> FloatArray:
    """Of LLRs (nats), held within what any calibration's bounds may be: so the product of a session's stays finite."""
    held: FloatArray = np.exp(np.minimum(np.maximum(llrs, -LARGEST_BOUND), LARGEST_BOUND))
    return held
