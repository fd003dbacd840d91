"""Does the picture repeat an earlier stretch of the same session? Found by how it moves, at every lag at once.

For each lag the squared distances of the latest 2.4 s to the stretch that lay so much earlier are summed and divided by
how much the two vary themselves: 1 for strangers, near 0 for a recording played again through the same codec. Places
that a lost packet left empty are passed over. The likest stretch must be alike in its changes too, without the greatest: a
lens that is covered twice, or a lamp that is lit twice, makes two stretches alike in which nothing else is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.injection.alike import changes, levels, varying
from biometrics.injection.motion import (
    AREAS,
    LEAST_PLACES,
    LENGTH,
    REACH,
    SLOT_HZ,
    Floats,
    MotionTrack,
)
from fraudmodel.signals import Reason

LEAST_LAG_S: Final = 1.2
"""Shorter loops are still pictures, or a head that shakes."""
STILL_RMS: Final = 0.45
"""Below this much variation of an area's luma (0..255) a stretch is a still scene, which repeats without any loop."""
_STILL: Final = STILL_RMS**2 * AREAS
CANDIDATES: Final = 25
"""So many lags, the likest, are compared once more over exactly the places that both stretches have."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The lag at which the latest stretch is most like an earlier one, s; ``unlike`` 0 the same .. 1 strangers; ``rms`` motion."""

    lag_s: float
    unlike: float
    rms: float


class LoopSearch:
    """Fed the session's areas; looks for the best lag five times a second.

    ``missing`` says why the latest look had nothing to compare; None where it had.
    """

    def __init__(self) -> None:
        self.missing: Reason | None = Reason.NOT_YET
        self._track = MotionTrack()
        self._rows: deque[Floats] = deque(maxlen=LENGTH)

    def push(self, t: float, found: Floats) -> Repeat | None:
        """Take areas of a picture; give the best repeat where one can be looked for: two stretches with motion, mostly known."""
        best = None
        for back in self._track.push(t, found):
            self._rows.append(self._track.distances(back))
            best = self._best(back) if len(self._rows) == LENGTH else None
        return best

    def _best(self, back: int) -> Repeat | None:
        least = round(LEAST_LAG_S * SLOT_HZ)
        energies = self._track.energies(back)
        shortest = min(len(self._rows[0]), len(energies) - REACH)
        latest = float(energies[0])
        self.missing = _obstacle(latest, shortest > least)
        if self.missing is not None:
            return None
        rows = np.stack([row[least:shortest] for row in self._rows])
        known = np.isfinite(rows)
        pairs, varies = known.sum(axis=0), energies[least:shortest]
        comparable = pairs >= LEAST_PLACES
        lively = comparable & (varies >= _STILL)
        apart = np.where(known, rows, 0.0).sum(axis=0) / np.maximum(pairs, 1)
        unlike = np.where(lively, apart / (varies + latest), np.inf)
        likest = np.argpartition(unlike, min(CANDIDATES, len(unlike)) - 1)[:CANDIDATES]
        best = self._closer(back, least + likest[lively[likest]])
        if best is None:
            self.missing = Reason.STILL_SCENE if comparable.any() else Reason.MEDIA_LOST
        return best

    def _closer(self, back: int, lags: NDArray[np.int64]) -> Repeat | None:
        """The best of some lags, compared over the places that are known of both stretches."""
        pair = self._track.stretches(np.stack([np.full_like(lags, back), back + lags])).astype(np.float64)
        known = np.asarray(np.isfinite(pair[..., 0]).all(axis=0))
        lively = (varying(pair, known) >= _STILL).all(axis=0)
        if not lively.any():
            return None
        unlike = np.where(lively, levels(pair, known), np.inf)
        best = int(np.argmin(unlike))
        changed = changes(pair[:, best : best + 1], known[best : best + 1])
        rms = float(varying(pair, known)[0, best] / AREAS) ** 0.5
        return Repeat(int(lags[best]) / SLOT_HZ, max(float(unlike[best]), float(changed[0])), rms)


def _obstacle(latest: float, long_enough: bool) -> Reason | None:
    """Why the latest stretch, which varies so much, cannot be compared."""
    if not np.isfinite(latest):
        return Reason.MEDIA_LOST
    if latest < _STILL:
        return Reason.STILL_SCENE
    return None if long_enough else Reason.NOT_YET
