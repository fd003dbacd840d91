"""Windows for training are cut as the detector cuts, whatever the source."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.detectors.voice_pad import LEVEL
from biometrics.errors import EvaluationError
from biometrics.training.voice_pad import channel
from biometrics.training.voice_pad.windows import STREAM_S, gather, joined, main, streams, windows
from biometrics.voice.features import Samples
from tests.biometrics.voice.fakes import FakeHub, high_voice, hush, low_voice

WINDOW = 64_512


def test_windows_are_speech_at_one_level() -> None:
    found = list(windows(np.concatenate([np.zeros(8000, np.float32), low_voice(13.0)]), FakeHub()))
    assert {len(window) for window in found} == {WINDOW}
    assert [float(np.sqrt(np.mean(np.square(one)))) for one in found] == pytest.approx(
        [LEVEL] * len(found), rel=1e-3
    )


def test_every_source_gives_as_many_windows_of_its_own() -> None:
    sources = {
        "people:high": lambda rng: joined([high_voice(20.0, int(rng.integers(99)))], rng),
        "low": lambda rng: joined([low_voice(20.0, int(rng.integers(99)))], rng),
    }
    found, names = gather(sources, 3, FakeHub(), seed=1)
    assert found.dtype == np.int16
    assert found.shape == (len(names), WINDOW)
    assert min(np.unique(names, return_counts=True)[1]) >= 3
    again, _ = gather(sources, 3, FakeHub(), seed=1)
    assert np.array_equal(found, again)


def folder_of(path: Path, *recordings: Samples) -> list[Path]:
    path.mkdir()
    for k, samples in enumerate(recordings):
        soundfile.write(path / f"{k}.wav", samples, 16_000)
    return sorted(path.iterdir())


def test_what_is_silent_short_or_damaged_is_passed_over(tmp_path: Path) -> None:
    files = folder_of(tmp_path / "some", np.zeros(16_000, np.float32), high_voice(0.2), high_voice(3.0))
    damaged = tmp_path / "some" / "damaged.wav"
    damaged.write_bytes(b"no sound at all")
    heard = streams({"them": [*files, damaged]}, {})["people:them"](np.random.default_rng(0))
    assert len(heard) > STREAM_S * 16_000
    only = streams({"them": files[2:]}, {})["people:them"](np.random.default_rng(0))
    assert len(only) > STREAM_S * 16_000


@pytest.mark.parametrize("source", ["people:them", "machine", "lpc_vocoder"])
def test_a_folder_without_sound_is_one_sentence_and_no_endless_search(tmp_path: Path, source: str) -> None:
    silent = folder_of(tmp_path / "silent", *2 * [np.zeros(16_000, np.float32)])
    damaged = tmp_path / "silent" / "damaged.wav"
    damaged.write_bytes(b"no sound at all")
    found = streams({"them": [*silent, damaged]}, {"machine": silent})
    with pytest.raises(EvaluationError, match=r"none of . recordings .*0\.wav .* sounds for 0.25 s"):
        found[source](np.random.default_rng(0))


def test_a_source_that_never_speaks_is_one_sentence_and_no_endless_search() -> None:
    sources = {
        "people:high": lambda rng: high_voice(8.0, int(rng.integers(99))),
        "hum": lambda rng: hush(0.1),
    }
    with pytest.raises(EvaluationError, match="hum gave no window of speech in 20 streams"):
        gather(sources, 1, FakeHub(), seed=1)


@pytest.mark.parametrize("wrong", ["people", "people=", "=here", "people=nowhere"])
def test_a_folder_without_recordings_is_one_sentence(tmp_path: Path, wrong: str) -> None:
    folder_of(tmp_path / "here", high_voice(1.0))
    with chdir(tmp_path), pytest.raises(SystemExit, match=f"'{wrong}' is not NAME=FOLDER of recordings"):
        main(["--people", wrong, "--out", str(tmp_path / "windows.npz")])


def test_no_windows_are_too_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--people", f"a={tmp_path}", "--each", "0", "--out", str(tmp_path / "windows.npz")])
    assert "--each is how many windows every source gives: 1 or more" in capsys.readouterr().err


def test_copies_are_made_of_the_people_and_replays_are_left_out(tmp_path: Path) -> None:
    for k in range(2):
        soundfile.write(tmp_path / f"{k}.wav", high_voice(3.0, k), 16_000)
    found = streams({"them": sorted(tmp_path.glob("*.wav"))}, {})
    assert "people:them" in found
    assert "lpc_vocoder" in found
    assert not any("replay" in name for name in found)
    copied = found["lpc_vocoder"](np.random.default_rng(0))
    assert len(copied) > 20 * 16_000
    assert np.isfinite(copied).all()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_a_channel_keeps_speech_in_bounds(seed: int) -> None:
    heard: Samples = channel.carried(0.3 * high_voice(1.5, 3), np.random.default_rng(seed))
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1.05
    assert 1.3 * 16_000 < len(heard) <= 1.6 * 16_000


def test_the_same_chance_gives_the_same_channel() -> None:
    speech = 0.3 * low_voice(1.0)
    one, other = (channel.carried(speech, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(one, other)
