"""`candor lab` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile
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
        (("--data", "missing", "--speech", "typo"), "typo: there is no such folder of speech"),
    ],
)
def test_what_cannot_be_rendered_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, str], sentence: str
) -> None:
    result = lab("render", "--out", str(tmp_path / "out"), *arguments)
    assert isinstance(result.exception, BiometricsError)
    assert sentence in str(result.exception)


@pytest.mark.models
def test_photos_alone_are_one_sentence(tmp_path: Path) -> None:
    faces, speaker = tmp_path / "data" / "faces", tmp_path / "speech" / "s1"
    faces.mkdir(parents=True)
    speaker.mkdir(parents=True)
    cv2.imwrite(str(faces / "one.jpg"), np.full((200, 160, 3), 120, np.uint8))
    soundfile.write(speaker / "one.wav", np.full(320_000, 0.1, np.float32), 16_000)
    folders = ("--data", str(tmp_path / "data"), "--speech", str(tmp_path / "speech"))
    result = lab("render", "--out", str(tmp_path / "out"), *folders)
    assert isinstance(result.exception, BiometricsError)
    assert str(result.exception) == "none of the sources is a video with one face in it"


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
