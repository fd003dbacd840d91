"""Files that Chromium plays as camera and microphone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av


@dataclass(frozen=True, slots=True)
class Camera:
    """Files that Chromium plays as camera and microphone."""

    video: Path
    audio: Path


def fake_devices(camera: Camera) -> list[str]:
    """The flags that make Chromium play the files."""
    return [
        f"--use-file-for-fake-video-capture={camera.video}",
        f"--use-file-for-fake-audio-capture={camera.audio}",
    ]


def film(clip: Path, folder: Path) -> Camera:
    """A clip as Motion JPEG and WAV in ``folder``."""
    made = Camera(folder / "camera.mjpeg", folder / "microphone.wav")
    with (
        av.open(str(clip), mode="r") as source,
        av.open(str(made.video), "w", format="mjpeg") as pictures,
        av.open(str(made.audio), "w", format="wav") as sound,
    ):
        video = pictures.add_stream("mjpeg", rate=25)
        video.width, video.height, video.pix_fmt = 640, 480, "yuvj420p"
        video.options = {"q:v": "3"}
        audio = sound.add_stream("pcm_s16le", rate=48000, layout="mono")
        for picture in source.decode(video=0):
            pictures.mux(video.encode(picture.reformat(format="yuvj420p")))
        source.seek(0)
        for heard in source.decode(audio=0):
            sound.mux(audio.encode(heard))
        pictures.mux(video.encode(None))
        sound.mux(audio.encode(None))
    return made
