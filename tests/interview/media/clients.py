"""Real aiortc clients: browsers' stand-ins that send a moving picture and a tone, and count what they get."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from interview.media.aiortc_ext import offer_loopback

WIDTH_PX, HEIGHT_PX = 320, 240


class Camera(MediaStreamTrack):
    """A square that moves one step a frame, at ``fps``."""

    kind = "video"

    def __init__(self, fps: int = 15) -> None:
        super().__init__()
        self._fps = fps
        self._count = 0
        self._start_s: float | None = None

    async def recv(self) -> av.VideoFrame:
        await self._pace()
        image = np.full((HEIGHT_PX, WIDTH_PX, 3), 90, np.uint8)
        at = self._count * 4 % (WIDTH_PX - 40)
        image[60:120, at : at + 40] = (30, 200, 240)
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts, frame.time_base = self._count * 90_000 // self._fps, Fraction(1, 90_000)
        self._count += 1
        return frame

    async def _pace(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if self._start_s is None:
            self._start_s = now_s
        await asyncio.sleep(max(0.0, self._start_s + self._count / self._fps - now_s))


class Microphone(MediaStreamTrack):
    """A 440 Hz tone in 20 ms frames."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._start_s: float | None = None

    async def recv(self) -> av.AudioFrame:
        now_s = asyncio.get_running_loop().time()
        if self._start_s is None:
            self._start_s = now_s
        await asyncio.sleep(max(0.0, self._start_s + self._count * 0.02 - now_s))
        phase = (np.arange(960) + self._count * 960) * 2 * np.pi * 440 / 48_000
        frame = av.AudioFrame.from_ndarray(
            (np.sin(phase) * 8000).astype(np.int16)[None, :], format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = 48_000, self._count * 960, Fraction(1, 48_000)
        self._count += 1
        return frame


@dataclass
class Client:
    """A connection that sends a camera and a microphone, and drains and counts decoded frames of what comes."""

    camera: bool = True
    frames: dict[str, list[Any]] = field(default_factory=lambda: {"video": [], "audio": []})
    states: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.pc.addTrack(Microphone())
        if self.camera:
            self.pc.addTrack(Camera())
        else:
            self.pc.addTransceiver("video", "recvonly")
        self._tasks: list[asyncio.Task[None]] = []
        self.pc.on("track", lambda track: self._tasks.append(asyncio.ensure_future(self._drain(track))))

    async def _drain(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            self.frames[track.kind].append(frame)

    async def offer(self) -> str:
        for transceiver in self.pc.getTransceivers():
            offer_loopback(transceiver.receiver.transport)
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self.pc.localDescription.sdp

    async def accept(self, answer_sdp: str) -> None:
        await self.pc.setRemoteDescription(RTCSessionDescription(answer_sdp, "answer"))

    async def close(self) -> None:
        await self.pc.close()
        for task in self._tasks:
            task.cancel()


async def until(condition: Callable[[], object], timeout_s: float = 15.0) -> None:
    """Wait for a condition of a live call, on the event loop. Fails when it never comes."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - what is waited for is in another process, or in aiortc
            await asyncio.sleep(0.02)
