"""Small encoded media, made here: moving pictures in VP8, H.264 or MPEG-4 (which reorders frames), tones in Opus."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np

from interview.media.packets import Kind, Packet

MS = Fraction(1, 1000)
WIDTH, HEIGHT = 64, 48

_DECODER = {"libvpx": "vp8", "libx264": "h264", "mpeg4": "mpeg4"}
_FAST = {
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libx264": {"preset": "veryfast"},
    "mpeg4": {"b_strategy": "0"},
}


def picture(index: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A grey frame whose brightness names its index, 0..255, with a texture that moves."""
    ramp = np.add.outer(np.arange(HEIGHT) // 4, np.arange(WIDTH) // 4 + index) % 8
    return np.repeat((40 + (index * 7) % 160 + ramp)[..., None].astype(np.uint8), 3, axis=2)


@cache
def video(
    frames: int, fps: int = 30, codec: str = "libvpx", keyframe_every: int = 30, start_ms: int = 0
) -> tuple[Packet, ...]:
    """Encoded frames in decoding order."""
    context: Any = av.CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.time_base, context.framerate = MS, Fraction(fps)
    context.gop_size = keyframe_every
    context.max_b_frames = 2 if codec == "mpeg4" else 0
    context.options = _FAST[codec]
    encoded = list(_encode(context, [_frame(i, fps, start_ms) for i in range(frames)]))
    return tuple(_packet("video", _DECODER[codec], each, context.extradata) for each in encoded)


def _frame(index: int, fps: int, start_ms: int) -> Any:  # noqa: ANN401 - PyAV has no types
    frame: Any = av.VideoFrame.from_ndarray(picture(index), format="bgr24")
    frame.pts, frame.time_base = start_ms + round(index * 1000 / fps), MS
    return frame


def tone(
    seconds: float, sample_rate: int = 48_000, hz: float = 440.0
) -> np.ndarray[Any, np.dtype[np.float32]]:
    t = np.arange(round(seconds * sample_rate)) / sample_rate
    return (0.5 * np.sin(2 * np.pi * hz * t)).astype(np.float32)


@cache
def audio(seconds: float, start_ms: int = 0) -> tuple[Packet, ...]:
    """Opus as a call sends it: 20 ms packets, no header."""
    context: Any = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format = 48_000, "mono", "flt"
    context.options = {"frame_duration": "20", "application": "voip"}
    samples = tone(seconds)
    frames = []
    for start in range(0, len(samples) - 959, 960):
        frame: Any = av.AudioFrame.from_ndarray(
            samples[None, start : start + 960], format="flt", layout="mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
        frames.append(frame)
    encoded = [bytes(each) for each in _encode(context, frames)]
    return tuple(Packet("audio", "opus", start_ms + 20 * i, True, data) for i, data in enumerate(encoded))


def call(seconds: float) -> tuple[Packet, ...]:
    """Both tracks of a call, interleaved by time."""
    both = [*video(round(seconds * 30)), *audio(seconds)]
    return tuple(sorted(both, key=lambda packet: (packet.pts_ms, packet.kind)))


def _encode(context: Any, frames: list[Any]) -> Iterator[Any]:  # noqa: ANN401 - PyAV has no types
    for frame in [*frames, None]:
        yield from context.encode(frame)


def _packet(kind: Kind, codec: str, encoded: Any, extradata: bytes | None) -> Packet:  # noqa: ANN401
    return Packet(
        kind,
        codec,
        int(encoded.pts * encoded.time_base * 1000),
        encoded.is_keyframe,
        bytes(encoded),
        extradata or b"",
    )
