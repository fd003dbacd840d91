"""Windows for training are cut as the detector cuts, whatever the source."""

from __future__ import annotations

from collections.abc import Callable
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
from biometrics.training.voice_pad.windows import (
    STREAM_S,
    Sources,
    Stream,
    by_command,
    gather,
    main,
    sources,
    windows,
)
from biometrics.voice.features import Samples
from tests.biometrics.voice.fakes import FakeHub, high_voice, hush, low_voice

WINDOW = 64_512


def test_windows_are_speech_at_one_level() -> None:
    found = list(windows(np.concatenate([np.zeros(8000, np.float32), low_voice(13.0)]), FakeHub()))
    assert {len(window) for window in found} == {WINDOW}
    assert [float(np.sqrt(np.mean(np.square(one)))) for one in found] == pytest.approx(
        [LEVEL] * len(found), rel=1e-3
    )


def quieter(samples: Samples, target: Samples, rng: np.random.Generator) -> Samples:
    """A copier that changes nothing that counts."""
    del target, rng
    return np.asarray(0.5 * samples, np.float32)


def silent(samples: Samples, target: Samples, rng: np.random.Generator) -> Samples:
    del target, rng
    return np.zeros_like(samples)


def speaking(voice: Callable[[float, int], Samples]) -> Stream:
    return lambda rng: [voice(10.0, int(rng.integers(99))), voice(10.0, int(rng.integers(99)))]


def test_copies_go_with_their_originals_through_the_same_channel() -> None:
    sources = Sources({"people:high": speaking(high_voice)}, {}, {"quieter": quieter, "silent": silent})
    found = gather(sources, 2, 2, FakeHub(), seed=1)
    assert found.windows.dtype == np.int16
    assert found.windows.shape == (len(found.source), WINDOW)
    assert set(found.source) == {"people:high", "quieter"}
    for stream in (0, 1):
        own, copy = (
            found.windows[(found.stream == stream) & (found.source == name)]
            for name in ("people:high", "quieter")
        )
        assert len(own) >= 3
        assert np.abs(own.astype(int) - copy.astype(int)).max() <= 2
    again = gather(sources, 2, 2, FakeHub(), seed=1)
    assert np.array_equal(found.windows, again.windows)


def test_speech_without_an_original_has_streams_of_its_own() -> None:
    sources = Sources(
        {"people:high": speaking(high_voice)}, {"machine": speaking(low_voice)}, {"quieter": quieter}
    )
    found = gather(sources, 14, 1, FakeHub(), seed=2)
    made = found.source == "machine"
    assert made.any()
    assert not set(found.stream[made]) & set(found.stream[~made])


def folder_of(path: Path, *recordings: Samples) -> list[Path]:
    path.mkdir()
    for k, samples in enumerate(recordings):
        soundfile.write(path / f"{k}.wav", samples, 16_000)
    return sorted(path.iterdir())


def test_what_is_silent_short_or_damaged_is_passed_over(tmp_path: Path) -> None:
    files = folder_of(tmp_path / "some", np.zeros(16_000, np.float32), high_voice(0.2), high_voice(3.0))
    damaged = tmp_path / "some" / "damaged.wav"
    damaged.write_bytes(b"no sound at all")
    heard = sources({"them": [*files, damaged]}, {}, {}).people["people:them"](np.random.default_rng(0))
    assert sum(map(len, heard)) > STREAM_S * 16_000
    only = sources({}, {"them": files[2:]}, {}).made["them"](np.random.default_rng(0))
    assert sum(map(len, only)) > STREAM_S * 16_000


def test_a_folder_without_sound_is_one_sentence_and_no_endless_search(tmp_path: Path) -> None:
    mute = folder_of(tmp_path / "silent", *2 * [np.zeros(16_000, np.float32)])
    damaged = tmp_path / "silent" / "damaged.wav"
    damaged.write_bytes(b"no sound at all")
    found = sources({"them": [*mute, damaged]}, {"machine": mute}, {})
    for stream in (found.people["people:them"], found.made["machine"]):
        with pytest.raises(EvaluationError, match=r"none of . recordings .*0\.wav .* sounds for 0.25 s"):
            stream(np.random.default_rng(0))


def test_sources_that_never_speak_are_one_sentence_and_no_endless_search() -> None:
    mute = Sources({"people:hum": lambda rng: [hush(0.1)]}, {}, {"quieter": quieter})
    with pytest.raises(EvaluationError, match="20 streams in succession gave no window of speech"):
        gather(mute, 100, 1, FakeHub(), seed=1)


@pytest.mark.parametrize("wrong", ["people", "people=", "=here", "people=nowhere"])
def test_a_folder_without_recordings_is_one_sentence(tmp_path: Path, wrong: str) -> None:
    folder_of(tmp_path / "here", high_voice(1.0))
    with chdir(tmp_path), pytest.raises(SystemExit, match=f"'{wrong}' is not NAME=FOLDER of recordings"):
        main(["--people", wrong, "--out", str(tmp_path / "windows.npz")])


def test_no_windows_are_too_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--people", f"a={tmp_path}", "--rounds", "0", "--out", str(tmp_path / "windows.npz")])
    assert "--rounds is how many streams are cut: 1 or more" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["copy", "copy=program {in}", "=program {in} {out}"])
def test_a_copier_that_is_no_command_is_one_sentence(tmp_path: Path, wrong: str) -> None:
    folder = folder_of(tmp_path / "here", high_voice(1.0))[0].parent
    with pytest.raises(SystemExit, match=r"is not NAME=COMMAND with \{in\} and \{out\} in it"):
        main(["--people", f"a={folder}", "--copier", wrong, "--out", str(tmp_path / "windows.npz")])


def test_a_program_copies_and_one_that_fails_is_named() -> None:
    speech = (0.1 * high_voice(1.0)).astype(np.float32)
    rng = np.random.default_rng(0)
    same = by_command("cp {in} {out}")(speech, speech, rng)
    assert np.abs(same - speech).max() < 1e-4
    for wrong in ("false {in} {out}", "no-such-program {in} {out}"):
        with pytest.raises(EvaluationError, match=f"{wrong.split()[0]} copied nothing"):
            by_command(wrong)(speech, speech, rng)


def test_the_labs_machines_copy_and_its_replays_do_not() -> None:
    found = sources({}, {}, {"quieter": quieter})
    assert {"lpc_vocoder", "quieter"} <= set(found.copiers)
    assert not any("replay" in name for name in found.copiers)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_a_channel_keeps_speech_in_bounds(seed: int) -> None:
    heard: Samples = channel.carried(0.3 * high_voice(1.5, 3), np.random.default_rng(seed))
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1.05
    assert 1.3 * 16_000 < len(heard) <= 1.6 * 16_000


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_what_was_published_is_the_same_speech_with_less_in_it(seed: int) -> None:
    speech = (0.2 * high_voice(2.0, 1)).astype(np.float32)
    found = channel.published(speech, np.random.default_rng(seed))
    assert abs(len(found) - len(speech)) < 0.15 * 16_000
    assert np.abs(found).max() == pytest.approx(0.6, rel=0.3)
    own, other = (np.abs(np.fft.rfft(one, 32_000)) for one in (speech, found))
    assert np.corrcoef(own[:8000], other[:8000])[0, 1] > 0.5  # 0.63 is the least of 120 seeds


def test_the_same_chance_gives_the_same_channel() -> None:
    speech = 0.3 * low_voice(1.0)
    one, other = (channel.carried(speech, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(one, other)
