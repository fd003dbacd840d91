"""People and programs see the figures of recognition, with what is invalid called so."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from biometrics.evaluation.micro_recognition import by_dataset, recognition
from biometrics.evaluation.micro_recognition_trials import NO_TORCH, RecognitionFigures, judged
from biometrics.training.micro.samples import Samples
from fraudmodel.intervals import rate
from interview.cli.evaluate_recognition import show_recognition

TRUTH = np.tile(np.array([0, 1, 2], np.intp), 8)
WRONG = np.where(np.arange(24) == 1, 0, TRUTH)
SAMPLES = Samples(
    np.zeros((24, 3, 28, 28), np.float32),
    TRUTH,
    np.repeat(["x/a", "x/b", "y/c", "y/d"], 6),
    np.repeat(["x", "y"], 12),
)


def figures(*, learnt: bool) -> RecognitionFigures:
    told = WRONG[np.newaxis]
    return RecognitionFigures(
        data="DIR",
        model="micro_expression@00000000",
        parameters=1234,
        counts=(8, 8, 8),
        zero_shot=recognition(TRUTH, told, SAMPLES.subjects),
        zero_shot_datasets=by_dataset(TRUTH, told, SAMPLES.subjects, SAMPLES.datasets),
        learnt=judged(SAMPLES, np.stack([[TRUTH, WRONG]] * 2)) if learnt else None,
        missing="" if learnt else NO_TORCH,
        cost_ms=0.5,
        units_right=rate(9, 10),
        units_found=rate(9, 12),
    )


def shown(found: RecognitionFigures) -> str:
    console = Console(file=io.StringIO(), width=200)
    show_recognition(found, console)
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def test_people_see_every_figure_with_its_interval_and_n() -> None:
    text = shown(figures(learnt=True))
    for part in (
        "24 movements of 4 people",
        "1234 numbers",
        "one subject left out",
        "0.9582",
        "UF1",
        "after 2 epochs",
        "INVALID",
        "were planted: 0.9",
        "are told: 0.75",
    ):
        assert part in text
    assert "would give 1.0000/1.0000" in text


def test_without_torch_the_shipped_weights_are_shown_all_the_same() -> None:
    text = shown(figures(learnt=False))
    assert "one subject left out" not in text
    assert "0.9582" in text
    assert NO_TORCH in text


def test_programs_get_the_same_as_json() -> None:
    told = json.loads(json.dumps(figures(learnt=True).as_json()))
    assert told["uf1"] == pytest.approx(0.9581, abs=1e-4)
    assert told["uf1_ci"][0] <= told["uf1"] <= told["uf1_ci"][1]
    assert told["invalid_best_epoch_uf1"] == 1.0
    assert (told["seeds"], told["epochs"], told["n"], told["subjects"]) == (2, 2, 24, 4)
    assert set(told["per_dataset"]) == {"x", "y"}
    assert told["zero_shot_uf1"] == pytest.approx(0.9581, abs=1e-4)


def test_without_learning_there_is_no_figure_of_it() -> None:
    told = figures(learnt=False).as_json()
    assert "uf1" not in told
    assert told["missing"] == NO_TORCH


def test_own_weights_are_not_called_shipped() -> None:
    assert "shipped, saw nobody" in shown(figures(learnt=False))
    text = shown(replace(figures(learnt=False), shipped=False))
    assert "own micro_expression@00000000" in text
    assert "Own weights say nothing here about people whom they learnt from." in text
    assert "saw nobody" not in text
