"""Render the demo applicant: a clip with sound, an ID photo and a voice reference, from one portrait and one reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from interview.demo.portrait import Image, Landmarks, TalkingPortrait, loudness, talking_frames
from interview.errors import MediaError

FPS = 25
_SIZE = (640, 480)
_HEAD = (slice(0, 192), slice(98, 354))
"""Head and shoulders of the 512 px portrait, 4:3."""
_REFERENCE_S = 14.0
_CLIP_S = 20.0


@dataclass(frozen=True, slots=True)
class DemoMedia:
    """Files of the demo applicant. The voice reference is the start of the reading, the clip what follows."""

    clip: Path
    id_photo: Path
    voice_reference: Path

    @property
    def complete(self) -> bool:
        """Whether all of it is there; the clip is written last."""
        return self.clip.is_file()


def demo_media(folder: Path) -> DemoMedia:
    """Where the demo's media lie in ``folder``, made or not."""
    return DemoMedia(folder / "applicant.webm", folder / "id-photo.jpg", folder / "voice-reference.wav")


def render(
    portrait: Path,
    speech: Path,
    media: DemoMedia,
    locate: Callable[[Image], Landmarks],
    progress: Callable[[int, int], None],
) -> DemoMedia:
    """Write the demo media.

    ``locate`` gives the (478, 3) px landmarks of an image; ``progress`` is told (done, total) frames.
    Raises MediaError where a source file cannot be read.
    """
    media.clip.parent.mkdir(parents=True, exist_ok=True)
    image = _portrait(portrait)
    samples, rate = _speech(speech)
    if not cv2.imwrite(str(media.id_photo), image, [cv2.IMWRITE_JPEG_QUALITY, 92]):
        raise MediaError(f"{media.id_photo}: the demo's ID photo cannot be written")
    split = int(_REFERENCE_S * rate)
    _write_wav(media.voice_reference, samples[:split], rate)
    spoken = samples[split : split + int(_CLIP_S * rate)]
    frames = talking_frames(TalkingPortrait(image, locate(image)), jaw := loudness(spoken, rate, FPS), FPS)
    partial = media.clip.with_suffix(".part.webm")
    _write_clip(partial, _counted(frames, len(jaw), progress), spoken, rate)
    partial.replace(media.clip)
    return media


def _counted(frames: Iterator[Image], total: int, progress: Callable[[int, int], None]) -> Iterator[Image]:
    for done, frame in enumerate(frames, start=1):
        yield frame
        progress(done, total)


def _portrait(path: Path) -> Image:
    image = cv2.imread(str(path))
    if image is None:
        raise MediaError(f"{path}: the demo's portrait cannot be read")
    return np.asarray(cv2.resize(image[_HEAD], _SIZE, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _speech(path: Path) -> tuple[NDArray[np.float32], int]:
    mono = av.AudioResampler(format="flt", layout="mono", rate=48000)
    try:
        with av.open(str(path), mode="r") as container:
            parts = [
                out.to_ndarray()[0] for frame in container.decode(audio=0) for out in mono.resample(frame)
            ]
    except (av.error.FFmpegError, IndexError) as error:
        raise MediaError(f"{path}: the demo's reading cannot be read") from error
    return np.concatenate(parts).astype(np.float32), 48000


def _write_wav(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    with av.open(str(path), "w", format="wav") as out:
        stream = out.add_stream("pcm_s16le", rate=rate, layout="mono")
        for packet in stream.encode(_audio_frame(samples, rate, 0)):
            out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)


def _audio_frame(samples: NDArray[np.float32], rate: int, pts: int) -> av.AudioFrame:
    pcm = (np.clip(samples, -1.0, 1.0) * 32767).astype(np.int16)[None, :]
    frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, pts, Fraction(1, rate)
    return frame


def _write_clip(path: Path, frames: Iterator[Image], samples: NDArray[np.float32], rate: int) -> None:
    hop = rate // FPS
    with av.open(str(path), "w", format="webm") as out:
        video = out.add_stream("libvpx", rate=FPS)
        video.width, video.height, video.pix_fmt = *_SIZE, "yuv420p"
        video.bit_rate = 2_000_000
        video.options = {"deadline": "realtime", "cpu-used": "4", "g": str(2 * FPS)}
        audio = out.add_stream("libopus", rate=rate, layout="mono")
        audio.bit_rate = 48_000
        for index, image in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            out.mux(video.encode(frame))
            sound = samples[index * hop : (index + 1) * hop]
            out.mux(audio.encode(_audio_frame(sound, rate, index * hop)))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
