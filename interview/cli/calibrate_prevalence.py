"""``candor calibrate prevalence``: how common fraud seems to be among recent interviews. It proposes; a person sets CANDOR_PRIOR."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from fraudmodel.prevalence import GUARD, propose, read_llrs
from interview.settings import Settings


def calibrate_prevalence(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with a column llr: the evidence of each recent interview in nats, its log-odds less those of the prior. 2000 or more."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Estimate how common fraud is among interviews whose outcome nobody knows, by what their evidence says."""
    now = Settings().prior
    found = propose(read_llrs(file), now)
    if as_json:
        typer.echo(json.dumps({"file": file.name, "prior_now": now, **asdict(found)}, indent=2))
        return
    held = f", held within {GUARD[0]:.2%} to {GUARD[1]:.0%}" if found.guarded else ""
    typer.echo(
        f"{file.name}: most likely {found.found:.3%} of {found.n} interviews are fraud, 95 % interval {found.low:.3%} to {found.high:.3%}, if their "
        f"evidence is calibrated. The prior is {now:.3%} now; proposed: {found.proposed:.3%}{held}."
    )
    typer.echo(f"Nothing was changed: a person who agrees sets CANDOR_PRIOR={found.proposed:.4g}.")
