"""Batches: half made and half people's, and mostly the originals of what was made."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from biometrics.training.voice_pad.lessons import BATCH, batches, read, without
from biometrics.training.voice_pad.windows import Windows

PER_STREAM = ("people:a", "people:a", "vocoder", "vocoder", "conversion")


def lessons(streams: int = 20) -> Windows:
    source = np.array(PER_STREAM * streams + ("tts",) * 10)
    stream = np.concatenate([np.repeat(np.arange(streams), len(PER_STREAM)), np.full(10, streams)])
    return Windows(np.zeros((len(source), 4), np.int16), source, stream)


def test_half_of_a_batch_is_made_and_most_of_the_rest_are_its_originals() -> None:
    found = lessons()
    paired = total = 0
    for chosen, people in islice(batches(found, np.random.default_rng(1)), 60):
        assert len(chosen) == len(people) == BATCH
        made, own = chosen[people == 0], chosen[people == 1]
        assert len(made) == len(own)
        assert not any(name.startswith("people:") for name in found.source[made])
        assert all(name.startswith("people:") for name in found.source[own])
        has_original = found.source[made] != "tts"
        paired += int((found.stream[made] == found.stream[own])[has_original].sum())
        total += int(has_original.sum())
    assert 0.7 < paired / total < 0.85


def test_a_source_counts_by_the_root_of_its_windows() -> None:
    found = lessons()
    made = np.concatenate([c[p == 0] for c, p in islice(batches(found, np.random.default_rng(2)), 200)])
    share = {name: float(np.mean(found.source[made] == name)) for name in ("vocoder", "conversion", "tts")}
    root = {"vocoder": 40**0.5, "conversion": 20**0.5, "tts": 10**0.5}
    for name, value in root.items():
        assert share[name] == pytest.approx(value / sum(root.values()), abs=0.03)


@pytest.mark.parametrize("source", ["people:a", "vocoder"])
def test_one_class_alone_teaches_nothing(source: str) -> None:
    alone = Windows(np.zeros((3, 4), np.int16), np.array([source] * 3), np.arange(3))
    with pytest.raises(SystemExit, match="training needs windows of people and of machines"):
        next(batches(alone, np.random.default_rng(0)))


def test_streams_of_different_files_stay_different(tmp_path: Path) -> None:
    files = [tmp_path / "a.npz", tmp_path / "b.npz"]
    for file in files:
        found = lessons(2)
        np.savez(file, windows=found.windows, source=found.source, stream=found.stream)
    both = read(files)
    assert len(both.windows) == 2 * len(lessons(2).windows)
    assert len(np.unique(both.stream)) == 2 * 3


def test_a_source_is_left_out_by_its_name() -> None:
    left = without(lessons(), ["vocoder"])
    assert "vocoder" not in left.source
    assert len(left.windows) == len(left.source) == len(left.stream)
    with pytest.raises(
        SystemExit, match="no source is called vocodr: there are conversion, people:a, tts, vocoder"
    ):
        without(lessons(), ["vocodr"])
