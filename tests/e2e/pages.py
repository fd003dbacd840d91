"""What people do on Candor's pages, in English."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from interview.demo.clip import DemoMedia
from tests.e2e.service import PASSWORD, Service

LONG_MS = 30_000


@dataclass
class Window:
    """One page of one person, and whatever its console said that was wrong."""

    page: Page
    context: BrowserContext
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, browser: Browser, url: str, size: tuple[int, int] = (1280, 720)) -> Window:
        context = browser.new_context(
            locale="en-US",
            permissions=["camera", "microphone"],
            viewport={"width": size[0], "height": size[1]},
        )
        context.set_default_timeout(LONG_MS)
        page = context.new_page()
        window = cls(page, context)
        page.on("console", window._said)
        page.on("pageerror", lambda error: window.wrong.append(str(error)))
        page.goto(url)
        return window

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"{message.text} ({message.location})")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)


def sign_in(window: Window, username: str) -> None:
    window.page.get_by_label("User name").fill(username)
    window.page.get_by_label("Password").fill(PASSWORD)
    window.button("Sign in").click()


def create_interview(window: Window, name: str, media: DemoMedia) -> str:
    """Fill in the form; gives the applicant's link."""
    window.page.get_by_text("New interview", exact=True).first.click()
    window.page.get_by_label("Applicant's name").fill(name)
    files = window.page.locator("input[type=file]")
    files.nth(0).set_input_files(media.id_photo)
    files.nth(1).set_input_files(media.voice_reference)
    window.button("Create and get the link").click()
    link = window.page.get_by_label("Link for the applicant")
    expect(link).to_be_visible(timeout=LONG_MS)
    return str(link.input_value())


def join_as_applicant(window: Window) -> None:
    """Three taps: consent, camera, enter."""
    window.button("Agree to all and continue").click()
    window.button("Turn on camera and microphone").click()
    window.button("Enter the interview").click()


def plays(window: Window, label: str) -> None:
    """A video of that label has a picture that moves."""
    video = window.page.get_by_label(label, exact=True)
    expect(video).to_be_visible()
    window.page.wait_for_function(
        "v => v.videoWidth > 0 && v.currentTime > 0.5 && !v.paused",
        arg=video.element_handle(),
        timeout=LONG_MS,
    )
    before = video.evaluate("v => v.getVideoPlaybackQuality().totalVideoFrames")
    window.page.wait_for_function(
        "([v, n]) => v.getVideoPlaybackQuality().totalVideoFrames > n + 10",
        arg=[video.element_handle(), before],
        timeout=LONG_MS,
    )


def session_id(window: Window) -> str:
    """The interview that the page shows."""
    return window.page.url.rstrip("/").rsplit("/", 1)[-1]


def api(window: Window, service: Service, path: str) -> Any:  # noqa: ANN401 - JSON
    """What the service says to this person."""
    response = window.context.request.get(service.url + path)
    assert response.ok, (response.status, response.text())
    return response.json()
