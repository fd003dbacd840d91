"""Many readings of one signal over a session -> one statistic, without summing what is correlated.

Readings that follow each other closely measure the same thing, so their LLRs are never added: they are averaged, the
average is calibrated, and its standard error counts only the readings' effective number.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from fraudmodel.calibration import OBSERVATIONS, FloatArray
from fraudmodel.signals import Absent, Abstention, EvidenceRef, Observation, Reading, Reason

CONTINUOUS_HALF_LIFE_S = 120.0
"""Half-life of cues that are measured all the time: an attack that begins late must not have to outweigh an hour that was clean. Challenge
results and events that are found once (a switch of the person, a loop) never fade: their poolings have none."""
MINIMAL_QUALITY = 1e-3
"""Weight of a reading of quality 0: it counts where there is nothing better."""
_RECENT = 20
_SHOWN = 3
_PRIOR_READINGS = 2.0
_LARGEST_EXPONENT = 200.0
_MOST_ENTRIES = 2048


@dataclass(frozen=True, slots=True)
class Pooling:
    """How one signal's readings are pooled.

    ``strategy``: ``mean``; ``peak-hold``, which also keeps the worst window (an attack may last 10 s of 600); or
    ``strongest``, for challenges: each reading is a whole test, and the score furthest from 0 is the statistic, so that a test
    that hardly could decide (a bright room) does not water down one that did. Of two as strong, the more attack-like.
    ``trim`` the share of weight cut at each end. ``half_life_s`` halves the weight of older readings; None never
    forgets. ``window_s`` length of a peak-hold window. ``autocorrelation`` (0..1) the
    coefficient r of the AR(1) series whose integrated autocorrelation 1 + 2 sum rho_k = (1 + r) / (1 - r) is that of the signal's readings.
    ``reading_sd`` the spread of single readings within a session, as far as data told.
    """

    strategy: str = "mean"
    trim: float = 0.1
    half_life_s: float | None = None
    window_s: float = 10.0
    autocorrelation: float = 0.0
    reading_sd: float = 0.0


@dataclass(frozen=True, slots=True)
class Pooled:
    """What one signal measured so far.

    ``statistic`` the trimmed weighted mean of raw scores with its ``standard_error``; ``peak`` the worst window's
    mean of ``windows`` looked at (peak-hold only); ``covariates`` their weighted means; ``models`` who measured.
    """

    statistic: float
    standard_error: float
    observations: int
    covariates: Mapping[str, float]
    models: tuple[str, ...]
    evidence: tuple[EvidenceRef, ...]
    peak: float | None = None
    windows: int = 0


class Pool:
    """Readings of one signal in one session. Their order does not matter.

    Cost and memory are bounded: beyond 2048 entries, neighbours in score are merged two to one into their weighted
    mean. That moves no sum, and the cut of the trimmed mean by less than one entry's weight.
    """

    def __init__(self, pooling: Pooling) -> None:
        self._pooling = pooling
        self._scores = np.empty(64)
        self._weights = np.empty(64)
        self._entries = 0
        self._observations = 0
        self._moments = np.zeros(4)
        self._centre = 0.0
        self._origin_s = 0.0
        self._totals: dict[str, list[float]] = {}
        self._models: dict[str, None] = {}
        self._shown: list[tuple[float, float, tuple[EvidenceRef, ...]]] = []
        self._windows: dict[int, tuple[float, float]] = {}
        self._worst: tuple[int, float] | None = None
        self._abstentions: deque[Abstention] = deque(maxlen=_RECENT)
        self._abstained = 0
        self._pooled: Pooled | None = None

    @property
    def abstentions(self) -> int:
        """How often the detector looked and could not measure."""
        return self._abstained

    def add(self, reading: Reading) -> None:
        """Take one reading."""
        if isinstance(reading, Abstention):
            self._abstentions.append(reading)
            self._abstained += 1
            return
        self._pooled = None
        weight = max(reading.quality, MINIMAL_QUALITY)
        aged = weight * self._age_factor(reading.span.end)
        self._insert(reading.score, aged)
        self._count(reading.score, aged)
        self._models.setdefault(reading.model)
        for name, value in reading.covariates.items():
            total = self._totals.setdefault(name, [0.0, 0.0])
            total[0] += aged * value
            total[1] += aged
        self._remember_evidence(reading)
        self._add_to_window(reading, weight)

    def pooled(self) -> Pooled | Absent:
        """The statistic so far; where nothing was measured, the reason that dominated lately."""
        if self._observations == 0:
            return self._why_not()
        if self._pooled is None:
            self._pooled = self._pool()
        return self._pooled

    def _pool(self) -> Pooled:
        scores, weights = self._scores[: self._entries], self._weights[: self._entries]
        covariates = {name: total / weight for name, (total, weight) in sorted(self._totals.items())}
        peak, windows = self._peak()
        return Pooled(
            statistic=self._statistic(scores, weights),
            standard_error=self._standard_error(),
            observations=self._observations,
            covariates={**covariates, OBSERVATIONS: float(self._observations)},
            models=tuple(self._models),
            evidence=tuple(ref for _, _, refs in sorted(self._shown, key=lambda s: s[1]) for ref in refs),
            peak=peak,
            windows=windows,
        )

    def _statistic(self, scores: FloatArray, weights: FloatArray) -> float:
        if self._pooling.strategy == "strongest":
            lowest, highest = float(scores[0]), float(scores[-1])
            return lowest if -lowest > highest else highest
        return trimmed_mean(scores, weights, self._pooling.trim)

    def _why_not(self) -> Absent:
        if not self._abstentions:
            return Absent(Reason.NOT_YET)
        counts = Counter(abstention.reason for abstention in self._abstentions)
        most = max(counts.values())
        latest = next(a for a in reversed(self._abstentions) if counts[a.reason] == most)
        return Absent(latest.reason, latest.detail)

    def _age_factor(self, t: float) -> float:
        half_life = self._pooling.half_life_s
        if half_life is None:
            return 1.0
        if (t - self._origin_s) / half_life > _LARGEST_EXPONENT:
            self._rescale(2.0 ** ((self._origin_s - t) / half_life))
            self._origin_s = t
        return float(2.0 ** ((t - self._origin_s) / half_life))

    def _rescale(self, factor: float) -> None:
        self._weights[: self._entries] *= factor
        self._moments *= (factor, factor, factor, factor**2)
        for total in self._totals.values():
            total[:] = [total[0] * factor, total[1] * factor]

    def _insert(self, score: float, weight: float) -> None:
        if self._entries == len(self._scores):
            self._make_room()
        end = self._entries
        place = int(self._scores[:end].searchsorted(score, side="right"))
        for array, value in ((self._scores, score), (self._weights, weight)):
            array[place + 1 : end + 1] = array[place:end]
            array[place] = value
        self._entries += 1

    def _make_room(self) -> None:
        if self._entries < _MOST_ENTRIES:
            self._scores = np.concatenate([self._scores, np.empty(self._entries)])
            self._weights = np.concatenate([self._weights, np.empty(self._entries)])
            return
        weights = self._weights.reshape(-1, 2).sum(axis=1)
        sums = (self._weights * self._scores).reshape(-1, 2).sum(axis=1)
        self._entries = len(weights)
        middle = self._scores.reshape(-1, 2).mean(axis=1)
        self._scores[: self._entries] = np.divide(sums, weights, out=middle, where=weights > 0.0)
        self._weights[: self._entries] = weights

    def _count(self, score: float, weight: float) -> None:
        if self._observations == 0:
            self._centre = score
        away = score - self._centre
        self._moments += (weight, weight * away, weight * away**2, weight**2)
        self._observations += 1

    def _standard_error(self) -> float:
        mass, first, second, squares = self._moments.tolist()
        variance = max(second / mass - (first / mass) ** 2, 0.0)
        known = self._pooling.reading_sd**2
        # A few readings do not tell their own spread: the calibration data's counts as two more readings.
        pooled = _PRIOR_READINGS * known + self._observations * variance
        pooled /= _PRIOR_READINGS + self._observations
        # Readings by their effective number (Kish 1965), over the integrated autocorrelation of successive ones.
        rho = self._pooling.autocorrelation
        effective = max(1.0, mass**2 / squares * (1.0 - rho) / (1.0 + rho))
        return sqrt(pooled / effective)

    def _remember_evidence(self, observation: Observation) -> None:
        if observation.evidence:
            self._shown.append((-observation.score, observation.span.start, observation.evidence))
            self._shown.sort(key=lambda shown: shown[:2])
            del self._shown[_SHOWN:]

    def _add_to_window(self, observation: Observation, weight: float) -> None:
        if self._pooling.strategy == "peak-hold":
            index = int(observation.span.end // self._pooling.window_s)
            total, mass = self._windows.get(index, (0.0, 0.0))
            total, mass = total + weight * observation.score, mass + weight
            self._windows[index] = (total, mass)
            if self._worst is None or total / mass >= self._worst[1]:
                self._worst = (index, total / mass)
            elif index == self._worst[0]:
                # Two hours have thousands of windows: all of them are looked at only where the worst one has become less bad.
                self._worst = max(
                    ((each, total / mass) for each, (total, mass) in self._windows.items()),
                    key=lambda each: each[1],
                )

    def _peak(self) -> tuple[float | None, int]:
        return (None if self._worst is None else self._worst[1]), len(self._windows)


def trimmed_mean(scores: FloatArray, weights: FloatArray, trim: float) -> float:
    """The weighted mean of ascending ``scores`` with the share ``trim`` of all weight cut off at each end.

    A reading on the cut counts with the part inside. It equals the mean of the weighted quantile function over
    trim..1-trim, so raising any score never lowers it.
    """
    upper = weights.cumsum()
    total = float(upper[-1])
    low, high = trim * total, (1.0 - trim) * total
    first, last = int(upper.searchsorted(low, side="right")), int(upper.searchsorted(high))
    if first >= last:
        return float(scores[min(last, len(scores) - 1)])
    inside = slice(first + 1, last)
    sum_ = float(weights[inside] @ scores[inside])
    sum_ += float(upper[first] - low) * float(scores[first]) + float(high - upper[last - 1]) * float(
        scores[last]
    )
    return min(max(sum_ / (high - low), float(scores[0])), float(scores[-1]))
