"""`candor evaluate fusion`, `candor calibrate fusion` and `candor calibrate prevalence` from the outside."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from typer.testing import CliRunner

from fraudmodel.errors import DatasetError, ParametersError
from fraudmodel.fusion_rows import UNKNOWN
from fraudmodel.interview_table import InterviewTable, table_bytes
from fraudmodel.parameters import load_parameters
from interview.cli.calibrate import app as calibrate
from interview.cli.evaluate import app as evaluate_app
from interview.cli.evaluate_fusion import QUICK, FusionReport, evaluate, print_fusion
from interview.cli.fusion_table import evidence_of
from interview.cli.table_file import SHIPPED, table_of
from tests.fraudmodel.making import made_rows, made_table


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("table") / "interviews.jsonl.gz"
    path.write_bytes(gzip.compress(table_bytes({"seed": 0}, made_rows(240))))
    return path


@pytest.fixture(scope="module")
def report(file: Path) -> FusionReport:
    return evaluate(evidence_of(table_of(file, quick=True), "default"), QUICK, lambda *_: None, quick=True)


@pytest.fixture
def found(report: FusionReport, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    print_fusion(report, as_json=True)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_it_says_what_it_was_measured_on(found: dict[str, Any], file: Path) -> None:
    assert found["interviews"] == 240
    assert found["people"] == 16
    assert found["bona_fide"] + found["fraud"] == 240
    assert found["digest"] == table_of(file).digest
    assert found["signals"]["face_match"] == "measured"
    assert found["signals"]["face_pad"] == "simulated"


def test_every_figure_has_its_interval_and_n(found: dict[str, Any]) -> None:
    figures = [
        found["cllr_minus_cllr_min"],
        *found["cllr_gain_over"].values(),
        *found["ece_at_prevalence"].values(),
    ]
    figures += [row[name] for row in found["fusions"] for name in ("cllr", "cllr_min", "excess")]
    figures += [row["apcer"] for row in found["apcer_at_bpcer_5_unseen_species"]]
    for figure in figures:
        assert figure["low"] <= figure["value"] <= figure["high"]
        assert figure["n"] > 0


def test_the_laws_hold_and_the_naive_sum_does_not_do(found: dict[str, Any]) -> None:
    laws = found["laws"]
    assert laws["absent_moves"] == 0.0
    assert laws["largest_fall"] <= 1e-12
    assert laws["order"] < 1e-9
    assert laws["duplicate"] < 0.15
    assert laws["sum_error"] < 1e-9
    assert found["cllr_gain_over"]["naive_sum"]["low"] > 0.0


def test_every_group_is_taken_away_once_and_the_worst_species_comes_first(found: dict[str, Any]) -> None:
    groups = {row["name"] for row in found["group_missing"]}
    assert groups >= {"identity", "face pixels", "whose voice", "a voice at all"}
    worst = [row["apcer"]["value"] for row in found["apcer_at_bpcer_5_unseen_species"]]
    assert worst == sorted(worst, reverse=True)
    assert len(worst) == 2
    assert {row["family"] for row in found["apcer_at_bpcer_5_unforeseen_family"]} == {
        "presentation", "injected", "replay", "voice_attack", "impostor",
    }  # fmt: skip


def test_prevalence_at_half_a_per_cent_keeps_probabilities_honest(found: dict[str, Any]) -> None:
    assert found["ece_at_prevalence"]["0.005"]["value"] < 0.02
    assert sum(row["weight"] for row in found["reliability"]) == pytest.approx(1.0)


def test_people_read_the_same_as_tables(report: FusionReport, capsys: pytest.CaptureFixture[str]) -> None:
    print_fusion(report, as_json=False)
    said = capsys.readouterr().out
    for words in (
        "240 simulated interviews of 16 people",
        "Cllr - Cllr_min",
        "group missing",
        "rival",
        "Laws, on",
    ):
        assert words in said
    for words in (
        "species never seen",
        "family that nobody foresaw",
        "Challenger",
        "ECE at 0.5 %",
        "one assessment",
    ):
        assert words in said
    assert report.cost.assess_ms > 0.0
    assert report.cost.rescore_s > 0.0


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "none.jsonl"
    file.write_text("{}\n")
    result = CliRunner().invoke(evaluate_app, ["fusion", "--quick", "--table", str(file)])
    assert isinstance(result.exception, DatasetError)
    assert "none.jsonl, line 1" in str(result.exception)


def test_a_folder_is_written_that_sessions_load_and_never_over_another(file: Path, tmp_path: Path) -> None:
    out, challenger = tmp_path / "bank", tmp_path / "challenger.onnx"
    wanted = [
        "fusion",
        "--table",
        str(file),
        "--out",
        str(out),
        "--fit-version",
        "2027.1",
        "--json",
        "--quick",
    ]
    result = CliRunner().invoke(calibrate, [*wanted, "--challenger", str(challenger)])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    loaded = load_parameters(str(out))
    fitted = loaded.fusion.fitted
    assert loaded.version.startswith("2027.1+")
    assert fitted is not None
    assert (fitted.digest, fitted.people, fitted.interviews) == (table_of(file).digest, 16, 240)
    assert fitted.refits.shape == (10, len(loaded.fusion.learnable))
    assert {"cllr", "cllr_min", "cllr_in_force"} == set(fitted.measured)
    assert any(component.family == UNKNOWN for component in loaded.fusion.components)
    assert "face_match" in told["kept"]
    assert "face_pad" in told["fitted"]
    session = onnxruntime.InferenceSession(challenger.read_bytes())
    assert session.get_inputs()[0].shape[1] == len(evidence_of(table_of(file), "default").kinds)
    again = CliRunner().invoke(calibrate, wanted)
    assert isinstance(again.exception, ParametersError)
    assert "choose another folder, or say --overwrite" in str(again.exception)


@pytest.mark.skipif(not SHIPPED.is_file(), reason="no table of interviews is shipped with this version")
def test_the_shipped_table_keeps_the_laws() -> None:
    result = CliRunner().invoke(evaluate_app, ["fusion", "--quick", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["people"] >= 8
    assert told["laws"]["absent_moves"] == 0.0
    assert told["laws"]["duplicate"] < 0.15
    assert told["laws"]["sum_error"] < 1e-9


@pytest.mark.skipif(SHIPPED.is_file(), reason="a table of interviews is shipped")
def test_without_a_table_it_says_how_to_make_one() -> None:
    with pytest.raises(DatasetError, match="no table of interviews is shipped"):
        table_of(None)


def test_a_table_of_nothing_that_can_be_fused_is_refused() -> None:
    bare = InterviewTable("bare.jsonl", {}, tuple(made_table(4).rows[:0]))
    with pytest.raises(DatasetError, match="measured no signal that the fusion weighs"):
        evidence_of(bare, "default")


def test_a_prevalence_is_proposed_and_nothing_is_changed(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    llrs = 3.0 * (rng.standard_normal(4000) + 3.0 * (np.arange(4000) < 80)) - 4.5
    file = tmp_path / "recent.csv"
    file.write_text("llr\n" + "\n".join(f"{value:.6f}" for value in llrs))
    told = json.loads(CliRunner().invoke(calibrate, ["prevalence", str(file), "--json"]).stdout)
    assert told["low"] < 0.02 < told["high"]
    assert told["proposed"] == told["found"]
    assert told["n"] == 4000
    said = CliRunner().invoke(calibrate, ["prevalence", str(file)]).stdout
    assert "Nothing was changed" in said
    assert "CANDOR_PRIOR=" in said
