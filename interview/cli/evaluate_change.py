"""How ``candor evaluate voice-change`` shows what it measured."""

from __future__ import annotations

import json
from collections.abc import Sequence

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.evaluation.change_trials import ChangeFigures, Row
from fraudmodel.intervals import Estimate
from interview.cli.figures import per_cent, with_interval

_LEAST_WIDTH = 220


def print_change(figures: ChangeFigures, *, as_json: bool) -> None:
    """One JSON object, or a table for people."""
    if as_json:
        told = {"signal": "voice_continuity", "grade": "simulated"} | figures.as_json()
        typer.echo(json.dumps(told, indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    console.print(
        f"Simulated calls of {figures.speakers} real speakers through Opus; {figures.model}. With 95 % intervals.",
        markup=False,
    )
    console.print(
        f"Thresholds {figures.thresholds[0]:.2f} and {figures.thresholds[1]:.2f}, each fitted on the other half of the speakers:",
        markup=False,
    )
    console.print(_table(figures.rows))
    console.print(f"The detector's own threshold, {figures.alarm:g}:", markup=False)
    console.print(_table(figures.rows_at_alarm))
    if figures.found is not None:
        console.print(_of_all_changes(figures.found, figures.delay_speech_s), markup=False)
    console.print(
        f"False alarms in {figures.hours:.2f} hours without a change: {figures.false_alarms.n}, {with_interval(figures.false_alarms)} an hour, "
        f"at the fitted thresholds, and {figures.false_alarms_at_alarm.n}, {with_interval(figures.false_alarms_at_alarm)}, at the detector's own.\n"
        f"Cost here: {figures.cost_ms:.1f} ms of one core a second of media.",
        markup=False,
    )


def _of_all_changes(found: Estimate, delay_speech_s: tuple[Estimate, Estimate] | None) -> str:
    said = f"Of all changes, at the detector's own threshold: found {per_cent(found)} %, N = {found.n}"
    if delay_speech_s is None:
        return f"{said}."
    middle, most = map(with_interval, delay_speech_s)
    return f"{said}, after {middle} s of the other's speech (median; 90 %: {most})."


def _table(rows: Sequence[Row]) -> Table:
    columns = (
        "condition",
        "calls",
        "alarms/h",
        "N",
        "most",
        "found %",
        "N",
        "speech s",
        "90 %",
        "media s",
        "90 %",
        "off s",
        "90 %",
        "back %",
    )
    grid = Table(*columns, box=SIMPLE)
    for row in rows:
        grid.add_row(*_cells(row))
    return grid


def _cells(row: Row) -> list[str]:
    found = ["", ""] if row.found is None else [with_interval(row.found, 100), str(row.found.n)]
    times = [
        cell
        for pair in (row.delay_speech_s, row.delay_media_s, row.missed_by_s)
        for cell in (["", ""] if pair is None else [with_interval(pair[0]), with_interval(pair[1])])
    ]
    back = "" if row.back is None else with_interval(row.back, 100)
    hours = f"{row.alarms} in {row.hours:.2f} h"
    score = "" if row.found is not None else f"{row.most_score:.2f}"
    return [
        row.condition,
        str(row.calls),
        with_interval(row.alarms_an_hour),
        hours,
        score,
        *found,
        *times,
        back,
    ]
