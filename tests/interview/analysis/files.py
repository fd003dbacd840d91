"""Small recordings on disk, good and bad, made here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.interview.analysis.media import picture, tone


def recording(
    path: Path, seconds: float = 2.0, fps: int = 25, size: tuple[int, int] = (64, 48), *, sound: bool = True, video: bool = True
) -> Path:  # fmt: skip
    """An MPEG-4 and AAC file, or one of the two, in the container that the name says."""
    with av.open(str(path), "w") as container:
        packets: list[Any] = []
        tracks = [
            *([_video(container, fps, size)] if video else []),
            *([_sound(container)] if sound else []),
        ]
        for track in tracks:
            packets += track(seconds)
        for packet in sorted(packets, key=lambda each: each.dts * each.time_base):
            container.mux(packet)
    return path


Track = Callable[[float], Iterator[Any]]


def _video(container: Any, fps: int, size: tuple[int, int]) -> Track:  # noqa: ANN401 - PyAV has no types
    stream = container.add_stream("mpeg4", rate=fps)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"

    def encoded(seconds: float) -> Iterator[Any]:
        for index in range(round(seconds * fps)):
            small = picture(index)
            tall, wide = -(-size[1] // small.shape[0]), -(-size[0] // small.shape[1])
            image = np.tile(small, (tall, wide, 1))[: size[1], : size[0]]
            frame: Any = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            yield from stream.encode(frame)
        yield from stream.encode(None)

    return encoded


def _sound(container: Any) -> Track:  # noqa: ANN401
    stream = container.add_stream("aac", rate=48_000, layout="mono")

    def encoded(seconds: float) -> Iterator[Any]:
        samples = tone(seconds)
        for start in range(0, len(samples), 1024):
            frame: Any = av.AudioFrame.from_ndarray(
                samples[None, start : start + 1024], format="fltp", layout="mono"
            )
            frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
            yield from stream.encode(frame)
        yield from stream.encode(None)

    return encoded
