"""Recordings on disk and what the store says of them, over real WebM segments."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from interview.live.reels import Reels
from interview.media.recording import probe, read_packets
from interview.store.records import Segment
from tests.interview.live.material import record_segment
from tests.interview.live.stage import Stage
from tests.interview.media.material import sorted_packets


@pytest.fixture
def session(stage: Stage) -> str:
    return stage.world.live(stage.officer).id


@pytest.fixture
def folder(stage: Stage, session: str) -> Path:
    return stage.reels.folder(session)


def test_finished_recording_holds_every_segment_in_order(stage: Stage, session: str, folder: Path) -> None:
    first = record_segment(folder / "applicant-000.webm")
    second = record_segment(folder / "applicant-001.webm", start_ms=5000)
    officer = record_segment(folder / "officer-000.webm", start_ms=200)
    assert stage.reels.finished(session, "applicant") is None
    stage.reels.finish(session)
    applicants, officers = (stage.reels.finished(session, side) for side in ("applicant", "officer"))
    assert applicants is not None
    assert officers is not None
    assert sorted_packets(list(read_packets(applicants))) == sorted_packets([*first, *second])
    assert sorted_packets(list(read_packets(officers))) == sorted_packets(list(officer))
    ends = [max(packet.t for packet in packets) for packets in (first, second, officer)]
    assert sorted(stage.record(session).segments, key=lambda s: (s.side, s.index)) == [
        Segment("applicant", 0, "applicant-000.webm", 0.0, ends[0]),
        Segment("applicant", 1, "applicant-001.webm", 5.0, ends[1]),
        Segment("officer", 0, "officer-000.webm", 0.2, ends[2]),
    ]
    assert stage.record(session).duration_s == ends[1]


def test_segment_that_a_crash_cut_is_read_to_where_it_was_cut(
    stage: Stage, session: str, folder: Path
) -> None:
    packets = record_segment(folder / "applicant-000.webm", cut=True)
    (folder / "applicant-001.webm").write_bytes(b"")
    stage.reels.finish(session)
    recording = stage.reels.finished(session, "applicant")
    assert recording is not None
    kept = list(read_packets(recording))
    assert 0 < len(kept) < len(packets)
    assert (probe(recording).duration_s or 0.0) > 0.5
    assert {packet.pts_ms for packet in kept} <= {packet.pts_ms for packet in packets}


def test_nothing_recorded_is_no_recording(stage: Stage, session: str, folder: Path) -> None:
    stage.reels.finish(session)
    folder.mkdir(parents=True)
    (folder / "applicant-000.webm").write_bytes(b"no header")
    stage.reels.finish(session)
    assert stage.reels.finished(session, "applicant") is None
    stage.reels.remove_segments(session)
    assert [path.name for path in folder.iterdir()] == ["applicant-000.webm"]


def test_segments_go_once_the_finished_recording_has_them(stage: Stage, session: str, folder: Path) -> None:
    record_segment(folder / "applicant-000.webm")
    stage.reels.finish(session)
    stage.reels.remove_segments(session)
    assert [path.name for path in folder.iterdir()] == ["applicant.webm"]


def test_catching_up_finishes_only_what_is_new(stage: Stage, session: str, folder: Path) -> None:
    reels = stage.reels
    reels.catch_up(session)
    assert reels.finished(session, "applicant") is None
    record_segment(folder / "applicant-000.webm")
    reels.catch_up(session)
    recording = reels.finished(session, "applicant")
    assert recording is not None
    made = recording.stat().st_mtime_ns
    os.utime(folder / "applicant-000.webm", ns=(made, made - 1))
    reels.catch_up(session)
    assert recording.stat().st_mtime_ns == made
    record_segment(folder / "applicant-001.webm", start_ms=3000)
    os.utime(folder / "applicant-001.webm", ns=(made, made + 1))
    reels.catch_up(session)
    assert max(packet.pts_ms for packet in read_packets(recording)) > 3000


def test_media_time_begins_at_zero_and_never_goes_back(stage: Stage, session: str, folder: Path) -> None:
    record = stage.record(session)
    started = record.progress.started_at
    assert started is not None
    reels: Reels = stage.reels
    assert reels.media_time(record, started + timedelta(minutes=5)) == 0.0
    packets = record_segment(folder / "officer-000.webm", start_ms=2000)
    end = max(packet.t for packet in packets)
    assert reels.media_time(record, started + timedelta(minutes=5)) == 300.0
    assert reels.media_time(record, started + timedelta(seconds=1)) == pytest.approx(end + 0.5)


def test_segment_is_named_once_however_many_name_it(stage: Stage, session: str, folder: Path) -> None:
    record_segment(folder / "applicant-000.webm")
    reels = stage.reels
    threads = [threading.Thread(target=reels.note, args=(session, "applicant", 4.0)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stage.record(session).segments == (Segment("applicant", 0, "applicant-000.webm", 4.0, None),)
