"""`candor lab` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from biometrics.attacklab.catalogue import all_species
from biometrics.attacklab.store import stored
from biometrics.errors import BiometricsError
from interview.cli.lab import app


def lab(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def test_list_as_json_has_every_species() -> None:
    rows = json.loads(lab("list", "--json").stdout)
    assert [row["name"] for row in rows] == [each.name for each in all_species()]
    assert all(row["description"] and len(row["renderers"]) >= 2 for row in rows)


def test_list_is_a_table() -> None:
    printed = lab("list").stdout
    assert all(each.name in printed for each in all_species())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--species", "hologram"), "There is no species 'hologram'"),
        (("--split", "both"), "there is no split 'both'"),
        (("--data", "missing"), "neither a clips"),
    ],
)
def test_what_cannot_be_rendered_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, str], sentence: str
) -> None:
    result = lab("render", "--out", str(tmp_path / "out"), *arguments)
    assert isinstance(result.exception, BiometricsError)
    assert sentence in str(result.exception)


@pytest.mark.models
@pytest.mark.shared
@pytest.mark.slow
def test_real_people_are_rendered_once(tmp_path: Path, shared: Path) -> None:
    arguments = ("render", "--data", str(shared / "data"), "--out", str(tmp_path), "--species", "bona_fide")
    first = json.loads(lab(*arguments, "--count", "1", "--json").stdout)
    again = json.loads(lab(*arguments, "--count", "1", "--json").stdout)
    assert (first["renders"], first["made"], again["made"]) == ({"bona_fide": 4}, 4, 0)
    renders = list(stored(tmp_path))
    assert {each.split for each in renders} == {"train", "test"}
    assert all(each.ita is not None and len(list(each.frames())) > 30 for each in renders)
