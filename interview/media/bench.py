"""What the media edge costs: one interview, both directions, both recorded, beside the same through stock aiortc.

The two callers run in a process of their own and send ready-made packets, so that only the edge is measured.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Literal

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRecorder, MediaRelay

from interview.media.aiortc_ext import PacketPeerConnection, PacketSender, offer_loopback
from interview.media.gateway import Gateway, GatewaySettings
from interview.media.packets import Packet
from interview.media.peer import KINDS, Role

Way = Literal["candor", "stock aiortc"]
_ROLES: Final[tuple[Role, Role]] = ("applicant", "officer")
_SETTLE_S: Final = 3.0
_LOOP_S: Final = 4
_FPS: Final = 30


@dataclass(frozen=True, slots=True)
class EdgeCost:
    """One way of running the edge. ``cpu_percent`` of one core; ``fps`` and ``kbps`` as each caller received them, mean."""

    way: Way
    cpu_percent: float
    fps: float
    kbps: float
    seconds: float


def measure(way: Way, seconds: float = 10.0) -> EdgeCost:
    """Run one interview of 640x480 at 30 frames a second this way, and measure this process. Call it from the main thread."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    callers = context.Process(target=_callers, args=(there,), daemon=True)
    callers.start()
    try:
        return _run(_measure(way, seconds, here))
    finally:
        callers.terminate()
        callers.join()


def _run(main: Coroutine[Any, Any, EdgeCost]) -> EdgeCost:
    if sys.platform == "win32":
        return asyncio.run(main)
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


async def _measure(way: Way, seconds: float, callers: Connection) -> EdgeCost:
    with tempfile.TemporaryDirectory() as folder:
        edge = _Candor(Path(folder)) if way == "candor" else _Stock(Path(folder))
        for role in _ROLES:
            offer = await asyncio.to_thread(callers.recv)
            callers.send(await edge.connect(role, offer))
        await asyncio.sleep(_SETTLE_S)
        callers.send("count")
        before = await asyncio.to_thread(callers.recv)
        cpu_s, start_s = time.process_time(), time.monotonic()
        await asyncio.sleep(seconds)
        cpu_s, elapsed_s = time.process_time() - cpu_s, time.monotonic() - start_s
        callers.send("count")
        after = await asyncio.to_thread(callers.recv)
        await edge.close()
    frames, octets = (b - a for a, b in zip(before, after, strict=True))
    return EdgeCost(
        way, 100 * cpu_s / elapsed_s, frames / 2 / elapsed_s, octets * 8 / 2000 / elapsed_s, elapsed_s
    )


class _Candor:
    """This product's edge."""

    def __init__(self, folder: Path) -> None:
        self._gateway = Gateway(GatewaySettings(loopback=True))
        self._call = self._gateway.open("bench", folder, lambda role, packet: None, lambda role, state: None)
        self.connect: Callable[[Role, str], Awaitable[str]] = lambda role, offer: (
            self._call.connect_applicant(offer) if role == "applicant" else self._call.connect_officer(offer)
        )

    async def close(self) -> None:
        await self._gateway.close()


