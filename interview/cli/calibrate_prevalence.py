"""``candor calibrate prevalence``: how common fraud seems to be among recent interviews. It proposes; a person sets CANDOR_PRIOR."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from fraudmodel.calibration import FloatArray
from fraudmodel.prevalence import GUARD, propose, read_llrs
from interview.cli.monitor import wall_time
from interview.cli.store import existing_store
from interview.monitoring.windows import seen, spans_before
from interview.settings import Settings


def calibrate_prevalence(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="CSV with a column llr: the evidence of each recent interview in nats, its log-odds less those of the prior. 2000 or more. "
            "The service's own interviews where none is named."
        ),
    ] = None,
    days: Annotated[
        float, typer.Option("--days", min=0.01, help="Of the service's interviews: how far back.")
    ] = 365.0,
    until: Annotated[str, typer.Option("--until", help="And up to when; now by default.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Estimate how common fraud is among interviews whose outcome nobody knows, by what their evidence says."""
    settings = Settings()
    now = settings.prior
    source, llrs = _own(settings, days, until) if file is None else (file.name, read_llrs(file))
    found = propose(llrs, now)
    if as_json:
        typer.echo(json.dumps({"file": source, "prior_now": now, **asdict(found)}, indent=2))
        return
    held = f", held within {GUARD[0]:.2%} to {GUARD[1]:.0%}" if found.guarded else ""
    typer.echo(
        f"{source}: most likely {found.found:.3%} of {found.n} interviews are fraud, 95 % interval {found.low:.3%} to {found.high:.3%}, if their "
        f"evidence is calibrated. The prior is {now:.3%} now; proposed: {found.proposed:.3%}{held}."
    )
    typer.echo(f"Nothing was changed: a person who agrees sets CANDOR_PRIOR={found.proposed:.4g}.")


def _own(settings: Settings, days: float, until: str) -> tuple[str, FloatArray]:
    """Where the evidence is from, and that of every interview that ended in the span."""
    _, span = spans_before(wall_time(until), days, days)
    with existing_store(settings) as repository:
        shifts = [each.shift for each in seen(repository, span, {})]
    return f"interviews from {span}", np.array(shifts, dtype=np.float64)
