"""Brief movements among everything else that a face does: out of rest and back, stronger than what this person's rest makes of itself.

After Wang et al. 2017 (MDMD: a moment compared with what lay a lag before and after it) with three changes: the lags are several, the
threshold comes from the person's own rest instead of the clip's extremes, and onset, apex and offset are read off the way itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.micro.baseline import LAGS, Baseline, Flags, Floats, Rest, swings
from biometrics.micro.curves import Curves
from biometrics.micro.motion import Shifts
from biometrics.micro.movement import Movement, is_brief
from biometrics.micro.regions import IS_UPPER, NAMES
from biometrics.micro.way import Way, way_of

LEAST_STRENGTH: Final = 9.0
"""Deviations: what noise alone reaches less than once a minute."""
JUDGED: Final = LAGS.index(5)
"""A moment counts as searched where nothing disturbed it for 0.17 s before and after: a disturbance in the midst of a brief movement hides it."""
CHUNK: Final = 15
REACH: Final = 24
"""Samples before and after an apex that are looked at: 0.8 s each."""
_APART: Final = 8
_SETTLE_EVERY: Final = 20
_ASIDE, _LEAST_ASIDE = 0.4, 4.0
_LEAST_RISE, _MOST_UNEVEN = 2.0, 0.5
_BRIEF_LAG: Final = LAGS.index(8)
_SPARE: Final = max(LAGS) + REACH
_REMEMBERED: Final = 12
"""Movements that a later one may be part of: more do not end within the 1.6 s that one is looked at for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A swing that stands out: as a movement, with what the decision hangs on."""

    movement: Movement
    way: Way


@dataclass(frozen=True, slots=True)
class Moment:
    """A sample (1/30 s) in which movements were looked for, with the person's rest known. ``undisturbed`` whether one of the upper face
    could have been found there."""

    t: float
    undisturbed: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What a further sample brought: ``movements``, and the ``moments`` that have been looked at meanwhile."""

    movements: tuple[Movement, ...] = ()
    moments: tuple[Moment, ...] = ()


