"""How ``candor evaluate rppg`` shows what it measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.evaluation.rppg_clips import ClipRow
from biometrics.evaluation.rppg_trials import Row, RppgFigures
from biometrics.rppg.reading import LEAST_KBPS
from fraudmodel.intervals import Estimate

_LEAST_WIDTH = 130


def print_rppg(figures: RppgFigures, *, as_json: bool) -> None:
    """One JSON object, or tables for people."""
    if as_json:
        typer.echo(json.dumps({"signal": "rppg", "grade": "simulated"} | figures.as_json(), indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    console.print("Painted skin with a known pulse through VP8, VGA at 30 fps. 95 % intervals over scenes.")
    console.print(_curve(figures.rows))
    console.print(
        f"Found: a pulse at the true rate; without a pulse, at any. The product abstains where it finds none, and below "
        f"{LEAST_KBPS:.0f} kbit/s: its limit is not applied here.\n"
        f"Cost here: {figures.frame_ms:.3f} ms a frame, {figures.reading_ms:.1f} ms a reading, of which there is one in 10 s."
    )
    if figures.clips:
        console.print("Real clips. Nobody measured these people's pulses: rates are not right or wrong.")
        console.print(_clips(figures.clips))


def _curve(rows: Sequence[Row]) -> Table:
    grid = Table("pulse in green", "target kbit/s", "kbit/s", "SNR dB", "found %", "N", box=SIMPLE)
    for row in rows:
        grid.add_row(
            f"{100 * row.green:g} %" if row.green else "none",
            "uncoded" if row.target_kbps is None else str(row.target_kbps),
            "" if row.kbps is None else f"{row.kbps:.0f}",
            "" if row.snr_db is None else _figure(row.snr_db),
            _figure(row.found, 100.0),
            str(row.found.n),
        )
    return grid


def _clips(clips: Sequence[ClipRow]) -> Table:
    grid = Table("clip", "kbit/s", "s", "beats a minute", "SNR dB", "score", "abstains for", box=SIMPLE)
    for row in clips:
        numbers = ("" if value is None else f"{value:.1f}" for value in (row.bpm, row.snr_db, row.score))
        rate = "as it is" if row.target_kbps is None else str(row.target_kbps)
        grid.add_row(row.clip, rate, f"{row.duration_s:.1f}", *numbers, row.why)
    return grid


def _figure(figure: Estimate, scale: float = 1.0) -> str:
    value, low, high = (scale * number for number in (figure.value, figure.low, figure.high))
    limits = f" [{low:.3g}, {high:.3g}]" if isfinite(low) and isfinite(high) else ""
    return f"{value:.3g}{limits}"
