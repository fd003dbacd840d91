"""How well scores rank fraud above bona fide, whatever their scale."""

from __future__ import annotations

import numpy as np

from fraudmodel.calibration import FloatArray
from fraudmodel.metrics import Mask


def auc(scores: FloatArray, attack: Mask, weights: FloatArray) -> float:
    """The share of pairs of one attack and one bona fide trial in which the attack scores higher, ties as a half (Mann & Whitney 1947)."""
    values, index = np.unique(scores, return_inverse=True)
    attacks, bona_fide = (
        np.bincount(index[chosen], weights[chosen], minlength=len(values)) for chosen in (attack, ~attack)
    )
    pairs = attacks.sum() * bona_fide.sum()
    if pairs == 0.0:
        return np.nan
    below = np.cumsum(bona_fide) - bona_fide / 2.0
    return float(attacks @ below / pairs)
