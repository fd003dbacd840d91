"""The last unbroken run of a session's skin colours, as even series."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from biometrics.face.quality import FaceGate, refuse
from biometrics.face.skin import BACKGROUND, roi_means
from biometrics.views import FaceView
from fraudmodel.signals import Reason

RATE_HZ: Final = 30.0
LONGEST_GAP_S: Final = 0.15
KEPT_S: Final = 30.0
MOST_FRAMES: Final = 2400
GATE: Final = FaceGate(yaw_deg=30.0, pitch_deg=25.0, sharpness=0.0)
"""A turned cheek takes other light: that is not a pulse."""
_NOSE = 4


@dataclass(frozen=True, slots=True)
class Skin:
    """An unbroken run on an even grid of `RATE_HZ`.

    ``t`` (n,) s; ``regions`` (n, 9, 3) linear R, G, B, NaN throughout where a region was not always visible;
    ``background`` (n, 3) likewise; ``place`` (n, 2) of the nose, in distances of the eyes; ``clipped`` share of samples
    at the sensor's end; ``fps`` of the frames; ``kbps`` they took of the network, None where nobody knows.
    """

    t: NDArray[np.float64]
    regions: NDArray[np.float64]
    background: NDArray[np.float64]
    place: NDArray[np.float64]
    clipped: float
    fps: float
    kbps: float | None

    @property
    def duration_s(self) -> float:
        return float(self.t[-1] - self.t[0])


@dataclass(frozen=True, slots=True)
class _Row:
    t: float
    linear: NDArray[np.float64]
    clipped: NDArray[np.float64]
    place: NDArray[np.float64]
    track: int


class SkinRun:
    """Remembers the last half minute of skin, and why it has breaks."""

    def __init__(self) -> None:
        self._rows: deque[_Row] = deque(maxlen=MOST_FRAMES)
        self._frames: deque[tuple[float, int]] = deque(maxlen=MOST_FRAMES)
        self._refused: deque[tuple[float, Reason]] = deque(maxlen=MOST_FRAMES)

    def push(self, view: FaceView) -> None:
        """Remember a view; one whose face cannot be used only as the reason."""
        oldest = view.t - KEPT_S
        self._frames.append((view.t, view.frame.coded_bytes))
        reason = refuse(view, GATE)
        means = roi_means(view) if reason is None else None
        if reason is not None or means is None or view.face is None:
            self._refused.append((view.t, reason or Reason.NO_FACE))
        else:
            place = view.face.landmarks[_NOSE, :2].astype(np.float64) / view.face.quality.inter_ocular_px
            self._rows.append(_Row(view.t, means.linear, means.clipped, place, view.face.track))
        while self._rows and self._rows[0].t < oldest:
            self._rows.popleft()
        while self._frames[0][0] < oldest:
            self._frames.popleft()
        while self._refused and self._refused[0][0] < oldest:
            self._refused.popleft()

    def why_broken(self, since_s: float) -> Reason | None:
        """The commonest reason why frames since then could not be used; None where all could."""
        why = Counter(reason for t, reason in self._refused if t >= since_s)
        return why.most_common(1)[0][0] if why else None

    def fps(self) -> float:
        """Frames a second of all that came, usable or not: the median interval counts."""
        times = np.array([t for t, _ in self._frames])
        return float(1.0 / max(np.median(np.diff(times)), 1e-3)) if len(times) > 2 else 0.0

    def skin(self) -> Skin | None:
        """The run that ends with the last usable frame; None where it has fewer than four frames."""
        rows = self._unbroken()
        if len(rows) < 4:
            return None
        t = np.array([row.t for row in rows])
        linear = np.stack([row.linear for row in rows])
        clipped = np.stack([row.clipped for row in rows])
        whole: NDArray[np.bool_] = np.asarray(np.isfinite(linear[..., 0]).all(axis=0))
        place = np.stack([row.place for row in rows])
        columns = np.concatenate(
            [np.where(whole[:, None], linear, 0.0).reshape(len(rows), -1), place], axis=1
        )
        grid = np.arange(np.ceil(t[0] * RATE_HZ), np.floor(t[-1] * RATE_HZ) + 1) / RATE_HZ
        even = CubicSpline(t, columns)(grid)
        colours = even[:, :-2].reshape(len(grid), len(whole), 3)
        colours[:, ~whole] = np.nan
        return Skin(
            t=grid,
            regions=colours[:, :BACKGROUND],
            background=colours[:, BACKGROUND],
            place=even[:, -2:],
            clipped=_share(clipped[:, :BACKGROUND]),
            fps=float(1.0 / np.median(np.diff(t))),
            kbps=self._kbps(float(t[0]), float(t[-1])),
        )

    def _unbroken(self) -> list[_Row]:
        rows = list(self._rows)
        for k in range(len(rows) - 1, 0, -1):
            gap_s = rows[k].t - rows[k - 1].t
            if not 0.0 < gap_s <= LONGEST_GAP_S or rows[k].track != rows[k - 1].track:
                return rows[k:]
        return rows

    def _kbps(self, start: float, end: float) -> float | None:
        """Of the frames after the first, which brought everything since before the run."""
        total = sum(size for t, size in self._frames if start < t <= end)
        return total * 8 / 1000 / max(end - start, 1e-3) if total else None


def _share(clipped: NDArray[np.float64]) -> float:
    """Of the regions that were in sight; 0 where none was."""
    visible = np.isfinite(clipped)
    return float(clipped[visible].mean()) if visible.any() else 0.0
