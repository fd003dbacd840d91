"""The sending half: encoded packets to RTP, on the session's clock."""

from __future__ import annotations

import asyncio
import secrets
import struct
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from aiortc import RTCRtpSender
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap, RtcpRrPacket, RtcpSrPacket

from interview.media.clock import RTP_HZ
from interview.media.packets import Kind, Packet

_HISTORY: Final = 512
_OUTBOX: Final = 4000
_PAYLOAD_BYTES: Final = 1200


class PacketSender(RTCRtpSender):
    """Sends encoded packets. ``on_keyframe_request`` is called when the far end needs a whole picture, and at the start;
    ``on_loss`` with the share of our packets that it did not get, 0..1, about once a second."""

    _RTCRtpSender__mid: str | None
    _RTCRtpSender__ntp_timestamp: int
    _RTCRtpSender__octet_count: int
    _RTCRtpSender__packet_count: int
    _RTCRtpSender__rtp_exited: asyncio.Event
    _RTCRtpSender__rtp_header_extensions_map: HeaderExtensionsMap
    _RTCRtpSender__rtp_started: asyncio.Event
    _RTCRtpSender__rtp_timestamp: int
    _RTCRtpSender__rtt: float | None
    _RTCRtpSender__rtx_payload_type: int | None
    _RTCRtpSender__rtx_sequence_number: int

    def __init__(self, kind: Kind, transport: RTCDtlsTransport) -> None:
        super().__init__(kind, transport)
        self.on_keyframe_request: Callable[[], None] = lambda: None
        self.on_loss: Callable[[float], None] = lambda loss: None
        self._hz = RTP_HZ[kind]
        self._payload_type: int | None = None
        self._extension = b""
        self._sequence = secrets.randbits(15)
        self._origin = secrets.randbits(32)
        self._picture_id = secrets.randbits(14)
        self._waiting = kind == "video"
        self._outbox: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._history: dict[int, tuple[int, int, int, bytes]] = {}

    @property
    def rtt_s(self) -> float | None:
        """Round-trip time that the far end's receiver reports imply; None before the first."""
        return self._RTCRtpSender__rtt

    def push(self, packet: Packet, ntp: int) -> None:
        """Send a packet whose session time lies at ``ntp`` (64-bit NTP); video only from a keyframe on."""
        if self._payload_type is None:
            return
        if self._waiting and not packet.keyframe:
            self.on_keyframe_request()
            return
        self._waiting = False
        timestamp = (self._origin + packet.pts_ms * self._hz // 1000) & 0xFFFFFFFF
        payloads = self._payloads(packet)
        for index, payload in enumerate(payloads):
            self._queue(timestamp, payload, last=index == len(payloads) - 1)
        self._RTCRtpSender__ntp_timestamp = ntp
        self._RTCRtpSender__rtp_timestamp = timestamp
        self._wake.set()

    def _payloads(self, packet: Packet) -> list[bytes]:
        """RFC 7741: a descriptor with a 15-bit picture id before each part."""
        if packet.kind == "audio":
            return [packet.data]
        self._picture_id = (self._picture_id + 1) & 0x7FFF
        rest = struct.pack("!BH", 0x80, 0x8000 | self._picture_id)
        data = packet.data
        return [
            (b"\x90" if at == 0 else b"\x80") + rest + data[at : at + _PAYLOAD_BYTES]
            for at in range(0, len(data), _PAYLOAD_BYTES)
        ]

    def _queue(self, timestamp: int, payload: bytes, last: bool) -> None:
        if len(self._outbox) >= _OUTBOX:
            self._outbox.clear()
            self._waiting = self.kind == "video"
            return
        sequence, self._sequence = self._sequence, (self._sequence + 1) & 0xFFFF
        marker = 0x80 if last and self.kind == "video" else 0
        self._history[sequence % _HISTORY] = (sequence, timestamp, marker, payload)
        self._outbox.append(
            self._rtp(marker | (self._payload_type or 0), sequence, timestamp, self._ssrc, payload)
        )
        self._RTCRtpSender__packet_count += 1
        self._RTCRtpSender__octet_count += len(payload)

    def _rtp(self, marker_type: int, sequence: int, timestamp: int, ssrc: int, payload: bytes) -> bytes:
        first = 0x90 if self._extension else 0x80
        return (
            struct.pack("!BBHII", first, marker_type, sequence, timestamp, ssrc) + self._extension + payload
        )

    async def _run_rtp(self, codec: RTCRtpCodecParameters) -> None:
        self._RTCRtpSender__rtp_started.set()
        headers = self._RTCRtpSender__rtp_header_extensions_map
        profile, value = headers.set(HeaderExtensions(mid=self._RTCRtpSender__mid))
        self._extension = struct.pack("!HH", profile, len(value) // 4) + value if value else b""
        self._payload_type = codec.payloadType
        if self.kind == "video":
            self.on_keyframe_request()
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._outbox:
                    await self.transport._send_rtp(self._outbox.popleft())
        except (asyncio.CancelledError, ConnectionError):
            pass
        finally:
            self._payload_type = None
            self._RTCRtpSender__rtp_exited.set()

    async def _retransmit(self, sequence_number: int) -> None:
        kept = self._history.get(sequence_number % _HISTORY)
        if kept is None or kept[0] != sequence_number or self._payload_type is None:
            return
        sequence, timestamp, marker, payload = kept
        rtx_type = self._RTCRtpSender__rtx_payload_type
        if rtx_type is None:
            again = self._rtp(marker | self._payload_type, sequence, timestamp, self._ssrc, payload)
        else:
            rtx_sequence = self._RTCRtpSender__rtx_sequence_number
            self._RTCRtpSender__rtx_sequence_number = (rtx_sequence + 1) & 0xFFFF
            wrapped = struct.pack("!H", sequence) + payload
            again = self._rtp(marker | rtx_type, rtx_sequence, timestamp, self._rtx_ssrc, wrapped)
        await self.transport._send_rtp(again)

    async def _handle_rtcp_packet(self, packet: Any) -> None:  # noqa: ANN401 - aiortc's signature
        await super()._handle_rtcp_packet(packet)
        if isinstance(packet, (RtcpRrPacket, RtcpSrPacket)):
            for report in packet.reports:
                if report.ssrc == self._ssrc:
                    self.on_loss(report.fraction_lost / 256)

    def _send_keyframe(self) -> None:
        self.on_keyframe_request()


def set_video_bitrate(sender: RTCRtpSender, bits_per_s: int) -> None:
    """Let a stock sender encode VP8 at this rate from its first frame: aiortc starts at 500 kbit/s, and only REMB moves it."""
    encoder = Vp8Encoder()
    encoder.target_bitrate = bits_per_s
    sender._RTCRtpSender__encoder = encoder  # type: ignore[attr-defined]
