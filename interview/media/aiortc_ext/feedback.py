"""Transport-wide congestion feedback, hooked to a transport's incoming RTP."""

from __future__ import annotations

import asyncio
import logging
import struct
import time
from typing import Final

from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtp import RtpPacket

from interview.media.aiortc_ext.tasks import Tasks
from interview.media.twcc import FeedbackBuilder

_log = logging.getLogger(__name__)
_FEEDBACK_S: Final = 0.05


class Feedback:
    """Reads each RTP packet's transport sequence number, and reports arrivals every 50 ms while there are any."""

    def __init__(self, transport: RTCDtlsTransport, ssrc: int) -> None:
        self._transport = transport
        self._builder = FeedbackBuilder(ssrc)
        self._media_ssrc = 0
        self._timer: asyncio.TimerHandle | None = None
        self._tasks = Tasks()
        transport._handle_rtp_data = self._handle  # type: ignore[method-assign]

    async def _handle(self, data: bytes, arrival_time_ms: int) -> None:
        try:
            packet = RtpPacket.parse(data, self._transport._rtp_header_extensions_map)
        except (ValueError, struct.error):
            return
        sequence_number = packet.extensions.transport_sequence_number
        if sequence_number is not None:
            self._record(sequence_number, packet.ssrc)
        receiver = self._transport._rtp_router.route_rtp(packet)
        if receiver is not None:
            await receiver._handle_rtp_packet(packet, arrival_time_ms=arrival_time_ms)

    def _record(self, sequence_number: int, ssrc: int) -> None:
        self._builder.record(sequence_number, time.monotonic_ns() // 1000)
        self._media_ssrc = ssrc
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_FEEDBACK_S, self._report)

    def _report(self) -> None:
        self._timer = None
        packet = self._builder.build(self._media_ssrc)
        if packet is not None:
            self._tasks.start(self._send(packet))

    async def _send(self, packet: bytes) -> None:
        try:
            await self._transport._send_rtp(packet)
        except ConnectionError:
            _log.debug("transport closed before its feedback was sent")

    def stop(self) -> None:
        """Report nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
