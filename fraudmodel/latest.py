"""Readings of which a later one takes an earlier one's place: an answer is read again when there is more to compare it with, and it is
taken back when its question was."""

from __future__ import annotations

from collections.abc import Sequence

from fraudmodel.pooling import Pool, Pooled, Pooling
from fraudmodel.signals import Absent, Abstention, Observation, Reading


def standing(readings: Sequence[Reading], by: str) -> list[int]:
    """The places of those readings whose place no later one took.

    An observation's is taken by the next one with the same value of the covariate ``by``, and by an abstention that begins where it does.
    """
    last: dict[float, int] = {}
    for place, reading in enumerate(readings):
        number = _number(reading, by)
        if number is not None:
            last[number] = place
        elif isinstance(reading, Abstention):
            start = reading.span.start
            last = {key: at for key, at in last.items() if readings[at].span.start != start}
    numbers = (_number(reading, by) for reading in readings)
    return [place for place, number in enumerate(numbers) if number is None or last.get(number) == place]


def _number(reading: Reading, by: str) -> float | None:
    return reading.covariates.get(by) if isinstance(reading, Observation) else None


class LatestPool:
    """A `Pool` of the observations that stand. Those without the covariate ``by`` count each for itself.

    A few dozen readings at most: it is pooled anew whenever it is asked after one.
    """

    def __init__(self, pooling: Pooling, by: str) -> None:
        self._pooling = pooling
        self._by = by
        self._readings: list[Reading] = []
        self._abstained = 0
        self._made: Pool | None = None

    @property
    def abstentions(self) -> int:
        """How often the detector looked and could not measure."""
        return self._abstained

    def add(self, reading: Reading) -> None:
        """Take one reading."""
        self._made = None
        self._abstained += isinstance(reading, Abstention)
        self._readings.append(reading)
        self._readings = [self._readings[place] for place in standing(self._readings, self._by)]

    def pooled(self) -> Pooled | Absent:
        """The statistic so far; where nothing was measured, the reason that dominated lately."""
        if self._made is None:
            self._made = Pool(self._pooling)
            for reading in sorted(self._readings, key=lambda each: _number(each, self._by) or 0.0):
                self._made.add(reading)
        return self._made.pooled()
