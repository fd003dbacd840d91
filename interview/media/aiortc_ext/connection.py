"""A peer connection made of these senders and receivers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.codecs import is_rtx
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtcpFeedback, RTCRtpCodecParameters, RTCRtpHeaderExtensionParameters

from interview.media.aiortc_ext.feedback import Feedback
from interview.media.aiortc_ext.receiver import PacketReceiver
from interview.media.aiortc_ext.sender import PacketSender
from interview.media.packets import Kind
from interview.media.twcc import EXTENSION_URI


class PacketPeerConnection(RTCPeerConnection):
    """A peer connection whose senders and receivers are of this module. It answers offers; VP8 and Opus only."""

    def __init__(self, ice_servers: Sequence[RTCIceServer] = (), loopback: bool = False) -> None:
        super().__init__(
            RTCConfiguration(iceServers=list(ice_servers), bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self._feedback: Feedback | None = None
        self._loopback = loopback

    def add(self, kind: Kind) -> tuple[PacketReceiver, PacketSender]:
        """Add both directions of a kind, with its one codec pinned."""
        transceiver = self.addTransceiver(kind, "sendrecv")
        wanted = {"video": ("video/vp8", "video/rtx"), "audio": ("audio/opus",)}[kind]
        capabilities = RTCRtpReceiver.getCapabilities(kind)
        codecs = capabilities.codecs if capabilities is not None else []
        transceiver.setCodecPreferences([c for c in codecs if c.mimeType.lower() in wanted])
        receiver, sender = transceiver.receiver, transceiver.sender
        assert isinstance(receiver, PacketReceiver)  # noqa: S101 - made by the method below
        assert isinstance(sender, PacketSender)  # noqa: S101
        return receiver, sender

    def _RTCPeerConnection__createTransceiver(
        self,
        direction: str,
        kind: Kind,
        sender_track: Any = None,  # noqa: ANN401
    ) -> RTCRtpTransceiver:
        transceiver: RTCRtpTransceiver = super()._RTCPeerConnection__createTransceiver(  # type: ignore[misc]
            direction, kind, sender_track
        )
        transport = transceiver.receiver.transport
        stock = transceiver.sender
        sender = PacketSender(kind, transport)
        sender._stream_id = stock._stream_id
        receiver = PacketReceiver(kind, transport)
        receiver._set_rtcp_ssrc(sender._ssrc)
        transceiver._RTCRtpTransceiver__sender = sender  # type: ignore[attr-defined]
        transceiver._RTCRtpTransceiver__receiver = receiver  # type: ignore[attr-defined]
        if self._feedback is None:
            self._feedback = Feedback(transport, sender._ssrc)
        if self._loopback:
            offer_loopback(transport)
        return transceiver

    async def setRemoteDescription(self, sessionDescription: RTCSessionDescription) -> None:
        """As aiortc's, with transport-cc in place of REMB wherever the far end offers it."""
        await super().setRemoteDescription(sessionDescription)
        remote = self._RTCPeerConnection__remoteDescription()  # type: ignore[attr-defined]
        for media in remote.media:
            transceiver = self._RTCPeerConnection__getTransceiverByMid(media.rtp.muxId)  # type: ignore[attr-defined]
            if transceiver is not None:
                _prefer_transport_cc(transceiver, media.rtp.headerExtensions, media.rtp.codecs)

    async def close(self) -> None:
        """As aiortc's, and without a timer left."""
        if self._feedback is not None:
            self._feedback.stop()
        await super().close()


def _prefer_transport_cc(
    transceiver: RTCRtpTransceiver,
    offered: Sequence[RTCRtpHeaderExtensionParameters],
    codecs: Sequence[RTCRtpCodecParameters],
) -> None:
    feedback = RTCRtcpFeedback(type="transport-cc")
    extension = [e for e in offered if e.uri == EXTENSION_URI]
    if not extension or not any(feedback in codec.rtcpFeedback for codec in codecs):
        return
    kept = [e for e in transceiver._headerExtensions if "abs-send-time" not in e.uri]
    transceiver._headerExtensions = kept + extension
    for codec in transceiver._codecs:
        if not is_rtx(codec):
            codec.rtcpFeedback = [f for f in codec.rtcpFeedback if f.type != "goog-remb"] + [feedback]


def offer_loopback(transport: RTCDtlsTransport) -> None:
    """Let this transport gather 127.0.0.1 as well, which aioice leaves out. Once for each transport, before gathering."""
    connection = transport.transport.iceGatherer._connection
    gather = connection.get_component_candidates

    async def with_loopback(component: int, addresses: list[str], timeout: int = 5) -> Any:  # noqa: ANN401, ASYNC109
        return await gather(component=component, addresses=[*addresses, "127.0.0.1"], timeout=timeout)

    if getattr(gather, "__name__", "") != "with_loopback":
        connection.get_component_candidates = with_loopback  # type: ignore[method-assign]
