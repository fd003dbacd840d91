"""The law of the statistic where a code is not followed: from codes that were not shown, on the very same observation."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

COUNTED: Final = 10
"""With fewer of the codes above, the p-value comes from the fitted tail."""
_TAIL: Final = 0.025
"""Share of the codes whose excess fits the tail."""


@dataclass(frozen=True, slots=True)
class NullLaw:
    """A law of extremes: Gumbel by its moments, and beyond ``onset``, which 2.5 % exceed, its upper tail by itself.

    The upper tail of a Gumbel law is exponential; its mean ``excess`` is that of the codes beyond (Knijnenburg et al.
    2009 extrapolate permutation p-values so). Fitted on the moments of the whole it would be too heavy: the statistic is
    the greatest of sums over chips, whose own tail is lighter still, so that the extrapolation errs to the safe side.
    """

    statistics: NDArray[np.float64]
    mean: float
    deviation: float
    onset: float
    excess: float

    @classmethod
    def of(cls, statistics: NDArray[np.float64]) -> NullLaw:
        """Fit the statistics (k,) of codes that were not shown."""
        onset = float(np.quantile(statistics, 1.0 - _TAIL))
        beyond = statistics[statistics > onset]
        excess = float((beyond - onset).mean()) if len(beyond) else 0.0
        return cls(
            statistics, float(statistics.mean()), max(float(statistics.std()), 1e-6), onset, max(excess, 1e-6)
        )

    def scaled(self, factor: float) -> NullLaw:
        """The law of ``factor`` times the statistic."""
        moments = (self.mean, self.deviation, self.onset, self.excess)
        return NullLaw(self.statistics * factor, *(factor * moment for moment in moments))

    def p_value(self, statistic: float) -> tuple[float, bool]:
        """The chance to exceed ``statistic``, never below 1e-12, and whether it was counted rather than extrapolated."""
        above = int(np.count_nonzero(self.statistics >= statistic))
        most = (above + 1) / (len(self.statistics) + 1)
        if above >= COUNTED or statistic <= self.onset:
            return most, True
        return min(max(_TAIL * exp(-(statistic - self.onset) / self.excess), 1e-12), most), False

    def quantile(self, p_value: float) -> float:
        """What is exceeded with a chance below `_TAIL`."""
        return self.onset + self.excess * float(np.log(_TAIL / p_value))

    @property
    def place(self) -> float:
        """Where the law is densest."""
        return self.mean - float(np.euler_gamma) * self._scale

    def density(self, statistic: float) -> float:
        """Of the statistic; below `place` by more than a scale it is taken as there."""
        if statistic > self.onset:
            return _TAIL / self.excess * exp(-min((statistic - self.onset) / self.excess, 700.0))
        return exp(-self._away(statistic)) * self.below(statistic) / self._scale

    def below(self, statistic: float) -> float:
        """The chance to stay below ``statistic``."""
        if statistic > self.onset:
            return 1.0 - _TAIL * exp(-min((statistic - self.onset) / self.excess, 700.0))
        return exp(-exp(-self._away(statistic)))

    @property
    def _scale(self) -> float:
        return self.deviation * sqrt(6.0) / pi

    def _away(self, statistic: float) -> float:
        return max((statistic - self.place) / self._scale, -1.0)
