"""`candor calibrate voice-pad` from the outside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer import Typer
from typer.testing import CliRunner

from biometrics.errors import EvaluationError
from interview.cli import calibrate, evaluate
from interview.cli.calibrate import app


@pytest.fixture
def people(tmp_path: Path) -> Path:
    folder = tmp_path / "people" / "a"
    folder.mkdir(parents=True)
    soundfile.write(folder / "1.wav", np.full(16_000, 0.1, np.float32), 16_000)
    return folder.parent


@pytest.mark.parametrize("given", ["espeak", "=folder", "espeak="])
def test_a_generator_without_name_or_folder_is_one_sentence(people: Path, given: str) -> None:
    result = CliRunner().invoke(app, ["voice-pad", "--data", str(people), "--spoof", given])
    assert isinstance(result.exception, EvaluationError)
    assert "is not NAME=FOLDER" in str(result.exception)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("one", "two", "people"), "the name people is what people are called"),
        (("one", "two", "one"), "the name one was given before"),
    ],
)
@pytest.mark.parametrize("command", [calibrate.app, evaluate.app], ids=["calibrate", "evaluate"])
def test_a_name_that_is_taken_is_one_sentence(
    people: Path, command: Typer, names: tuple[str, ...], sentence: str
) -> None:
    spoofs = [option for name in names for option in ("--spoof", f"{name}={people}")]
    result = CliRunner().invoke(command, ["voice-pad", "--data", str(people), *spoofs])
    assert isinstance(result.exception, EvaluationError)
    assert sentence in str(result.exception)


def test_too_few_generators_are_refused_before_anything_is_heard(people: Path) -> None:
    result = CliRunner().invoke(app, ["voice-pad", "--data", str(people), "--spoof", f"one={people}"])
    assert isinstance(result.exception, EvaluationError)
    assert "at least 3" in str(result.exception)