class _Stock:
    """The same with what aiortc brings: decode, relay, encode for the other side, encode again for the recording."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._relay = MediaRelay()
        self._connections: dict[Role, RTCPeerConnection] = {}
        self._tracks: dict[Role, dict[str, MediaStreamTrack]] = {}
        self._recorders: list[MediaRecorder] = []

    async def connect(self, role: Role, offer: str) -> str:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connections[role] = connection
        tracks = self._tracks[role] = {}
        connection.on("track", lambda track: tracks.__setitem__(track.kind, track))
        await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        for transceiver in connection.getTransceivers():
            transceiver.direction = "sendrecv"
            offer_loopback(transceiver.receiver.transport)
        await connection.setLocalDescription(await connection.createAnswer())
        recorder = MediaRecorder(str(self._folder / f"{role}.webm"))
        for track in tracks.values():
            recorder.addTrack(self._relay.subscribe(track))
        await recorder.start()
        self._recorders.append(recorder)
        if len(self._connections) == 2:
            self._join()
        return str(connection.localDescription.sdp)

    def _join(self) -> None:
        for role, other in (_ROLES, _ROLES[::-1]):
            for sender in self._connections[other].getSenders():
                sender.replaceTrack(self._relay.subscribe(self._tracks[role][sender.kind]))

    async def close(self) -> None:
        for connection in self._connections.values():
            await connection.close()
        for recorder in self._recorders:
            await recorder.stop()


def _callers(edge: Connection) -> None:
    """The other process: an applicant and an officer."""
    asyncio.run(_call(edge))


async def _call(edge: Connection) -> None:
    clips = _clip()
    callers = []
    for _ in _ROLES:
        caller = _Caller(clips)
        edge.send(await caller.offer())
        await caller.accept(await asyncio.to_thread(edge.recv))
        callers.append(caller)
    while await asyncio.to_thread(edge.recv) == "count":
        edge.send((sum(c.frames for c in callers), sum(c.octets for c in callers)))


class _Caller:
    """Sends the clip over and over, from its start whenever a keyframe is wanted, and counts what it gets."""

    def __init__(self, clip: list[Packet]) -> None:
        self._clip = clip
        self._wanted = False
        self._connection = PacketPeerConnection(loopback=True)
        ends = [self._connection.add(kind) for kind in KINDS]
        self._receivers = [receiver for receiver, _ in ends]
        self._senders: dict[str, PacketSender] = {sender.kind: sender for _, sender in ends}
        self._senders["video"].on_keyframe_request = self._want

    @property
    def frames(self) -> int:
        return self._receivers[1].received.units

    @property
    def octets(self) -> int:
        return sum(receiver.received.bytes for receiver in self._receivers)

    def _want(self) -> None:
        self._wanted = True

    async def offer(self) -> str:
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return str(self._connection.localDescription.sdp)

    async def accept(self, answer: str) -> None:
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        self._sending = asyncio.ensure_future(self._send())

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        start_s = loop.time()
        origin_ms = index = 0
        while True:
            packet = self._clip[index]
            at_ms = origin_ms + packet.pts_ms
            await asyncio.sleep(max(0.0, start_s + at_ms / 1000 - loop.time()))
            sent = Packet(packet.kind, packet.codec, at_ms, packet.keyframe, packet.data)
            self._senders[packet.kind].push(sent, at_ms << 32)
            index += 1
            if index == len(self._clip) or (self._wanted and packet.kind == "video" and index > 20):
                origin_ms, index, self._wanted = at_ms + 20, 0, False


def _clip() -> list[Packet]:
    """Four seconds of a noisy picture at about 1.5 Mbit/s and a tone, encoded once."""
    noise = np.random.default_rng(1)
    encoder = av.CodecContext.create("libvpx", "w")
    assert isinstance(encoder, av.VideoCodecContext)  # noqa: S101 - by its name
    encoder.width, encoder.height, encoder.pix_fmt = 640, 480, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, _FPS), Fraction(_FPS)
    encoder.bit_rate, encoder.gop_size = 1_500_000, _LOOP_S * _FPS
    encoder.options = {
        "deadline": "realtime",
        "cpu-used": "-6",
        "lag-in-frames": "0",
        "minrate": "1500000",
        "maxrate": "1500000",
    }
    out: list[Packet] = []
    for n in range(_LOOP_S * _FPS):
        image = np.kron(noise.integers(60, 190, (24, 32, 3), np.uint8), np.ones((20, 20, 1), np.uint8))
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts, frame.time_base = n, Fraction(1, _FPS)
        for data in encoder.encode(frame):
            out.append(Packet("video", "vp8", n * 1000 // _FPS, data.is_keyframe, bytes(data)))
    for n in range(_LOOP_S * 50):
        out.append(Packet("audio", "opus", n * 20, keyframe=True, data=b"\x78" + noise.bytes(80)))
    return sorted(out, key=lambda packet: packet.pts_ms)
