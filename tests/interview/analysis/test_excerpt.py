"""A span of a recording, seen again without decoding what comes long before it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from interview.analysis.decode import VideoDecoder
from interview.analysis.excerpt import LEAD_S, frames_between, views_between
from interview.errors import MediaError
from interview.media.recording import read_packets
from tests.interview.analysis.fakes import parts
from tests.interview.analysis.moving import FPS, FRAMES, SeesFace, record


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("recording") / "applicant.webm")


def test_frames_are_those_of_the_whole_recording(recording: Path) -> None:
    decoder = VideoDecoder(lambda ms: True)
    whole = {frame.t: frame.image for packet in read_packets(recording) for frame in decoder.feed(packet)}
    part = list(frames_between(recording, 0.72, 1.04))
    assert [frame.t for frame in part] == pytest.approx([0.72, 0.76, 0.80, 0.84, 0.88, 0.92, 0.96, 1.0, 1.04])
    assert all(np.array_equal(frame.image, whole[frame.t]) for frame in part)


def test_views_begin_with_the_span_though_the_face_is_looked_for_before_it(recording: Path) -> None:
    sense = SeesFace(None)
    seen = list(views_between(recording, 0.8, 1.0, parts(face=lambda hub: sense)))
    assert [view.t for view in seen] == pytest.approx([0.8, 0.84, 0.88, 0.92, 0.96, 1.0])
    assert min(sense.seen) == pytest.approx(0.8 - LEAD_S, abs=1 / FPS)


def test_span_at_either_end_is_cut_there(recording: Path) -> None:
    assert [frame.t for frame in frames_between(recording, -0.3, 0.08)] == pytest.approx([0.0, 0.04, 0.08])
    last = [frame.t for frame in frames_between(recording, 1.5, 9.0)]
    assert last == pytest.approx([1.52, 1.56])
    assert last[-1] == (FRAMES - 1) / FPS
    assert list(frames_between(recording, 20.0, 21.0)) == []


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"gone\.webm"):
        list(frames_between(tmp_path / "gone.webm", 0.0, 1.0))
