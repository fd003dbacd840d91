"""`candor evaluate av` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from biometrics.errors import EvaluationError
from biometrics.evaluation.av_digits import BurstFigures
from biometrics.evaluation.av_rates import RateRow
from biometrics.evaluation.av_still import StillFigures
from biometrics.evaluation.av_trials import SHIFTS_MS, SWAPPED, AvFigures, EerRow, Shift
from fraudmodel.intervals import Estimate, rate
from fraudmodel.metrics import det
from interview.cli import evaluate
from interview.cli.evaluate_av import print_av

SCORES, ATTACK = np.array([-4.0, -3.0, 0.5, 1.0]), np.array([False, False, True, True])
ROW = EerRow(16.0, SWAPPED, 2, 2, Estimate(0.0, 0.0, 0.37, 8), det(SCORES, ATTACK))
FIGURES = AvFigures(
    clips=({"clip": "one", "voiced_s": 9.4},),
    shifts=tuple(
        Shift(("one",), shift, shift + (90.0 if shift == 240 else 10.0), 5.0) for shift in SHIFTS_MS
    ),
    eers=(ROW,),
    jitter_equal=rate(2, 2),
    ms_per_s=3.2,
)
STILL = StillFigures(rate(2, 2), (1.6, None), rate(0, 35), rate(0, 8))
BURSTS = BurstFigures(rate(40, 40), rate(0, 30), rate(0, 5), rate(4, 4))


def test_tables_give_every_rate_with_interval_and_n(capsys: pytest.CaptureFixture[str]) -> None:
    print_av(FIGURES, STILL, BURSTS, [RateRow(250, 0.9, 3.4, ROW)], "data", as_json=False)
    text = capsys.readouterr().out
    assert "0.0 [0.0, 37.0] N=8" in text
    (missed,) = [line for line in text.splitlines() if line.split()[:1] == ["+240"]]
    assert "0.0 [0.0, 97.5] N=1" in missed
    assert "VP8 at 250 kbit/s" in text


def test_json_is_one_object_with_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    print_av(FIGURES, STILL, BURSTS, [], "data", as_json=True)
    told = json.loads(capsys.readouterr().out)
    shifts = {row["shift_ms"]: row["within_40_ms"]["value"] for row in told["shifts"]}
    assert shifts == {shift: float(shift != 240) for shift in SHIFTS_MS}
    assert told["eer"][0]["eer"] == {"value": 0.0, "low": 0.0, "high": 0.37, "n": 8}
    assert told["voice_over"]["delays_s"] == [1.6, None]
    assert told["mouth_on_bursts"]["talking_moved"]["n"] == 40


def test_mouths_that_were_never_in_sight_are_said_so_and_the_rest_is_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    unseen = BurstFigures(None, None, None, None)
    print_av(FIGURES, STILL, unseen, [], "data", as_json=False)
    assert "a talking mouth moves: - %" in " ".join(capsys.readouterr().out.split())
    print_av(FIGURES, STILL, unseen, [], "data", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["mouth_on_bursts"]["still_runs_called_still"] is None
    assert told["eer"][0]["eer"]["n"] == 8


def test_a_folder_without_clips_is_said_so(tmp_path: Path) -> None:
    result = CliRunner().invoke(evaluate.app, ["av", "--data", str(tmp_path)])
    assert isinstance(result.exception, EvaluationError)
    assert "has no clips" in str(result.exception)


@pytest.mark.models
@pytest.mark.shared
@pytest.mark.slow
def test_real_clips_reach_what_they_must(shared: Path, tmp_path: Path) -> None:
    html = tmp_path / "av.html"
    result = CliRunner().invoke(
        evaluate.app, ["av", "--data", str(shared / "data"), "--quick", "--html", str(html), "--json"]
    )
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    errors = [error for row in told["shifts"] for error in row["errors_ms"] if error is not None]
    assert max(map(abs, errors)) <= 40.0
    assert len(errors) >= 3 * len(SHIFTS_MS), (
        "one of the four joined talks may be too blurred to tell an offset"
    )
    (longest,) = [row for row in told["eer"] if (row["duration_s"], row["attack"]) == (16.0, SWAPPED)]
    assert longest["eer"]["value"] <= 0.05
    assert told["voice_over"]["flagged_within_3_s"]["value"] == 1.0
    assert told["voice_over"]["talking_looks_flagged"]["value"] == 0.0
    assert told["jitter_leaves_readings_equal"]["value"] == 1.0
    assert html.read_text("utf-8").startswith("<!doctype html>")
