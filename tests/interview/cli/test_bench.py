"""``candor bench`` from the outside: its figures have flat names, and its help explains every one."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from interview.analysis.loopback import Latency
from interview.analysis.stages import StageCost, StageReport
from interview.cli.bench import METRICS, app, flat
from interview.errors import MediaError
from interview.media.bench import EdgeCost

FIGURES = flat(
    EdgeCost("candor", 9.0, 30.0, 1500.0, 20.0),
    EdgeCost("stock aiortc", 90.0, 28.0, 900.0, 20.0),
    Latency(0.3, 0.5, 0.6, 0.9, 40, 0, 0, 2.5),
    StageReport((StageCost("decode", 20.0), StageCost("face perception", 80.0)), 20.0, 5.0, 600.0, 500),
)


def test_every_figure_has_a_flat_name_and_a_meaning() -> None:
    assert [name for name in FIGURES if not name.startswith("stage_")] == list(METRICS)
    assert {name for name in FIGURES if name.startswith("stage_")} == {
        "stage_decode_ms_per_s",
        "stage_face_perception_ms_per_s",
    }


def test_figures_are_in_the_units_of_their_names() -> None:
    assert (FIGURES["edge_cpu_percent"], FIGURES["stock_cpu_percent"]) == (9.0, 90.0)
    assert (FIGURES["latency_p95_ms"], FIGURES["worker_restart_s"]) == (500.0, 2.5)
    assert (FIGURES["analysis_speed"], FIGURES["analysis_ms_per_s"]) == (4.0, 100.0)


def test_help_explains_every_figure() -> None:
    said = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).stdout
    assert [name for name in METRICS if name not in said] == []


def test_a_clip_that_is_none_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--clip", str(tmp_path / "missing.mp4")])
    assert isinstance(result.exception, MediaError)
