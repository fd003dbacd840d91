"""Speaker verification that spoofs try as well: one LLR for three classes, and how it is judged.

A trial is of the speaker (target), of another person (impostor), or made by a machine to sound like the speaker (spoof). As
everywhere, an LLR above 0 supports fraud; a trial is rejected where its LLR lies at or above the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from fraudmodel.calibration import FloatArray
from fraudmodel.metrics import eer


class Trial(IntEnum):
    """What a trial is of."""

    TARGET = 0
    IMPOSTOR = 1
    SPOOF = 2


Classes = NDArray[np.int_]
"""(N,) of `Trial`."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What each error costs and how often each class comes; the defaults are those of ASVspoof 5, track 2.

    ``impostor`` and ``spoof`` are priors, the target has the rest.
    """

    impostor: float = 0.0095
    spoof: float = 0.05
    miss: float = 1.0
    accept_impostor: float = 10.0
    accept_spoof: float = 10.0

    def __post_init__(self) -> None:
        if not (self.impostor > 0.0 and self.spoof > 0.0 and self.impostor + self.spoof < 1.0):
            raise ValueError(
                "the priors of impostor and spoof are above 0 and leave something for the target"
            )

    def of(self, miss: FloatArray, accept_impostor: FloatArray, accept_spoof: FloatArray) -> FloatArray:
        """The expected cost at error rates, over that of the better of rejecting and accepting everybody."""
        impostors, spoofs = self.accept_impostor * self.impostor, self.accept_spoof * self.spoof
        misses = self.miss * (1.0 - self.impostor - self.spoof)
        cost = misses * miss + impostors * accept_impostor + spoofs * accept_spoof
        return np.asarray(cost / min(misses, impostors + spoofs))


def joint_llr(impostor: FloatArray, spoof: FloatArray, spoof_share: float = 0.5) -> FloatArray:
    """The LLR (nats) of impostor or spoof against target, from those of either: log((1 - s) e^impostor + s e^spoof).

    ``spoof_share`` s is the share of spoofs among frauds. A sum of both LLRs would take each fraud for both at once; this is the
    OR that `fusion` is made of, for two families (Todisco et al. 2018).
    """
    if not 0.0 < spoof_share < 1.0:
        raise ValueError(f"a share of frauds lies between 0 and 1, got {spoof_share}")
    return np.asarray(np.logaddexp(np.log1p(-spoof_share) + impostor, np.log(spoof_share) + spoof))


def sasv_eer(llrs: FloatArray, classes: Classes, weights: FloatArray) -> float:
    """EER of targets against impostors and spoofs together, each trial counting as one, as SASV 2022 defines it."""
    return eer(llrs, classes != Trial.TARGET, weights)


def sv_eer(llrs: FloatArray, classes: Classes, weights: FloatArray) -> float:
    """EER of targets against impostors alone."""
    return _against(Trial.IMPOSTOR, llrs, classes, weights)


def spf_eer(llrs: FloatArray, classes: Classes, weights: FloatArray) -> float:
    """EER of targets against spoofs alone."""
    return _against(Trial.SPOOF, llrs, classes, weights)


def min_a_dcf(llrs: FloatArray, classes: Classes, weights: FloatArray, costs: Costs | None = None) -> float:
    """The least normalised a-DCF over thresholds: 0 perfect, 1 as good as not listening (Shim et al. 2024, arXiv:2403.01355).

    NaN where a class has no trials.
    """
    mass = np.array([weights[classes == one].sum() for one in Trial])
    if not mass.all():
        return float("nan")
    values, index = np.unique(llrs, return_inverse=True)
    below = []
    for one in Trial:
        counted = np.bincount(index, weights * (classes == one), minlength=len(values))
        below.append(np.concatenate([[0.0], np.cumsum(counted)]) / mass[one])
    rates = (1.0 - below[Trial.TARGET], below[Trial.IMPOSTOR], below[Trial.SPOOF])
    return float((costs or Costs()).of(*rates).min())


def _against(fraud: Trial, llrs: FloatArray, classes: Classes, weights: FloatArray) -> float:
    used = (classes == Trial.TARGET) | (classes == fraud)
    return eer(llrs[used], classes[used] == fraud, weights[used])
