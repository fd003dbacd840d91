"""Monotone gradient boosting over signals' LLRs: what a fusion could tell that need not be explained to anybody.

It is measured beside the mixture and takes its place only if people say so. Missing signals are missing (NaN), each LLR may only raise it, and a
logistic learnt on people that the trees had not seen makes an LLR of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps
from typing import Any, Final

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from fraudmodel.calibration import FloatArray
from fraudmodel.metrics import Mask
from fraudmodel.regression import fit_logistic
from fraudmodel.sessions import Sessions, folds, shared_weights
from fraudmodel.signals import SignalKind

TREES: Final = 100
DEPTH: Final = 3
_RATE: Final = 0.1
_LEAST_LEAF: Final = 10


@dataclass(frozen=True, slots=True)
class Challenger:
    """``trees`` give log-odds of (N, n) LLRs with NaN for what is missing; ``slope`` and ``intercept`` make an LLR (nats) of them."""

    kinds: tuple[SignalKind, ...]
    trees: HistGradientBoostingClassifier
    slope: float
    intercept: float

    def evidence(self, sessions: Sessions) -> FloatArray:
        """(N,) log-odds shift, nats; exactly 0 where nothing was measured."""
        raw = self.trees.decision_function(with_missing(sessions))
        shift = self.slope * raw + self.intercept
        told: FloatArray = np.where(sessions.present.any(axis=1), shift, 0.0)
        return told


def with_missing(sessions: Sessions) -> FloatArray:
    """(N, n) LLRs, NaN where absent."""
    return np.where(sessions.present, sessions.llrs, np.nan)


def fit_challenger(
    sessions: Sessions, shares: Mapping[str, float], *, blocks: int = 3, seed: int = 0
) -> Challenger:
    """Fit trees, and their calibration on people that other trees had not seen.

    Rows may be copies with signals left out, and pseudo-attacks: whoever they are made from is their person.
    """
    weights = shared_weights(sessions.families, shares)
    held_out = np.full(len(sessions), np.nan)
    for training, test in folds(sessions, blocks, seed):
        trees = _fit(sessions, weights, training, seed)
        held_out[test] = trees.decision_function(with_missing(sessions)[test])
    told = np.isfinite(held_out)
    slope, intercept = 1.0, 0.0
    if (sessions.fraud & told).any() and (~sessions.fraud & told).any():
        slope, intercept = _calibrated(held_out[told], sessions.fraud[told], weights[told])
    whole = np.ones(len(sessions), dtype=np.bool_)
    return Challenger(sessions.kinds, _fit(sessions, weights, whole, seed), slope, intercept)


def challenger_document(challenger: Challenger) -> str:
    """What it consists of, as the JSON that `models.build.boosted_trees` turns into ONNX."""
    grown: Any = challenger.trees
    return dumps(
        {
            "signals": list(challenger.kinds),
            "start": float(np.ravel(grown._baseline_prediction)[0]),
            "slope": challenger.slope,
            "intercept": challenger.intercept,
            "trees": [_tree(predictors[0].nodes) for predictors in grown._predictors],
        }
    )


def _fit(sessions: Sessions, weights: FloatArray, chosen: Mask, seed: int) -> HistGradientBoostingClassifier:
    trees = HistGradientBoostingClassifier(
        max_depth=DEPTH,
        max_iter=TREES,
        learning_rate=_RATE,
        min_samples_leaf=_LEAST_LEAF,
        monotonic_cst=[1] * len(sessions.kinds),
        early_stopping=False,
        random_state=seed,
    )
    rows = with_missing(sessions)[chosen]
    # A signal that nobody measured is no reason to split, and scikit-learn cannot bin it.
    rows[:, ~sessions.present[chosen].any(axis=0)] = 0.0
    # The trees' own regularisation counts rows: weights average 1.
    scale = chosen.sum() / weights[chosen].sum()
    return trees.fit(rows, sessions.fraud[chosen].astype(int), sample_weight=weights[chosen] * scale)


def _calibrated(scores: FloatArray, fraud: Mask, weights: FloatArray) -> tuple[float, float]:
    balanced = np.where(fraud, weights / weights[fraud].sum(), weights / weights[~fraud].sum())
    design = np.column_stack([np.ones(len(scores)), scores])
    beta = fit_logistic(design, fraud.astype(np.float64), balanced * len(scores) / 2.0)
    return max(float(beta[1]), 0.0), float(beta[0])


def _tree(nodes: np.ndarray) -> dict[str, list[Any]]:
    """One tree as lists over its nodes: at or below ``threshold`` goes left, what is missing as ``missing_left`` says."""
    columns = {
        "feature": "feature_idx",
        "threshold": "num_threshold",
        "left": "left",
        "right": "right",
        "missing_left": "missing_go_to_left",
        "leaf": "is_leaf",
        "value": "value",
    }
    kinds = {"threshold": float, "value": float, "missing_left": bool, "leaf": bool}
    return {name: nodes[column].astype(kinds.get(name, int)).tolist() for name, column in columns.items()}
