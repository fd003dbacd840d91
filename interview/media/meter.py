"""How a side's media are doing, from counters that only grow. Pure: it is told the time, on a steady clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from interview.media.peer import Totals


@dataclass(frozen=True, slots=True)
class LinkStats:
    """One side's media over about the last second: kbit/s and video frames a second received from it, ``loss`` the share
    of its packets that never came, 0..1, ``rtt_ms`` None before the first report."""

    connected: bool = False
    kbps: float = 0.0
    fps: float = 0.0
    loss: float = 0.0
    rtt_ms: float | None = None


@dataclass(slots=True)
class Meter:
    """Rates between two readings of a peer's totals."""

    _before: Totals | None = None
    _at_s: float = 0.0
    stats: LinkStats = field(default_factory=LinkStats)

    def read(self, totals: Totals | None, connected: bool, now_s: float) -> None:
        """Take the totals now; None where there is no connection."""
        before, self._before = self._before, totals
        elapsed_s, self._at_s = now_s - self._at_s, now_s
        if totals is None:
            self.stats = LinkStats()
        elif before is None or totals.packets < before.packets or elapsed_s <= 0:
            self.stats = LinkStats(connected=connected)
        else:
            self.stats = _rates(before, totals, elapsed_s, connected)


def _rates(before: Totals, now: Totals, elapsed_s: float, connected: bool) -> LinkStats:
    packets, lost = now.packets - before.packets, max(0, now.lost - before.lost)
    return LinkStats(
        connected=connected,
        kbps=(now.bytes - before.bytes) * 8 / 1000 / elapsed_s,
        fps=(now.frames - before.frames) / elapsed_s,
        loss=lost / (packets + lost) if packets + lost else 0.0,
        rtt_ms=now.rtt_s * 1000 if now.rtt_s is not None else None,
    )
