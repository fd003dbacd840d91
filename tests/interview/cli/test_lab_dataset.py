"""`candor lab dataset` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from biometrics.catalogue import detector_specs
from biometrics.errors import BiometricsError
from fraudmodel.interview_table import read_interviews
from interview.cli.lab import app


def lab(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


@pytest.mark.parametrize("arguments", [(), ("--data", "clips"), ("--speech", "voices")])
def test_without_people_or_voices_it_says_what_to_give(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = lab("dataset", "--out", str(tmp_path), *arguments)
    assert isinstance(result.exception, BiometricsError)
    assert "give --data and --speech, or --quick" in str(result.exception)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """The smallest table: one honest interview, one fraud."""
    folder = tmp_path_factory.mktemp("dataset")
    result = lab("dataset", "--quick", "--out", str(folder), "--count", "2", "--jobs", "1", "--json")
    assert result.exception is None, result.exception
    return folder, json.loads(result.stdout.splitlines()[-1])


@pytest.mark.models
def test_every_detector_stands_in_each_row(quick: tuple[Path, dict[str, object]]) -> None:
    folder, printed = quick
    table = read_interviews(folder / "interviews.jsonl.gz")
    assert printed["interviews"] == len(table) == 2
    assert printed["family"] == {"bona_fide": 1, "presentation": 1}
    for row in table.rows:
        assert {*row.measured, *row.absent} == {spec.kind for spec in detector_specs()}
    assert table.made["quick"] is True
    assert table.made["grade"] == "simulated"


@pytest.mark.models
def test_it_goes_on_where_it_was_broken_off(quick: tuple[Path, dict[str, object]]) -> None:
    folder, printed = quick
    before = (folder / "interviews.jsonl.gz").read_bytes()
    again = lab("dataset", "--quick", "--out", str(folder), "--count", "2", "--jobs", "1", "--json")
    assert json.loads(again.stdout.splitlines()[-1]) == printed
    assert (folder / "interviews.jsonl.gz").read_bytes() == before
    other = lab("dataset", "--quick", "--out", str(folder), "--seed", "2", "--count", "2", "--jobs", "1")
    assert "it was made of something else (seed differ)" in str(other.exception)
