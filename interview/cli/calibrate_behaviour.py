"""``candor calibrate behaviour``: a bank's confirmed outcomes -> parameters that let behaviour count, or why it stays at weight 0."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import typer

from fraudmodel.behaviour import validation_fields
from fraudmodel.errors import DatasetError, FraudModelError, ParametersError
from fraudmodel.fit import write_signal
from fraudmodel.outcomes import Outcomes, read_outcomes, validate
from fraudmodel.parameters import FUSION_FILE, load_parameters
from fraudmodel.signal_parameters import SignalParameters
from fraudmodel.signals import SignalKind

Channel = Literal["behaviour", "micro_expression"]


def calibrate_behaviour(
    outcomes: Annotated[
        Path,
        typer.Option(
            "--outcomes",
            help="CSV of confirmed outcomes: interview, outcome (fraud or bona_fide), statistic; optional applicant and model.",
        ),
    ],
    approved_by: Annotated[str, typer.Option("--approved-by", help="Who answers for the validation.")],
    analysis: Annotated[
        str,
        typer.Option(
            "--analysis", help="Where the analysis was registered before the outcomes were looked at."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="The bank's own folder of parameters.")],
    signal: Annotated[Channel, typer.Option("--signal", help="Which signal of the channel.")] = "behaviour",
    model: Annotated[
        str,
        typer.Option(
            "--model", help="What measured the statistics, as readings name it; or a column of the table."
        ),
    ] = "",
    version: Annotated[str, typer.Option("--fit-version", help="Version of this fit.")] = "1",
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print one JSON object: what was fitted, on how many, and how well."),
    ] = False,
) -> None:
    """Let behaviour count on a bank's own confirmed outcomes: 200 or more, held within a likelihood ratio of 2, never deciding."""
    for name, given in (("--approved-by", approved_by), ("--analysis", analysis)):
        if not given.strip():
            raise DatasetError(f"{name} is empty: a validation names its analysis and who answers for it")
    _refuse_shipped(out)
    found = read_outcomes(outcomes)
    fitted = validate(
        found,
        SignalKind(signal),
        model=_model(found, model, outcomes),
        version=version,
        analysis=analysis.strip(),
        approved_by=approved_by.strip(),
        on=datetime.now(UTC).date(),
    )
    out.mkdir(parents=True, exist_ok=True)
    path = write_signal(fitted, out)
    obstacle = _obstacle(out)
    if as_json:
        typer.echo(json.dumps(_json(fitted, path, obstacle), indent=2))
    else:
        _print(fitted, path, obstacle)


def _refuse_shipped(out: Path) -> None:
    if out.resolve() == Path(str(files("fraudmodel") / "fitted")).resolve():
        raise ParametersError(
            "The shipped parameters never let behaviour count: name a folder of the bank's own with --out."
        )


def _model(found: Outcomes, given: str, path: Path) -> str:
    """What measured the statistics. A calibration holds for that version alone, so it is never guessed."""
    if given and found.model and given != found.model:
        raise DatasetError(
            f"{path.name} says that its statistics are of {found.model}, and --model says {given}"
        )
    if not (model := given or found.model):
        raise DatasetError(
            f"{path.name} does not say what measured its statistics: add a column model, as the readings name it, or use --model"
        )
    return model


def _obstacle(folder: Path) -> str:
    """Why the folder does not let behaviour count yet, empty where it does."""
    try:
        load_parameters(str(folder))
    except FraudModelError as error:
        return str(error)
    return ""


def _json(fitted: SignalParameters, path: Path, obstacle: str) -> dict[str, object]:
    low, high = fitted.limits
    validation = fitted.validation
    return {
        "signal": fitted.kind,
        "model": fitted.model,
        "file": str(path),
        "n": fitted.data.bona_fide + fitted.data.attack,
        "people": fitted.data.subjects,
        "validation": validation_fields(validation) if validation else None,
        "limits_nats": [low, high],
        "information_bits": fitted.information,
        "measured": {name: asdict(figure) for name, figure in fitted.measured.items()},
        "obstacle": obstacle,
    }


def _print(fitted: SignalParameters, path: Path, obstacle: str) -> None:
    low, high = fitted.limits
    cllr = fitted.measured["cllr"]
    typer.echo(
        f"{fitted.kind} ({fitted.model}): {fitted.data.attack} confirmed frauds and {fitted.data.bona_fide} bona fide of "
        f"{fitted.data.subjects} people; of people held out Cllr {cllr.value:.3f} bit, 95 % interval {cllr.low:.3f} to {cllr.high:.3f}, "
        f"N = {cllr.n} (1 is nothing); LLR held in {low:.3f} .. {high:.3f} nats."
    )
    typer.echo(f"Written to {path}")
    if obstacle:
        typer.echo(
            f'The folder cannot be used yet: {obstacle}. Its {FUSION_FILE} has to name the group "behaviour" and, in the components '
            "that behaviour may touch, a weight of at most 1."
        )
