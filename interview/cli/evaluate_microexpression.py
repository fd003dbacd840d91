"""How ``candor evaluate microexpression`` measures, and shows what it measured: one part for each option that is given."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from biometrics.errors import EvaluationError
from biometrics.evaluation.trials import Progress
from models.hub import ModelHub

_LEAST_WIDTH = 130


@dataclass(frozen=True, slots=True)
class Part:
    """What one option measured: its ``name`` in the JSON object, its figures as plain JSON, and how they are shown to people."""

    name: str
    values: dict[str, Any]
    show: Callable[[Console], None]


@dataclass(frozen=True, slots=True)
class Spotting:
    """``--spotting``: with pictures of ``faces`` whose movements are planted, and ``clips`` of real people for false events."""

    faces: Path | None
    clips: Path | None


def evaluate_microexpression(
    spotting: Spotting | None, hub: ModelHub, report: Progress, *, quick: bool, as_json: bool
) -> None:
    """Measure the parts that were asked for; print tables, or one JSON object last. Raises EvaluationError where none was."""
    parts: list[Part] = []
    if spotting is not None:
        parts.append(_spotting(spotting, hub, report, quick=quick))
    if not parts:
        raise EvaluationError("Nothing to measure: give --spotting.")
    if as_json:
        found = {"signal": "micro_expression"} | {part.name: part.values for part in parts}
        typer.echo(json.dumps(found, indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    for part in parts:
        part.show(console)


def _spotting(wanted: Spotting, hub: ModelHub, report: Progress, *, quick: bool) -> Part:
    raise EvaluationError("The spotting trials follow.")
