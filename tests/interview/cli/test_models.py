"""`candor models` from the outside: what it prints, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from interview.cli.models import app
from models.cache import ModelCache, sha256
from models.errors import UnknownModel
from models.manifest import Manifest, ManifestError
from models.own import OwnModel, write_own


def candor_models(folder: Path, *arguments: str, own: Path | None = None) -> Result:
    env = {"CANDOR_CACHE_DIR": str(folder), "COLUMNS": "200"}
    return CliRunner().invoke(
        app, list(arguments), env=env if own is None else env | {"CANDOR_OWN_MODELS": str(own)}
    )


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


def test_own_weights_are_listed_and_verified_as_own(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.onnx").write_bytes(b"mine")
    write_own(
        own,
        "micro_expression",
        OwnModel("samm-133", "mine.onnx", sha256(b"mine"), "that of samm", "research-only", "us"),
    )
    table = candor_models(tmp_path, "list", own=own)
    line = next(line for line in table.stdout.splitlines() if "micro_expression" in line)
    assert " ".join(line.split()) == (
        "micro_expression samm-133 installed that of samm, research-only class and action units of brief movements (own)"
    )
    (own / "mine.onnx").write_bytes(b"other")
    rows = json.loads(candor_models(tmp_path, "verify", "--json", own=own).stdout)
    (row,) = (row for row in rows if row["own"])
    assert (row["name"], row["state"], row["sha256"]) == ("micro_expression", "damaged", sha256(b"mine"))


def test_a_folder_without_own_models_is_refused(tmp_path: Path) -> None:
    result = candor_models(tmp_path, "list", own=tmp_path)
    assert isinstance(result.exception, ManifestError)
    assert str(result.exception) == f"There is no models.toml in {tmp_path}, the folder of own models."
