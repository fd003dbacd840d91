"""What we rely upon in aiortc's and aioice's private API. When one of these fails, aiortc has changed: read
`interview/media/aiortc_ext` against its new source before touching the version pin."""

from __future__ import annotations

import asyncio
import inspect
from importlib.metadata import version

import aioice.ice
import pytest
from aiortc import RTCPeerConnection, RTCRtpReceiver, RTCRtpSender, rtcrtpreceiver
from aiortc.codecs import CODECS, HEADER_EXTENSIONS
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap, RtcpPacket, RtcpSenderInfo, RtcpSrPacket

from interview.media.aiortc_ext import PacketPeerConnection, PacketReceiver, PacketSender


def parameters(function: object) -> list[str]:
    assert callable(function)
    return [name for name in inspect.signature(function).parameters if name != "self"]


def test_the_version_is_the_one_that_was_read() -> None:
    assert version("aiortc").startswith("1.16.")


@pytest.mark.parametrize(
    ("owner", "name", "expected"),
    [
        (RTCRtpReceiver, "_handle_rtp_packet", ["packet", "arrival_time_ms"]),
        (RTCRtpReceiver, "_handle_rtcp_packet", ["packet"]),
        (RTCRtpReceiver, "_send_rtcp_nack", ["media_ssrc", "lost"]),
        (RTCRtpReceiver, "_send_rtcp_pli", ["media_ssrc"]),
        (RTCRtpReceiver, "_set_rtcp_ssrc", ["ssrc"]),
        (RTCRtpReceiver, "_run_rtcp", []),
        (RTCRtpReceiver, "receive", ["parameters"]),
        (RTCRtpSender, "_run_rtp", ["codec"]),
        (RTCRtpSender, "_retransmit", ["sequence_number"]),
        (RTCRtpSender, "_send_keyframe", []),
        (RTCDtlsTransport, "_handle_rtp_data", ["data", "arrival_time_ms"]),
        (RTCDtlsTransport, "_send_rtp", ["data"]),
        (RTCDtlsTransport, "_register_rtp_receiver", ["receiver", "parameters"]),
        (RTCPeerConnection, "_RTCPeerConnection__createTransceiver", ["direction", "kind", "sender_track"]),
        (RTCPeerConnection, "_RTCPeerConnection__getTransceiverByMid", ["mid"]),
        (RTCPeerConnection, "_RTCPeerConnection__remoteDescription", []),
        (aioice.ice.Connection, "get_component_candidates", ["component", "addresses", "timeout"]),
        (rtcrtpreceiver.StreamStatistics, "__init__", ["clockrate"]),
    ],
)
def test_methods_that_are_overridden_or_called(owner: type, name: str, expected: list[str]) -> None:
    assert parameters(getattr(owner, name)) == expected


@pytest.mark.parametrize("owner", [PacketReceiver, PacketSender])
def test_private_fields_that_are_used_exist_on_a_fresh_object(owner: type) -> None:
    async def fields() -> set[str]:
        connection = PacketPeerConnection()
        receiver, sender = connection.add("video")
        await connection.close()
        return set(vars(receiver if owner is PacketReceiver else sender))

    declared = {name for name in inspect.get_annotations(owner) if name.startswith("_RTC")}
    late = {"_RTCRtpSender__mid"}
    assert declared - late <= asyncio.run(fields())


def test_the_source_still_has_what_the_overrides_replace() -> None:
    connect = inspect.getsource(RTCPeerConnection._RTCPeerConnection__connect)  # type: ignore[attr-defined]
    assert "transceiver.sender.send(" in connect
    assert "transceiver.receiver.receive(" in connect
    stop = inspect.getsource(RTCRtpSender.stop)
    assert "__rtp_started.wait()" in stop
    assert "__rtp_exited.wait()" in stop
    stop = inspect.getsource(RTCRtpReceiver.stop)
    assert "__rtcp_task.cancel()" in stop
    reports = inspect.getsource(RTCRtpSender._run_rtcp)
    assert "ntp_timestamp=self.__ntp_timestamp" in reports
    assert "rtp_timestamp=self.__rtp_timestamp" in reports
    assert "self.transport._recv()" in inspect.getsource(RTCDtlsTransport._recv_next)
    assert "addresses=addresses" in inspect.getsource(aioice.ice.Connection.gather_candidates)


def test_stock_aiortc_offers_remb_and_knows_the_transport_wide_extension() -> None:
    assert any(f.type == "goog-remb" for codec in CODECS["video"] for f in codec.rtcpFeedback)
    assert not any("transport-wide" in e.uri for e in HEADER_EXTENSIONS["video"])
    assert "transport_sequence_number" in HeaderExtensions.__dataclass_fields__
    assert HeaderExtensionsMap().set(HeaderExtensions()) == (0, b"")


def test_nothing_of_aiortc_is_patched_by_importing_or_using_ours() -> None:
    async def use() -> None:
        connection = PacketPeerConnection(loopback=True)
        connection.add("audio")
        connection.add("video")
        stock = RTCPeerConnection()
        transceiver = stock.addTransceiver("video")
        assert type(transceiver.receiver) is RTCRtpReceiver
        assert type(transceiver.sender) is RTCRtpSender
        assert "_handle_rtp_data" not in vars(transceiver.receiver.transport)
        await stock.close()
        await connection.close()

    asyncio.run(use())


def test_sender_reports_carry_both_timestamps_as_they_came() -> None:
    """The clocks of `interview/media/transport.py` rest on these two fields."""
    info = RtcpSenderInfo(
        ntp_timestamp=0xE9_01_02_03_80_00_00_00, rtp_timestamp=0xFFFF_FFF0, packet_count=1, octet_count=2
    )
    (read,) = RtcpPacket.parse(bytes(RtcpSrPacket(ssrc=7, sender_info=info)))
    assert isinstance(read, RtcpSrPacket)
    assert (read.ssrc, read.sender_info) == (7, info)
    handled = inspect.getsource(rtcrtpreceiver.RTCRtpReceiver._handle_rtcp_packet)
    assert "isinstance(packet, RtcpSrPacket)" in handled
