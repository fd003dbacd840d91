"""A table of interviews by signal: what one signal measured in every interview, as arrays, and what that is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from fraudmodel.calibration import Calibrator, FloatArray, Logistic
from fraudmodel.interview_table import InterviewTable
from fraudmodel.metrics import Mask
from fraudmodel.signals import SignalKind

LARGEST_LLR = 8.0
"""Nats, for what data show before they are bounded: as the lab's figures have it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One signal over N interviews: ``seen`` where ``model`` measured it; ``peak`` (NaN: none) of ``windows``; NaN where not seen."""

    kind: SignalKind
    model: str
    seen: Mask
    statistic: FloatArray
    peak: FloatArray
    windows: FloatArray
    covariates: Mapping[str, FloatArray]

    @property
    def usual_windows(self) -> float:
        """Among how many windows the worst is looked for in the median interview; 1 where there are none."""
        peaked = np.isfinite(self.peak)
        return max(float(np.median(self.windows[peaked])), 1.0) if peaked.any() else 1.0

    @property
    def score(self) -> FloatArray:
        """(N,) what its calibration is learnt from: the worst window where there are windows, as in the lab."""
        return np.where(np.isfinite(self.peak), self.peak, self.statistic)


def column(table: InterviewTable, kind: SignalKind, model: str = "") -> Column:
    """A signal's column; of ``model``, or of the model that measured it most often."""
    found = [row.measured.get(kind) for row in table.rows]
    models = Counter(each.models[0] for each in found if each is not None and len(each.models) == 1)
    wanted = model or max(sorted(models), key=lambda name: models[name], default="")
    kept = [each if each is not None and each.models == (wanted,) else None for each in found]
    names = sorted({name for each in kept if each is not None for name in each.covariates})
    return Column(
        kind=kind,
        model=wanted,
        seen=np.array([each is not None for each in kept], dtype=np.bool_),
        statistic=_array(each.statistic if each else None for each in kept),
        peak=_array(each.peak if each else None for each in kept),
        windows=np.array([max(each.windows, 1) if each else 1 for each in kept], dtype=np.float64),
        covariates={
            name: _array(each.covariates.get(name) if each else None for each in kept) for name in names
        },
    )


def llrs_of(calibrator: Calibrator, measured: Column, windows: float = 1.0) -> tuple[FloatArray, Mask]:
    """(N,) LLRs (nats), neither discounted nor bounded, and where there are any; as `Scorer` works them out.

    Where there are windows the worst counts too, less the log of how many more were looked at than in the calibration's own trials (``windows``).
    """
    told = measured.seen.copy()
    for name in calibrator.requires:
        told &= np.isfinite(measured.covariates.get(name, np.full(len(told), np.nan)))
    llrs = np.zeros(len(told))
    llrs[told] = _llrs(calibrator, measured, measured.statistic, told)
    peaked = told & np.isfinite(measured.peak)
    if peaked.any():
        looking = np.log(np.maximum(measured.windows[peaked] / windows, 1.0))
        worst = _llrs(calibrator, measured, measured.peak, peaked) - looking
        llrs[peaked] = np.maximum(llrs[peaked], worst)
    return llrs, told


def _llrs(calibrator: Calibrator, measured: Column, scores: FloatArray, chosen: Mask) -> FloatArray:
    rows = np.flatnonzero(chosen)
    conditions = {name: measured.covariates[name][rows] for name in calibrator.requires}
    if isinstance(calibrator, Logistic):
        return calibrator.llrs(scores[rows], conditions)
    each = [
        calibrator.llr(float(score), {name: float(values[i]) for name, values in conditions.items()})
        for i, score in enumerate(scores[rows])
    ]
    return np.array(each, dtype=np.float64)


def _array(values: Iterable[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
