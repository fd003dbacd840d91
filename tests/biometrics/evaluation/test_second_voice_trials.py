from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from biometrics.errors import EvaluationError
from biometrics.evaluation.second_voice_trials import (
    QUICK_NEGATIVE,
    QUICK_POSITIVE,
    read_speakers,
    second_voice_figures,
)
from tests.biometrics.voice.fakes import FakeHub, voice

RATE = 16_000
BANDS = ((200, 800), (1000, 1800), (2000, 3000), (3500, 5000))


def folder(path: Path, speakers: int = 4) -> Path:
    """Speakers that `ShapeOfSpectrum` tells apart, three files of 5 s each."""
    for number, band in enumerate(BANDS[:speakers]):
        (path / f"speaker{number}").mkdir(parents=True)
        for take in range(3):
            samples = voice(5.0, *band, seed=10 * number + take)
            soundfile.write(path / f"speaker{number}" / f"{take}.flac", samples, RATE)
    return path


def test_too_few_speakers_are_said(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds 2 speakers, and a call and its control need 4"):
        read_speakers(folder(tmp_path, 2))
    with pytest.raises(EvaluationError, match="is not a folder"):
        read_speakers(tmp_path / "none")


@pytest.mark.slow
def test_quick_figures_of_synthetic_speakers(tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    figures = second_voice_figures(
        folder(tmp_path), FakeHub(), lambda at, total, what: done.append((at, total)), quick=True
    )
    assert [row.condition for row in figures.rows] == [*QUICK_NEGATIVE, *QUICK_POSITIVE]
    assert figures.speakers == 4
    alone, echo, another = figures.rows
    assert (alone.found.value, echo.found.value) == (0.0, 0.0)
    assert figures.alarms == 0
    assert another.found.n >= 4
    assert another.found.value > 0.5
    assert all(row.readings >= row.found.n for row in figures.rows)
    assert figures.cost_ms > 0
    assert np.isfinite(figures.thresholds).all()
    assert figures.as_json()["alarms_in_ten_minutes"] == 0.0
    assert done[0] == (0, 12)
