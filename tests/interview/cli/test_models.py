"""`candor models` from the outside: what it prints, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from interview.cli.models import app
from models.cache import ModelCache
from models.errors import UnknownModel
from models.manifest import Manifest


def candor_models(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"CANDOR_CACHE_DIR": str(folder), "COLUMNS": "200"})


def test_list_as_json_has_every_model_with_its_licence_and_state(tmp_path: Path) -> None:
    result = candor_models(tmp_path, "list", "--json")
    rows = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [row["name"] for row in rows] == list(Manifest.default().entries)
    assert {row["state"] for row in rows} == {"not installed"}
    assert all(row["licence"] and row["use"] and row["attribution"] for row in rows)


def test_list_is_a_table(tmp_path: Path) -> None:
    result = candor_models(tmp_path, "list")
    line = next(line for line in result.stdout.splitlines() if "silero_vad" in line)
    assert line.split() == ["silero_vad", "6.2.3", "not", "installed", "MIT", "voice", "activity"]


def test_verify_fails_while_a_required_model_is_missing(tmp_path: Path) -> None:
    result = candor_models(tmp_path, "verify")
    assert result.exit_code == 1
    assert "run `candor models build campplus`" in result.stdout


def test_verify_names_a_damaged_file(tmp_path: Path) -> None:
    path = ModelCache(tmp_path).path(Manifest.default().entry("silero_vad"))
    path.parent.mkdir()
    path.write_bytes(b"half a model")
    result = candor_models(tmp_path, "verify", "--json")
    (row,) = (row for row in json.loads(result.stdout) if row["name"] == "silero_vad")
    assert result.exit_code == 1
    assert row["state"] == "damaged"
    assert str(path) in row["detail"]


def test_an_unknown_name_is_refused_before_anything_is_built(tmp_path: Path) -> None:
    result = candor_models(tmp_path, "build", "silero_vad", "yolo")
    assert isinstance(result.exception, UnknownModel)
    assert list(tmp_path.iterdir()) == []
