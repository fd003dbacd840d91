"""A headless Chromium page that calls a gateway, its signalling done in this process: no web server."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, async_playwright

from tests.chromium import FLAGS

_PAGE = """<!doctype html><video id=remote autoplay muted playsinline></video><script>
let local;
async function call(camera) {
  local ??= await navigator.mediaDevices.getUserMedia({audio: true,
    video: camera && {width: {exact: 640}, height: {exact: 480}, frameRate: 30}});
  window.pc = new RTCPeerConnection();
  const stream = new MediaStream(); remote.srcObject = stream;
  pc.ontrack = event => stream.addTrack(event.track);
  pc.addTransceiver(local.getAudioTracks()[0], {streams: [local]});
  if (camera) {
    const {sender} = pc.addTransceiver(local.getVideoTracks()[0],
      {streams: [local], sendEncodings: [{maxBitrate: 1500000}]});
    await sender.setParameters({...sender.getParameters(), degradationPreference: 'maintain-resolution'});
  }
  else pc.addTransceiver('video', {direction: 'recvonly'});
  await pc.setLocalDescription(await pc.createOffer());
  await new Promise(done => {
    if (pc.iceGatheringState == 'complete') done();
    pc.onicegatheringstatechange = () => pc.iceGatheringState == 'complete' && done();
  });
  await pc.setRemoteDescription({type: 'answer', sdp: await signal(pc.localDescription.sdp)});
}
async function inbound(kind) {
  for (const s of (await pc.getStats()).values()) if (s.type == 'inbound-rtp' && s.kind == kind) return {...s};
  return null;
}
async function outbound(kind) {
  for (const s of (await pc.getStats()).values()) if (s.type == 'outbound-rtp' && s.kind == kind) return {...s};
  return null;
}
</script>"""


@dataclass(frozen=True)
class Tab:
    """A page with one call."""

    page: Page

    async def call(self, camera: bool = True) -> None:
        """Call, for the first time or again."""
        await self.page.evaluate("camera => call(camera)", camera)

    async def inbound(self, kind: str) -> dict[str, Any]:
        """The page's own statistics of what it receives."""
        return await self.page.evaluate("kind => inbound(kind)", kind) or {}

    async def outbound(self, kind: str) -> dict[str, Any]:
        """The page's own statistics of what it sends."""
        return await self.page.evaluate("kind => outbound(kind)", kind) or {}


async def open_tab(browser: Browser, signal: Callable[[str], Awaitable[str]]) -> Tab:
    """A tab whose calls are answered by ``signal``."""
    page = await browser.new_page()

    async def serve(route: Route) -> None:
        await route.fulfill(content_type="text/html", body=_PAGE)

    await page.route("https://call.test/**", serve)
    await page.expose_function("signal", signal)
    await page.goto("https://call.test/")
    return Tab(page)


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """A browser with a fake camera and microphone. Skips where there is none."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("needs Chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            await browser.close()
