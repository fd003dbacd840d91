"""How ``candor evaluate flash`` shows what it measured."""

from __future__ import annotations

import json

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.evaluation.flash_trials import LEVEL, STAGES, FlashFigures, Row
from interview.cli.figures import per_cent

_LEAST_WIDTH = 170


def print_flash(figures: FlashFigures, *, as_json: bool) -> None:
    """One JSON object, or tables for people."""
    if as_json:
        typer.echo(
            json.dumps({"signal": "flash_challenge", "grade": "simulated"} | figures.as_json(), indent=2)
        )
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    console.print(
        "Simulated sessions through VP8 at 0.5 to 2.5 Mbit/s of a VGA call. Per cent, with 95 % intervals."
    )
    console.print(_table("FRR %", [row for row in figures.rows if row.snr_db is not None], frr=True))
    console.print(_table("FAR % of codes that were not shown", figures.rows, frr=False))
    for row in figures.rows:
        if row.weak_sequential is not None:
            console.print(
                f"{row.snr_db:g} dB: of those that pass, {per_cent(row.weak_sequential)} % get no more light than a "
                "screen's glass throws back, and the detector abstains from them."
            )
    console.print(
        f"Fixed numbers of chips pass at p <= {LEVEL:g}. FAR: N codes on the sessions of the row, interval over sessions; "
        "p-values below 0.0025 are extrapolated by a Gumbel tail.\n"
        f"WCAG 2.3.1: {figures.flashing_codes} of {figures.codes} codes flash; the most transitions in a second are "
        f"{figures.worst.general_transitions} general, {figures.worst.red_transitions} red.\n"
        f"Cost here: {figures.frame_ms:.3f} ms a frame; a decision {figures.decision_ms[0]:.0f} ms, at most {figures.decision_ms[1]:.0f} ms."
    )


def _table(title: str, rows: list[Row] | tuple[Row, ...], *, frr: bool) -> Table:
    columns = ("SNR dB", *(f"{stage} chips" for stage in STAGES), "sequential", "mean chips", "N")
    grid = Table(*columns, title=title, box=SIMPLE)
    for row in rows:
        fixed, sequential = (row.frr, row.frr_sequential) if frr else (row.far, row.far_sequential)
        grid.add_row(
            "unlit" if row.snr_db is None else f"{row.snr_db:g}",
            *(per_cent(fixed[stage]) for stage in STAGES),
            "" if sequential is None else per_cent(sequential),
            "" if row.chips is None else f"{row.chips:.1f}",
            str(fixed[STAGES[0]].n),
        )
    return grid
