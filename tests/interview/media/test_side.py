"""Recordings say whose side they show, and the officer's side is analysed nowhere."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import pytest

from biometrics.errors import EnrolmentError
from interview.analysis.recorded import analyse, rerun
from interview.errors import MediaError
from interview.live.enrolling import read_sound
from interview.live.fingerprinting import MakeFingerprint
from interview.media.journal import Took
from interview.media.recorder import SegmentRecorder, finalise
from interview.media.recording import probe, read_far, read_packets
from interview.media.side import TAG, Side, refuse_officer, side_of
from interview.media.tape import Tape
from tests.interview.analysis.fakes import SPEC, parts
from tests.interview.media.material import call, opus, sorted_packets

NEVER = "This is the officer's side of an interview: the officer is never analysed."


def record(path: Path, side: Side | None) -> Path:
    recorder = SegmentRecorder(path, side)
    recorder.write(call(2.0))
    recorder.close()
    return path


@pytest.mark.parametrize("side", ["applicant", "officer", None])
def test_a_recording_says_whose_side_it_is_and_holds_the_same_media(
    tmp_path: Path, side: Side | None
) -> None:
    path = record(tmp_path / "a.webm", side)
    assert probe(path).side == side
    assert sorted_packets(list(read_packets(path))) == sorted_packets(call(2.0))
    with av.open(str(path)) as container:
        assert container.metadata.get(TAG) == side
        assert sum(1 for _ in container.decode(video=0)) == sum(p.kind == "video" for p in call(2.0))


def test_what_is_put_together_of_segments_says_it_too(tmp_path: Path) -> None:
    older = record(tmp_path / "officer-000.webm", None)
    finished = finalise([older], tmp_path / "x.webm", "officer")
    assert finished is not None
    assert probe(finished).side == "officer"


@pytest.mark.parametrize("side", ["applicant", "officer"])
def test_a_call_s_segments_say_it(tmp_path: Path, side: Side) -> None:
    with ThreadPoolExecutor(1) as files:
        tape = Tape(tmp_path, side, files)
        for packet in call(1.5):
            tape.add(packet)
        done = tape.end_segment()
        assert done is not None
        done.result()
    assert [probe(path).side for path in tape.segments] == [side]


@pytest.mark.parametrize("name", ["officer.webm", "officer-000.webm", "officer-012.webm"])
def test_an_older_recording_is_known_by_what_the_store_calls_it(tmp_path: Path, name: str) -> None:
    path = record(tmp_path / name, None)
    assert probe(path).side == "officer"
    link = tmp_path / "applicant.webm"
    link.symlink_to(path)
    assert probe(link).side == "officer"


def test_a_file_of_somebody_else_s_is_of_no_side(tmp_path: Path) -> None:
    assert side_of({"encoder": "Lavf61"}, tmp_path / "officer.webm") is None
    assert side_of({"encoder": "candor"}, tmp_path / "my officer.webm") is None
    assert side_of({"encoder": "candor", TAG: "applicant"}, tmp_path / "officer.webm") == "applicant"
    assert side_of({"encoder": "Lavf61", TAG: "officer"}, tmp_path / "call.mp4") == "officer"
    refuse_officer(None)
    refuse_officer("applicant")


def test_the_tag_survives_another_container(tmp_path: Path) -> None:
    source, copy = record(tmp_path / "a.webm", "officer"), tmp_path / "a.mkv"
    with av.open(str(source)) as given, av.open(str(copy), "w") as taken:
        taken.metadata.update(given.metadata)
        stream = taken.add_stream_from_template(given.streams.video[0])
        for packet in given.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                taken.mux(packet)
    assert probe(copy).side == "officer"


@pytest.mark.parametrize(("name", "side"), [("call.webm", "officer"), ("officer.webm", None)])
def test_the_officer_s_side_is_never_analysed(tmp_path: Path, name: str, side: Side | None) -> None:
    path = record(tmp_path / name, side)
    with pytest.raises(MediaError) as refused:
        analyse(path, SPEC, parts())
    assert str(refused.value) == NEVER
    with pytest.raises(MediaError, match="the officer is never analysed"):
        list(rerun(path, [Took("video", 0, 0)], SPEC, parts()))
    with pytest.raises(MediaError, match="the officer is never analysed"):
        MakeFingerprint(path)(parts())


def test_no_template_is_made_of_an_officer(tmp_path: Path) -> None:
    path = record(tmp_path / "officer.webm", "officer")
    for source in (str(path), io.BytesIO(path.read_bytes())):
        with pytest.raises(EnrolmentError, match="the officer's side of an interview"):
            read_sound(source)
    assert len(read_sound(str(record(tmp_path / "a.webm", "applicant")))) > 16_000


def test_the_officer_s_sound_is_still_there_to_take_its_echo_out(tmp_path: Path) -> None:
    path = tmp_path / "officer.webm"
    recorder = SegmentRecorder(path, "officer")
    recorder.write(opus(3.0))
    recorder.close()
    far = list(read_far(path))
    assert far
    assert {packet.kind for packet in far} == {"far"}


def test_the_applicant_s_side_is_analysed(tmp_path: Path) -> None:
    assert analyse(record(tmp_path / "a.webm", "applicant"), SPEC, parts()).observer.last is not None