class Spotter:
    """Finds the movements of one session; each comes at most 1.4 s after its apex.

    A run begins anew after each break. Its first 0.8 s and its last 0.8 to 1.3 s are not looked at: the moments say which were.
    """

    def __init__(self) -> None:
        self.baseline = Baseline()
        self._curves = Curves()
        self._done = max(LAGS) + _APART
        self._chunks = 0
        self._told: list[Movement] = []

    def push(self, shifts: Shifts, disturbed: Flags) -> Look:
        """Take where the regions are; ``disturbed`` (12,) which of them cannot be judged now."""
        if not shifts.unbroken:
            self._curves, self._done = Curves(), max(LAGS) + _APART
        self._curves.push(shifts, disturbed)
        if len(self._curves) < self._done + CHUNK + REACH:
            return Look()
        candidates, moments = self._chunk(self._done)
        self._done += CHUNK
        self._curves.forget(self._done - _SPARE)
        found = [each.movement for each in candidates if accepted(each)]
        return Look(tuple(self._distinct(found)), moments)

    def _distinct(self, found: list[Movement]) -> list[Movement]:
        """Without what is part of another: of swings of one region at one time the strongest counts, and what was told stands."""
        kept: list[Movement] = []
        for each in sorted(found, key=lambda movement: -movement.strength):
            if not any(same(each, other) for other in (*kept, *self._told)):
                kept.append(each)
        self._told = [*self._told, *kept][-_REMEMBERED:]
        return sorted(kept, key=lambda movement: movement.onset_s)

    def _chunk(self, first: int) -> tuple[list[Candidate], tuple[Moment, ...]]:
        start = max(first - _SPARE, 0)
        rows, disturbed = self._curves.between(start, first + CHUNK + REACH)
        centres = np.arange(first - _APART, first + CHUNK + _APART) - start
        swung, usable = swings(rows, centres), _usable(disturbed, centres)
        inner = slice(_APART, _APART + CHUNK)
        self.baseline.push(swung[inner], usable[inner])
        self._chunks += 1
        if self._chunks % _SETTLE_EVERY == 0 or self.baseline.rest is None:
            self.baseline.settle()
        rest = self.baseline.rest
        if rest is None:
            return [], ()
        freed = rest.freed(swung)
        strengths = np.where(usable, rest.strengths(freed), 0.0)
        best = strengths.reshape(len(strengths), -1).max(axis=1)
        found = []
        for k in range(_APART, _APART + CHUNK):
            if best[k] > 3.0 and best[k] == best[k - _APART : k + _APART + 1].max():
                candidate = self._candidate(k, int(centres[k]), rows, strengths, freed, rest, start)
                if candidate is not None:
                    found.append(candidate)
        clear = np.any(usable[inner, JUDGED][:, IS_UPPER], axis=1).tolist()
        return found, tuple(Moment(self._curves.time(first + k), each) for k, each in enumerate(clear))

    def _candidate(
        self, k: int, centre: int, rows: Floats, strengths: Floats, freed: Floats, rest: Rest, start: int
    ) -> Candidate | None:
        lag, region = (int(each) for each in np.unravel_index(int(strengths[k].argmax()), strengths[k].shape))
        swings_here = np.hypot(freed[k, :, region, 0], freed[k, :, region, 1])
        swing = float(swings_here[: max(lag, _BRIEF_LAG) + 1].max())
        span = slice(max(centre - REACH, 0), centre + REACH + 1)
        columns = [2 * region, 2 * region + 1]
        own = rows[span, columns[0] : columns[1] + 1] - rows[span, -6:] @ rest.turning[lag][:, columns]
        way = way_of(own @ freed[k, lag, region] / swings_here[lag], min(REACH, centre), swing)
        if way is None:
            return None
        peak = strengths[max(k - 2, 0) : k + 3, lag].max(axis=0)
        moved = np.flatnonzero((peak >= _LEAST_ASIDE) & (peak >= _ASIDE * peak[region]))
        moved = moved[np.argsort(-peak[moved], kind="stable")]
        if region not in moved:
            moved = np.array([region, *moved])
        began, peaked, ended = (
            self._curves.time(start + span.start + each) for each in (way.onset, way.apex, way.offset)
        )
        movement = Movement(
            onset_s=began,
            apex_s=peaked,
            offset_s=ended,
            amplitude=way.height,
            strength=float(strengths[k, lag, region]),
            asymmetry=_asymmetry(np.hypot(*np.moveaxis(freed[k, lag], -1, 0)), moved),
            regions=tuple(NAMES[each] for each in moved),
            upper=bool(IS_UPPER[moved].any()),
            brief=is_brief(began, ended),
        )
        return Candidate(movement, way)


def same(one: Movement, other: Movement) -> bool:
    """Whether two are parts of one movement: they share a region, and one is at its apex while the other is under way."""
    together = other.onset_s <= one.apex_s <= other.offset_s or one.onset_s <= other.apex_s <= one.offset_s
    return together and not set(one.regions).isdisjoint(other.regions)


def accepted(candidate: Candidate) -> bool:
    """Whether a swing counts as a movement."""
    way = candidate.way
    return (
        candidate.movement.strength >= LEAST_STRENGTH
        and way.uneven <= _MOST_UNEVEN
        and min(way.apex - way.onset, way.offset - way.apex) >= _LEAST_RISE
    )


def _usable(disturbed: Flags, centres: np.ndarray) -> Flags:
    """(n, lags, 12): where nothing disturbed a region within a lag of a centre."""
    counts = np.concatenate([np.zeros((1, disturbed.shape[1]), np.intp), disturbed.cumsum(axis=0)])
    lags = np.array(LAGS)
    return np.asarray(counts[centres[:, None] + lags + 1] == counts[centres[:, None] - lags])


def _asymmetry(far: Floats, moved: np.ndarray) -> float:
    """-1..1 by how far left and right regions moved, those that moved and their counterparts."""
    sides = {"left": 0.0, "right": 0.0}
    # Sorted: a set's own order changes from process to process, and with it the sum's last bit.
    for stem in sorted({NAMES[k].rsplit("_", 1)[0] for k in moved if NAMES[k].endswith(("_left", "_right"))}):
        for side in sides:
            sides[side] += float(far[NAMES.index(f"{stem}_{side}")])
    whole = sides["left"] + sides["right"]
    return (sides["left"] - sides["right"]) / whole if whole > 0.0 else 0.0
