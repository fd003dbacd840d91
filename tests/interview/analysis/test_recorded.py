"""Recordings from files: every kind of input gives a sentence or an assessment that says what was not measurable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fraudmodel.signals import Reason
from interview.analysis.compare import compare
from interview.analysis.observer import Observer
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import Output
from interview.analysis.recorded import Analysis, analyse, rerun, run
from interview.errors import MediaError
from interview.media.journal import Entry, FeedItem, Level, Restarted, Skipped, Told, took
from interview.media.packets import Packet
from interview.media.recording import read_packets
from tests.interview.analysis.fakes import BRIGHTNESS, LOUDNESS, SPEC, FakeFaceSense, FakeHub, parts
from tests.interview.analysis.files import recording
from tests.interview.analysis.media import video
from tests.interview.analysis.test_facts import CHIPS, SPECS, scores


def analysed(path: Path) -> Analysis:
    return analyse(path, SPEC, parts())


def reasons(analysis: Analysis) -> dict[str, Reason]:
    assert analysis.observer.last is not None
    return {each.kind: each.reason for each in analysis.observer.last.absent}


def test_a_whole_recording(tmp_path: Path) -> None:
    progress: list[float] = []
    outputs: list[Output] = []
    path = recording(tmp_path / "call.mp4", 3.0)
    analysis = analyse(path, SPEC, parts(), on_outputs=outputs.extend, on_progress=progress.append)
    assert analysis.duration_s == pytest.approx(3.0, abs=0.05)
    assert progress == sorted(progress)
    summary = analysis.observer.summary()
    assert (summary.frames, summary.face_share) == (75, 1.0)
    assert summary.sound_s == pytest.approx(3.0, abs=0.1)
    assert reasons(analysis) == {}
    assert outputs[-1] is analysis.observer.last


def test_facts_are_fed_when_the_media_reach_them(tmp_path: Path) -> None:
    path = recording(tmp_path / "call.mp4", 2.0)
    told = [Told("flash", t_ms, {}) for t_ms in (0, 1000, 1001, 9000)]

    def frames_before() -> list[float]:
        outputs: list[Output] = []
        analyse(path, SPEC, parts(list(SPECS)), told=told, on_outputs=outputs.extend)
        return scores(outputs, CHIPS)

    first, second, third, last = frames_before()
    assert (first, last) == (0.0, 50.0)
    assert 20 <= second <= third <= 26
    assert frames_before() == [first, second, third, last]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.write_bytes(b""), "empty"),
        (lambda path: path.write_text("Dear Sirs,\n" * 400), "not a recording"),
        (lambda path: path.write_bytes(bytes(range(256)) * 64), "not a recording"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: None, "no file"),
    ],
    ids=["zero bytes", "text under another name", "noise", "folder", "missing"],
)
def test_what_is_no_recording_is_one_sentence(
    tmp_path: Path, make: Callable[[Path], object], told: str
) -> None:
    path = tmp_path / "call.mp4"
    make(path)
    with pytest.raises(MediaError, match=told) as refused:
        analysed(path)
    assert "\n" not in str(refused.value)


def test_the_extension_does_not_matter(tmp_path: Path) -> None:
    path = recording(tmp_path / "call.mp4").rename(tmp_path / "call.jpg")
    assert analysed(path).observer.summary().frames == 50


@pytest.mark.parametrize("name", ["voice.m4a", "voice.mkv"])
def test_audio_only_says_that_there_is_no_video(tmp_path: Path, name: str) -> None:
    analysis = analysed(recording(tmp_path / name, video=False))
    assert reasons(analysis) == {BRIGHTNESS: Reason.NO_VIDEO}
    assert analysis.observer.summary().face_share is None


def test_video_only_says_that_there_is_no_sound(tmp_path: Path) -> None:
    assert reasons(analysed(recording(tmp_path / "mute.mp4", sound=False))) == {LOUDNESS: Reason.NO_AUDIO}


def test_five_frames_a_second(tmp_path: Path) -> None:
    assert analysed(recording(tmp_path / "slow.mp4", 4.0, fps=5)).observer.summary().frames == 20


def test_4k(tmp_path: Path) -> None:
    analysis = analysed(recording(tmp_path / "large.mp4", 0.4, size=(3840, 2160), sound=False))
    assert analysis.observer.summary().frames == 10
    assert analysis.observer.faces()[0].image.shape == (192, 192, 3)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_was_cut_short_is_assessed_up_to_there(tmp_path: Path, share: float) -> None:
    whole = recording(tmp_path / "whole.mkv", 4.0)
    path = tmp_path / "cut.mkv"
    path.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    analysis = analysed(path)
    assert 0 < analysis.observer.summary().frames < 100
    assert analysis.observer.last is not None


def test_a_file_with_noise_in_the_middle_never_raises_anything_but_a_sentence(tmp_path: Path) -> None:
    whole = recording(tmp_path / "whole.mp4", 4.0).read_bytes()
    for start in range(100, len(whole) - 400, len(whole) // 12):
        path = tmp_path / "noisy.mp4"
        path.write_bytes(
            whole[:start] + bytes((start + i * 37) % 256 for i in range(300)) + whole[start + 300 :]
        )
        assert "noisy.mp4" in sentence_or(analysed, path)


def test_a_file_that_ends_before_its_header_says_so(tmp_path: Path) -> None:
    whole = recording(tmp_path / "whole.mkv", 6.0)
    path = tmp_path / "cut.mkv"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert analysed(whole).damage == ""
    assert re.search(r"cut.mkv ends at [23]\.\d s, and its header promises 6\.\d s", analysed(path).damage)


def test_what_cannot_be_decoded_is_counted(tmp_path: Path) -> None:
    path = recording(tmp_path / "call.mp4", 4.0, size=(320, 240))
    content = bytearray(path.read_bytes())
    for packet in list(read_packets(path))[40:60]:
        start = content.find(packet.data)
        content[start : start + len(packet.data)] = bytes(len(packet.data))
    path.write_bytes(content)
    assert re.search(r"call.mp4 is damaged: \d+ of its 100 video packets", analysed(path).damage)


def test_perception_is_closed_when_the_analysis_is_broken_off(tmp_path: Path) -> None:
    def break_off(reached_s: float) -> None:
        if reached_s > 1.0:
            raise KeyboardInterrupt

    faces: list[FakeFaceSense] = []

    def face(hub: FakeHub) -> FakeFaceSense:
        faces.append(FakeFaceSense(hub))
        return faces[-1]

    watched = parts(face=face)
    with pytest.raises(KeyboardInterrupt):
        analyse(recording(tmp_path / "call.mp4"), SPEC, watched, on_progress=break_off)
    assert [each.closed for each in faces] == [True]


def sentence_or(call: Callable[[Path], Analysis], path: Path) -> str:
    """The sentence of a refusal, or the file's name where it was assessed."""
    try:
        return path.name if call(path).observer.last is not None else ""
    except MediaError as error:
        return str(error)


