"""How well a mouth's movement goes with the sound, at which offset, and how well it would by chance.

A correlation means nothing by itself: the greatest over lags of up to 0.6 s is large by chance in a short window. It is
compared with that of the same sound against the same mouth at other moments, 2 to 20 s away, each time the greatest of as
many lags (a permutation null of the same length).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.av.timeline import RATE_HZ, STEP_S, Floats

LARGEST_LAG: Final = 15
"""Grid steps: 0.6 s."""
EARLIEST_MS: Final = -80.0
LATEST_MS: Final = 160.0
"""Sound may come before the picture (below 0) or after it by so much: a call's equipment does that, and people do not mind."""
NULL_SHIFTS: Final = 40
NEAREST_SHIFT_S: Final = 2.0
FURTHEST_SHIFT_S: Final = 20.0
LEAST_SHIFTS: Final = 10
USUAL_SD: Final = 0.38
"""Of the greatest correlation by chance, times the root of the window's seconds (talking people, windows of 2 to 16 s): few shifts in a short
clip do not tell it, so it counts as `USUAL_SHIFTS` more of them."""
USUAL_SHIFTS: Final = 20
APART_S: Final = 0.2
"""A second peak lies at least so far from the first."""
_TINY: Final = 1e-12

Mask = NDArray[np.bool_]
LAGS_MS: Floats = np.asarray(np.arange(-LARGEST_LAG, LARGEST_LAG + 1) * 1e3 * STEP_S, dtype=np.float64)
_TOLERATED: Mask = (LAGS_MS >= EARLIEST_MS) & (LAGS_MS <= LATEST_MS)


@dataclass(frozen=True, slots=True)
class Sync:
    """What one window showed.

    ``z`` of the greatest correlation at a tolerated offset, in standard deviations of the null; ``z_any`` at any offset; ``offset_ms``
    of the greatest, above 0 where the sound comes late; ``rho`` that correlation; ``peak_ratio`` of it to the second
    peak's, 1 or more; ``shifts`` how many the null was made of.
    """

    z: float
    z_any: float
    offset_ms: float
    rho: float
    peak_ratio: float
    shifts: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """A sound track (n,) and the mouth track at each lag beside it (lags, n), with where that is known."""

    sound: Floats
    mouth: Floats
    known: Mask

    def __len__(self) -> int:
        return len(self.sound)

    def rho(self, place: NDArray[np.int64], mouth_place: NDArray[np.int64]) -> Floats:
        """(lags,) correlation of the sound at ``place`` with the mouth at ``mouth_place``."""
        weight = self.known[:, mouth_place].astype(np.float64)
        mouth, sound = self.mouth[:, mouth_place], self.sound[place]
        count = np.maximum(weight.sum(axis=1), 1.0)
        mean_m, mean_s = (weight * mouth).sum(axis=1) / count, weight @ sound / count
        both = (weight * mouth) @ sound / count - mean_m * mean_s
        power_m = np.maximum((weight * mouth**2).sum(axis=1) / count - mean_m**2, 0.0)
        power_s = np.maximum(weight @ sound**2 / count - mean_s**2, 0.0)
        return np.asarray(both / np.sqrt(power_m * power_s + _TINY))


def pairs(sound: Floats, mouth: Floats, active: Mask) -> Pairs:
    """Tracks (t,) on one grid, NaN where unknown, cut down to where they are ``active``, and joined.

    The mouth at lag k is that of k steps before the sound: where the sound comes late by k, they belong together.
    """
    place = np.flatnonzero(active & np.isfinite(sound))
    earlier = place[np.newaxis, :] - np.arange(-LARGEST_LAG, LARGEST_LAG + 1)[:, np.newaxis]
    inside = (earlier >= 0) & (earlier < len(mouth))
    moved = np.where(inside, mouth[np.clip(earlier, 0, len(mouth) - 1)], np.nan)
    known = np.isfinite(moved)
    return Pairs(sound[place], np.where(known, moved, 0.0), known)


def compare(tracks: Pairs, window: slice = slice(None)) -> Sync | None:
    """How well the sound of a window goes with the mouth; None where there are too few other moments to compare with.

    ``window`` names joined samples; the others only serve as other moments.
    """
    place = np.arange(len(tracks))[window]
    shifts = _shifts(len(tracks))
    if len(place) < 2 or len(shifts) < LEAST_SHIFTS:
        return None
    rho = tracks.rho(place, place)
    null = np.stack([tracks.rho(place, (place + shift) % len(tracks)) for shift in shifts])
    best = int(np.argmax(rho))
    return Sync(
        z=_z(rho, null, _TOLERATED, len(place) / RATE_HZ),
        z_any=_z(rho, null, np.ones_like(_TOLERATED), len(place) / RATE_HZ),
        offset_ms=_refined_ms(rho, best),
        rho=float(rho[best]),
        peak_ratio=_peak_ratio(rho, best),
        shifts=len(shifts),
    )


def _shifts(count: int) -> NDArray[np.int64]:
    """Circular shifts of ``count`` joined samples that are 2 to 20 s from where they belong, to either side."""
    nearest, furthest = round(NEAREST_SHIFT_S * RATE_HZ), round(FURTHEST_SHIFT_S * RATE_HZ)
    last = min(furthest, count - nearest)
    if last < nearest:
        return np.empty(0, dtype=np.int64)
    return np.unique(np.round(np.linspace(nearest, last, NULL_SHIFTS)).astype(np.int64))


def _z(rho: Floats, null: Floats, lags: Mask, seconds: float) -> float:
    chance = null[:, lags].max(axis=1)
    variance = len(chance) * float(chance.var()) + USUAL_SHIFTS * USUAL_SD**2 / seconds
    return float((rho[lags].max() - chance.mean()) / np.sqrt(variance / (len(chance) + USUAL_SHIFTS)))


def _refined_ms(rho: Floats, best: int) -> float:
    """The peak between lags, by the parabola through it and its neighbours."""
    if not 0 < best < len(rho) - 1:
        return float(LAGS_MS[best])
    before, at, after = rho[best - 1 : best + 2]
    bend = before - 2.0 * at + after
    step = 0.5 * (before - after) / bend if bend < 0.0 else 0.0
    return float(LAGS_MS[best] + step * 1e3 * STEP_S)


def _peak_ratio(rho: Floats, best: int) -> float:
    away = np.abs(np.arange(len(rho)) - best) > APART_S * RATE_HZ
    inner = np.zeros(len(rho), dtype=np.bool_)
    inner[1:-1] = (rho[1:-1] >= rho[:-2]) & (rho[1:-1] >= rho[2:])
    rivals = rho[away & inner]
    second = float(rivals.max()) if len(rivals) else 0.0
    return float(min(rho[best] / max(second, 1e-2), 99.0))
