"""`candor policy` from the outside."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from fraudmodel.errors import DatasetError, ParametersError
from fraudmodel.fitted import Fitted
from fraudmodel.fusion_document import fusion_document
from fraudmodel.interview_table import read_interviews, table_bytes
from fraudmodel.parameters import load_parameters
from fraudmodel.policies import load_policies
from fraudmodel.policy import policy_text
from interview.cli.policy import app
from tests.fraudmodel.builders import FACE, VOICE
from tests.fraudmodel.made_interviews import made
from tests.interview.monitoring.making import parameters_in


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parameters, a table that they are for, and another policy."""
    base = tmp_path_factory.mktemp("policy")
    parameters_in(base / "parameters", slope=1.0)
    (base / "table.jsonl").write_bytes(table_bytes({}, made(people=8, each=1, kinds=(FACE, VOICE))))
    strict = json.loads(policy_text()[1]) | {"version": "strict", "required": ["face_match", "voice_match"]}
    (base / "strict.json").write_text(json.dumps(strict))
    return base


def candor(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def simulated(folder: Path, *more: str) -> Result:
    named = ("--table", str(folder / "table.jsonl"), "--parameters", str(folder / "parameters"))
    return candor("simulate", "default", *named, *more)


def test_a_policy_is_told_in_words() -> None:
    told = candor("check", "default").output
    assert "Check further from 0.4 %, refer from 1.88 %" in told
    assert (
        "Required: face_match, measured; otherwise check further, unless an absence below says else." in told
    )
    assert "Nothing is rejected by any of this." in told


def test_the_same_as_json(folder: Path) -> None:
    parameters = ("--parameters", str(folder / "parameters"))
    told = json.loads(candor("check", str(folder / "strict.json"), *parameters, "--json").output)
    (policy,) = told["policies"]
    assert policy["version"].startswith("strict+")
    assert policy["step_up_from"] == pytest.approx(0.004)
    assert [each["signals"] for each in policy["required"]] == [["face_match"], ["voice_match"]]
    assert policy["warnings"] == []


def test_a_check_that_the_parameters_cannot_give_is_warned_of(folder: Path, tmp_path: Path) -> None:
    policy = json.loads(policy_text()[1]) | {"required": [{"one_of": ["flash_challenge"], "passed": True}]}
    (tmp_path / "p.json").write_text(json.dumps(policy))
    told = candor("check", str(tmp_path / "p.json"), "--parameters", str(folder / "parameters")).output
    assert "Warning: it requires flash_challenge, passed" in told


def test_a_folder_says_which_product_has_none(tmp_path: Path) -> None:
    policy = json.loads(policy_text()[1]) | {"product": "trade"}
    (tmp_path / "trade.json").write_text(json.dumps(policy))
    told = candor("check", str(tmp_path)).output
    assert 'Warning: there is no policy for the product "working-capital"' in told


def test_a_mistake_is_answered_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(policy_text()[1].replace('"face_match"', "7"))
    failed = candor("check", str(file))
    assert failed.exit_code == 1
    assert isinstance(failed.exception, ParametersError)
    assert "p.json, line 13: required[0] must be a text" in str(failed.exception)


def test_a_simulation_gives_every_share_with_its_interval(folder: Path) -> None:
    told = json.loads(simulated(folder, "--json", "--prior", "0.01").output)
    assert (told["interviews"], told["frauds"], told["people"]) == (32, 24, 8)
    assert (told["prior"], told["currency"], told["cost_per"]) == (0.01, "CNY", 1000)
    assert told["parameters"] == load_parameters(str(folder / "parameters")).version
    assert told["against"] is None
    groups = {(each["family"], each["species"]) for each in told["policy"]["groups"]}
    assert {("bona_fide", ""), ("", ""), ("impostor", ""), ("impostor", "impostor_0")} <= groups
    for shares in (told["policy"]["overall"], *(each["shares"] for each in told["policy"]["groups"])):
        assert set(shares) == {"proceed", "step_up", "insufficient", "refer"}
        assert all(each["low"] <= each["value"] <= each["high"] for each in shares.values())


def test_two_policies_are_compared(folder: Path) -> None:
    told = json.loads(simulated(folder, "--json", "--against", str(folder / "strict.json")).output)
    assert told["against"]["policy"].startswith("strict+")
    saving = told["against"]["cost"]["value"] - told["policy"]["cost"]["value"]
    assert told["saving"]["value"] == pytest.approx(saving)
    text = simulated(folder, "--against", str(folder / "strict.json")).output
    assert "32 interviews of 8 people (24 frauds)" in text
    assert "A person decides" in text


def test_of_a_table_one_split_can_be_taken(folder: Path) -> None:
    assert json.loads(simulated(folder, "--json", "--split", "test").output)["people"] == 8
    failed = simulated(folder, "--split", "nowhere")
    assert isinstance(failed.exception, DatasetError)
    assert "no row is of the split nowhere" in str(failed.exception)


def test_of_a_folder_it_has_to_be_said_which(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "default.json").write_text(policy_text()[1])
    failed = candor("simulate", str(tmp_path), "--table", str(folder / "table.jsonl"))
    assert "is a folder: name one of its files (default.json)" in str(failed.exception)


def test_examples_are_written_once(tmp_path: Path) -> None:
    out = tmp_path / "policies"
    assert candor("examples", str(out)).exit_code == 0
    load_policies(str(out)).require(["working-capital", "equipment", "trade"])
    again = candor("examples", str(out))
    assert again.exit_code == 1
    assert "no policy is overwritten" in str(again.exception)


def test_a_misspelt_signal_is_answered_with_its_line(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(policy_text()[1].replace('"face_match"', '"face_mach"'))
    named = ("--table", str(folder / "table.jsonl"))
    for failed in (
        candor("check", str(file)),
        candor("simulate", str(file), *named),
        candor("simulate", "default", "--against", str(file), *named),
    ):
        assert failed.exit_code == 1
        assert "p.json, line 13: required[0] names face_mach" in str(failed.exception)


def test_a_product_s_policy_that_no_product_has_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "default.json").write_text(policy_text()[1])
    (tmp_path / "trad.json").write_text(policy_text()[1].replace('"product": "default"', '"product": "trad"'))
    told = candor("check", str(tmp_path)).output
    assert "Warning: trad.json: it is for trad, and there is no such product." in told
    assert json.loads(candor("check", str(tmp_path), "--json").output)["idle"]


def test_it_says_that_interviews_count_as_they_ended(folder: Path) -> None:
    assert "Each interview counts as it ended" in simulated(folder).output
    assert json.loads(simulated(folder, "--json").output)["assessed"] == "at_the_end"


def test_parameters_that_were_fitted_on_the_table_are_warned_of(folder: Path, tmp_path: Path) -> None:
    """A fit names its table's content in its document, whatever the file is called now."""
    own = tmp_path / "fitted"
    shutil.copytree(folder / "parameters", own)
    base = load_parameters(str(own)).fusion
    weights = tuple(weight for each in base.components for weight in each.weights.values())
    correlations = tuple(each.correlation for each in base.groups)
    table = read_interviews(folder / "table.jsonl")
    fit = Fitted("once.jsonl", table.digest, 8, 24, 8, weights, correlations, {}, np.array([weights]))
    (own / "fusion.json").write_text(fusion_document(replace(base, fitted=fit)))
    named = ("--table", str(folder / "table.jsonl"), "--parameters", str(own))
    told = candor("simulate", "default", *named)
    assert f"Warning: the parameters were fitted on this very table ({table.digest})" in told.output
    assert "Warning" not in simulated(folder).output


def test_a_table_without_interviews_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_bytes(table_bytes({}, []))
    failed = candor("simulate", "default", "--table", str(tmp_path / "none.jsonl"))
    assert isinstance(failed.exception, DatasetError)
    assert "there is no interview in it" in str(failed.exception)
