"""One role's packets on the session's clock, with what was lost before each. Pure: it is told the time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from interview.media.assembly import Encoded, opus_duration_ms
from interview.media.clock import MediaClock
from interview.media.packets import Kind, Packet
from interview.media.webm import OPUS_HEAD

_FRAME_MS: Final = 33
_CODEC: Final[dict[Kind, str]] = {"video": "vp8", "audio": "opus"}
_EXTRADATA: Final[dict[Kind, bytes]] = {"video": b"", "audio": OPUS_HEAD}


@dataclass(slots=True)
class Timeline:
    """Makes packets of encoded units."""

    clock: MediaClock = field(default_factory=MediaClock)
    _end_ms: dict[Kind, float] = field(default_factory=dict)
    _reconnected: set[Kind] = field(default_factory=set)

    def reconnect(self) -> None:
        """A new connection of the same person: what lay between was lost."""
        self.clock.reconnect()
        self._reconnected = set(self._end_ms)

    def new_source(self, kind: Kind) -> None:
        """One track begins anew within a connection: what lay between was lost."""
        self.clock.new_source(kind)
        if kind in self._end_ms:
            self._reconnected.add(kind)

    def packet(self, kind: Kind, unit: Encoded, arrival_s: float) -> Packet:
        """The packet, and how much media are known to be missing between it and the one before."""
        stamp = self.clock.stamp(kind, unit.timestamp, arrival_s)
        lost_ms = 0
        if (unit.after_loss or kind in self._reconnected) and kind in self._end_ms:
            lost_ms = max(1, round(stamp.pts_ms - self._end_ms[kind]))
        self._reconnected.discard(kind)
        self._end_ms[kind] = stamp.pts_ms + (_FRAME_MS if kind == "video" else opus_duration_ms(unit.data))
        return Packet(
            kind, _CODEC[kind], stamp.pts_ms, unit.keyframe, unit.data, _EXTRADATA[kind], lost_ms=lost_ms
        )
