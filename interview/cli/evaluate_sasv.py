"""``candor evaluate sasv``: who speaks and whether it is a person, decided together, against impostors and spoofs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.detectors.voice_pad import NETWORK
from biometrics.evaluation.sasv_figures import SasvFigures, sasv_figures
from biometrics.evaluation.sasv_speech import makers
from biometrics.evaluation.sasv_trials import OPUS_KBPS, Countermeasure, JointTrials
from biometrics.evaluation.trials import Progress
from biometrics.evaluation.voice_pairs import read_sittings
from interview.cli.figures import per_cent, with_interval
from models.hub import ModelHub

COUNTERMEASURE: Final = NETWORK
WINDOWS: Final = 2
"""Probes of each sitting, and of each spoof that is made of it."""
QUICK_SPEAKERS: Final = 4
QUICK: Final = ("griffin_lim_linear", "conversion_nearest")


def evaluate_sasv(
    data: Path, hub: ModelHub, countermeasure: str, progress: Progress, *, quick: bool, as_json: bool
) -> None:
    """Make the spoofs, try everybody, and print."""
    judge = Countermeasure(hub.get(countermeasure))
    made_by, gaps = makers(QUICK if quick else ())

    def tell(sentence: str) -> None:
        """At once, so that it is known as well where nothing can be measured in the end."""
        typer.echo(sentence, err=True)
        gaps.append(sentence)

    sittings = read_sittings(data, QUICK_SPEAKERS if quick else None)
    trials = JointTrials(sittings, hub, judge, 1 if quick else WINDOWS, progress, tell).trials(made_by)
    print_sasv(sasv_figures(trials), judge.name, data.name, gaps, as_json=as_json)


def print_sasv(
    measured: SasvFigures, countermeasure: str, data: str, gaps: Sequence[str], *, as_json: bool
) -> None:
    """One JSON object, or tables."""
    if as_json:
        found = {"data": data, "countermeasure": countermeasure, "opus_kbps": OPUS_KBPS, **asdict(measured)}
        typer.echo(json.dumps({**found, "not_supported": list(gaps)}, indent=2))
        return
    console = Console(width=max(160, Console().width))
    console.print(
        f"{data}: {measured.speakers} speakers, {measured.targets} target, {measured.impostors} impostor and {measured.spoofs} spoof "
        f"trials of 4 s, Opus {OPUS_KBPS} kbit/s; the targets are worth {measured.independent:.0f} independent trials. {countermeasure}",
        markup=False,
    )
    console.print(_systems(measured))
    console.print(_generators(measured))
    for gap in gaps:
        console.print(f"Not measured: {gap}", markup=False)
    console.print(
        "95 % intervals over speakers. Spoofs are of the lab's own generators, none of them modern."
    )


def _systems(measured: SasvFigures) -> Table:
    grid = Table("decided by", "SASV-EER %", "SV-EER %", "SPF-EER %", "min a-DCF", box=SIMPLE)
    for one in measured.systems:
        rates = (per_cent(rate) for rate in (one.sasv_eer, one.sv_eer, one.spf_eer))
        grid.add_row(one.name, *rates, with_interval(one.min_a_dcf))
    return grid


def _generators(measured: SasvFigures) -> Table:
    grid = Table(
        "SPF-EER %, by generator",
        "windows",
        "countermeasure alone",
        "trials",
        *(one.name for one in measured.systems),
        box=SIMPLE,
    )
    for name, alone in measured.countermeasure_generators.items():
        together = [one.generators[name] for one in measured.systems]
        grid.add_row(name, str(alone.n), per_cent(alone), str(together[0].n), *map(per_cent, together))
    return grid
