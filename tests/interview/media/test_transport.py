"""Cadence and clocks of one side's packets, against made-up senders whose clocks are known."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.injection.cadence import cadence
from interview.media.assembly import Encoded
from interview.media.gateway import Gateway, GatewaySettings, Role, TransportReport
from interview.media.transport import ClockRate, TransportMeter
from tests.interview.media.clients import Client, until


def unit(timestamp: int, size: int = 1000, after_loss: bool = False) -> Encoded:
    return Encoded(timestamp & 0xFFFFFFFF, bytes(size), keyframe=False, after_loss=after_loss)


def reports(ppm: float, seconds: float = 90.0, late_s: float = 0.0, start: int = 0) -> ClockRate:
    """A sender report every 5 s of a clock that runs ``ppm`` fast, each read up to ``late_s`` wrong."""
    rng, rate = np.random.default_rng(1), ClockRate(48_000)
    for at in np.arange(0.0, seconds, 5.0):
        wrong = float(rng.uniform(-late_s, late_s))
        rate.add(3.9e9 + at, round(start + 48_000 * (at * (1 + 1e-6 * ppm) + wrong)) & 0xFFFFFFFF)
    return rate


@given(ppm=st.floats(-300, 300), start=st.integers(0, 2**32 - 1))
def test_a_clock_s_rate_is_found_wherever_its_timestamps_begin(ppm: float, start: int) -> None:
    drift = reports(ppm, start=start).drift()
    assert drift is not None
    assert drift.ppm == pytest.approx(ppm, abs=0.5)


def test_the_error_covers_reports_that_are_read_late() -> None:
    drift = reports(40.0, seconds=300.0, late_s=0.005).drift()
    assert drift is not None
    assert 1.0 < drift.error_ppm < 15.0
    assert abs(drift.ppm - 40.0) < 4 * drift.error_ppm


def test_the_line_is_numpy_s() -> None:
    rate = reports(25.0, seconds=200.0, late_s=0.004)
    x = np.arange(0.0, 200.0, 5.0)
    rng = np.random.default_rng(1)
    y = [round(48_000 * (at * (1 + 25e-6) + float(rng.uniform(-0.004, 0.004)))) / 48_000 for at in x]
    (slope, _), covariance = np.polyfit(x, np.array(y) - x, 1, cov=True)
    drift = rate.drift()
    assert drift is not None
    assert drift.ppm == pytest.approx(1e6 * slope, abs=0.1)
    assert drift.error_ppm == pytest.approx(1e6 * np.sqrt(covariance[0, 0]), rel=1e-3)


def test_a_minute_of_reports_is_the_least_and_a_clock_that_jumps_back_begins_anew() -> None:
    assert reports(0.0, seconds=59.0).drift() is None
    rate = reports(10.0)
    rate.add(3.9e9 + 50.0, 7)
    assert rate.reports == 1
    assert rate.drift() is None


def test_a_report_holds_the_increments_of_ten_seconds() -> None:
    meter = TransportMeter()
    for k in range(301):
        assert meter.due(min(k / 30, 9.9)) is None
        meter.unit("video", unit(2**32 - 9000 + 3000 * k), fresh=k == 0, t=k / 30)
        meter.unit("audio", unit(960 * k, size=80), fresh=k == 0, t=k / 30)
    report = meter.due(10.0)
    assert report is not None
    assert report.video_ticks == (3000,) * 300
    assert report.kbps == pytest.approx(301 * 1080 * 8 / 1000 / 10)
    assert meter.due(10.5) is None
    values = report.values()
    assert values["span_s"] == 10.0
    assert values["audio_ppm"] is None
    assert values["video_error_ppm"] is None


def test_no_increment_spans_a_loss_another_source_or_another_connection() -> None:
    meter = TransportMeter()
    for timestamp, fresh, after_loss in [
        (0, True, False),
        (3000, False, False),
        (90_000, False, True),
        (93_000, False, False),
        (5, True, False),
    ]:
        meter.unit("video", unit(timestamp, after_loss=after_loss), fresh, 1.0)
    meter.reconnect()
    meter.unit("video", unit(77), False, 2.0)
    report = meter.due(11.0)
    assert report is not None
    assert report.video_ticks == (3000, 3000)


def test_a_flood_of_frames_does_not_fill_the_journal() -> None:
    meter = TransportMeter()
    for k in range(5000):
        meter.unit("video", unit(k), k == 0, k / 500)
    report = meter.due(10.0)
    assert report is not None
    assert len(report.video_ticks) == 1200


@pytest.mark.slow
def test_the_edge_reports_a_real_connection(tmp_path: Path) -> None:
    """aiortc's own sender: frames of 15 a second, sender reports with both timestamps. Ten real seconds."""

    async def test() -> None:
        heard: list[tuple[Role, TransportReport]] = []
        gateway = Gateway(GatewaySettings(loopback=True))
        call = gateway.open(
            "one",
            tmp_path,
            lambda role, packet: None,
            lambda role, state: None,
            on_transport=lambda role, report: heard.append((role, report)),
        )
        peer = Client()
        await peer.accept(await call.connect_applicant(await peer.offer()))
        await until(lambda: heard, timeout_s=30.0)
        await peer.close()
        await gateway.close()
        role, report = heard[0]
        assert role == "applicant"
        assert report.span_s >= 10.0
        assert len(report.video_ticks) > 50
        assert sorted(report.video_ticks)[len(report.video_ticks) // 2] == 6000
        assert report.kbps > 10
        found = cadence(report.video_ticks)
        assert found is not None
        assert found.browser < 0.5, "these are not a browser's"
        assert report.reports > 4

    asyncio.run(test())
