"""How ``candor evaluate microexpression`` measures, and shows what it measured: one part for each option that is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.errors import EvaluationError
from biometrics.evaluation.micro_clips import ClipRow
from biometrics.evaluation.micro_recognition_trials import recognition_figures
from biometrics.evaluation.micro_spotting import AMPLITUDE, TARGET, Row, SpottingFigures, spotting_figures
from biometrics.evaluation.trials import Progress
from interview.cli.evaluate_recognition import show_recognition
from interview.cli.figures import per_cent, with_interval
from models.hub import ModelHub

_LEAST_WIDTH = 200


@dataclass(frozen=True, slots=True)
class Part:
    """What one option measured: its ``name`` in the JSON object, its figures as plain JSON, and how they are shown to people."""

    name: str
    values: dict[str, Any]
    show: Callable[[Console], None]


@dataclass(frozen=True, slots=True)
class Spotting:
    """``--spotting``: with photos of ``faces`` (``only`` those, where any are named) in which movements are planted, and ``clips`` of real people for false events."""

    faces: Path | None
    only: tuple[str, ...]
    clips: Path | None


@dataclass(frozen=True, slots=True)
class Recognising:
    """Recognition of the movements of ``data``, a folder of flow maps (none: synthetic ones, made now), by ``seeds`` networks."""

    data: Path | None
    seeds: int


def evaluate_microexpression(
    spotting: Spotting | None,
    recognising: Recognising | None,
    hub: ModelHub,
    report: Progress,
    *,
    quick: bool,
    as_json: bool,
) -> None:
    """Measure the parts that were asked for; print tables, or one JSON object last. Raises EvaluationError where none was."""
    parts: list[Part] = []
    if spotting is not None:
        parts.append(_spotting(spotting, hub, report, quick=quick))
    if recognising is not None:
        parts.append(_recognition(recognising, hub, report, quick=quick))
    if not parts:
        raise EvaluationError("Nothing to measure: give --data, --spotting or --quick.")
    if as_json:
        found = {"signal": "micro_expression"} | {part.name: part.values for part in parts}
        typer.echo(json.dumps(found, indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    for part in parts:
        part.show(console)


def _spotting(wanted: Spotting, hub: ModelHub, report: Progress, *, quick: bool) -> Part:
    if wanted.faces is None and wanted.clips is None:
        raise EvaluationError(
            "--spotting needs --faces, a folder of photos, or --clips, a folder of *.mp4, or both."
        )
    found = spotting_figures(wanted.faces, wanted.only, wanted.clips, hub, report, quick=quick)
    return Part("spotting", found.as_json(), lambda console: show_spotting(found, console))


def _recognition(wanted: Recognising, hub: ModelHub, report: Progress, *, quick: bool) -> Part:
    found = recognition_figures(wanted.data, hub, report, quick=quick, seeds=wanted.seeds)
    return Part("recognition", found.as_json(), lambda console: show_recognition(found, console))


def show_spotting(found: SpottingFigures, console: Console) -> None:
    """Tables for people."""
    if found.rows:
        console.print(
            f"Planted movements of {100 * AMPLITUDE:g} % of the distance between the eyes, through VP8, 640x480; 0.15 to 0.47 s. "
            "The gate is left open but in the last two columns."
        )
        console.print(_curve(found.rows))
        console.print(
            "Recall: upper face, intersection over union at least 0.5, one to one; all: blinks included, which are masked; lower: mouth, "
            "chin and nose, in silence.\nAbstains: clips of which the product says nothing. Simulated."
        )
    if found.clips:
        console.print(
            f"Real people who talk, {TARGET.kbps} kbit/s, a picture each 1/30 s. Every brief upper movement counts as false."
        )
        console.print(_clips(found.clips))
        console.print(
            f"False events a minute: {with_interval(found.false_events)}; a minute in which one of the upper face would have been found: "
            f"{with_interval(found.false_events_seen)} (exact Poisson intervals)."
        )
    if found.cost_ms is not None:
        console.print(
            f"Cost here, landmarks not included: {found.cost_ms:.0f} ms of one core for a second of video."
        )
    for sentence in found.refused_faces:
        console.print(f"Not used: {sentence}", markup=False)


def _curve(rows: Sequence[Row]) -> Table:
    grid = Table(
        "kbit/s",
        "fps",
        "recall %",
        "N",
        "all %",
        "lower %",
        "precision %",
        "F1",
        "false/min",
        "amplitude",
        "abstains %",
        "why",
        box=SIMPLE,
    )
    for row in rows:
        grid.add_row(
            str(row.condition.kbps),
            str(row.condition.fps),
            per_cent(row.recall),
            "-" if row.recall is None else str(row.recall.n),
            per_cent(row.recall_all),
            per_cent(row.recall_lower),
            per_cent(row.precision),
            "-" if row.f1 is None else f"{row.f1:.3f}",
            with_interval(row.false_a_minute),
            "-" if row.amplitude_ratio is None else f"{row.amplitude_ratio:.2f}",
            per_cent(row.abstains),
            row.why,
        )
    return grid


def _clips(clips: Sequence[ClipRow]) -> Table:
    grid = Table("clip", "s", "searched %", "brief", "longer", "windows not measured for", box=SIMPLE)
    for row in clips:
        longer = len(row.found) - row.false_events
        grid.add_row(
            row.clip,
            f"{60 * row.minutes:.1f}",
            f"{100 * row.seen:.0f}",
            str(row.false_events),
            str(longer),
            row.why,
        )
    return grid