def two_hours() -> Iterator[Packet]:
    """A frame a second, each a keyframe, for two hours."""
    frame = video(1)[0]
    for second in range(7200):
        yield replace(frame, pts_ms=second * 1000)


def test_two_hours_are_observed_in_bounded_memory() -> None:
    observer = Observer()
    pipeline = Pipeline(SPEC, parts(), watch=observer.view)
    for packet in two_hours():
        observer.outputs(pipeline.feed(packet))
    observer.outputs(pipeline.finish())
    assert observer.summary().frames == 7200
    assert 600 <= len(observer.history()) <= 1201
    assert observer.history()[-1].t == 7199.0
    assert 4 <= len(observer.faces()) <= 8
    assert observer.faces()[-1].t > 5000
    assert all(len(readings) <= 601 for readings in observer.readings().values())


def test_a_re_run_follows_the_journal(tmp_path: Path) -> None:
    path = recording(tmp_path / "call.mkv", 6.0)
    packets = list(read_packets(path))
    kept = [each for each in packets if not (each.kind == "video" and 2000 <= each.pts_ms < 2500)]
    journal: list[Entry] = [took(each) for each in kept]
    journal[50:50] = [Level(1)]
    journal[120:120] = [Restarted()]
    journal[90:90] = [Skipped("video", 2000, 2500)]
    items: list[FeedItem] = list(kept)
    items[50:50] = [Level(1)]
    items[120:120] = [Restarted()]
    live = list(run(items, SPEC, parts()))
    assert compare(live, rerun(path, journal, SPEC, parts())).equal
    assert not compare(live, run(kept, SPEC, parts())).equal


def test_an_analysis_cut_off_by_a_dead_server_re_runs_without_its_end() -> None:
    whole, cut = list(run(video(60), SPEC, parts())), list(run(video(60), SPEC, parts(), finished=False))
    assert cut == whole[: len(cut)]
    assert len(cut) < len(whole)


def test_a_re_run_that_is_abandoned_closes_perception() -> None:
    faces: list[FakeFaceSense] = []

    def face(hub: FakeHub) -> FakeFaceSense:
        faces.append(FakeFaceSense(hub))
        return faces[-1]

    outputs = run(video(60), SPEC, parts(face=face))
    next(outputs)
    outputs.close()  # type: ignore[attr-defined]
    assert faces[0].closed
