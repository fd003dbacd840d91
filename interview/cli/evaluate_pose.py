"""How ``candor evaluate pose`` shows what it measured."""

from __future__ import annotations

import json

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.evaluation.pose_trials import HONEST, PoseFigures
from interview.cli.figures import per_cent

_LEAST_WIDTH = 130


def print_pose(figures: PoseFigures, *, as_json: bool) -> None:
    """One JSON object, or a table for people."""
    if as_json:
        typer.echo(
            json.dumps({"signal": "pose_challenge", "grade": "simulated"} | figures.as_json(), indent=2)
        )
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    grid = Table("the head", "rate", "followed %", "score below 0 %", "abstained %", "N", box=SIMPLE)
    for row in figures.rows:
        kind = "FRR" if row.behaviour in HONEST else "FAR"
        shown = (per_cent(figure) for figure in (row.error, row.score_error, row.abstained))
        grid.add_row(row.behaviour, kind, *shown, str(row.abstained.n))
    console.print("Simulated heads through the product's own detector. Per cent, 95 % intervals.")
    console.print(grid)
    console.print(
        f"Cost here: {figures.frame_ms:.3f} ms a frame; a decision {figures.decision_ms:.0f} ms, once for each challenge."
    )
