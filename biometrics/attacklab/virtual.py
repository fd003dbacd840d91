"""Virtual cameras: media that were made before, played at a constant rate where a camera should be."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.channel import Channel, decoded, encode
from biometrics.attacklab.clip import Frames, Samples
from biometrics.attacklab.optics import Floats
from biometrics.attacklab.species import Rendered


def ticks(duration_s: float, fps: float) -> Floats:
    """(n,) s at exactly equal distances, from 0."""
    return np.arange(max(2, round(duration_s * fps))) / fps


def latest(t: Floats, at: Floats) -> NDArray[np.int64]:
    """Which of the frames that came at ``t`` is the newest at each of the times ``at``."""
    return np.asarray(np.maximum(np.searchsorted(t, at + 1e-9, side="right") - 1, 0), dtype=np.int64)


def played(
    frames: Frames, t: Floats, fps: float, audio: Samples | None, sample_rate: int, truth: dict[str, Any]
) -> Rendered:
    """Frames that were made at ``t``, delivered at every tick of a virtual camera: now and then one twice, or none.

    It ticks half an interval after the source, so that only what the source drops or delays shows.
    """
    at = ticks(float(t[-1]) + 1 / fps, fps)
    shown = frames[latest(t, at + 0.5 / fps)]
    return Rendered(shown, at, audio, sample_rate, {"virtual_fps": round(fps, 3), **truth})


def h264(frames: Frames, fps: float, crf: int, gop: int) -> Frames:
    """Frames as a screen recorder or an editor stores them and a player shows them again: x264 at a constant quality."""
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.height, encoder.width = frames.shape[1:3]
    encoder.pix_fmt, encoder.thread_count = "yuv420p", 1
    encoder.framerate = Fraction(fps).limit_denominator(1000)
    encoder.time_base = 1 / encoder.framerate
    encoder.options = {
        "preset": "superfast",
        "crf": str(crf),
        "g": str(gop),
        "x264-params": "threads=1:bframes=2",
    }
    decoder: Any = av.CodecContext.create("h264", "r")
    decoder.thread_count, decoder.thread_type = 1, "NONE"
    shown: list[Any] = []
    for packet in _packets(encoder, frames):
        again: Any = av.Packet(len(bytes(packet)))
        again.update(bytes(packet))
        again.pts, again.dts, again.time_base = packet.pts, packet.dts, packet.time_base
        shown += decoder.decode(again)
    shown += decoder.decode(None)
    return np.stack([frame.to_ndarray(format="bgr24") for frame in shown]).astype(np.uint8)


def _packets(encoder: Any, frames: Frames) -> Iterator[Any]:  # noqa: ANN401 - PyAV's contexts have no full types
    for index, image in enumerate(frames):
        planes = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), dtype=np.uint8)
        frame: Any = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts = index
        yield from encoder.encode(frame)
    yield from encoder.encode(None)


def vp8(frames: Frames, t: Floats, kbps: int) -> tuple[Frames, Floats]:
    """Frames as an earlier call's receiver saw and recorded them, at their first size, and when."""
    seen = list(decoded(encode(frames, t, Channel(kbps))))
    size = (frames.shape[2], frames.shape[1])
    pictures = [
        each.image
        if each.image.shape[1::-1] == size
        else cv2.resize(each.image, size, interpolation=cv2.INTER_CUBIC)
        for each in seen
    ]
    return np.stack(pictures).astype(np.uint8), np.array([each.t for each in seen])


def off_grid(frames: Frames, scale: float, shift: tuple[float, float], smooth: bool) -> Frames:
    """Frames resampled to ``scale`` of their size, then back, px of the copy not on those of the original."""
    height, width = frames.shape[1:3]
    there = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    size = (round(width * scale), round(height * scale))
    way = cv2.INTER_CUBIC if smooth else cv2.INTER_LINEAR
    found = np.empty_like(frames)
    for k, image in enumerate(frames):
        copy = cv2.warpAffine(image, there, size, flags=way, borderMode=cv2.BORDER_REPLICATE)
        cv2.warpAffine(
            copy, there, (width, height), found[k], way | cv2.WARP_INVERSE_MAP, cv2.BORDER_REPLICATE
        )
    return found
