"""How well movements are recognised: UF1 and UAR over everybody's held-out movements (See et al. 2019), and how sure that is.

UF1 is the mean over the classes of 2 TP / (2 TP + FP + FN), UAR of TP / (TP + FN), both of all predictions pooled. People are the
unit: the interval draws subjects anew, with all that they did.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biometrics.micro.classes import CLASSES
from fraudmodel.intervals import Estimate, bootstrap

Weights = NDArray[np.float64]
Labels = NDArray[np.intp]
Names = NDArray[np.str_]
REPLICATES = 2000


@dataclass(frozen=True, slots=True)
class Recognition:
    """``uf1`` and ``uar`` with 95 % intervals over subjects; ``n`` movements of ``subjects`` people."""

    uf1: Estimate
    uar: Estimate
    subjects: int

    def as_json(self) -> dict[str, Any]:
        """Figures as plain JSON; None for one that a missing class leaves undefined."""
        return {
            "uf1": _finite(self.uf1.value),
            "uf1_ci": [_finite(self.uf1.low), _finite(self.uf1.high)],
            "uar": _finite(self.uar.value),
            "uar_ci": [_finite(self.uar.low), _finite(self.uar.high)],
            "n": self.uf1.n,
            "subjects": self.subjects,
        }


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def uf1(truth: Labels, told: Labels, weights: Weights | None = None) -> float:
    """Unweighted F1; a movement counts ``weights`` times. NaN where a class is neither there nor told."""
    hit, there, said = _counts(truth, told, weights)
    return float(
        np.mean(np.divide(2 * hit, there + said, out=np.full(len(hit), np.nan), where=there + said > 0))
    )


def uar(truth: Labels, told: Labels, weights: Weights | None = None) -> float:
    """Unweighted average recall. NaN where a class is not there."""
    hit, there, _ = _counts(truth, told, weights)
    return float(np.mean(np.divide(hit, there, out=np.full(len(hit), np.nan), where=there > 0)))


def recognition(truth: Labels, told: NDArray[np.intp], subjects: Names) -> Recognition:
    """Of predictions (seeds, n): the mean over the seeds, and where it lies for other subjects (bootstrap)."""
    people, who = np.unique(subjects, return_inverse=True)

    def drawn(rng: np.random.Generator) -> Weights:
        times = np.bincount(rng.integers(0, len(people), len(people)), minlength=len(people))
        return np.asarray(times[who], np.float64)

    def mean_of(figure: Any) -> Estimate:  # noqa: ANN401 - uf1 or uar
        def over_seeds(weights: Weights) -> float:
            return float(np.mean([figure(truth, seed, weights) for seed in told]))

        return bootstrap(over_seeds, drawn, len(truth), replicates=REPLICATES)

    return Recognition(mean_of(uf1), mean_of(uar), len(people))


def by_dataset(
    truth: Labels, told: NDArray[np.intp], subjects: Names, datasets: Names
) -> dict[str, Recognition]:
    """Each dataset by itself, of the same predictions."""
    return {
        str(name): recognition(truth[datasets == name], told[:, datasets == name], subjects[datasets == name])
        for name in np.unique(datasets)
    }


def best_epoch(truth: Labels, epochs: NDArray[np.intp], subjects: Names) -> Labels:
    """What is told where each subject gets the epoch at which this very subject comes out best. NOT A RESULT: it peeks at the answers.

    ``epochs`` (epochs, n). Several published numbers are made so; it is computed to show by how much it flatters.
    """
    told = np.empty_like(truth)
    for name in np.unique(subjects):
        own = subjects == name
        told[own] = epochs[int(np.argmax((epochs[:, own] == truth[own]).sum(axis=1)))][own]
    return told


def _counts(truth: Labels, told: Labels, weights: Weights | None) -> tuple[Weights, Weights, Weights]:
    """Per class: rightly told, there, told."""
    each = np.ones(len(truth)) if weights is None else weights
    count = len(CLASSES)
    right = truth == told
    return (
        np.bincount(truth[right], each[right], count).astype(np.float64),
        np.bincount(truth, each, count).astype(np.float64),
        np.bincount(told, each, count).astype(np.float64),
    )
