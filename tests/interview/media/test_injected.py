"""Real injection: Chromium plays a file as its camera, over and over, into a call; what arrives is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from biometrics.detectors.injection_frames import InjectionFrames
from biometrics.detectors.injection_page import InjectionPage
from biometrics.injection.cadence import cadence
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Observation, Reading
from interview.analysis.decode import VideoDecoder
from interview.media.gateway import Gateway, GatewaySettings, TransportReport
from interview.media.packets import Packet
from tests.biometrics.face.fakes import a_face
from tests.interview.media.browser import chromium, open_tab
from tests.interview.media.clients import until

pytestmark = pytest.mark.e2e
ROUND_S, FPS = 5.0, 25


def film(path: Path) -> None:
    """Discs that wander over a wall for five seconds, as Motion JPEG: Chromium's own format for a camera."""
    rng, t = np.random.default_rng(1), np.arange(int(ROUND_S * FPS)) / FPS
    wall = cv2.GaussianBlur(rng.integers(60, 180, (480, 640, 3), np.uint8), (0, 0), 9.0)
    paths = [
        sum(
            a * np.sin(2 * np.pi * (f * t + p)) for a, f, p in rng.uniform([20, 0.1, 0], [80, 0.9, 1], (3, 3))
        )
        for _ in range(8)
    ]
    with av.open(str(path), "w", format="mjpeg") as out:
        stream = out.add_stream("mjpeg", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuvj420p"
        for k in range(len(t)):
            image = np.array(wall, np.uint8)
            for n in range(4):
                at = (round(320 + float(paths[2 * n][k])), round(240 + float(paths[2 * n + 1][k])))
                cv2.circle(image, at, 60, (40 * n, 200 - 40 * n, 150), -1)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        out.mux(stream.encode(None))


def readings(packets: list[Packet]) -> list[Observation]:
    """What the detector makes of the call's video, of whose every frame it is told that there is a face."""
    detector, decoder, face = InjectionFrames(), VideoDecoder(lambda pts_ms: True), a_face()
    found: list[Reading] = []
    for packet in packets:
        for frame in decoder.feed(packet):
            found += list(detector.observe(FaceView(frame, face, None, 0, float(FPS))))
    return [each for each in [*found, *detector.finish()] if isinstance(each, Observation)]


def best(packets: list[Packet]) -> Mapping[str, float]:
    """The covariates of the reading that looks most like a loop."""
    return max(readings(packets), key=lambda each: each.covariates.get("cue_repeats", 0.0)).covariates


def test_a_file_that_chromium_plays_as_its_camera_is_found_within_two_rounds(tmp_path: Path) -> None:
    async def test() -> None:
        film(tmp_path / "camera.mjpeg")
        packets: list[Packet] = []

        def take(packet: Packet) -> None:
            if packet.kind == "video":
                packets.append(packet)

        gateway = Gateway(GatewaySettings(loopback=True))
        heard: list[TransportReport] = []
        call = gateway.open(
            "one",
            tmp_path,
            lambda role, packet: take(packet),
            lambda role, state: None,
            on_transport=lambda role, report: heard.append(report),
        )
        async with chromium(f"--use-file-for-fake-video-capture={tmp_path / 'camera.mjpeg'}") as browser:
            tab = await open_tab(browser, call.connect_applicant)
            await tab.call()
            await until(lambda: packets and packets[-1].t > 2 * ROUND_S + 0.5 and heard, timeout_s=40.0)
        await gateway.close()
        stamped = cadence(heard[0].video_ticks)
        assert stamped is not None
        assert stamped.browser == 1.0, (
            "libwebrtc no longer stamps whole milliseconds: see injection/cadence.py"
        )
        lag_s = best(packets)["repeat_lag_s"]
        # Chromium paces Motion JPEG by its own idea of the rate.
        assert 0.8 * ROUND_S < lag_s < 1.1 * ROUND_S
        two_rounds = [packet for packet in packets if packet.t - packets[0].t <= 2 * lag_s]
        assert best(two_rounds)["cue_repeats"] > 1.5

    asyncio.run(test())


def test_chromium_s_fake_camera_is_known_by_the_name_that_it_gives(tmp_path: Path) -> None:
    async def test() -> None:
        async with chromium() as browser:
            tab = await open_tab(browser, lambda sdp: asyncio.sleep(0, sdp))
            camera = await tab.page.evaluate(
                "async () => { const [track] = (await navigator.mediaDevices.getUserMedia({video: true})).getVideoTracks();"
                " return {label: track.label, track_class: track.constructor.name}; }"
            )
        (reading,) = InjectionPage().observe(Fact(0.0, "page", {"event": "camera", **camera}))
        assert isinstance(reading, Observation)
        assert reading.covariates["cue_fake_label"] == 4.0, camera
        assert reading.covariates["cue_made_track"] == 0.0

    asyncio.run(test())
