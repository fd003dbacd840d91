"""A service, the demo's clip as camera and microphone, and real headless Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from interview.demo.clip import DemoMedia
from interview.demo.prepare import prepare
from interview.settings import Settings
from tests.e2e.service import Service

_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --use-fake-device-for-media-stream --use-fake-ui-for-media-stream "
    "--autoplay-policy=no-user-gesture-required --disable-features=WebRtcHideLocalIpsWithMdns "
    "--allow-loopback-in-peer-connection"
).split()


@dataclass(frozen=True, slots=True)
class Camera:
    """Files that Chromium plays as camera and microphone."""

    video: Path
    audio: Path


@pytest.fixture(scope="session")
def demo_media() -> DemoMedia:
    """The demo applicant, rendered once for each machine."""
    return prepare(Settings())


@pytest.fixture(scope="session")
def camera(demo_media: DemoMedia, tmp_path_factory: pytest.TempPathFactory) -> Camera:
    """The demo's clip as Motion JPEG and WAV."""
    folder = tmp_path_factory.mktemp("camera")
    made = Camera(folder / "camera.mjpeg", folder / "microphone.wav")
    with (
        av.open(str(demo_media.clip)) as clip,
        av.open(str(made.video), "w", format="mjpeg") as pictures,
        av.open(str(made.audio), "w", format="wav") as sound,
    ):
        video = pictures.add_stream("mjpeg", rate=25)
        video.width, video.height, video.pix_fmt = 640, 480, "yuvj420p"
        video.options = {"q:v": "3"}
        audio = sound.add_stream("pcm_s16le", rate=48000, layout="mono")
        for frame in clip.decode():
            if isinstance(frame, av.VideoFrame):
                pictures.mux(video.encode(frame.reformat(format="yuvj420p")))
            else:
                sound.mux(audio.encode(frame))
        pictures.mux(video.encode(None))
        sound.mux(audio.encode(None))
    return made


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service with one officer and one reviewer."""
    running = Service(tmp_path)
    running.add_user("li", "officer")
    running.add_user("zhao", "compliance")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """The installed Chromium. Skips where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("needs Chromium: install it, on Debian with apt-get install chromium")
    return found


@pytest.fixture
def applicant_browser(playwright: Playwright, chromium: str, camera: Camera) -> Iterator[Browser]:
    """A browser whose camera plays the demo's clip."""
    flags = [
        *_FLAGS,
        f"--use-file-for-fake-video-capture={camera.video}",
        f"--use-file-for-fake-audio-capture={camera.audio}",
    ]
    browser = playwright.chromium.launch(executable_path=chromium, args=flags)
    yield browser
    browser.close()


@pytest.fixture
def officer_browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """A browser with Chromium's own test picture as camera."""
    browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
    yield browser
    browser.close()
