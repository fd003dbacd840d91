"""What of a session's packets is on its way to the analysis: a pure state machine, the source of the journal.

An entry is journaled when the worker has acknowledged it, never before: what a worker took and did not acknowledge
before it died never happened. So journal and recording re-run to what was stored, whatever died when.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from interview.analysis.cadence import LoadShedder
from interview.media.journal import Entry, FeedItem, Level, Restarted, Skipped, Told, took
from interview.media.packets import Kind, Packet

OVERFLOW_LAG_S = 3.0
"""So far behind, video is dropped up to a keyframe."""
RECOVERED_LAG_S = 0.5
"""So close again, the next keyframe is taken."""
_ASK_AGAIN_S = 2.0


@dataclass(frozen=True, slots=True)
class _Gap:
    from_ms: int
    lost_ms: int


class Window:
    """One session's items in order: handed over, not yet acknowledged."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self._waiting: deque[tuple[Entry, FeedItem | None]] = deque()
        self._gaps: dict[Kind, _Gap] = {}
        self._shedder = LoadShedder()
        self._newest_s = 0.0
        self._acknowledged_s: float | None = None
        self._asked_s = float("-inf")

    @property
    def lag_s(self) -> float:
        """Media handed over and not yet analysed, s."""
        return 0.0 if self._acknowledged_s is None else max(0.0, self._newest_s - self._acknowledged_s)

    @property
    def level(self) -> int:
        """The cadence level in force at the end of the window."""
        return self._shedder.level

    @property
    def idle(self) -> bool:
        """Whether everything handed over was acknowledged."""
        return not self.unsent()

    def put(self, packet: Packet) -> list[FeedItem]:
        """Take a packet; give what goes to the worker now: nothing where video is being dropped."""
        if self._acknowledged_s is None:
            self._acknowledged_s = packet.t
        self._newest_s = max(self._newest_s, packet.t)
        if packet.kind == "video" and self.lag_s > OVERFLOW_LAG_S:
            self._gaps.setdefault("video", _Gap(packet.pts_ms, packet.lost_ms))
        gap = self._gaps.get(packet.kind)
        if gap is not None:
            if not self._may_resume(packet):
                return []
            packet = self._resumed(gap, packet)
        return [*self._levelled(packet.t), self._hand_over(took(packet), packet)]

    def tell(self, told: Told) -> FeedItem:
        """Take a fact: it goes to the worker now, whatever is being dropped."""
        return self._hand_over(told, told)

    def wants_keyframe(self) -> bool:
        """Whether a keyframe would end a gap now; True at most every two seconds of media."""
        wanted = "video" in self._gaps and self.lag_s < RECOVERED_LAG_S
        if not wanted or self._newest_s - self._asked_s < _ASK_AGAIN_S:
            return False
        self._asked_s = self._newest_s
        return True

    def acknowledge(self, through: int) -> list[Entry]:
        """The worker has taken ``through`` items in all, and their outputs are here: their entries, in order."""
        entries: list[Entry] = []
        while self.acknowledged < through and self._waiting:
            entry, item = self._waiting.popleft()
            entries.append(entry)
            if item is not None:
                self.acknowledged += 1
            if isinstance(item, Packet):
                self._acknowledged_s = max(self._acknowledged_s or 0.0, item.t)
        return entries

    def unsent(self) -> list[FeedItem]:
        """What waits while there has been no worker yet."""
        return [item for _, item in self._waiting if item is not None]

    def restart(self) -> list[FeedItem]:
        """The worker died: what goes to its successor, from the first item that was not acknowledged."""
        if not (self._waiting and isinstance(self._waiting[0][0], Restarted)):
            self._waiting.appendleft((Restarted(), Restarted()))
        items = self.unsent()
        self._shedder = LoadShedder()
        self._shedder.level = next((item.level for item in reversed(items) if isinstance(item, Level)), 0)
        return items

    def drop(self) -> None:
        """Give up what was not acknowledged: it has killed its worker more than once."""
        given_up: dict[Kind, _Gap] = {}
        for _, item in self._waiting:
            if isinstance(item, Packet):
                given_up.setdefault(item.kind, _Gap(item.pts_ms, item.lost_ms))
        self._gaps |= given_up  # what waits came before a gap that is open already: the gap begins there now
        kept = [(entry, item) for entry, item in self._waiting if isinstance(entry, Skipped)]
        self._waiting = deque(kept)
        self._acknowledged_s = self._newest_s

    def close(self) -> list[Entry]:
        """End of media: the entries that still wait, all of them skips once the window is idle."""
        for kind, gap in sorted(self._gaps.items()):
            end_ms = max(gap.from_ms, round(self._newest_s * 1000)) + 1
            self._waiting.append((Skipped(kind, gap.from_ms, end_ms), None))
        self._gaps.clear()
        entries = [entry for entry, item in self._waiting if item is None]
        self._waiting.clear()
        return entries

    def _may_resume(self, packet: Packet) -> bool:
        return packet.kind != "video" or (packet.keyframe and self.lag_s < RECOVERED_LAG_S)

    def _resumed(self, gap: _Gap, packet: Packet) -> Packet:
        del self._gaps[packet.kind]
        self._waiting.append((Skipped(packet.kind, gap.from_ms, packet.pts_ms), None))
        return replace(packet, lost_ms=gap.lost_ms + packet.pts_ms - gap.from_ms)

    def _levelled(self, t: float) -> list[FeedItem]:
        before = self._shedder.level
        level = self._shedder.update(t, self.lag_s)
        return [] if level == before else [self._hand_over(Level(level), Level(level))]

    def _hand_over(self, entry: Entry, item: FeedItem) -> FeedItem:
        self._waiting.append((entry, item))
        return item
