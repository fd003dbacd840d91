"""`candor evaluate` and `candor calibrate` from the outside."""

from __future__ import annotations

import json
import os
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from biometrics.errors import EvaluationError
from biometrics.evaluation.calibrating import fit_comparison
from biometrics.evaluation.face_pairs import read_pairs
from biometrics.evaluation.figures import Figures
from biometrics.evaluation.trials import Experiment, Trial
from fraudmodel.datasets import read_table
from fraudmodel.errors import FitError
from fraudmodel.intervals import Estimate
from fraudmodel.metrics import Det
from fraudmodel.signal_parameters import parse_signal
from fraudmodel.signals import SignalKind
from interview.cli import calibrate, evaluate
from interview.cli.errors import sentence


def run(command: str, *arguments: str) -> Result:
    app = {"evaluate": evaluate.app, "calibrate": calibrate.app}[command]
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


@pytest.mark.parametrize("command", ["evaluate", "calibrate"])
def test_a_missing_folder_is_one_sentence(command: str, tmp_path: Path) -> None:
    result = run(command, "voice", "--data", str(tmp_path / "missing"))
    assert isinstance(result.exception, EvaluationError)
    assert "is not a folder: give one that holds a sub-folder of audio for each speaker" in str(
        result.exception
    )


def test_a_list_of_pairs_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_bytes(bytes(range(128, 256)))
    with pytest.raises(EvaluationError, match="not text in UTF-8"):
        read_pairs(tmp_path / "pairs.csv")


def test_parameters_that_could_not_be_written_are_not_fitted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("calibrate", "voice", "--data", str(tmp_path / "missing"), "--out", str(tmp_path / "file"))
    assert isinstance(result.exception, FileExistsError)


def test_a_bit_rate_that_opus_has_not_is_refused(tmp_path: Path) -> None:
    assert run("evaluate", "voice", "--data", str(tmp_path), "--opus-kbps", "0").exit_code == 2


def test_native_messages_of_the_models_are_kept_from_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with evaluate.local_hub():
        os.write(2, b"from native code\n")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("app", [evaluate.app, calibrate.app], ids=["evaluate", "calibrate"])
def test_faces_and_voices_have_a_command_each(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert {"face", "voice"} <= set(result.stdout.split())


def test_a_row_gives_each_figure_with_its_interval() -> None:
    known, rare = Estimate(0.012, 0.001, 0.034, 500), Estimate(0.0, 0.0, 0.05, 20)
    curve = Det(np.array([0.5, np.inf]), np.array([0.0, 1.0]), np.array([1.0, 0.0]))
    row = Figures(
        "3 s", "campplus@aaaaaaaa", 10, 100, 400, 22.4, known, known, known, known, known, rare, rare, curve
    )
    console = Console(width=200, record=True)
    with console.capture() as printed:
        console.print(evaluate.table([row]))
    line = next(line for line in printed.get().splitlines() if "3 s" in line)
    assert "1.20 [0.10, 3.40]" in line
    assert "0.012 [0.001, 0.034]" in line
    assert " 22 " in line
    assert "0.00 [0.00, 5.00]" in line


@pytest.mark.models
@pytest.mark.shared
def test_faces_are_evaluated_as_json(shared: Path) -> None:
    result = run("evaluate", "face", "--data", str(shared / "data" / "faces"), "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["data"], told["signal"]) == ("faces", "face_match")
    (row,) = told["conditions"]
    assert (row["mated"], row["non_mated"], row["subjects"]) == (38, 262, 9)
    assert row["eer"]["low"] <= row["eer"]["value"] <= row["eer"]["high"]
    assert row["eer"]["n"] == 300


def test_a_calibration_is_written_with_its_score_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"{person}/{number}" for person in "abcdef" for number in range(3)]
    trials = tuple(
        Trial(r[0], p[0], r, p, 0.6 * (r[0] != p[0]) + 0.01 * (index % 7), 1, {})
        for index, (r, p) in enumerate(permutations(names, 2))
    )
    experiment = Experiment("dlib_resnet@dddddddd", "photo against photo", trials, 18, 0, 306, 0)
    scores = tmp_path / "scores.csv"
    calibrate.write(
        fit_comparison(SignalKind("face_match"), experiment, "photos", "test", 0.9), tmp_path, scores
    )
    path = tmp_path / "face_match.json"
    signal = parse_signal(path.read_text("utf-8"), path.name)
    assert signal.version == "test"
    assert signal.data.name == "photos: photo against photo"
    assert len(read_table(scores)) == signal.data.bona_fide + signal.data.attack == 306
    printed = capsys.readouterr().out
    assert "6 people, 36 mated and 270 non-mated trials" in printed
    assert f"Written to {path}" in printed


def test_an_error_of_the_fraud_model_is_a_sentence_too() -> None:
    assert sentence(FitError("photos: at least 4 subjects are needed, there are 2")) == (
        "photos: at least 4 subjects are needed, there are 2"
    )
