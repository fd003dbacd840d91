from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from biometrics.errors import EvaluationError
from interview.cli.evaluate import app

SHARED = Path(os.environ.get("CANDOR_SHARED", "../shared"))
FACES, CLIPS = SHARED / "data" / "faces", SHARED / "data" / "clips"


def test_without_a_part_there_is_nothing_to_measure() -> None:
    result = CliRunner().invoke(app, ["microexpression"])
    assert isinstance(result.exception, EvaluationError)
    assert re.search("Nothing to measure", str(result.exception))


def test_spotting_needs_faces_or_clips() -> None:
    result = CliRunner().invoke(app, ["microexpression", "--spotting"])
    assert isinstance(result.exception, EvaluationError)
    assert "--faces" in str(result.exception)


def test_a_folder_without_clips_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["microexpression", "--spotting", "--clips", str(tmp_path)])
    assert isinstance(result.exception, EvaluationError)
    assert str(tmp_path) in str(result.exception)


def test_what_is_for_spotting_needs_spotting(tmp_path: Path) -> None:
    for option in ("--faces", "--face", "--clips"):
        result = CliRunner().invoke(app, ["microexpression", "--quick", option, str(tmp_path)])
        assert isinstance(result.exception, EvaluationError)
        assert "are for --spotting" in str(result.exception)


@pytest.mark.slow
@pytest.mark.skipif(not FACES.is_dir(), reason="needs photos in ../shared/data/faces")
def test_the_quick_form_reproduces_what_is_published() -> None:
    """2 % movements at 1.5 Mbit/s are found, and 300 kbit/s and 15 frames a second abstain."""
    command = ["microexpression", "--spotting", "--faces", str(FACES), "--face", "img16", "--quick", "--json"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    found = json.loads(result.output[result.output.index("{") :])["spotting"]
    rows = {(row["kbps"], row["fps"]): row for row in found["rows"]}
    assert rows[1500, 30]["recall"]["value"] >= 0.8
    assert rows[300, 30]["abstains"]["value"] == rows[1500, 15]["abstains"]["value"] == 1.0
    assert rows[1500, 15]["why"].startswith("low_frame_rate: 15.0 frames a second")
