"""Speakers of a folder beside prepared takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest
import soundfile

from biometrics.attacklab import sources
from biometrics.attacklab.dubbing import dub, undub
from biometrics.errors import EvaluationError
from tests.biometrics.attacklab.people import person


@pytest.fixture
def takes(tmp_path: Path) -> Path:
    """A folder with two prepared takes."""
    folder = tmp_path / "sources"
    folder.mkdir()
    listed = []
    for name in ("anna", "bert"):
        clip = person(name, (120, 150, 200))
        np.save(folder / f"{name}.frames.npy", clip.frames)
        np.save(folder / f"{name}.landmarks.npy", clip.landmarks)
        listed.append(
            {"source": name, "subject": name, "fps": 15.0, "frames": 12, "audio": False, "ita_deg": 20.0}
        )
    (folder / sources.INDEX).write_bytes(orjson.dumps(listed))
    return folder


def speakers(folder: Path, **seconds: float) -> Path:
    for name, length in seconds.items():
        (folder / "at" / name).mkdir(parents=True)
        for take in range(2):
            samples = np.full(round(length * 16_000 / 2), 0.1, np.float32)
            soundfile.write(folder / "at" / name / f"{take}.flac", samples, 16_000)
    return folder


def test_every_speaker_borrows_a_take_and_is_a_subject_of_their_own(tmp_path: Path, takes: Path) -> None:
    assert dub(speakers(tmp_path / "speech", s1=20.0, s2=16.0, s3=200.0), takes) == []
    found = sources.dubbed(takes)
    assert [(each.source, each.subject) for each in found] == [(f"speech-s{n}", f"s{n}") for n in (1, 2, 3)]
    assert all(each.dubbed for each in found)
    assert np.array_equal(found[0].frames, found[2].frames)
    assert [round(len(each.audio) / 16_000) for each in found if each.audio is not None] == [20, 16, 90]
    assert [each.source for each in sources.load(takes)] == ["anna", "bert"]
    assert [each.source for each in sources.load(takes, {"anna", "speech-s2"})] == ["anna", "speech-s2"]


def test_who_has_too_little_is_named_and_nobody_is_an_error(tmp_path: Path, takes: Path) -> None:
    (said,) = dub(speakers(tmp_path / "speech", short=6.0, enough=15.0), takes)
    assert said == "short: 6 s of speech are too little, 15 s are needed."
    with pytest.raises(EvaluationError, match="no sub-folder in it has 15 s of speech"):
        dub(speakers(tmp_path / "less", short=6.0), takes)


def test_an_earlier_runs_speakers_are_forgotten(tmp_path: Path, takes: Path) -> None:
    dub(speakers(tmp_path / "speech", s1=20.0), takes)
    undub(takes)
    undub(takes)
    assert sources.dubbed(takes) == ()


def test_speech_needs_a_video_to_go_with(tmp_path: Path, takes: Path) -> None:
    photos = [{**each, "frames": 1} for each in sources.entries(takes)]
    (takes / sources.INDEX).write_bytes(orjson.dumps(photos))
    with pytest.raises(EvaluationError, match="there is no video among the sources"):
        dub(speakers(tmp_path / "speech", s1=20.0), takes)


def test_a_folder_that_is_none_or_empty_is_named(tmp_path: Path, takes: Path) -> None:
    with pytest.raises(EvaluationError, match=r"typo: there is no such folder of speech"):
        dub(tmp_path / "typo", takes)
    (tmp_path / "empty").mkdir()
    with pytest.raises(EvaluationError, match=r"empty: there is no recording in it \(\.flac, "):
        dub(tmp_path / "empty", takes)
