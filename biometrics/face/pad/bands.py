"""Do bands of light run across the picture, as they do where a camera's rolling shutter meets a screen's refresh?

Each row of a rolling shutter sees another phase of a pulsed light, so a screen shows bands that span its width and move from
frame to frame. A band is the same in every column, which nothing that moves is: the change from frame to frame is taken as
the median of each third of the columns, and only what the thirds have in common counts. Lamps band honest pictures as well
where they flicker faster than the exposure evens out: a cue, no proof.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image

PERIOD_S = 1 / 45
"""Frames closer together are passed over: a camera's own rate is 30 Hz at most here."""
LONGEST_GAP_S = 0.2
LEAST_CHANGES = 15
FLOOR = 0.004
"""Share of light: changes by less than a code of a dark grey say nothing, however much less."""
_ROWS, _THIRDS, _COLUMNS = 64, 3, 8
_BLACK = 8.0
"""Codes added before the logarithm, so that the noise of dark parts stays small."""
_SMOOTH_ROWS = 1.5

Rows = NDArray[np.float32]


class BandWatch:
    """Watches one stretch of frames; `take` gives what it showed and begins the next."""

    def __init__(self) -> None:
        self._t = float("-inf")
        self._before: Rows | None = None
        self._common = 0.0
        self._changes = 0

    def push(self, t: float, image: Image) -> None:
        """Look at a BGR frame at ``t`` s."""
        if t - self._t < PERIOD_S:
            return
        now = _light(image)
        if self._before is not None and t - self._t <= LONGEST_GAP_S:
            self._common += shared_power(now - self._before)
            self._changes += 1
        self._t, self._before = t, now

    def take(self) -> float | None:
        """Natural log of the bands' change from frame to frame (RMS share of light, plus `FLOOR`); None for too few frames."""
        common, changes = self._common, self._changes
        self._common, self._changes = 0.0, 0
        if changes < LEAST_CHANGES:
            return None
        return float(np.log(np.sqrt(max(common / changes, 0.0)) + FLOOR))


def shared_power(change: Rows) -> float:
    """Mean product, over rows and pairs of thirds, of what (rows, columns) changes each third of the columns shows by row.

    What all rows share, which exposure does as well, is left out.
    """
    thirds = [np.median(part, axis=1) for part in np.array_split(change, _THIRDS, axis=1)]
    rows = np.stack([each - each.mean() for each in thirds], axis=1).astype(np.float32)
    smooth = cv2.GaussianBlur(rows, (1, 9), sigmaX=0.01, sigmaY=_SMOOTH_ROWS)
    total = smooth.sum(axis=1)
    pairs = (total * total - (smooth * smooth).sum(axis=1)) / (_THIRDS * (_THIRDS - 1))
    return float(pairs.mean())


def _light(image: Image) -> Rows:
    """(rows, columns) log luma of a small picture."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (_THIRDS * _COLUMNS, _ROWS), interpolation=cv2.INTER_AREA)
    return np.asarray(np.log(small.astype(np.float32) + np.float32(_BLACK)), dtype=np.float32)
