"""Recordings: bit-exact, seekable, safe from a killed process."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import av
import pytest

from interview.errors import MediaError
from interview.media.packets import Packet
from interview.media.recorder import SegmentRecorder, finalise, recover
from interview.media.recording import probe, read_packets
from interview.media.webm import Picture, is_keyframe, picture_of
from tests.interview.media.material import call, opus, sorted_packets, vp8


def record(path: Path, packets: list[Packet]) -> Path:
    recorder = SegmentRecorder(path)
    recorder.write(packets)
    recorder.close()
    return path


def test_what_is_read_is_what_was_recorded_to_the_bit_and_the_millisecond(tmp_path: Path) -> None:
    packets = call(3.0, start_ms=1234)
    path = record(tmp_path / "a.webm", packets)
    assert sorted_packets(list(read_packets(path))) == sorted_packets(packets)


def test_another_decoder_plays_it_from_any_point_and_knows_how_long_it_is(tmp_path: Path) -> None:
    """FFmpeg's demuxer, by cue: what it gives after a seek to 2.5 s is the last keyframe before that."""
    packets = call(4.0)
    keyframes = [p.t for p in packets if p.kind == "video" and p.keyframe]
    path = record(tmp_path / "a.webm", packets)
    with av.open(str(path)) as container:
        assert container.duration == pytest.approx(4_000_000, abs=50_000)
        container.seek(2_500_000)
        frame = next(container.decode(video=0))
        assert frame.time == pytest.approx(max(t for t in keyframes if t <= 2.5))
        assert frame.to_ndarray(format="bgr24").shape == (120, 160, 3)
        container.seek(0)
        samples = sum(f.samples for f in container.decode(audio=0))
        assert samples == pytest.approx(4.0 * 48_000, abs=2000)


def test_nothing_is_kept_before_the_first_keyframe_but_all_the_sound(tmp_path: Path) -> None:
    video, audio = vp8(1.0), opus(1.0)
    deltas = [p for p in video if not p.keyframe]
    packets = [*audio[:10], *deltas[:2], *audio[10:20], video[0], *audio[20:]]
    read = list(read_packets(record(tmp_path / "a.webm", packets)))
    assert [p for p in read if p.kind == "video"] == [video[0]]
    assert [p for p in read if p.kind == "audio"] == audio


def test_a_call_without_a_camera_is_recorded(tmp_path: Path) -> None:
    audio = opus(3.0)
    assert list(read_packets(record(tmp_path / "a.webm", audio))) == audio
    short = opus(0.5)
    assert list(read_packets(record(tmp_path / "b.webm", short))) == short


def test_no_packets_no_file(tmp_path: Path) -> None:
    assert not record(tmp_path / "a.webm", []).exists()


def test_the_picture_may_change_size_on_the_way(tmp_path: Path) -> None:
    packets = [*vp8(1.0), *vp8(1.0, width=320, height=240, start_ms=1000)]
    path = record(tmp_path / "a.webm", packets)
    with av.open(str(path)) as container:
        sizes = {(frame.width, frame.height) for frame in container.decode(video=0)}
    assert sizes == {(160, 120), (320, 240)}


def test_segments_of_several_connections_become_one_file_on_one_clock(tmp_path: Path) -> None:
    first, second = call(2.0), call(1.0, start_ms=31_000)
    segments = [record(tmp_path / "0.webm", first), record(tmp_path / "1.webm", second)]
    recording = finalise(segments, tmp_path / "recording.webm")
    assert recording is not None
    assert sorted_packets(list(read_packets(recording))) == sorted_packets(first + second)
    info = probe(recording)
    assert info.duration_s == pytest.approx(32.0, abs=0.05)
    assert info.video is not None
    assert (info.video.codec, info.video.fps) == ("vp8", None)
    assert not (tmp_path / "recording.part").exists()


def test_nothing_recorded_gives_no_recording(tmp_path: Path) -> None:
    (tmp_path / "0.webm").write_bytes(b"")
    assert finalise([tmp_path / "0.webm", tmp_path / "absent.webm"], tmp_path / "recording.webm") is None
    assert not (tmp_path / "recording.webm").exists()


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.77, 0.99])
def test_a_segment_cut_anywhere_gives_every_whole_second_before_the_cut(tmp_path: Path, cut: float) -> None:
    packets = call(6.0)
    path = record(tmp_path / "a.webm", packets)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut)])
    read = list(recover(path))
    assert set(map(id_of, read)) <= set(map(id_of, packets))
    assert max(p.pts_ms for p in read) >= 6000 * cut - 1600
    recording = finalise([path], tmp_path / "recording.webm")
    assert recording is not None
    assert probe(recording).duration_s is not None


def id_of(packet: Packet) -> tuple[str, int, bytes]:
    return packet.kind, packet.pts_ms, packet.data


_VICTIM = """
import sys
from pathlib import Path
from interview.media.recorder import SegmentRecorder
from tests.interview.media.material import call
recorder = SegmentRecorder(Path(sys.argv[1]))
packets = call(5.0)
for start in range(0, 5000, 500):
    recorder.write([p for p in packets if start <= p.pts_ms < start + 500])
print("written", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_loses_nothing_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.webm"
    victim = subprocess.Popen(
        [sys.executable, "-c", _VICTIM, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert victim.stdout is not None
    assert victim.stdin is not None
    assert victim.stdout.readline() == b"written\n"
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    victim.stdout.close()
    victim.stdin.close()
    assert sorted_packets(list(recover(path))) == sorted_packets(call(5.0))


def test_a_full_disk_is_an_error_that_is_raised(tmp_path: Path) -> None:
    recorder = SegmentRecorder(Path("/dev/full"))
    with pytest.raises(OSError, match="No space left"):
        recorder.write(call(1.0))


def test_vp8_headers() -> None:
    video = vp8(0.5)
    key, delta = video[0], next(p for p in video if not p.keyframe)
    assert is_keyframe(key.data)
    assert not is_keyframe(delta.data)
    assert not is_keyframe(b"")
    assert picture_of(key.data) == Picture(160, 120)


def test_a_recording_that_is_not_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.webm"
    path.write_bytes(b"\x1a\x45\xdf\xa3" + bytes(200))
    with pytest.raises(MediaError):
        probe(path)
    assert list(recover(path)) == []
