"""`candor evaluate enrolment`: what it shows, and from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from biometrics.errors import EvaluationError
from biometrics.evaluation.enrolment_trials import EnrolmentFigures
from biometrics.voice.enrolment import ONE_VOICE
from interview.cli.evaluate_enrolment import print_enrolment
from tests.interview.cli.test_evaluate import run

FIGURES = EnrolmentFigures(
    speakers=2,
    utterances=13,
    short=1,
    alone=np.array([0.30, 0.40, 0.50, 0.70]),
    mixed=np.array([0.60, 0.80, 0.90, 1.00]),
    pairs=np.array([0.10, 0.20, 0.70]),
)


def test_people_see_every_figure_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    print_enrolment(FIGURES, as_json=False)
    shown = capsys.readouterr().out
    for part in (
        "2 speakers, 4 sittings with three utterances or more (1 with fewer), 13 utterances",
        "Refused though alone: 25.0 % [0.6, 80.6], N = 4; widest 0.700",
        "Noticed with one utterance of another: 75.0 % [19.4, 99.4], N = 4; least 0.600",
        "at 0.58: refused 25.0 %, noticed 100.0 %",
    ):
        assert part in shown, part


def test_programs_get_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_enrolment(FIGURES, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["limit"], told["speakers"], told["sittings"], told["pairs"]) == (ONE_VOICE, 2, 4, 3)
    assert set(told["refused_alone"]) == {"value", "low", "high", "n"}
    assert (told["refused_alone"]["value"], told["noticed_mixed"]["n"]) == (0.25, 4)
    assert told["alone_percentiles_50_95_100"][0] == pytest.approx(0.45)
    assert told["limits"][0] == {"limit": 0.5, "refused": 0.25, "noticed": 1.0}


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    result = run("evaluate", "enrolment", "--data", str(tmp_path / "missing"))
    assert isinstance(result.exception, EvaluationError)
    assert "is not a folder" in str(result.exception)
