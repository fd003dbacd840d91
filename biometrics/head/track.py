"""A bounded memory of head poses. A challenge's facts come after the frames that they concern."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.views import FaceView
from fraudmodel.signals import Reason, Span

RATE_HZ: Final = 25.0
KEPT_S: Final = 60.0
MOST_FRAMES: Final = 2400
LONGEST_GAP_S: Final = 0.25
"""Between two frames further apart nothing is known."""


@dataclass(frozen=True, slots=True)
class Poses:
    """An even grid of `RATE_HZ`: ``t`` (n,) s; ``angles`` (n, 2) yaw and pitch, degrees; ``seen`` (n,) where a face was."""

    t: NDArray[np.float64]
    angles: NDArray[np.float64]
    seen: NDArray[np.bool_]

    def during(self, start: float, end: float) -> NDArray[np.bool_]:
        """Which samples (n,) lie in start..end and were seen."""
        return np.asarray(self.seen & (self.t >= start) & (self.t <= end))


@dataclass(frozen=True, slots=True)
class _Seen:
    t: float
    angles: tuple[float, float] | None
    reason: Reason | None


class PoseTrack:
    """Remembers the last minute of a session's head poses."""

    def __init__(self) -> None:
        self._frames: deque[_Seen] = deque(maxlen=MOST_FRAMES)

    def push(self, view: FaceView) -> None:
        """Remember a view, with or without a face."""
        pose = view.face.pose if view.face else None
        self._frames.append(_Seen(view.t, (pose.yaw_deg, pose.pitch_deg) if pose else None, view.reason))
        while self._frames[0].t < view.t - KEPT_S:
            self._frames.popleft()

    def why_unseen(self, span: Span) -> Reason:
        """The commonest reason why frames of a span show no face; NO_VIDEO where there is no frame without one."""
        why = Counter(frame.reason or Reason.NO_FACE for frame in self._within(span) if frame.angles is None)
        return why.most_common(1)[0][0] if why else Reason.NO_VIDEO

    def fps(self, span: Span) -> float:
        """Frames a second in a span, with or without a face: the median interval counts, so gaps do not lower it."""
        times = np.array([frame.t for frame in self._within(span)])
        return float(1.0 / max(np.median(np.diff(times)), 1e-3)) if len(times) > 2 else 0.0

    def poses(self, span: Span, hidden: Sequence[Span] = ()) -> Poses | None:
        """The span on an even grid, smoothed over a tenth of a second; None where fewer than three frames show a face.

        ``hidden`` parts count as not seen.
        """
        frames = [frame for frame in self._within(span) if frame.angles is not None]
        if len(frames) < 3:
            return None
        t = np.array([frame.t for frame in frames])
        angles = np.array([frame.angles for frame in frames])
        grid = np.arange(np.ceil(span.start * RATE_HZ), np.floor(span.end * RATE_HZ) + 1) / RATE_HZ
        after = np.clip(np.searchsorted(t, grid), 1, len(t) - 1)
        near = t[after] - t[after - 1] <= LONGEST_GAP_S
        inside = (grid >= t[0] - 1e-9) & (grid <= t[-1] + 1e-9)
        even = np.stack([np.interp(grid, t, angles[:, axis]) for axis in (0, 1)], axis=1)
        seen = near & inside
        for part in hidden:
            seen &= (grid < part.start) | (grid > part.end)
        return Poses(grid, _smooth(even), np.asarray(seen))

    def _within(self, span: Span) -> list[_Seen]:
        return [frame for frame in self._frames if span.start <= frame.t <= span.end]


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights 1, 2, 1 over (n, 2): they delay nothing."""
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray((padded[:-2] + 2.0 * padded[1:-1] + padded[2:]) / 4.0)
