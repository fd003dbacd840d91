"""`candor calibrate behaviour` from the outside."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from biometrics.errors import EvaluationError
from fraudmodel.errors import DatasetError, FitError, ParametersError
from fraudmodel.parameters import FUSION_FILE, load_parameters
from fraudmodel.signals import SignalKind
from interview.cli.calibrate import app

MODEL = "own-baseline-1"
FUSION = {
    "version": "bank",
    "source": "by hand",
    "equivalent_cases": 20,
    "groups": [{"name": "behaviour", "kinds": ["behaviour"], "correlation": 0.9}],
    "components": [{"family": "impostor", "name": "anybody", "prior": 1.0, "weights": {"behaviour": 1}}],
}


@pytest.fixture
def outcomes(tmp_path: Path) -> Path:
    return table(tmp_path, 80, 160)


def table(folder: Path, fraud: int, bona_fide: int) -> Path:
    rng = np.random.default_rng(1)
    values = rng.standard_normal(fraud + bona_fide) + 1.5 * (np.arange(fraud + bona_fide) < fraud)
    rows = [f"i{n},{'fraud' if n < fraud else 'bona_fide'},{value:.5f}" for n, value in enumerate(values)]
    path = folder / "outcomes.csv"
    path.write_text("\n".join(["interview,outcome,statistic", *rows]))
    return path


def calibrate(
    outcomes: Path, out: Path, *more: str, approved: str = "Model risk", analysis: str = "A-7"
) -> Result:
    named = ("--approved-by", approved, "--analysis", analysis, "--out", str(out))
    return CliRunner().invoke(app, ["behaviour", "--outcomes", str(outcomes), *named, *more])


def test_the_bank_s_folder_lets_behaviour_count_afterwards(outcomes: Path, tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    bank.mkdir()
    (bank / FUSION_FILE).write_text(json.dumps(FUSION))
    done = calibrate(outcomes, bank, "--model", MODEL, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    fitted = load_parameters(str(bank)).signals[SignalKind("behaviour")]
    assert told["n"] == 240
    assert told["obstacle"] == ""
    assert told["limits_nats"] == list(fitted.limits)
    assert told["measured"]["cllr"]["n"] == 240
    assert told["validation"]["fraud"] == 80
    assert fitted.validation is not None
    assert (fitted.validation.analysis, fitted.validation.approved_by) == ("A-7", "Model risk")


def test_it_says_n_and_interval_and_what_the_folder_still_lacks(outcomes: Path, tmp_path: Path) -> None:
    done = calibrate(outcomes, tmp_path / "bank", "--model", MODEL)
    assert done.exit_code == 0, done.output
    assert "80 confirmed frauds and 160 bona fide of 240 people" in done.output
    assert "95 % interval" in done.output
    assert "fusion.json is missing" in done.output
    assert (tmp_path / "bank" / "behaviour.json").is_file()


def test_too_few_outcomes_write_nothing(tmp_path: Path) -> None:
    done = calibrate(table(tmp_path, 60, 100), tmp_path / "bank", "--model", MODEL)
    assert isinstance(done.exception, FitError)
    assert "counts 160 confirmed outcomes, and at least 200 are needed" in str(done.exception)
    assert not (tmp_path / "bank").exists()


def test_what_measured_the_statistics_is_never_guessed(outcomes: Path, tmp_path: Path) -> None:
    done = calibrate(outcomes, tmp_path / "bank")
    assert isinstance(done.exception, DatasetError)
    assert "does not say what measured its statistics" in str(done.exception)


@pytest.mark.parametrize("empty", [{"approved": " "}, {"analysis": ""}])
def test_somebody_answers_for_it(outcomes: Path, tmp_path: Path, empty: dict[str, str]) -> None:
    done = calibrate(outcomes, tmp_path / "bank", "--model", MODEL, **empty)
    assert isinstance(done.exception, DatasetError)


def test_the_shipped_parameters_are_not_for_it(outcomes: Path) -> None:
    done = calibrate(outcomes, Path(str(files("fraudmodel") / "fitted")), "--model", MODEL)
    assert isinstance(done.exception, ParametersError)
    assert "name a folder of the bank's own" in str(done.exception)


@pytest.mark.parametrize("kind", ["behaviour", "micro_expression"])
def test_the_lab_calibrates_no_behaviour(tmp_path: Path, kind: str) -> None:
    done = CliRunner().invoke(app, ["lab", "--renders", str(tmp_path), "--signal", kind])
    assert isinstance(done.exception, EvaluationError)
    assert f"Nothing simulated supports {kind}" in str(done.exception)
