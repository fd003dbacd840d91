"""`candor evaluate sasv` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from biometrics.errors import BiometricsError
from biometrics.evaluation.sasv_figures import SasvFigures, System
from fraudmodel.intervals import Estimate
from interview.cli.evaluate import app
from interview.cli.evaluate_sasv import print_sasv
from models.errors import ModelError


def sasv(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["sasv", *arguments], env={"COLUMNS": "200"})


def test_a_countermeasure_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    result = sasv("--data", str(tmp_path), "--countermeasure", "nothing_of_that_name")
    assert isinstance(result.exception, ModelError)
    assert "nothing_of_that_name" in str(result.exception)


def test_tables_give_every_rate_as_every_command_does(capsys: pytest.CaptureFixture[str]) -> None:
    rate = Estimate(0.0526, 0.0104, 0.1234, 190)
    system = System("joint LLR", rate, rate, rate, Estimate(0.2149, 0.1571, 0.2484, 9), {"lpc_vocoder": rate})
    figures = SasvFigures(10, 114, 1539, 1146, 25.4, rate, {"lpc_vocoder": rate}, (system,))
    print_sasv(figures, "aasist_l@1", "speech", ["tts_x: gone"], as_json=False)
    printed = capsys.readouterr().out
    assert printed.count("5.26 [1.04, 12.3]") == 5
    assert "0.215 [0.157, 0.248]" in printed
    assert "Not measured: tts_x: gone" in printed


@pytest.mark.models
def test_a_folder_without_speakers_is_one_sentence(tmp_path: Path) -> None:
    result = sasv("--data", str(tmp_path), "--countermeasure", "campplus")
    assert isinstance(result.exception, BiometricsError)
    assert "holds 0 speakers" in str(result.exception)


@pytest.mark.shared
@pytest.mark.slow
def test_quick_tries_real_speakers(shared: Path) -> None:
    data = shared / "data" / "speech" / "librispeech_test_other"
    result = sasv("--data", str(data), "--quick", "--json")
    if isinstance(result.exception, ModelError):
        pytest.skip(str(result.exception))
    told = json.loads(result.stdout)
    assert (told["speakers"], told["opus_kbps"]) == (4, 24)
    alone, _, joint = told["systems"]
    assert set(alone["generators"]) == {"griffin_lim_linear", "conversion_nearest"}
    assert alone["sv_eer"]["value"] < 0.05
    assert joint["spf_eer"]["n"] == told["targets"] + told["spoofs"]
