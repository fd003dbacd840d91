"""Small encoded material: VP8 and Opus packets as a call would give them, and files of other kinds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np

from interview.media.packets import Packet
from interview.media.webm import OPUS_HEAD


def vp8(seconds: float, width: int = 160, height: int = 120, start_ms: int = 0) -> list[Packet]:
    """A small thing that moves at 25 frames a second, a keyframe a second or oftener."""
    return [replace(p, pts_ms=start_ms + p.pts_ms) for p in _vp8(round(seconds * 25), width, height)]


@cache
def _vp8(frames: int, width: int, height: int) -> tuple[Packet, ...]:
    fps = 25
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.gop_size, encoder.bit_rate = Fraction(1, fps), fps, 400_000
    encoder.options = {
        "deadline": "good",
        "lag-in-frames": "0",
        "cpu-used": "5",
    }  # not realtime, which depends on the machine
    out: list[Packet] = []
    for n in range(frames):
        image = np.zeros((height, width, 3), np.uint8)
        image[20:28, n * 2 % (width - 8) :][:, :8] = 60
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts, frame.time_base = n, Fraction(1, fps)
        for packet in encoder.encode(frame):
            at_ms = (packet.pts or 0) * 1000 // fps
            out.append(Packet("video", "vp8", at_ms, packet.is_keyframe, bytes(packet)))
    return tuple(out)


def opus(seconds: float, start_ms: int = 0) -> list[Packet]:
    """A tone in 20 ms packets."""
    return [replace(p, pts_ms=start_ms + p.pts_ms) for p in _opus(round(seconds * 50))]


@cache
def _opus(packets: int) -> tuple[Packet, ...]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "s16"
    out: list[Packet] = []
    for n in range(packets):
        phase = (np.arange(960) + n * 960) * 2 * np.pi * 440 / 48_000
        frame = av.AudioFrame.from_ndarray(
            (np.sin(phase) * 8000).astype(np.int16)[None, :], format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = 48_000, n * 960, Fraction(1, 48_000)
        for data in encoder.encode(frame):
            out.append(
                Packet(
                    "audio",
                    "opus",
                    20 * len(out),
                    keyframe=True,
                    data=bytes(data),
                    extradata=OPUS_HEAD,
                )
            )
    return tuple(out)


def call(seconds: float, start_ms: int = 0) -> list[Packet]:
    """Both, interleaved as they would arrive."""
    both = vp8(seconds, start_ms=start_ms) + opus(seconds, start_ms)
    return sorted(both, key=lambda packet: packet.pts_ms)


def movie(path: Path, seconds: float = 1.0, sound: bool = True) -> Path:
    """A file of some other container, as its extension says: MPEG-4 video, and AAC sound."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=25)
        picture.width, picture.height, picture.pix_fmt = 160, 120, "yuv420p"
        voice = container.add_stream("aac", rate=48_000, layout="mono") if sound else None
        for n in range(round(seconds * 25)):
            frame = av.VideoFrame.from_ndarray(np.full((120, 160, 3), n * 5 % 250, np.uint8), format="bgr24")
            frame.pts, frame.time_base = n, Fraction(1, 25)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        if voice is not None:
            for n in range(round(seconds * 48)):
                tone = av.AudioFrame.from_ndarray(
                    np.zeros((1, 1000), np.float32), format="fltp", layout="mono"
                )
                tone.sample_rate, tone.pts, tone.time_base = 48_000, n * 1000, Fraction(1, 48_000)
                container.mux(voice.encode(tone))
            container.mux(voice.encode(None))
    return path


def sorted_packets(packets: list[Packet]) -> list[Packet]:
    return sorted(packets, key=lambda packet: (packet.kind, packet.pts_ms))
