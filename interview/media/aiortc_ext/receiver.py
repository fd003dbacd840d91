"""The receiving half: encoded units out of RTP, with reordering, retransmission requests and sender reports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiortc import RTCRtpReceiver
from aiortc.codecs import is_rtx
from aiortc.codecs.vpx import VpxPayloadDescriptor
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtcrtpreceiver import StreamStatistics
from aiortc.rtp import RTCP_PSFB_APP, RtcpPsfbPacket, RtcpSrPacket, RtpPacket, pack_remb_fci, unwrap_rtx

from interview.media.aiortc_ext.tasks import Tasks
from interview.media.assembly import AudioAssembly, Encoded, Piece, VideoAssembly
from interview.media.packets import Kind
from interview.media.reorder import Release, Reorder, Requests

AUDIO_DEADLINE_S: Final = 0.2
VIDEO_DEADLINE_S: Final = 0.5
_PLI_INTERVAL_S: Final = 0.3
_WAITING_PLI_S: Final = 1.0


@dataclass(slots=True)
class Received:
    """Counters of one receiver, only ever growing."""

    bytes: int = 0
    packets: int = 0
    units: int = 0
    """Whole frames or audio packets handed on."""
    lost: int = 0
    last_s: float | None = None
    """When the last packet came, on the event loop's clock."""


