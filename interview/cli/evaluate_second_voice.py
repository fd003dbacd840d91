"""How ``candor evaluate second-voice`` shows what it measured."""

from __future__ import annotations

import json

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.evaluation.second_voice_trials import SecondVoiceFigures
from interview.cli.figures import per_cent

_LEAST_WIDTH = 130


def print_second_voice(figures: SecondVoiceFigures, *, as_json: bool) -> None:
    """One JSON object, or a table for people."""
    if as_json:
        typer.echo(json.dumps({"signal": "second_voice", "grade": "simulated"} | figures.as_json(), indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    console.print(
        f"Simulated calls of {figures.speakers} real speakers through Opus at 24 kbit/s; {figures.model}. Per cent, with 95 % intervals.",
        markup=False,
    )
    console.print(_table(figures))
    console.print(
        f"Thresholds {figures.thresholds[0]:.3f} and {figures.thresholds[1]:.3f}, each fitted on the other half of the speakers. "
        f"False alarms: {figures.alarms} in {figures.minutes:.0f} minutes, {figures.alarms_in_ten_minutes:.2f} in ten minutes.\n"
        "N are readings; those of one call resemble each other, so that the intervals are rather too narrow.\n"
        f"Cost here: {figures.cost_ms:.1f} ms of one core a second of media."
    )


def _table(figures: SecondVoiceFigures) -> Table:
    columns = ("condition", "readings found %", "N", "calls found %", "N", "minutes", "abstained")
    grid = Table(*columns, box=SIMPLE)
    for row in figures.rows:
        grid.add_row(
            row.condition,
            per_cent(row.found),
            str(row.found.n),
            per_cent(row.calls),
            str(row.calls.n),
            f"{row.minutes:.1f}",
            f"{row.abstained} of {row.readings}",
        )
    return grid
