"""Reading files: any container, and one sentence for everything that is not a recording."""

from __future__ import annotations

import struct
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from interview.errors import MediaError
from interview.media.journal import (
    Entry,
    FeedItem,
    JournalError,
    Level,
    Restarted,
    Skipped,
    Took,
    decode,
    encode,
    took,
)
from interview.media.packets import Packet
from interview.media.recorder import SegmentRecorder
from interview.media.recording import probe, read_packets, read_recorded
from tests.interview.media.material import call, movie


def test_mp4_gives_both_streams_in_decoding_order_with_times_from_zero(tmp_path: Path) -> None:
    path = movie(tmp_path / "a.mp4")
    info = probe(path)
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.codec, info.video.width_px, info.video.fps) == ("mpeg4", 160, 25.0)
    assert (info.audio.codec, info.audio.sample_rate_hz, info.audio.channels) == ("aac", 48_000, 1)
    packets = list(read_packets(path))
    video = [p for p in packets if p.kind == "video"]
    assert [p.pts_ms for p in video] == [n * 40 for n in range(25)]
    assert video[0].keyframe
    assert video[0].extradata
    audio = [p.pts_ms for p in packets if p.kind == "audio"]
    assert audio[0] >= 0
    assert len(set(audio)) == len(audio)


def test_b_frames_keep_unique_times_in_decoding_order(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25, options={"bf": "2"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for n in range(20):
            image = np.full((120, 160, 3), n * 12, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode(None))
    times = [p.pts_ms for p in read_packets(path)]
    assert len(set(times)) == len(times) == 20
    assert times != sorted(times)


def test_audio_only_and_video_only_files_are_recordings(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(32_000))
    sound = probe(tmp_path / "a.wav")
    assert sound.video is None
    assert sound.duration_s == pytest.approx(1.0)
    packets = list(read_packets(tmp_path / "a.wav"))
    assert {(p.kind, p.codec, p.sample_rate_hz, p.channels) for p in packets} == {
        ("audio", "pcm_s16le", 16_000, 1)
    }
    assert sum(len(p.data) for p in packets) == 32_000
    silent = movie(tmp_path / "b.mp4", sound=False)
    assert probe(silent).audio is None
    assert {p.kind for p in read_packets(silent)} == {"video"}


def test_the_wrong_extension_does_not_matter(tmp_path: Path) -> None:
    path = movie(tmp_path / "a.mp4").rename(tmp_path / "a.wav")
    assert probe(path).video is not None


@pytest.mark.parametrize(
    ("matrix", "rotation_deg"),
    [((1, 0, 0, 1), 0), ((0, 1, -1, 0), 90), ((-1, 0, 0, -1), 180), ((0, -1, 1, 0), 270)],
)
def test_a_phones_sideways_picture_says_how_to_turn_it(
    tmp_path: Path, matrix: tuple[int, int, int, int], rotation_deg: int
) -> None:
    """The matrix of ISO/IEC 14496-12's track header, written over the one that is there."""
    path = movie(tmp_path / "a.mp4", sound=False)
    data = bytearray(path.read_bytes())
    a, b, c, d = (value << 16 for value in matrix)
    at = data.index(b"tkhd") + 44
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    assert {p.rotation_deg for p in read_packets(path)} == {rotation_deg}


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("this is not a film\n" * 50)


def noise(path: Path) -> None:
    path.write_bytes(np.random.default_rng(1).bytes(20_000))


def picture(path: Path) -> None:
    png = path.with_suffix(".png")
    with av.open(str(png), "w", format="image2") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "rgb24"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    png.rename(path)


def header_only(path: Path) -> None:
    recorder = SegmentRecorder(path)
    recorder.write(call(1.0))
    recorder.close()
    data = path.read_bytes()
    path.write_bytes(data[: data.index(bytes.fromhex("1F43B675"))])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (empty, r"is empty \(0 bytes\)"),
        (text, "is not a recording"),
        (noise, "is not a recording"),
        (picture, "is not a recording"),
        (header_only, "not a recording that can be read"),
    ],
)
@pytest.mark.parametrize("extension", ["mp4", "webm", "wav"])
def test_what_is_no_recording_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], None], words: str, extension: str
) -> None:
    path = tmp_path / f"upload.{extension}"
    make(path)
    with pytest.raises(MediaError, match=words) as raised:
        list(read_packets(path))
    assert "upload" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="no file"):
        probe(tmp_path / "absent.mp4")
    with pytest.raises(MediaError, match="is a folder"):
        probe(tmp_path)


def test_a_truncated_mp4_says_that_it_cannot_be_read(tmp_path: Path) -> None:
    path = movie(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(MediaError):
        list(read_packets(path))


def recorded(tmp_path: Path) -> tuple[Path, list[Packet]]:
    packets = call(3.0)
    recorder = SegmentRecorder(tmp_path / "a.webm")
    recorder.write(packets)
    recorder.close()
    return tmp_path / "a.webm", packets


def test_a_journal_is_followed_exactly_in_its_order_with_its_losses(tmp_path: Path) -> None:
    path, packets = recorded(tmp_path)
    audio = [p for p in packets if p.kind == "audio"]
    video = [p for p in packets if p.kind == "video"]
    lossy = Packet("video", "vp8", video[5].pts_ms, video[5].keyframe, video[5].data, lost_ms=33)
    expected: list[FeedItem] = [
        *audio[:20],
        Level(1),
        *video[:5],
        lossy,
        Restarted(),
        *video[2:6],
        *audio[20:40],
    ]
    journal: list[Entry] = [took(item) if isinstance(item, Packet) else item for item in expected]
    journal.insert(30, Skipped("video", 200, 400))
    assert list(read_recorded(path, journal)) == expected


def test_a_journal_that_names_a_packet_which_is_not_there(tmp_path: Path) -> None:
    path, _ = recorded(tmp_path)
    with pytest.raises(MediaError, match="no video packet at 17 ms"):
        list(read_recorded(path, [Took("video", 17)]))


def test_every_entry_of_a_journal_is_read_back() -> None:
    entries: list[Entry] = [
        Took("audio", 0),
        Took("video", 7, 33),
        Level(2),
        Skipped("video", 40, 90),
        Restarted(),
    ]
    lines = [encode(entry) for entry in entries]
    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") for line in lines)
    assert [decode(line) for line in lines] == entries


@pytest.mark.parametrize("line", [b'["v", 10', b'["v", 1040, "x"]', b'["x", 1]', b"{}", b""])
def test_a_line_that_is_no_entry_is_named(line: bytes) -> None:
    with pytest.raises(JournalError, match="line 7 of the journal"):
        decode(line, 7)
