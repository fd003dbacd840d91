"""A file played as a camera and a microphone, in real time, for a simulated applicant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from interview.errors import MediaError
from interview.media.recording import MediaInfo, probe

WIDTH_PX: Final = 640
HEIGHT_PX: Final = 480
_MAX_FPS: Final = 30.0
_VIDEO_TICK: Final = Fraction(1, 90_000)
_AUDIO_HZ: Final = 48_000


class Playback:
    """The clock that both tracks of a clip follow: it starts with the first frame that is asked for."""

    def __init__(self) -> None:
        self._start_s: float | None = None

    async def wait_until(self, t: float) -> None:
        """Until ``t`` seconds of the clip have passed."""
        loop = asyncio.get_running_loop()
        if self._start_s is None:
            self._start_s = loop.time()
        await asyncio.sleep(max(0.0, self._start_s + t - loop.time()))


class ClipTrack(MediaStreamTrack):
    """Frames of one kind, decoded off the event loop and given when they are due."""

    def __init__(self, frames: Iterator[tuple[float, Any]], playback: Playback) -> None:
        super().__init__()
        self._frames = frames
        self._playback = playback
        self.finished = False
        """Whether it was played to its end, rather than stopped."""
        self.failure: Exception | None = None
        """What broke it: whoever sends it would only stop."""

    async def recv(self) -> Any:  # noqa: ANN401 - a video or an audio frame
        """The next frame, when it is due. Raises MediaStreamError after the last."""
        if self.readyState != "live":
            raise MediaStreamError
        try:
            item = await asyncio.to_thread(next, self._frames, None)
            if item is not None:
                t, frame = item
                await self._playback.wait_until(t)
                return await self._taken(frame)
        except Exception as error:
            self.failure = error
            self.stop()
            raise
        self.finished = True
        self.stop()
        raise MediaStreamError

    async def _taken(self, frame: Any) -> Any:  # noqa: ANN401 - a video or an audio frame
        """The frame as the device gives it."""
        return frame


class ClipCamera(ClipTrack):
    """The clip's video within 640x480 at up to 30 frames a second; each frame as ``lit`` makes it when it is due."""

    kind = "video"

    def __init__(
        self,
        frames: Iterator[tuple[float, av.VideoFrame]],
        playback: Playback,
        lit: Callable[[av.VideoFrame], av.VideoFrame] | None = None,
    ) -> None:
        super().__init__(frames, playback)
        self._lit = lit

    async def _taken(self, frame: av.VideoFrame) -> av.VideoFrame:
        return frame if self._lit is None else await asyncio.to_thread(self._lit, frame)


class ClipMicrophone(ClipTrack):
    """The clip's sound at 48 kHz."""

    kind = "audio"


class Clip:
    """A file to play. Raises MediaError for one that holds nothing to play.

    ``loop`` plays it again and again, both tracks from the start at the same moment; ``lit`` changes each frame when it is due.
    """

    def __init__(
        self,
        path: Path,
        loop: bool = False,
        lit: Callable[[av.VideoFrame], av.VideoFrame] | None = None,
    ) -> None:
        self.info: MediaInfo = probe(path)
        self._path = path
        self._loop = loop
        self._lit = lit
        self._playback = Playback()
        if loop and self.info.duration_s is None:
            raise MediaError(f"{path.name} does not say how long it is, so it cannot be looped.")

    def camera(self) -> ClipCamera | None:
        """The video track, or None where the clip has none."""
        return ClipCamera(self._video(), self._playback, self._lit) if self.info.video else None

    def microphone(self) -> ClipMicrophone | None:
        """The audio track, or None where the clip has none."""
        return ClipMicrophone(self._audio(), self._playback) if self.info.audio else None

    def _rounds(self) -> Iterator[float]:
        start_s = 0.0
        yield start_s
        while self._loop:
            start_s += self.info.duration_s or 0.0
            yield start_s

    def _video(self) -> Iterator[tuple[float, av.VideoFrame]]:
        for start_s in self._rounds():
            due_s = 0.0
            with av.open(str(self._path)) as container:
                stream = container.streams.best("video")
                for frame in container.decode(stream):
                    assert isinstance(frame, av.VideoFrame)  # noqa: S101 - a video stream has no other frames
                    t = float(frame.time or 0.0)
                    if t < due_s - 1e-3:
                        continue
                    due_s = t + 1 / (_MAX_FPS + 0.5)
                    yield start_s + t, _picture(frame, start_s + t)

    def _audio(self) -> Iterator[tuple[float, av.AudioFrame]]:
        sent = 0
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=_AUDIO_HZ, frame_size=960)
        for start_s in self._rounds():
            sent = max(sent, round(start_s * _AUDIO_HZ))
            with av.open(str(self._path)) as container:
                for frame in container.decode(container.streams.best("audio")):
                    frame.pts = None
                    for piece in resampler.resample(frame):  # type: ignore[arg-type]
                        piece.pts, piece.time_base = sent, Fraction(1, _AUDIO_HZ)
                        yield sent / _AUDIO_HZ, piece
                        sent += piece.samples


def _picture(frame: av.VideoFrame, t: float) -> av.VideoFrame:
    """Turned upright, and as large as fits, in even numbers."""
    turns = round(frame.rotation / 90) % 4
    width, height = (frame.height, frame.width) if turns % 2 else (frame.width, frame.height)
    scale = min(WIDTH_PX / width, HEIGHT_PX / height, 1.0)
    fit = max(2, round(frame.width * scale) // 2 * 2), max(2, round(frame.height * scale) // 2 * 2)
    small = frame.reformat(*fit, format="bgr24" if turns else "yuv420p")
    if turns:
        image = np.ascontiguousarray(np.rot90(small.to_ndarray(), turns), dtype=np.uint8)
        small = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format="yuv420p")
    small.pts, small.time_base = round(t / _VIDEO_TICK), _VIDEO_TICK
    return small
