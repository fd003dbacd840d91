"""A service, the demo's clip as camera and microphone, and real headless Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from interview.demo.clip import DemoMedia
from interview.demo.prepare import prepare
from interview.settings import Settings
from tests.chromium import FLAGS
from tests.e2e.camera import Camera, fake_devices, film
from tests.e2e.service import Service


@pytest.fixture(scope="session")
def demo_media() -> DemoMedia:
    """The demo applicant, rendered once for each machine."""
    return prepare(Settings())


@pytest.fixture(scope="session")
def camera(demo_media: DemoMedia, tmp_path_factory: pytest.TempPathFactory) -> Camera:
    """The demo's clip as Motion JPEG and WAV."""
    return film(demo_media.clip, tmp_path_factory.mktemp("camera"))


@pytest.fixture
def service(tmp_path: Path, chromium: str) -> Iterator[Service]:
    """A service with one officer and one reviewer. Without a browser there is nobody to use it."""
    running = Service(tmp_path)
    running.add_user("li", "officer")
    running.add_user("zhao", "compliance")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    """Playwright's driver. For one test: while it is open no other test could run an event loop."""
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
    browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *fake_devices(camera)])
    yield browser
    browser.close()


@pytest.fixture
def officer_browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """A browser with Chromium's own test picture as camera."""
    browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
    yield browser
    browser.close()
