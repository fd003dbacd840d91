"""What the packets of one side say about where its picture comes from: cadence and clocks, one report every ten seconds. Pure.

A browser stamps each frame with when it was captured, and each sender report (RFC 3550 section 6.4.1) ties a track's own
clock to the machine's: a microphone's crystal runs some ten ppm away from it, a file that is played does not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, Final

from interview.media.assembly import Encoded
from interview.media.clock import RTP_HZ
from interview.media.packets import Kind

PERIOD_S: Final = 10.0
"""A report covers so much media, or more where nothing came in between."""
DRIFT_FROM_S: Final = 60.0
"""Sender reports over less time say nothing about a clock's rate."""
_MOST_TICKS: Final = 1200
"""Increments in one report: 120 frames a second. Whoever sends more is cut short, not the journal filled."""
_MOST_REPORTS: Final = 600


@dataclass(frozen=True, slots=True)
class Drift:
    """How fast a track's clock runs against the sender's own: ``ppm`` too fast, with its standard error ``error_ppm``."""

    ppm: float
    error_ppm: float


@dataclass(slots=True)
class ClockRate:
    """One track's sender reports on one connection."""

    rate_hz: int
    _points: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_MOST_REPORTS))

    @property
    def reports(self) -> int:
        return len(self._points)

    def add(self, ntp_s: float, timestamp: int) -> None:
        """A report: RTP ``timestamp`` (32 bits) was sampled at ``ntp_s`` on the sender's clock. One that goes back begins anew."""
        if self._points:
            before_s, last = self._points[-1]
            step = (timestamp - last) & 0xFFFFFFFF
            if ntp_s <= before_s or step >= 1 << 31:
                self._points.clear()
            else:
                timestamp = last + step
        self._points.append((ntp_s, timestamp))

    def drift(self) -> Drift | None:
        """The least-squares line through all reports; None below `DRIFT_FROM_S` or four of them."""
        if len(self._points) < 4 or self._points[-1][0] - self._points[0][0] < DRIFT_FROM_S:
            return None
        first_s, first = self._points[0]
        x = [ntp_s - first_s for ntp_s, _ in self._points]
        y = [
            (timestamp - first) / self.rate_hz - at
            for at, (_, timestamp) in zip(x, self._points, strict=True)
        ]
        n, mean_x, mean_y = len(x), sum(x) / len(x), sum(y) / len(y)
        spread = sum((at - mean_x) ** 2 for at in x)
        slope = sum((at - mean_x) * (late - mean_y) for at, late in zip(x, y, strict=True)) / spread
        left = sum((late - mean_y - slope * (at - mean_x)) ** 2 for at, late in zip(x, y, strict=True))
        return Drift(1e6 * slope, 1e6 * sqrt(left / (n - 2) / spread))


@dataclass(frozen=True, slots=True)
class TransportReport:
    """What one side sent within ``span_s`` up to ``t`` s of media time.

    ``video_ticks`` increments of the 90 kHz timestamp from one frame to the next, none across a loss; ``kbps`` encoded
    video and audio; ``video`` and ``audio`` the two clocks; ``reports`` sender reports that they rest on.
    """

    t: float
    span_s: float
    video_ticks: tuple[int, ...]
    kbps: float
    video: Drift | None
    audio: Drift | None
    reports: int

    def values(self) -> Mapping[str, Any]:
        """As a fact of the topic "transport"."""
        fields: dict[str, Any] = {
            "video_ticks": list(self.video_ticks),
            "span_s": round(self.span_s, 3),
            "kbps": round(self.kbps, 1),
            "reports": self.reports,
        }
        for name, drift in (("video", self.video), ("audio", self.audio)):
            fields[f"{name}_ppm"] = None if drift is None else round(drift.ppm, 2)
            fields[f"{name}_error_ppm"] = None if drift is None else round(drift.error_ppm, 2)
        return fields


def _rates() -> dict[Kind, ClockRate]:
    return {kind: ClockRate(rate) for kind, rate in RTP_HZ.items()}


@dataclass(slots=True)
class TransportMeter:
    """Collects one side's reports. Times are seconds of media."""

    _rates: dict[Kind, ClockRate] = field(default_factory=_rates)
    _since_s: float | None = None
    _ticks: list[int] = field(default_factory=list)
    _bytes: int = 0
    _last: int | None = None

    def reconnect(self) -> None:
        """A new connection: other timestamps, other clocks."""
        self._rates, self._last = _rates(), None

    def unit(self, kind: Kind, unit: Encoded, fresh: bool, t: float) -> None:
        """A frame or an audio packet came; ``fresh`` where it is the first of a new source."""
        self._since_s = t if self._since_s is None else self._since_s
        self._bytes += len(unit.data)
        if fresh:
            self._rates[kind] = ClockRate(RTP_HZ[kind])
        if kind == "video":
            step = None if fresh or unit.after_loss or self._last is None else unit.timestamp - self._last
            if step is not None and 0 < step & 0xFFFFFFFF < 1 << 31 and len(self._ticks) < _MOST_TICKS:
                self._ticks.append(step & 0xFFFFFFFF)
            self._last = unit.timestamp

    def sender_report(self, kind: Kind, ntp_s: float, timestamp: int) -> None:
        """A sender report came."""
        self._rates[kind].add(ntp_s, timestamp)

    def due(self, t: float) -> TransportReport | None:
        """The report that is due at media time ``t``, once."""
        if self._since_s is None or t - self._since_s < PERIOD_S:
            return None
        span_s = t - self._since_s
        report = TransportReport(
            t,
            span_s,
            tuple(self._ticks),
            self._bytes * 8e-3 / span_s,
            self._rates["video"].drift(),
            self._rates["audio"].drift(),
            sum(rate.reports for rate in self._rates.values()),
        )
        self._since_s, self._bytes, self._ticks = None, 0, []
        return report
