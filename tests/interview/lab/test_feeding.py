"""A simulated interview reaches the pipeline as a live one would."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from biometrics.attacklab.interviews.recording import Recording, record
from interview.lab.feeding import items
from interview.media.journal import FeedItem, Told
from interview.media.packets import Packet
from tests.biometrics.attacklab.interviews.test_recording import CAST, interview


@pytest.fixture(scope="module")
def recording() -> Recording:
    return record(replace(interview(), duration_s=21.0, fps=10.0), CAST)


def known_s(item: FeedItem) -> float:
    if isinstance(item, Packet):
        return item.t + (0.0 if item.kind == "video" else 0.02)
    assert isinstance(item, Told)
    return item.t_ms / 1000 + (0.25 if item.topic == "flash" else 0.0)


def test_everything_comes_when_it_is_known(recording: Recording) -> None:
    fed = list(items(recording))
    times = [known_s(item) for item in fed]
    assert all(a <= b + 1e-6 for a, b in pairwise(times))
    video = [item for item in fed if isinstance(item, Packet) and item.kind == "video"]
    assert [item.data for item in video] == [coded.data for coded in recording.video]
    assert sum(isinstance(item, Told) and item.topic == "flash" for item in fed) > 10


def test_the_edge_reports_the_packets_it_saw(recording: Recording) -> None:
    reports = [item for item in items(recording) if isinstance(item, Told) and item.topic == "transport"]
    assert [report.t_ms for report in reports] == [10_000, 20_000]
    pts = [coded.pts_ms for coded in recording.video if coded.pts_ms < 10_000]
    ticks = reports[0].values["video_ticks"]
    assert sum(ticks) == 90 * (pts[-1] - pts[0])
    assert len(ticks) == len(pts) - 1


def test_what_is_not_there_is_not_fed(recording: Recording) -> None:
    fed = list(items(recording, edge=False, officer=False))
    assert not any(isinstance(item, Told) and item.topic == "transport" for item in fed)
    assert not any(isinstance(item, Packet) and item.kind == "far" for item in fed)
    assert any(isinstance(item, Packet) and item.kind == "far" for item in items(recording))
