"""Readings of which a later one takes an earlier one's place: an answer is read again when there is more to compare it with."""

from __future__ import annotations

from fraudmodel.pooling import Pool, Pooled, Pooling
from fraudmodel.signals import Absent, Abstention, Observation, Reading


class LatestPool:
    """A `Pool` of the last observation for each value of the covariate ``by``. Those without it count each for itself.

    A few dozen readings at most: it is pooled anew whenever it is asked after one.
    """

    def __init__(self, pooling: Pooling, by: str) -> None:
        self._pooling = pooling
        self._by = by
        self._latest: dict[float, Observation] = {}
        self._others: list[Reading] = []
        self._abstained = 0
        self._made: Pool | None = None

    @property
    def abstentions(self) -> int:
        """How often the detector looked and could not measure."""
        return self._abstained

    def add(self, reading: Reading) -> None:
        """Take one reading."""
        self._made = None
        if isinstance(reading, Abstention):
            self._abstained += 1
        if isinstance(reading, Observation) and self._by in reading.covariates:
            self._latest[reading.covariates[self._by]] = reading
        else:
            self._others.append(reading)

    def pooled(self) -> Pooled | Absent:
        """The statistic so far; where nothing was measured, the reason that dominated lately."""
        if self._made is None:
            self._made = Pool(self._pooling)
            for reading in (*self._others, *(self._latest[key] for key in sorted(self._latest))):
                self._made.add(reading)
        return self._made.pooled()
