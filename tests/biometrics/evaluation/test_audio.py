from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from biometrics.errors import EvaluationError
from biometrics.evaluation.audio import by_folder, read_audio, through_opus
from tests.biometrics.voice.fakes import low_voice

RATE = 16_000


def test_files_become_16_khz_mono(tmp_path: Path) -> None:
    tone = np.sin(2 * np.pi * 300 * np.arange(48_000) / 48_000)
    soundfile.write(tmp_path / "stereo.wav", np.stack([tone, np.zeros(48_000)], axis=1), 48_000)
    samples = read_audio(tmp_path / "stereo.wav")
    expected = 0.5 * np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)
    assert samples.dtype == np.float32
    assert np.abs(samples[1_000:-1_000] - expected[1_000:-1_000]).max() < 1e-2


def test_a_file_that_is_no_audio_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("not audio")
    with pytest.raises(EvaluationError, match=r"notes\.wav cannot be read as audio"):
        read_audio(path)


def test_files_are_grouped_by_the_folder_that_they_lie_in(tmp_path: Path) -> None:
    for name in ("x/ben/2.WAV", "x/ben/1.flac", "ada/1.ogg", "ada/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert by_folder(tmp_path) == {
        "ada": [tmp_path / "ada" / "1.ogg"],
        "ben": [tmp_path / "x" / "ben" / "1.flac", tmp_path / "x" / "ben" / "2.WAV"],
    }
    with pytest.raises(EvaluationError, match="is not a folder: give one that holds a sub-folder of audio"):
        by_folder(tmp_path / "missing")


def test_opus_changes_speech_but_keeps_it() -> None:
    speech = low_voice(3.0)
    heard = through_opus(speech, 32)
    assert len(heard) == pytest.approx(len(speech), abs=0.05 * RATE)
    delay = round(0.0065 * RATE)
    length = min(len(speech), len(heard) - delay)
    likeness = np.corrcoef(speech[:length], heard[delay : delay + length])[0, 1]
    assert 0.8 < likeness < 0.9999
    assert np.array_equal(heard, through_opus(speech, 32))


def test_a_lower_rate_costs_more_of_the_speech() -> None:
    tone = low_voice(2.0)
    errors = []
    for kbps in (12, 64):
        heard = through_opus(tone, kbps)[104:]
        length = min(len(tone), len(heard))
        errors.append(float(np.mean((tone[:length] - heard[:length]) ** 2)))
    assert errors[0] > errors[1]


def test_nothing_stays_nothing() -> None:
    assert len(through_opus(np.zeros(0, dtype=np.float32), 32)) == 0
