"""The media edge: sessions of two peers, between which encoded packets pass, to the recorder and the analysis as well.

Runs on the event loop; files are written by one thread. Nothing is decoded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiortc import RTCIceServer

from interview.media.packets import Packet
from interview.media.peer import PeerState, Role
from interview.media.session import MediaSession, SessionEvents
from interview.media.transport import TransportReport

__all__ = ["Gateway", "GatewaySettings", "IceServer", "MediaSession", "PeerState", "Role", "TransportReport"]

_CLOSE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class IceServer:
    """A STUN or TURN server, as browsers take it."""

    urls: str
    username: str | None = None
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """``loopback`` offers 127.0.0.1 too, for a browser on this machine. ``keyframe_interval_s`` how often a recording
    can be sought; ``silence_s`` after how long without media a side counts as lost."""

    ice_servers: Sequence[IceServer] = ()
    loopback: bool = False
    keyframe_interval_s: float = 10.0
    silence_s: float = 3.0


class Gateway:
    """Opens media sessions and closes them all at the end. One for each event loop."""

    def __init__(
        self,
        settings: GatewaySettings | None = None,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings or GatewaySettings()
        self._wall = wall
        self._files = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recorder")
        self._sessions: dict[str, MediaSession] = {}

    def open(
        self,
        session_id: str,
        folder: Path,
        on_packet: Callable[[Role, Packet], None],
        on_state: Callable[[Role, PeerState], None],
        *,
        held: bool = False,
        on_transport: Callable[[Role, TransportReport], None] = lambda role, report: None,
    ) -> MediaSession:
        """The media of one session, recorded under ``folder``. Callbacks run on the event loop and must not block.

        ``on_packet`` gets every packet of both roles on the session's clock; ``on_state`` each change of a side;
        ``on_transport`` a report of each side's cadence and clocks every ten seconds. With
        ``held`` nothing is recorded, passed on or given to ``on_packet`` until `MediaSession.begin`. Raises ValueError
        where the session is open already.
        """
        if session_id in self._sessions:
            raise ValueError(f"session {session_id} is open already")
        session = MediaSession(
            folder,
            SessionEvents(on_packet, on_state, lambda: self._sessions.pop(session_id, None), on_transport),
            ice_servers=[RTCIceServer(s.urls, s.username, s.credential) for s in self._settings.ice_servers],
            loopback=self._settings.loopback,
            keyframe_interval_s=self._settings.keyframe_interval_s,
            silence_s=self._settings.silence_s,
            files=self._files,
            wall=self._wall,
            held=held,
        )
        self._sessions[session_id] = session
        return session

    def get(self, session_id: str) -> MediaSession | None:
        """The open session of that id, or None."""
        return self._sessions.get(session_id)

    async def close(self) -> None:
        """Close every session and the recorder's thread."""
        await asyncio.gather(*(session.close() for session in list(self._sessions.values())))
        await asyncio.to_thread(self._files.shutdown)
