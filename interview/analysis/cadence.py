"""Which decoded frames are analysed, and how that thins out under load. Pure: media time in, decisions out.

Level 0 analyses every frame up to 30 Hz; each level above it halves or thirds the rate, in the order of the frame
schedule: landmarks suffer first, decoding, audio and statistics never.
"""

from __future__ import annotations

RATES_HZ = (30.0, 15.0, 10.0, 5.0)
"""Analysed frames a second by level."""

LAST_LEVEL = len(RATES_HZ) - 1

_CLIMB_LAG_S = 0.6
_DESCEND_LAG_S = 0.25
_CLIMB_EVERY_S = 1.0
_CALM_S = 5.0


class Cadence:
    """Picks frames of one stream. The mean rate is exact however the source's own rate divides it."""

    def __init__(self, level: int = 0) -> None:
        self.level = level
        self._next_ms = float("-inf")

    def due(self, pts_ms: int) -> bool:
        """Whether the frame at ``pts_ms`` is analysed. Frames come in order of time."""
        interval_ms = 1000.0 / RATES_HZ[min(max(self.level, 0), LAST_LEVEL)]
        # A quarter interval of slack: timestamps are rounded to milliseconds and cameras jitter.
        if pts_ms + interval_ms / 4 < self._next_ms:
            return False
        self._next_ms = max(self._next_ms, pts_ms - interval_ms / 4) + interval_ms
        return True


class LoadShedder:
    """Turns how far the analysis lags into a cadence level, with hysteresis: fast up, slow down."""

    def __init__(self) -> None:
        self.level = 0
        self._changed_s = float("-inf")
        self._calm_since_s: float | None = None

    def update(self, t: float, lag_s: float) -> int:
        """The level from media time ``t`` on, given ``lag_s`` of media handed over but not analysed."""
        if lag_s > _DESCEND_LAG_S:
            self._calm_since_s = None
        elif self._calm_since_s is None:
            self._calm_since_s = t
        if lag_s > _CLIMB_LAG_S and self.level < LAST_LEVEL and t - self._changed_s >= _CLIMB_EVERY_S:
            self._change(t, self.level + 1)
        elif self._calm_since_s is not None and self.level > 0 and t - self._calm_since_s >= _CALM_S:
            self._change(t, self.level - 1)
        return self.level

    def _change(self, t: float, level: int) -> None:
        self.level = level
        self._changed_s = t
        self._calm_since_s = None
