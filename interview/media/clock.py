"""The session's media clock: RTP timestamps of one sender, over all its connections, to whole milliseconds.

A connection starts on arrival times: the earliest arrivals say how a track's timestamps lie on the session's clock,
because a network only ever delays. As soon as RTCP sender reports say how timestamps lie on the sender's own clock
(RFC 3550 section 6.4.1), both tracks are mapped through that one clock, and their relative sync no longer depends on
the network at all. Every correction is a step, and is reported with the packet that it moves first. Pure: it is told
the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from interview.media.packets import Kind

RTP_HZ: Final[dict[Kind, int]] = {"video": 90_000, "audio": 48_000}
_DRIFT_S: Final = 0.005
"""A sender report moves the mapping only when it differs by more: a clock that wanders, not a rounding."""
_AHEAD_S: Final = 0.25
_BEHIND_S: Final = 1.0
"""Media cannot come from the future, and a second behind in every packet of a window is a stopped clock, not a network."""
_WINDOW_S: Final = 5.0
_FILTER_STEP_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where a packet lies. ``step_ms`` how far the mapping moved with it, 0 nearly always; positive is later."""

    pts_ms: int
    step_ms: int = 0


@dataclass(slots=True)
class _Track:
    """One kind's timestamps on one connection."""

    rate_hz: int
    last: int | None = None
    """The last timestamp, unwrapped from its 32 bits."""
    offset_s: float | None = None
    """What takes timestamp seconds to session seconds."""
    by_report: bool = False
    report: tuple[float, int] | None = None
    """The latest sender report: NTP seconds and unwrapped timestamp."""
    window_start_s: float = 0.0
    window_delay_s: float = float("inf")
    pending_s: float = 0.0
    """Steps made since the last packet."""

    def unwrap(self, timestamp: int) -> int:
        """The timestamp nearest to the last one that is equal modulo 2^32."""
        if self.last is None:
            return timestamp
        return self.last + ((timestamp - self.last + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)

    def seconds(self, unwrapped: int) -> float:
        return unwrapped / self.rate_hz

    def move(self, offset_s: float) -> None:
        if self.offset_s is not None:
            self.pending_s += offset_s - self.offset_s
        self.offset_s = offset_s


def _tracks() -> dict[Kind, _Track]:
    return {kind: _Track(rate) for kind, rate in RTP_HZ.items()}


@dataclass(slots=True)
class MediaClock:
    """The clock of one sender. Arrival times are seconds on any steady clock whose 0 is the session's."""

    _tracks: dict[Kind, _Track] = field(default_factory=_tracks)
    _ntp_offset_s: float | None = None
    """What takes the sender's NTP seconds to session seconds; shared by both tracks."""
    _last_ms: dict[Kind, int] = field(default_factory=dict)

    def reconnect(self) -> None:
        """Forget the mapping: a new connection has new timestamps. Session time goes on, and stays increasing."""
        self._tracks = _tracks()
        self._ntp_offset_s = None

    @property
    def sender_offset_s(self) -> float | None:
        """What takes the sender's NTP seconds to session seconds; None before the first report."""
        return self._ntp_offset_s

    def new_source(self, kind: Kind) -> None:
        """Forget one track's mapping: its sender started another stream. The next report puts it on the shared clock again."""
        self._tracks[kind] = _Track(RTP_HZ[kind])

    def sender_report(self, kind: Kind, ntp_s: float, timestamp: int) -> None:
        """Take a sender report: ``timestamp`` was sampled at ``ntp_s`` on the sender's clock."""
        track = self._tracks[kind]
        if track.last is None:
            return
        track.report = (ntp_s, track.unwrap(timestamp))
        self._map_by_report(track)

    def stamp(self, kind: Kind, timestamp: int, arrival_s: float) -> Stamp:
        """Session time of a packet that arrived at ``arrival_s``: greater than that of the packet before it, of its kind."""
        track = self._tracks[kind]
        track.last = track.unwrap(timestamp)
        at_s = track.seconds(track.last)
        self._anchor(track, at_s, arrival_s)
        self._distrust(track, at_s, arrival_s)
        step_ms, track.pending_s = round(track.pending_s * 1000), 0.0
        pts_ms = max(round((at_s + (track.offset_s or 0.0)) * 1000), self._last_ms.get(kind, -1) + 1, 0)
        self._last_ms[kind] = pts_ms
        return Stamp(pts_ms, step_ms)

    def _anchor(self, track: _Track, at_s: float, arrival_s: float) -> None:
        """On arrival times: the smallest delay seen so far is the network's, so what it implies is the mapping."""
        if track.offset_s is None:
            track.offset_s = arrival_s - at_s
            track.window_start_s = arrival_s
        elif not track.by_report and arrival_s - at_s < track.offset_s - _FILTER_STEP_S:
            track.move(arrival_s - at_s)

    def _map_by_report(self, track: _Track) -> None:
        if track.report is None or track.offset_s is None:
            return
        ntp_s, unwrapped = track.report
        if self._ntp_offset_s is None:
            self._ntp_offset_s = track.seconds(unwrapped) + track.offset_s - ntp_s
        wanted_s = ntp_s + self._ntp_offset_s - track.seconds(unwrapped)
        if not track.by_report or abs(wanted_s - track.offset_s) > _DRIFT_S:
            track.move(wanted_s)
        track.by_report = True

    def _distrust(self, track: _Track, at_s: float, arrival_s: float) -> None:
        """Fall back on arrival where the sender's clock cannot be right: it belongs to the applicant."""
        delay_s = arrival_s - at_s - (track.offset_s or 0.0)
        track.window_delay_s = min(track.window_delay_s, delay_s)
        ended = arrival_s - track.window_start_s > _WINDOW_S
        if delay_s < -_AHEAD_S or (ended and track.window_delay_s > _BEHIND_S):
            self._shift(delay_s if delay_s < 0 else track.window_delay_s)
            ended = True
        if ended:
            track.window_start_s, track.window_delay_s = arrival_s, float("inf")

    def _shift(self, by_s: float) -> None:
        """Move both tracks together, so that a correction never costs their sync."""
        if self._ntp_offset_s is not None:
            self._ntp_offset_s += by_s
        for track in self._tracks.values():
            if track.offset_s is not None:
                track.move(track.offset_s + by_s)
