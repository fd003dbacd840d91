"""One interview's media: two sides, one clock, the way of a packet from one to the other, the recorder and the analysis."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from aiortc import RTCIceServer
from aiortc.clock import datetime_to_ntp

from interview.errors import MediaError
from interview.media.aiortc_ext import Tasks
from interview.media.assembly import Encoded
from interview.media.ceiling import Ceiling
from interview.media.meter import LinkStats, Meter
from interview.media.packets import Kind, Packet
from interview.media.peer import Peer, PeerEvents, PeerState, Role
from interview.media.tape import Tape
from interview.media.timeline import Timeline
from interview.media.transport import TransportMeter, TransportReport

_log = logging.getLogger(__name__)
_FLOOR_KBPS: Final[Mapping[Role, float]] = {"applicant": 600.0, "officer": 150.0}
"""The applicant's picture is evidence: an officer's bad network must not make it worse than this."""
NTP_EPOCH_S: Final = 2_208_988_800
"""NTP counts from 1900, Unix from 1970 (RFC 5905)."""
T = TypeVar("T")
_TICK_S: Final = 0.5
_OTHER: Final[Mapping[Role, Role]] = {"applicant": "officer", "officer": "applicant"}


def _safely(listener: Callable[[Role, T], None], role: Role, news: T) -> None:
    """A listener's mistake must not end the call: aiortc would close the connection that it came through."""
    try:
        listener(role, news)
    except Exception:  # noqa: BLE001 - whatever it is, it is logged and the call goes on
        _log.exception("a listener of the media session failed")


@dataclass(frozen=True, slots=True)
class SessionEvents:
    """Whom a session tells."""

    packet: Callable[[Role, Packet], None]
    state: Callable[[Role, PeerState], None]
    closed: Callable[[], object]
    transport: Callable[[Role, TransportReport], None] = lambda role, report: None


@dataclass(slots=True)
class Side:
    """What a session keeps of one role, over all its connections."""

    timeline: Timeline
    tape: Tape
    ceiling: Ceiling
    meter: Meter = field(default_factory=Meter)
    transport: TransportMeter = field(default_factory=TransportMeter)
    peer: Peer | None = None
    state: PeerState | None = None
    keyframe_s: float = 0.0
    """When the last whole picture came; 0 before the first, until which no other picture is of use to anyone."""


