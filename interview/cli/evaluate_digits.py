"""How ``candor evaluate digits`` shows what it measured."""

from __future__ import annotations

import json

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.evaluation.digits_trials import HONEST, OPUS_KBPS, DigitsFigures
from interview.cli.figures import per_cent

_LEAST_WIDTH = 150


def print_digits(figures: DigitsFigures, *, as_json: bool) -> None:
    """One JSON object, or tables for people."""
    if as_json:
        told = {"signal": "digits_challenge", "grade": "simulated"} | figures.as_json()
        typer.echo(json.dumps(told, indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    console.print(
        f"Simulated sessions through Opus at {OPUS_KBPS} kbit/s and the product's own detector. Per cent, 95 % intervals."
    )
    grid = Table(
        "who speaks",
        "digits in",
        "honest",
        "followed %",
        "score < 0 %",
        "score > 1 %",
        "abstained %",
        "N",
        box=SIMPLE,
    )
    for row in figures.rows:
        shown = (per_cent(one) for one in (row.followed, row.below_0, row.above_1, row.abstained))
        honest = "yes" if row.behaviour in HONEST else ""
        grid.add_row(row.behaviour, row.language, honest, *shown, str(row.abstained.n))
    console.print(grid)
    heard = Table("voice", "language", "", "digits heard as said %", "N", box=SIMPLE)
    for one in figures.understood:
        kind = "recorded" if one.recorded else "synthetic"
        heard.add_row(
            one.voice, one.language, kind, per_cent(one.right), str(one.right.n if one.right else 0)
        )
    console.print(heard)
    console.print(f"Cost here: {figures.decision_ms:.0f} ms a decision, once for each challenge.")
