"""One side's current connection: what it sends us, what we send it, and how it is doing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from aiortc import RTCIceServer, RTCSessionDescription
from aiortc.exceptions import InvalidAccessError, InvalidStateError, OperationError

from interview.errors import MediaError
from interview.media.aiortc_ext import PacketPeerConnection, PacketReceiver, PacketSender
from interview.media.assembly import Encoded
from interview.media.packets import Kind, Packet

Role = Literal["applicant", "officer"]
PeerState = Literal["connected", "lost", "closed"]
KINDS: tuple[Kind, Kind] = ("audio", "video")


@dataclass(frozen=True, slots=True)
class PeerEvents:
    """What a peer tells its session. ``unit``: kind, the encoded unit, whether it is the first of a new source; ``loss``:
    the share of the video sent to it that it did not get."""

    unit: Callable[[Kind, Encoded, bool], None]
    report: Callable[[Kind, float, int], None]
    keyframe_wanted: Callable[[], None]
    loss: Callable[[float], None]
    state: Callable[[PeerState], None]


@dataclass(frozen=True, slots=True)
class Totals:
    """What one peer's connection has carried to us so far. ``rtt_s`` None where nothing is sent to it yet."""

    bytes: int
    packets: int
    frames: int
    lost: int
    last_s: float | None
    rtt_s: float | None


@dataclass(slots=True)
class Peer:
    """A connection that answers one offer. After ``detach`` it tells nobody anything any more."""

    events: PeerEvents
    ice_servers: Sequence[RTCIceServer] = ()
    loopback: bool = False
    _connection: PacketPeerConnection = field(init=False)
    _receivers: dict[Kind, PacketReceiver] = field(default_factory=dict)
    _senders: dict[Kind, PacketSender] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = PacketPeerConnection(self.ice_servers, self.loopback)
        self._connection.on("connectionstatechange", self._on_state)
        for kind in KINDS:
            self._add(kind)

    def _add(self, kind: Kind) -> None:
        receiver, sender = self._connection.add(kind)
        receiver.on_unit = lambda unit, fresh: self.events.unit(kind, unit, fresh)
        receiver.on_report = lambda ntp_s, timestamp: self.events.report(kind, ntp_s, timestamp)
        sender.on_keyframe_request = lambda: self.events.keyframe_wanted()
        if kind == "video":
            sender.on_loss = lambda loss: self.events.loss(loss)
        self._receivers[kind], self._senders[kind] = receiver, sender

    async def answer(self, offer_sdp: str) -> str:
        """Take the offer and gather candidates. Raises MediaError for an offer that cannot be answered."""
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(offer_sdp, "offer"))
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except OperationError as error:
            raise MediaError(
                "The browser offers neither VP8 video nor Opus sound, which a call needs."
            ) from error
        except (
            ValueError,
            AttributeError,
            IndexError,
            KeyError,
            InvalidStateError,
            InvalidAccessError,
        ) as error:
            raise MediaError(
                "The browser's connection offer cannot be read; reload the page and try again."
            ) from error
        if len(self._connection.getTransceivers()) != len(KINDS):
            raise MediaError("The offer must hold one audio and one video stream.")
        return str(self._connection.localDescription.sdp)

    def send(self, packet: Packet, ntp: int) -> None:
        """Forward a packet to this side."""
        self._senders[packet.kind].push(packet, ntp)

    def request_keyframe(self) -> None:
        """Ask this side's camera for a whole picture."""
        self._receivers["video"].request_keyframe()

    def limit(self, kbps: float) -> None:
        """Tell this side's camera to send no more than this."""
        self._receivers["video"].limit(kbps)

    def totals(self) -> Totals:
        """Counters since this connection began."""
        received = [receiver.received for receiver in self._receivers.values()]
        heard = [r.last_s for r in received if r.last_s is not None]
        rtts = [s.rtt_s for s in self._senders.values() if s.rtt_s is not None]
        return Totals(
            bytes=sum(r.bytes for r in received),
            packets=sum(r.packets for r in received),
            frames=self._receivers["video"].received.units,
            lost=sum(r.lost for r in self._receivers.values()),
            last_s=max(heard, default=None),
            rtt_s=min(rtts, default=None),
        )

    def detach(self) -> None:
        """Stop telling anyone anything: another connection took this one's place."""
        self.events = PeerEvents(
            unit=lambda kind, unit, fresh: None,
            report=lambda kind, ntp_s, timestamp: None,
            keyframe_wanted=lambda: None,
            loss=lambda loss: None,
            state=lambda state: None,
        )

    async def close(self) -> None:
        """Hang up."""
        await self._connection.close()

    def _on_state(self) -> None:
        match self._connection.connectionState:
            case "connected":
                self.events.state("connected")
            case "failed":
                self.events.state("lost")
            case "closed":
                self.events.state("closed")
