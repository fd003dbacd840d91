"""Segments of a role, written by another thread."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from interview.media.recording import read_packets
from interview.media.tape import Tape
from tests.interview.media.material import call, sorted_packets


def test_a_segment_that_is_not_written_yet_is_not_written_over_by_the_next(tmp_path: Path) -> None:
    """The recorder's thread is held up while two connections come and go."""
    busy, first, second = threading.Event(), call(1.0), call(1.0, start_ms=5000)
    with ThreadPoolExecutor(max_workers=1) as files:
        files.submit(busy.wait, 10.0)
        tape = Tape(tmp_path, "applicant", files)
        for packets in (first, second):
            for packet in packets:
                tape.add(packet)
            done = tape.end_segment()
        begun = tape.segments
        busy.set()
        assert begun == []
        assert done is not None
        done.result(timeout=10)
        assert [path.name for path in tape.segments] == ["applicant-000.webm", "applicant-001.webm"]
        for path, packets in zip(tape.segments, (first, second), strict=True):
            assert sorted_packets(list(read_packets(path))) == sorted_packets(packets)


def test_segments_of_an_earlier_run_of_the_service_are_kept_and_counted_on(tmp_path: Path) -> None:
    (tmp_path / "applicant-004.webm").write_bytes(b"earlier")
    with ThreadPoolExecutor(max_workers=1) as files:
        tape = Tape(tmp_path, "applicant", files)
        for packet in call(0.5):
            tape.add(packet)
        done = tape.end_segment()
        assert done is not None
        done.result(timeout=10)
        assert [path.name for path in tape.segments] == ["applicant-004.webm", "applicant-005.webm"]
        assert tape.end_segment() is done


def test_nothing_added_nothing_to_wait_for(tmp_path: Path) -> None:
    with ThreadPoolExecutor(max_workers=1) as files:
        tape = Tape(tmp_path, "applicant", files)
        assert tape.flush() is None
        assert tape.end_segment() is None
