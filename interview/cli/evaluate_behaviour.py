"""How ``candor evaluate behaviour`` shows what it measured."""

from __future__ import annotations

import json

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.evaluation.behaviour_trials import BehaviourFigures
from biometrics.evaluation.behaviour_voices import Voices
from interview.cli.figures import per_cent

_LEAST_WIDTH = 150


def print_behaviour(figures: BehaviourFigures, voices: Voices | None, *, as_json: bool) -> None:
    """One JSON object, or tables for people."""
    if as_json:
        found = {"signal": "behaviour", "grade": "simulated"} | figures.as_json()
        if voices is not None:
            found["voices"] = {
                "people": len(voices.people),
                "answers": sum(map(len, voices.people)),
                "halves": voices.halves,
                "pairs": voices.pairs,
            }
        typer.echo(json.dumps(found, indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    console.print("Simulated interviews through the product's own comparison. Per cent, 95 % intervals.")
    console.print(_interviews(figures))
    console.print("Above uniform: the most by which p-values are too small, and what chance gives (95 %).")
    console.print(_gazes(figures))
    console.print(f"Cost here: {figures.update_ms:.0f} ms for comparing 30 answers with 10.")
    if voices is not None:
        halves = ", ".join(f"{name} {value:.2g}" for name, value in voices.halves.items())
        console.print(
            f"Halves of {voices.pairs} utterances of {len(voices.people)} people lie apart by (sd): {halves}",
            markup=False,
        )


def _interviews(figures: BehaviourFigures) -> Table:
    columns = ("answers", "neutral", "checked", "question above uniform", "session above uniform", "chance")
    grid = Table(*columns, "session p <= 0.05", "moved ones found", "false among found", "N", box=SIMPLE)
    for row in figures.rows:
        grid.add_row(
            row.name,
            str(row.neutral),
            str(row.probes),
            *(f"{value:.3f}" for value in (row.question_distance, row.session_distance, row.bound)),
            *(per_cent(figure) for figure in (row.session_rate, row.found, row.false_rate)),
            str(row.sessions),
        )
    return grid


def _gazes(figures: BehaviourFigures) -> Table:
    grid = Table(
        "gaze", "frames a second", "noise, deg", "median share", "taken for reading", "N", box=SIMPLE
    )
    for row in figures.gazes:
        grid.add_row(
            row.track,
            f"{row.fps:g}",
            f"{row.noise_deg:g}",
            f"{row.share:.2f}",
            per_cent(row.reading),
            str(row.reading.n),
        )
    return grid
