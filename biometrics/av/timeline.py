"""Mouth and sound on one even grid of media time, whatever the order and the bunches in which they arrived.

A grid point is given once both sides have passed it, or one of them by `WAIT_S`: so long may frames or sound be late
without changing anything. What never came is NaN. Times of arrival are not looked at: the media clock is mapped by RTCP,
and a network's jitter is not on it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.av.mouth import MEASURES, mouth_of
from biometrics.views import FaceView, Fact
from biometrics.voice.envelope import BANDS_HZ
from biometrics.voice.vad import FRAME_S
from fraudmodel.signals import Reason

RATE_HZ: Final = 25.0
STEP_S: Final = 1.0 / RATE_HZ
WAIT_S: Final = 3.0
LONGEST_GAP_S: Final = 0.15
"""Between two faces further apart the mouth is not known."""
BANDS: Final = len(BANDS_HZ) - 1
_BLOCK: Final = 8
"""Rows are given in blocks that begin at multiples of so many, so that it does not show how many came at once."""
_HALF_S: Final = STEP_S / 2
_SLACK_S: Final = 1e-6

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """n successive grid points.

    ``t`` (n,) s; ``mouth`` (n, measures), NaN where no mouth was seen; ``levels_db`` (n, bands) and ``speech`` (n,) 0..1, NaN
    where no sound came.
    """

    t: Floats
    mouth: Floats
    levels_db: Floats
    speech: Floats

    def __len__(self) -> int:
        return len(self.t)


@dataclass(frozen=True, slots=True)
class _Look:
    t: float
    track: int
    mouth: Floats | None


@dataclass(frozen=True, slots=True)
class _Hop:
    start: float
    end: float
    step_s: float
    levels_db: Floats
    speech: Floats


class Timeline:
    """One session's mouth and sound. Cheap to feed: rows are made three times a second."""

    def __init__(self) -> None:
        self._looks: deque[_Look] = deque()
        self._hops: deque[_Hop] = deque()
        self._why: deque[tuple[float, Reason]] = deque()
        self._seen_to = self._heard_to = -np.inf
        self._from = np.inf
        self._next: int | None = None

    def see(self, view: FaceView) -> list[Rows]:
        """Take a view; give the blocks of rows that became ready."""
        found = mouth_of(view)
        if isinstance(found, Reason):
            self._why.append((view.t, found))
            self._looks.append(_Look(view.t, -1, None))
        else:
            track = view.face.track if view.face else -1
            self._looks.append(_Look(view.t, track, found))
        self._seen_to = max(self._seen_to, view.t)
        return self._ready(view.t)

    def hear(self, fact: Fact) -> list[Rows]:
        """Take a fact of the topic "speech" (`voice.perception.heard`); give the blocks of rows that became ready."""
        values = fact.values
        start, end = float(values["from_s"]), float(values["to_s"])
        levels = np.array(values["levels_db"], dtype=np.float64).reshape(-1, BANDS)
        speech = np.array(values["speech"], dtype=np.float64)
        self._hops.append(_Hop(start, end, float(values["step_s"]), levels, speech))
        self._heard_to = max(self._heard_to, end)
        return self._ready(start)

    def finish(self) -> list[Rows]:
        """The rest, once nothing more will come."""
        if not np.isfinite(self._from):
            return []
        last = floor((max(self._seen_to, self._heard_to) - _HALF_S) * RATE_HZ + _SLACK_S)
        return self._rows(last + 1)

    def why_unseen(self, start: float, end: float) -> Reason | None:
        """The commonest reason of the last minute's frames in start..end without a mouth."""
        counted = Counter(reason for t, reason in self._why if start <= t <= end)
        return counted.most_common(1)[0][0] if counted else None

    def _ready(self, t: float) -> list[Rows]:
        self._from = min(self._from, t)
        early, late = sorted((self._seen_to, self._heard_to))
        known_to = max(early, late - WAIT_S)
        if not np.isfinite(known_to):
            return []
        last = floor((known_to - _HALF_S) * RATE_HZ + _SLACK_S)
        return self._rows((last + 1) // _BLOCK * _BLOCK)

    def _rows(self, end: int) -> list[Rows]:
        first = max(0, int(np.ceil(self._from * RATE_HZ))) if self._next is None else self._next
        if end <= first:
            return []
        edges = [first, *range(first - first % _BLOCK + _BLOCK, end, _BLOCK), end]
        blocks = [self._block(np.arange(a, b) / RATE_HZ) for a, b in pairwise(edges)]
        self._next = end
        self._forget((end - 1) * STEP_S)
        return blocks

    def _block(self, t: Floats) -> Rows:
        # Only of what touches it, so that what else happens to be at hand does not even change a rounding.
        hops = [hop for hop in self._hops if hop.end > t[0] - STEP_S and hop.start < t[-1] + STEP_S]
        return Rows(t, _mouths(t, self._looks), *_sounds(t, hops))

    def _forget(self, t: float) -> None:
        while len(self._looks) > 1 and self._looks[1].t <= t:
            self._looks.popleft()
        while self._hops and self._hops[0].end < t - STEP_S:
            self._hops.popleft()
        while self._why and self._why[0][0] < t - 60.0:
            self._why.popleft()


def _mouths(t: Floats, looks: deque[_Look]) -> Floats:
    """(n, measures) at the times ``t``, between two looks at the same face."""
    found = np.full((len(t), len(MEASURES)), np.nan)
    for one, other in pairwise(sorted(looks, key=lambda look: look.t)):
        gap_s = other.t - one.t
        if one.mouth is None or other.mouth is None or one.track != other.track or gap_s > LONGEST_GAP_S:
            continue
        inside = (t >= one.t - _SLACK_S) & (t <= other.t + _SLACK_S)
        if inside.any():
            share = ((t[inside] - one.t) / max(gap_s, _SLACK_S))[:, np.newaxis]
            found[inside] = one.mouth * (1.0 - share) + other.mouth * share
    return found


def _sounds(t: Floats, hops: Sequence[_Hop]) -> tuple[Floats, Floats]:
    """(n, bands) mean level over the grid step about each time, and (n,) the probability of speech."""
    levels, speech = np.full((len(t), BANDS), np.nan), np.full(len(t), np.nan)
    for stretch in _joined(hops):
        inside = (t >= stretch.start + _HALF_S - _SLACK_S) & (t <= stretch.end - _HALF_S + _SLACK_S)
        if not inside.any():
            continue
        edges = stretch.start + np.arange(len(stretch.levels_db) + 1) * stretch.step_s
        sums = np.vstack([np.zeros(BANDS), np.cumsum(stretch.levels_db, axis=0)]) * stretch.step_s
        for band in range(BANDS):
            upper = np.interp(t[inside] + _HALF_S, edges, sums[:, band])
            lower = np.interp(t[inside] - _HALF_S, edges, sums[:, band])
            levels[inside, band] = (upper - lower) / STEP_S
        place = ((t[inside] - stretch.start + _SLACK_S) / FRAME_S).astype(np.int64)
        speech[inside] = stretch.speech[np.clip(place, 0, len(stretch.speech) - 1)]
    return levels, speech


def _joined(hops: Sequence[_Hop]) -> list[_Hop]:
    """Hops that follow each other without a gap, as one."""
    joined: list[_Hop] = []
    for hop in sorted(hops, key=lambda hop: hop.start):
        before = joined[-1] if joined else None
        if before is not None and abs(hop.start - before.end) < hop.step_s / 2:
            levels = np.vstack([before.levels_db, hop.levels_db])
            speech = np.concatenate([before.speech, hop.speech])
            joined[-1] = _Hop(before.start, hop.end, hop.step_s, levels, speech)
        else:
            joined.append(hop)
    return joined
