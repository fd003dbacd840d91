"""How ``candor evaluate av`` measures, and shows what it measured."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.evaluation.av_clips import talks
from biometrics.evaluation.av_digits import BurstFigures, burst_figures
from biometrics.evaluation.av_page import LIMITS, page, per_cent
from biometrics.evaluation.av_rates import RateRow, rate_rows
from biometrics.evaluation.av_still import StillFigures, still_figures
from biometrics.evaluation.av_trials import GROUPS, SHIFTS_MS, AvFigures, Bench, av_figures
from biometrics.evaluation.rppg_clips import clip_files
from biometrics.evaluation.trials import Progress
from models.hub import ModelHub

QUICK_GROUPS = 4
_LEAST_WIDTH = 130


def evaluate_av(
    data: Path, hub: ModelHub, report: Progress, *, quick: bool, html: Path | None, as_json: bool
) -> None:
    """Measure the clips of a folder; print tables or one JSON object, and write the page where it is asked for."""
    files = clip_files(data)
    found = talks(files, hub, report)
    bench, most = Bench(found), QUICK_GROUPS if quick else GROUPS
    figures = av_figures(bench, most, report)
    still = still_figures(files[:2] if quick else files, found, hub, report)
    on_bursts = burst_figures(files[:2] if quick else files, found[:2] if quick else found, hub, report)
    rates = [] if quick else rate_rows(files, bench, most, hub, report)
    if html is not None:
        command = " ".join(["candor", *sys.argv[1:]])
        html.write_text(page(figures, still, rates, datetime.now(UTC), command), "utf-8")
    print_av(figures, still, on_bursts, rates, data.name, as_json=as_json)


def print_av(
    figures: AvFigures,
    still: StillFigures,
    on_bursts: BurstFigures,
    rates: Sequence[RateRow],
    data: str,
    *,
    as_json: bool,
) -> None:
    """One JSON object, or tables for people."""
    if as_json:
        values = {"signals": ["av_sync", "voice_over"], "data": data, "limits": LIMITS, **figures.as_json()}
        values |= {
            "voice_over": still.as_json(),
            "mouth_on_bursts": on_bursts.as_json(),
            "by_kbps": [row.as_json() for row in rates],
        }
        typer.echo(json.dumps(values, indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    console.print(f"Mouth and sound on {data}. {LIMITS}", markup=False)
    shown = Table("shift ms", "read within 40 ms, %", box=SIMPLE)
    for shift in SHIFTS_MS:
        shown.add_row(f"{shift:+d}", per_cent(figures.within(shift)))
    console.print(shown)
    errors = Table("speech s", "attack", "genuine", "attacks", "EER %", box=SIMPLE)
    for row in figures.eers:
        errors.add_row(f"{row.duration_s:g}", row.kind, str(row.genuine), str(row.attacks), per_cent(row.eer))
    console.print(errors)
    for rate in rates:
        console.print(
            f"VP8 at {rate.kbps} kbit/s, Opus at 24: mouth seen {100 * rate.seen:.0f} %, median z {rate.z:.1f}, "
            f"EER {per_cent(rate.eer.eer)} % from {rate.eer.duration_s:g} s"
        )
    console.print(
        f"A voice over a still face is flagged within 3 s: {per_cent(still.noticed)} %. Looks of 1 s at talking people that "
        f"read as still: {per_cent(still.false)} %.\nOn bursts of speech a talking mouth moves: {per_cent(on_bursts.talking)} %, one "
        f"held still: {per_cent(on_bursts.still)} %; runs of eight called still: {per_cent(on_bursts.missed)} % and "
        f"{per_cent(on_bursts.caught)} %.\nJitter leaves the readings equal: {per_cent(figures.jitter_equal)} %. "
        f"Cost here: {figures.ms_per_s:.1f} ms of one core a second, landmarks not counted."
    )
