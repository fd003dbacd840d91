"""``candor lab``: attack presentations, rendered and measured."""

from __future__ import annotations

import typer

from interview.cli.lab_dataset import dataset_command
from interview.cli.lab_evaluate import evaluate_command
from interview.cli.lab_render import list_command, render_command

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Render attack presentations, and measure the detectors on them.",
)
app.command("list")(list_command)
app.command("render")(render_command)
app.command("evaluate")(evaluate_command)
app.command("dataset")(dataset_command)
