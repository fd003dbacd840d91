"""``candor analyze`` and ``candor rerun`` from the outside: exit status, one sentence, JSON, files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import av
import cv2
import orjson
import pytest

from fraudmodel.behaviour import BEHAVIOUR
from interview.analysis.compare import compare
from interview.analysis.observer import Summary
from interview.analysis.protocol import AnalysisSpec
from interview.analysis.recorded import run
from interview.analysis.senses import Parts
from interview.analysis.stack import Stack
from interview.cli.tables import perceived
from interview.media.journal import FeedItem, Level, Restarted
from interview.media.recorder import SegmentRecorder
from interview.media.recording import AudioInfo, MediaInfo, VideoInfo, read_packets
from interview.media.side import Side
from interview.native import quiet_native
from interview.store.repository import Repository
from models.cache import ModelCache, default_cache_dir
from models.commands import build_models
from models.manifest import Manifest
from models.sources import Sources
from tests.interview.analysis.files import recording
from tests.interview.media.material import call


def candor(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CANDOR_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-c", "from interview.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "empty"), (b"not a film " * 99, "not a recording")],
    ids=["zero bytes", "text"],
)
def test_a_bad_file_is_one_sentence_and_status_1(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "call.mp4"
    path.write_bytes(content)
    done = candor("analyze", path, folder=tmp_path)
    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize(("name", "side"), [("call.webm", "officer"), ("officer.webm", None)])
def test_the_officer_s_side_is_refused_in_one_sentence(tmp_path: Path, name: str, side: Side | None) -> None:
    folder = tmp_path / "data" / "sessions" / "ab12"
    folder.mkdir(parents=True)
    recorder = SegmentRecorder(folder / name, side)
    recorder.write(call(2.0))
    recorder.close()
    done = candor("analyze", folder / name, folder=tmp_path)
    assert done.returncode == 1
    assert (
        done.stderr == "candor: This is the officer's side of an interview: the officer is never analysed.\n"
    )
    assert done.stdout == ""


def test_a_jurisdiction_that_is_not_known_is_refused(tmp_path: Path) -> None:
    done = candor("analyze", recording(tmp_path / "call.mp4", 1.0), "--jurisdiction", "mars", folder=tmp_path)
    assert done.returncode == 2
    assert "'default', 'eu'" in done.stderr


@pytest.mark.parametrize(
    ("timing", "told"),
    [
        (None, "There is no file"),
        ("[", "timing.json, line 1: not JSON"),
        ('[{"question": "q1", "number": 1, "role": "control", "asked_s": 1}]', "[0].role must be one of baseline, probe"),
        ('[{"question": "q1", "number": 1, "role": "probe", "asked_s": 9}]', "question q1 at 9 s lies beyond the end"),
        ('{"template": "trade", "asked_s": {"q3": 1.5, "q1": 0.5}}', "asked_s.q1 is out of order"),
    ],
    ids=["missing", "cut", "role", "beyond the end", "order"],
)  # fmt: skip
def test_a_bad_timing_of_questions_is_one_sentence_and_status_1(
    tmp_path: Path, timing: str | None, told: str
) -> None:
    media, path = recording(tmp_path / "call.mp4", 2.0), tmp_path / "timing.json"
    if timing is not None:
        path.write_text(timing, "utf-8")
    done = candor("analyze", media, "--questions", path, folder=tmp_path)
    assert done.returncode == 1
    assert told in " ".join(done.stderr.split())
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_session_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    Repository.open(f"sqlite:///{tmp_path / 'data' / 'candor.db'}").close()
    done = candor("rerun", "nowhere", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"candor: There is no interview nowhere in {tmp_path / 'data'}.\n"


def test_a_folder_without_interviews_is_named_and_nothing_is_made_in_it(tmp_path: Path) -> None:
    done = candor("rerun", "nowhere", "--json", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"candor: There are no interviews in {tmp_path / 'data'}: name ")
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_native_messages_are_kept_from_the_terminal_and_python_s_are_not(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with quiet_native():
        os.write(2, b"from native code\n")
        sys.stderr.write("from python\n")
    os.write(2, b"native again\n")
    assert capfd.readouterr().err == "from python\nnative again\n"


def test_what_was_not_analysed_is_not_called_missing() -> None:
    video = VideoInfo("h264", 640, 480, 25.0)
    both = MediaInfo("mp4", 6.0, video, AudioInfo("aac", 48_000, 2))
    neither = MediaInfo("mp4", 6.0, None, None)
    assert (
        perceived(Summary(), both, "a.mp4", 6.0).plain == "a.mp4: 6.0 s, no frame analysed, no sound analysed"
    )
    assert perceived(Summary(), neither, "a.mp4", 6.0).plain == "a.mp4: 6.0 s, no video, no sound"
    seen = Summary(frames=4, faces=3, speech_s=1.0, sound_s=2.0)
    assert perceived(seen, both, "a", 6.0).plain == "a: 6.0 s, face in 75% of 4 frames, speech 1.0 s of 2.0 s"


def test_a_terminal_without_our_signs_gets_them_spelt(tmp_path: Path) -> None:
    path = tmp_path / "面试.mp4"
    path.write_bytes(b"")
    command = [sys.executable, "-c", "from interview.cli.main import main; main()", "analyze", str(path)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "CANDOR_DATA_DIR": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, env=environment, timeout=240, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"candor: \\u9762\\u8bd5.mp4 is empty")


@pytest.mark.models
def test_a_recording_without_a_face_or_speech_says_so(tmp_path: Path) -> None:
    media, out = recording(tmp_path / "call.mp4", 4.0, size=(320, 240)), tmp_path / "out"
    done = candor("analyze", media, "--out", out, "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    result = orjson.loads(done.stdout)
    reasons = {each["kind"]: each["reason"] for each in result["assessment"]["absent"]}
    assert reasons["face_continuity"] == "no_face"
    assert reasons["face_match"] == reasons["voice_match"] == "no_reference"
    assert result["assessment"]["band"] == "insufficient"
    assert result["perception"]["face_share"] == 0.0
    assert orjson.loads((out / "assessment.json").read_bytes()) == result
    assert "<!doctype html>" in (out / "report.html").read_text("utf-8")
    lines = (out / "observations.jsonl").read_bytes().splitlines()
    assert {orjson.loads(line)["type"] for line in lines} == {"abstention"}


@pytest.mark.models
def test_behaviour_is_off_where_the_jurisdiction_says_so_and_the_rest_goes_on(tmp_path: Path) -> None:
    media = recording(tmp_path / "call.mp4", 4.0, size=(320, 240))
    done = candor("analyze", media, "--jurisdiction", "eu", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    absent = {each["kind"]: each for each in orjson.loads(done.stdout)["assessment"]["absent"]}
    off = {kind: one["detail"] for kind, one in absent.items() if one["reason"] == "channel_off"}
    assert off
    assert set(off) <= BEHAVIOUR
    assert set(off.values()) == {"jurisdiction eu"}
    assert absent["face_continuity"]["reason"] == "no_face"


def still(clip: Path, folder: Path, number: int = 40) -> Path:
    """A frame of a clip as a photo."""
    photo = folder / f"{clip.stem}.jpg"
    with av.open(str(clip)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index == number:
                cv2.imwrite(str(photo), frame.to_ndarray(format="bgr24"), [cv2.IMWRITE_JPEG_QUALITY, 95])
                break
    return photo


@pytest.mark.models
@pytest.mark.shared
def test_the_main_job_on_a_portrait_clip(shared: Path, tmp_path: Path) -> None:
    clip = shared / "data/clips/talking_02.mp4"
    done = candor("analyze", clip, "--id-photo", still(clip, tmp_path), "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = orjson.loads(done.stdout)
    assert result["perception"]["face_share"] >= 0.95
    assert result["perception"]["speech_s"] > 5.0
    (match,) = [each for each in result["assessment"]["contributions"] if each["kind"] == "face_match"]
    assert match["llr"] < 0.0
    assert {each["name"] for each in result["models"]} >= {"face_landmarker", "dlib_resnet", "silero_vad"}
    assert result["faults"] == []


@pytest.fixture
def parts(shared: Path, tmp_path: Path) -> Iterator[Parts]:
    """The default models, and the liveness pair, which no package ships, from the development folder's mirror."""
    (tmp_path / "models").mkdir()
    for file in (default_cache_dir() / "models").iterdir():
        (tmp_path / "models" / file.name).symlink_to(file)
    cache = ModelCache(tmp_path)
    rows = build_models(Manifest.default(), cache, Sources(cache.downloads, mirror=shared / "models"))
    assert [row.detail for row in rows if row.state != "installed"] == []
    with closing(Stack(tmp_path)()) as opened:
        yield opened


@pytest.mark.models
@pytest.mark.shared
@pytest.mark.parametrize("name", ["talking_11.mp4", "talking_13.mp4"])
def test_real_models_give_the_same_outputs_twice_even_through_a_restart(
    shared: Path, parts: Parts, name: str
) -> None:
    spec = AnalysisSpec("twice", consents=frozenset({"face", "voice"}))
    items: list[FeedItem] = list(read_packets(shared / "data/clips" / name))
    # After the first windows of 4 s: nothing can be decoded from there to a keyframe that these clips do not have.
    late = len(items) * 9 // 10
    items[late:late] = [Restarted(), Level(1)]
    difference = compare(run(items, spec, parts), run(items, spec, parts))
    assert difference.equal, difference
    assert difference.stored.observations >= 2
