"""`candor lab` from the outside."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner, Result

from biometrics.attacklab.catalogue import all_species, species_named
from biometrics.attacklab.plan import plan
from biometrics.attacklab.store import stored
from biometrics.errors import BiometricsError
from interview.cli.lab import app
from interview.cli.lab_render import not_rendered
from tests.biometrics.attacklab.people import person


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


def test_what_a_machine_lacks_is_not_said_to_be_for_lack_of_people() -> None:
    absent = replace(
        species_named("voice_tts"), lacks=lambda renderer: f"voice_tts, renderer {renderer}: no program."
    )
    half = replace(absent, lacks=lambda renderer: "only b" if renderer == "a" else None)
    honest = species_named("bona_fide")
    assert not_rendered([absent], []) == [f"voice_tts, renderer {name}: no program." for name in "ab"]
    people, program = not_rendered([half, honest], plan([honest], [person("ann", (90, 90, 90))], 1, 1))
    assert people == "Not rendered for lack of other people, of photos, or of enough speech: voice_tts."
    assert program == "only b"


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