class PacketReceiver(RTCRtpReceiver):
    """Receives encoded units. ``on_unit`` and ``on_report`` (NTP seconds, timestamp) are called on the event loop."""

    _RTCRtpReceiver__codecs: dict[int, RTCRtpCodecParameters]
    _RTCRtpReceiver__remote_streams: dict[int, StreamStatistics]
    _RTCRtpReceiver__rtcp_ssrc: int | None
    _RTCRtpReceiver__rtcp_task: asyncio.Future[None] | None
    _RTCRtpReceiver__rtx_ssrc: dict[int, int]
    _RTCRtpReceiver__started: bool

    def __init__(self, kind: Kind, transport: RTCDtlsTransport) -> None:
        super().__init__(kind, transport)
        self.kind: Kind = kind
        self.on_unit: Callable[[Encoded, bool], None] = lambda unit, fresh: None
        self.on_report: Callable[[float, int], None] = lambda ntp_s, timestamp: None
        self.received = Received()
        self._loop = asyncio.get_event_loop()
        self._ssrc: int | None = None
        self._fresh = True
        self._timer: asyncio.TimerHandle | None = None
        self._asked_pli_s = -1e9
        self._tasks = Tasks()
        self._begin()

    def _begin(self) -> None:
        video = self.kind == "video"
        self._reorder: Reorder[Piece] = Reorder(VIDEO_DEADLINE_S if video else AUDIO_DEADLINE_S)
        self._assembly: VideoAssembly | AudioAssembly = VideoAssembly() if video else AudioAssembly()
        self._requests = Requests()

    async def receive(self, parameters: Any) -> None:  # noqa: ANN401 - aiortc's signature
        """As aiortc's, without a decoder thread."""
        if self._RTCRtpReceiver__started:
            return
        for codec in parameters.codecs:
            self._RTCRtpReceiver__codecs[codec.payloadType] = codec
        for encoding in parameters.encodings:
            if encoding.rtx:
                self._RTCRtpReceiver__rtx_ssrc[encoding.rtx.ssrc] = encoding.ssrc
        self.transport._register_rtp_receiver(self, parameters)
        self._RTCRtpReceiver__rtcp_task = asyncio.ensure_future(self._run_rtcp())
        self._RTCRtpReceiver__started = True

    async def stop(self) -> None:
        """As aiortc's, and without a timer left."""
        if self._timer is not None:
            self._timer.cancel()
        await super().stop()

    def request_keyframe(self) -> None:
        """Ask the sender for a whole picture, at most every 0.3 s."""
        now_s = self._loop.time()
        if self._ssrc is None or now_s - self._asked_pli_s < _PLI_INTERVAL_S:
            return
        self._asked_pli_s = now_s
        self._tasks.start(self._send_rtcp_pli(self._ssrc))

    def limit(self, kbps: float) -> None:
        """Tell the sender to send no more than this (REMB, draft-alvestrand-rmcat-remb-03): a ceiling on its own estimate."""
        if self._ssrc is None or self._RTCRtpReceiver__rtcp_ssrc is None:
            return
        told = RtcpPsfbPacket(
            fmt=RTCP_PSFB_APP,
            ssrc=self._RTCRtpReceiver__rtcp_ssrc,
            media_ssrc=0,
            fci=pack_remb_fci(round(kbps * 1000), [self._ssrc]),
        )
        self._tasks.start(self._send_rtcp(told))

    async def _handle_rtcp_packet(self, packet: Any) -> None:  # noqa: ANN401 - aiortc's signature
        await super()._handle_rtcp_packet(packet)
        if isinstance(packet, RtcpSrPacket) and packet.ssrc == self._ssrc:
            ntp = packet.sender_info.ntp_timestamp
            self.on_report(ntp / 2**32, packet.sender_info.rtp_timestamp)

    async def _handle_rtp_packet(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        codec = self._RTCRtpReceiver__codecs.get(packet.payload_type)
        if codec is None or not self._enabled:
            return
        self._count(packet, codec)
        if is_rtx(codec):
            packet, codec = self._original(packet, codec)
            if codec is None:
                return
        elif packet.ssrc != self._ssrc:
            self._switch(packet.ssrc)
        piece = _piece(packet, self.kind)
        if piece is not None:
            self._deliver(self._reorder.push(packet.sequence_number, piece, self._loop.time()))
            self._wait()

    def _count(self, packet: RtpPacket, codec: RTCRtpCodecParameters) -> None:
        streams = self._RTCRtpReceiver__remote_streams
        if packet.ssrc not in streams:
            streams[packet.ssrc] = StreamStatistics(codec.clockRate)
        streams[packet.ssrc].add(packet)
        self.received.bytes += len(packet.payload) + 12
        self.received.packets += 1
        self.received.last_s = self._loop.time()

    def _original(
        self, packet: RtpPacket, codec: RTCRtpCodecParameters
    ) -> tuple[RtpPacket, RTCRtpCodecParameters | None]:
        apt = codec.parameters.get("apt")
        ssrc = self._RTCRtpReceiver__rtx_ssrc.get(packet.ssrc, self._ssrc)
        if ssrc is None or ssrc != self._ssrc or len(packet.payload) < 2 or not isinstance(apt, int):
            return packet, None
        original = self._RTCRtpReceiver__codecs.get(apt)
        return unwrap_rtx(packet, payload_type=apt, ssrc=ssrc), original

    def _switch(self, ssrc: int) -> None:
        """A new source: its numbers and timestamps have nothing to do with those before."""
        self._ssrc = ssrc
        self._fresh = True
        self.received.lost += self._reorder.lost
        self._begin()
        if self.kind == "video":
            self.request_keyframe()

    def _deliver(self, releases: Sequence[Release[Piece]]) -> None:
        for release in releases:
            for unit in self._assembly.take(release):
                self.received.units += 1
                fresh, self._fresh = self._fresh, False
                self.on_unit(unit, fresh)

    def _wait(self) -> None:
        """Keep a timer while something is missing: to ask again, to give up, to ask for a keyframe."""
        if self._timer is not None or not (self._reorder.expires_s or self._assembly.waiting):
            return
        self._timer = self._loop.call_later(0.02, self._tick)

    def _tick(self) -> None:
        self._timer = None
        now_s = self._loop.time()
        self._deliver(self._reorder.expire(now_s))
        if self.kind == "video":
            due = self._requests.due(self._reorder.missing(), now_s)
            if due and self._ssrc is not None:
                self._tasks.start(self._send_rtcp_nack(self._ssrc, due))
            if self._assembly.waiting and now_s - self._asked_pli_s >= _WAITING_PLI_S:
                self.request_keyframe()
        self._wait()

    @property
    def lost(self) -> int:
        """Packets given up so far."""
        return self.received.lost + self._reorder.lost


def _piece(packet: RtpPacket, kind: Kind) -> Piece | None:
    if kind == "audio" or not packet.payload:
        return Piece(packet.timestamp, packet.payload, ends=bool(packet.marker) or kind == "audio")
    try:
        descriptor, payload = VpxPayloadDescriptor.parse(packet.payload)
    except ValueError:
        return None
    begins = bool(descriptor.partition_start) and descriptor.partition_id == 0
    return Piece(packet.timestamp, payload, begins, bool(packet.marker))