class MediaSession:
    """Two sides and what passes between them. ``t = 0`` is the applicant's first packet, or where `begin` says.

    A session that is ``held`` neither records nor reports anything until `begin`: a person who waits is not recorded.

    Connecting a side again replaces its connection; the other side notices nothing but the gap. Use it on one event loop.
    """

    def __init__(
        self,
        folder: Path,
        events: SessionEvents,
        *,
        files: ThreadPoolExecutor,
        wall: Callable[[], datetime],
        ice_servers: Sequence[RTCIceServer] = (),
        loopback: bool = False,
        keyframe_interval_s: float = 10.0,
        silence_s: float = 3.0,
        held: bool = False,
    ) -> None:
        self._held = held
        self._events = events
        self._wall = wall
        self._ice_servers = ice_servers
        self._loopback = loopback
        self._keyframe_interval_s = keyframe_interval_s
        self._silence_s = silence_s
        self._loop = asyncio.get_running_loop()
        self._sides: dict[Role, Side] = {
            role: Side(Timeline(), Tape(folder, role, files), Ceiling(_FLOOR_KBPS[role]))
            for role in ("applicant", "officer")
        }
        self._zero_s = 0.0
        self._zero_ntp = 0
        self._origin: datetime | None = None
        self._closed = False
        self._tasks = Tasks()
        self._ticker = self._loop.call_later(_TICK_S, self._tick)

    @property
    def origin(self) -> datetime | None:
        """Wall time of t = 0; None before the applicant's first packet."""
        return self._origin

    def now_s(self) -> float | None:
        """Media time now; None before t = 0."""
        return None if self._origin is None else self._loop.time() - self._zero_s

    def sender_time_s(self, role: Role, unix_s: float) -> float | None:
        """Media time of an instant on a role's own wall clock, by its sender reports; None before the first of them."""
        offset_s = self._sides[role].timeline.clock.sender_offset_s
        return None if offset_s is None or self._origin is None else unix_s + NTP_EPOCH_S + offset_s

    def lateness_s(self, role: Role) -> float | None:
        """How much later our clock puts a role's media than the sender's own clock does; None before its first report.

        With both on one machine this is the least time from capture to arrival, encoding included; otherwise the two
        machines' clocks differ as well.
        """
        offset_s = self._sides[role].timeline.clock.sender_offset_s
        return None if offset_s is None or self._origin is None else offset_s + self._zero_ntp / 2**32

    @property
    def recording_error(self) -> str | None:
        """Why a side is not being recorded, in a sentence; None where all is well."""
        return next((side.tape.error for side in self._sides.values() if side.tape.error), None)

    def segments(self, role: Role) -> list[Path]:
        """The files recorded of a role, oldest first; whole once the session is closed (see `recorder.finalise`)."""
        return self._sides[role].tape.segments

    def stats(self) -> Mapping[Role, LinkStats]:
        """How each side's media are doing, measured twice a second."""
        return {role: side.meter.stats for role, side in self._sides.items()}

    async def connect_applicant(self, offer_sdp: str) -> str:
        """Answer the applicant's offer, the first one or a later one. Raises MediaError with a sentence."""
        return await self._connect("applicant", offer_sdp)

    async def connect_officer(self, offer_sdp: str) -> str:
        """Answer the officer's offer, the first one or a later one. Raises MediaError with a sentence."""
        return await self._connect("officer", offer_sdp)

    def begin(self, at_s: float = 0.0) -> None:
        """Record and report from now on; now is ``at_s`` seconds of media time. Once only, of a session that was held."""
        if self._held:
            self._held = False
            self._start(at_s)
            for role in self._sides:
                self.request_keyframe(role)

    async def flush(self) -> None:
        """Wait until what was recorded so far is safe from a killed process, or its side's tape says why not."""
        writing = [side.tape.flush() for side in self._sides.values()]
        await asyncio.gather(*(asyncio.wrap_future(done) for done in writing if done), return_exceptions=True)

    def request_keyframe(self, role: Role = "applicant") -> None:
        """Ask a side's camera for a whole picture."""
        peer = self._sides[role].peer
        if peer is not None:
            peer.request_keyframe()

    async def disconnect(self, role: Role) -> None:
        """Hang up one side; the session goes on for the other."""
        peer = self._replace(role, None)
        if peer is not None:
            self._announce(role, "closed")
            await peer.close()

    async def close(self) -> None:
        """Hang up both sides and finish their segments."""
        if self._closed:
            return
        self._closed = True
        self._ticker.cancel()
        for role in self._sides:
            await self.disconnect(role)
        pending = [side.tape.end_segment() for side in self._sides.values()]
        await asyncio.gather(*(asyncio.wrap_future(done) for done in pending if done), return_exceptions=True)
        self._events.closed()

    async def _connect(self, role: Role, offer_sdp: str) -> str:
        self._check_open()
        peer = Peer(self._peer_events(role), self._ice_servers, self._loopback)
        try:
            answer = await peer.answer(offer_sdp)
            self._check_open()
        except MediaError:
            await peer.close()
            raise
        before = self._replace(role, peer)
        if before is not None:
            self._tasks.start(before.close())
        return answer

    def _check_open(self) -> None:
        if self._closed:
            raise MediaError("This call has ended.")

    def _peer_events(self, role: Role) -> PeerEvents:
        return PeerEvents(
            unit=lambda kind, unit, fresh: self._on_unit(role, kind, unit, fresh),
            report=lambda kind, ntp_s, timestamp: self._on_report(role, kind, ntp_s, timestamp),
            keyframe_wanted=lambda: self.request_keyframe(_OTHER[role]),
            loss=lambda loss: self._on_loss(_OTHER[role], loss),
            state=lambda state: self._announce(role, state),
        )

    def _on_report(self, role: Role, kind: Kind, ntp_s: float, timestamp: int) -> None:
        side = self._sides[role]
        side.timeline.clock.sender_report(kind, ntp_s, timestamp)
        side.transport.sender_report(kind, ntp_s, timestamp)

    def _on_loss(self, role: Role, loss: float) -> None:
        """The other side did not get all of this side's video."""
        side = self._sides[role]
        kbps = side.ceiling.report(loss, side.meter.stats.kbps)
        if kbps is not None and side.peer is not None:
            side.peer.limit(kbps)

    def _replace(self, role: Role, peer: Peer | None) -> Peer | None:
        side = self._sides[role]
        before, side.peer = side.peer, peer
        if before is not None:
            before.detach()
            side.timeline.reconnect()
            side.transport.reconnect()
            side.tape.end_segment()
        return before

    def _announce(self, role: Role, state: PeerState) -> None:
        side = self._sides[role]
        if state == side.state or (side.state is None and state != "connected"):
            return
        side.state = state
        _safely(self._events.state, role, state)

    def _on_unit(self, role: Role, kind: Kind, unit: Encoded, fresh: bool) -> None:
        side = self._sides[role]
        if side.state == "lost":
            self._announce(role, "connected")
        if self._origin is None:
            if role == "officer" or self._held:
                return
            self._start(0.0)
        now_s = self._loop.time()
        if kind == "video":
            if not unit.keyframe and not side.keyframe_s:
                self.request_keyframe(role)
                return
            side.keyframe_s = now_s if unit.keyframe else side.keyframe_s
        if fresh:
            side.timeline.new_source(kind)
        packet = side.timeline.packet(kind, unit, now_s - self._zero_s)
        side.transport.unit(kind, unit, fresh, now_s - self._zero_s)
        self._pass_on(role, packet)

    def _start(self, at_s: float) -> None:
        self._origin = self._wall() - timedelta(seconds=at_s)
        self._zero_s = self._loop.time() - at_s
        self._zero_ntp = datetime_to_ntp(self._origin)

    def _pass_on(self, role: Role, packet: Packet) -> None:
        other = self._sides[_OTHER[role]].peer
        if other is not None:
            other.send(packet, self._zero_ntp + (packet.pts_ms << 32) // 1000)
        self._sides[role].tape.add(packet)
        _safely(self._events.packet, role, packet)

    def _tick(self) -> None:
        """Twice a second: make the recording safe, measure, notice silence, keep the recording seekable."""
        now_s = self._loop.time()
        for role, side in self._sides.items():
            side.tape.flush()
            totals = side.peer.totals() if side.peer is not None else None
            if totals is not None and totals.last_s is not None:
                self._listen(role, side, now_s - totals.last_s, now_s)
            side.meter.read(totals, side.state == "connected", now_s)
            report = side.transport.due(now_s - self._zero_s)
            if report is not None:
                _safely(self._events.transport, role, report)
        self._ticker = self._loop.call_later(_TICK_S, self._tick)

    def _listen(self, role: Role, side: Side, silent_s: float, now_s: float) -> None:
        if silent_s > self._silence_s and side.state == "connected":
            self._announce(role, "lost")
        elif side.keyframe_s and now_s - side.keyframe_s > self._keyframe_interval_s:
            self.request_keyframe(role)
