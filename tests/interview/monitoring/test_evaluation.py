"""A command's JSON becomes tables, whatever its keys are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interview.errors import MediaError
from interview.monitoring.model_risk.evaluation import Evaluation, read_evaluation


def figure(value: float, n: int = 60) -> dict[str, float]:
    return {"value": value, "low": value - 0.1, "high": value + 0.1, "n": n}


def read(tmp_path: Path, document: object, *, before: str = "", indent: int | None = None) -> Evaluation:
    path = tmp_path / "evaluation.json"
    path.write_text(before + json.dumps(document, indent=indent))
    return read_evaluation(path)


def test_rows_with_names_are_rows_and_what_is_in_them_columns(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "fusions": [
                {"name": "mixture", "cllr": figure(0.3), "excess": figure(0.1)},
                {"name": "linear", "cllr": figure(0.5, 61)},
            ]
        },
    )
    (grid,) = found.grids
    assert (grid.title, grid.columns) == ("fusions", ("cllr", "excess"))
    assert [
        (name, [each.value if each else None for each in figures], n) for name, figures, n in grid.rows
    ] == [
        ("mixture", [0.3, 0.1], "60"),
        ("linear", [0.5, None], "61"),
    ]


def test_figures_at_the_top_and_one_below(tmp_path: Path) -> None:
    found = read(
        tmp_path, {"cllr": figure(0.3), "cllr_gain_over": {"naive sum": figure(1.9), "linear": figure(0.1)}}
    )
    assert [(grid.title, [row[0] for row in grid.rows]) for grid in found.grids] == [
        ("", ["cllr"]),
        ("cllr gain over", ["naive sum", "linear"]),
    ]


def test_figures_of_the_other_commands(tmp_path: Path) -> None:
    row = {"figure": "EER", "on": "voices", **figure(0.05), "unit": ""}
    assert read(tmp_path, {"figures": [row]}).figures[0].path[1:] == ("", "EER", "voices")


def test_plain_values_are_facts_one_level_deep(tmp_path: Path) -> None:
    document = {
        "n": 3,
        "x": figure(0.1),
        "laws": {"sum_error": 1.23456e-15, "deep": {"no": 1}},
        "kinds": ["a", "b"],
        "none": None,
    }
    assert read(tmp_path, document).facts == (("n", "3"), ("laws: sum error", "1.235e-15"), ("kinds", "a, b"))


@pytest.mark.parametrize("before", ["", "a table for people\n---\n"])
def test_the_object_may_stand_last(tmp_path: Path, before: str) -> None:
    (found,) = read(tmp_path, {"cllr": figure(0.3)}, before=before).figures
    assert (found.path, found.estimate.value, found.estimate.n) == (("cllr",), 0.3, 60)


def test_it_may_stand_over_many_lines(tmp_path: Path) -> None:
    assert len(read(tmp_path, {"cllr": figure(0.3)}, indent=2).figures) == 1


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="cannot be read: No such file"):
        read_evaluation(tmp_path / "none.json")
