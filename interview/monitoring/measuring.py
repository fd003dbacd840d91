"""How well L tells confirmed outcomes apart, the same figures wherever a report gives them."""

from __future__ import annotations

from collections.abc import Sequence

from fraudmodel.calibration import FloatArray
from fraudmodel.intervals import Estimate
from fraudmodel.metrics import Mask, cllr, cllr_min, estimate
from fraudmodel.people import drawn_together
from fraudmodel.ranking import auc

REPLICATES = 200
FIGURES = ("Cllr", "Cllr min", "Cllr - Cllr min", "AUC")


def discrimination(shifts: FloatArray, fraud: Mask, people: Sequence[tuple[str, ...]]) -> dict[str, Estimate]:
    """`FIGURES` of (N,) L (nats) with intervals over people; none where there is one outcome only."""
    if not fraud.any() or fraud.all():
        return {}
    draw = drawn_together(people)
    metrics = (cllr, cllr_min, _calibration_loss, auc)
    return {
        name: estimate(metric, shifts, fraud, draw, replicates=REPLICATES)
        for name, metric in zip(FIGURES, metrics, strict=True)
    }


def _calibration_loss(shifts: FloatArray, fraud: Mask, weights: FloatArray) -> float:
    return cllr(shifts, fraud, weights) - cllr_min(shifts, fraud, weights)
