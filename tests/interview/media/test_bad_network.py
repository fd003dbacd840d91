"""Calls from real Chromium through a bad network, beside which aiortc's own figures were measured (docs of the media edge)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from interview.media.packets import Packet
from tests.interview.media.browser import chromium, open_tab
from tests.interview.media.clients import until
from tests.interview.media.test_gateway import session
from tests.interview.media.udp_proxy import Impairment, Proxy

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SECONDS = 20.0


@dataclass(frozen=True)
class Outcome:
    fps: float
    kbps: float
    audio_delivered: float
    """Share of the call's time that has sound."""
    worst_gap_ms: int
    """Longest time without a frame."""


def outcome(packets: list[Packet], from_ms: int) -> Outcome:
    later = [p for p in packets if p.pts_ms >= from_ms]
    video = [p.pts_ms for p in later if p.kind == "video"]
    audio = [p.pts_ms for p in later if p.kind == "audio"]
    span_s = (max(p.pts_ms for p in later) - from_ms) / 1000
    return Outcome(
        fps=len(video) / span_s,
        kbps=sum(len(p.data) for p in later) * 8 / span_s / 1000,
        audio_delivered=len(audio) * 20 / (audio[-1] - audio[0] + 20),
        worst_gap_ms=max(b - a for a, b in pairwise(video)),
    )


def call_through(folder: Path, up: Impairment, down: Impairment, settle_s: float = 6.0) -> Outcome:
    async def run() -> Outcome:
        proxy = Proxy(up, down)
        async with chromium() as browser, session(folder) as (call, log):

            async def signal(offer: str) -> str:
                without = [line for line in offer.split("\r\n") if not line.startswith("a=candidate")]
                return await proxy.front(await call.connect_applicant("\r\n".join(without)))

            applicant = await open_tab(browser, signal)
            await applicant.call()
            await until(lambda: log.video("applicant"), 20)
            await asyncio.sleep(settle_s + SECONDS)
            proxy.close()
            return outcome(log.packets["applicant"], int(settle_s * 1000))

    return asyncio.run(run())


@pytest.mark.parametrize(("loss", "rtt_ms"), [(0.02, 40), (0.05, 100), (0.10, 100)])
def test_loss(tmp_path: Path, loss: float, rtt_ms: float) -> None:
    way = Impairment(loss=loss, delay_ms=rtt_ms / 2)
    got = call_through(tmp_path, way, way)
    assert got.audio_delivered > (1 - loss) - 0.03, got
    assert got.fps > 10, got
    assert got.worst_gap_ms < 2500, got


def test_jitter(tmp_path: Path) -> None:
    way = Impairment(delay_ms=100, jitter_ms=25)
    got = call_through(tmp_path, way, way)
    assert got.audio_delivered > 0.99, got
    assert got.kbps > 300, got


def test_a_narrow_uplink(tmp_path: Path) -> None:
    got = call_through(tmp_path, Impairment(delay_ms=20, rate_kbps=300), Impairment(delay_ms=20), settle_s=10)
    assert got.audio_delivered > 0.95, got
    assert got.fps > 8, got
    assert got.worst_gap_ms < 2500, got


def test_a_narrow_downlink_is_told_to_the_other_sides_camera(tmp_path: Path) -> None:
    """Without a ceiling an applicant at 300 kbit/s hears half of what is said and sees nothing."""

    async def run() -> tuple[float, float]:
        proxy = Proxy(Impairment(delay_ms=20), Impairment(delay_ms=20, rate_kbps=300))
        async with chromium() as browser, session(tmp_path) as (call, _):

            async def signal(offer: str) -> str:
                without = [line for line in offer.split("\r\n") if not line.startswith("a=candidate")]
                return await proxy.front(await call.connect_applicant("\r\n".join(without)))

            applicant = await open_tab(browser, signal)
            officer = await open_tab(browser, call.connect_officer)
            await applicant.call()
            await officer.call()
            await asyncio.sleep(15)
            video, audio = await applicant.inbound("video"), await applicant.inbound("audio")
            await asyncio.sleep(SECONDS)
            later, sound = await applicant.inbound("video"), await applicant.inbound("audio")
            proxy.close()
            concealed = sound["concealedSamples"] - audio["concealedSamples"]
            played = sound["totalSamplesReceived"] - audio["totalSamplesReceived"]
            return (later["framesDecoded"] - video["framesDecoded"]) / SECONDS, concealed / played

    fps, concealed = asyncio.run(run())
    assert fps > 8
    assert concealed < 0.15
