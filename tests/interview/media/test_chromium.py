"""The media edge with real Chromium on both sides, and the recording played back by it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from interview.media.packets import Packet
from interview.media.recorder import finalise
from interview.media.recording import probe, read_packets
from tests.interview.media.browser import Tab, chromium, open_tab
from tests.interview.media.clients import until
from tests.interview.media.material import sorted_packets
from tests.interview.media.test_gateway import Log, session

pytestmark = pytest.mark.e2e


async def received(tab: Tab, frames: int) -> dict[str, Any]:
    """The page's statistics once it has decoded that many frames."""
    async with asyncio.timeout(20):
        while (stats := await tab.inbound("video")).get("framesDecoded", 0) < frames:  # noqa: ASYNC110 - polls a page
            await asyncio.sleep(0.05)
    return stats


def test_a_call_between_two_browsers_with_a_reconnect_and_its_recording(tmp_path: Path) -> None:
    async def test() -> None:
        async with chromium() as browser, session(tmp_path) as (call, log):
            applicant = await open_tab(browser, call.connect_applicant)
            officer = await open_tab(browser, call.connect_officer)
            await applicant.call()
            await until(lambda: len(log.video("applicant")) >= 20)
            await officer.call()
            seen = await received(officer, 60)
            assert (seen["frameWidth"], seen["frameHeight"]) == (640, 480)
            assert seen["packetsLost"] == 0
            assert (await received(applicant, 40))["packetsLost"] == 0
            assert (await officer.inbound("audio"))["packetsLost"] == 0
            sent = await applicant.outbound("video")
            assert sent["pliCount"] >= 1
            assert call.stats()["applicant"].loss == 0.0

            before = (await officer.inbound("video"))["framesDecoded"]
            await applicant.call()
            await received(officer, before + 30)
            await officer.page.close()
            await until(lambda: log.states[-1] in {("officer", "closed"), ("officer", "lost")})
            await call.close()
            await check_recording(browser, call.segments("applicant"), log, tmp_path)

    asyncio.run(test())


async def check_recording(browser: Browser, segments: list[Path], log: Log, folder: Path) -> None:
    assert len(segments) == 2
    recording = finalise(segments, folder / "recording.webm")
    assert recording is not None
    passed = [replace(packet, lost_ms=0) for packet in log.packets["applicant"]]
    assert sorted_packets(list(read_packets(recording))) == sorted_packets(passed)
    for kind in ("video", "audio"):
        times = [packet.pts_ms for packet in passed if packet.kind == kind]
        assert all(a < b for a, b in pairwise(times))
    assert av_end_difference_ms(passed) < 200
    played = await play(browser, recording)
    assert played["error"] is None
    assert played["duration"] == pytest.approx(probe(recording).duration_s, abs=0.05)
    assert played["at"] == pytest.approx(played["duration"] / 2, abs=0.5)
    assert (played["width"], played["height"]) == (640, 480)
    assert played["sound"] > 0


def av_end_difference_ms(packets: list[Packet]) -> int:
    ends = {packet.kind: packet.pts_ms for packet in packets}
    return abs(ends["video"] - ends["audio"])


async def play(browser: Browser, recording: Path) -> dict[str, Any]:
    """Open the file in a page, seek to its middle and play on for a moment."""
    page = await browser.new_page()
    await page.route(
        "https://play.test/", lambda route: route.fulfill(content_type="text/html", body="<video muted>")
    )
    await page.route("https://play.test/a.webm", lambda route: route.fulfill(path=recording))
    await page.goto("https://play.test/")
    played: dict[str, Any] = await page.evaluate("""async () => {
      const video = document.querySelector('video');
      video.src = URL.createObjectURL(await (await fetch('/a.webm')).blob());
      const event = name => new Promise((done, fail) => {
        video.addEventListener(name, done, {once: true}); video.addEventListener('error', fail, {once: true}); });
      await event('loadedmetadata');
      const seeked = event('seeked');
      video.currentTime = video.duration / 2;
      await seeked;
      const at = video.currentTime;
      await video.play();
      await new Promise(done => setTimeout(done, 400));
      return {error: video.error, duration: video.duration, at, width: video.videoWidth, height: video.videoHeight,
        sound: video.webkitAudioDecodedByteCount};
    }""")
    return played
