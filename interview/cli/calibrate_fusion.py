"""``candor calibrate fusion``: a table of interviews -> a folder of parameters with fitted weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from fraudmodel.challenger import challenger_document, fit_challenger
from fraudmodel.errors import ParametersError
from fraudmodel.fit import write_signal
from fraudmodel.fusion_document import fusion_document
from fraudmodel.fusion_figures import figures
from fraudmodel.fusion_fitting import FittedFolder, fit_folder
from fraudmodel.fusion_protocols import held_out
from fraudmodel.fusion_signals import Evidence
from fraudmodel.parameters import DEFAULT, FUSION_FILE, load_parameters
from fraudmodel.sessions import family_shares
from interview.cli.evaluate import bars
from interview.cli.evaluate_fusion import FULL, QUICK, REFITS
from interview.cli.figures import with_interval
from interview.cli.fusion_table import BeginFrom, evidence_of
from interview.cli.table_file import TableFile, table_of
from models.build.boosted_trees import build


def calibrate_fusion(
    out: Annotated[Path, typer.Option("--out", help="Folder of parameters to write.")],
    table: TableFile = None,
    parameters: BeginFrom = DEFAULT,
    version: Annotated[str, typer.Option("--fit-version", help="Version of this fit.")] = "1",
    refit_measured: Annotated[
        bool,
        typer.Option(
            "--refit-measured", help="Refit calibrations that rest on real pairs too, as simulated."
        ),
    ] = False,
    challenger: Annotated[
        Path | None,
        typer.Option(
            "--challenger",
            help="Also grow the challenger on all people and write it here, as ONNX. No session uses it.",
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Few folds and refits: to see that it works, not to be used.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files of the folder.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Fit the fusion's weights and correlations, and the signals that only simulations calibrate, on a table of interviews."""
    if not overwrite and out.is_dir() and (there := sorted(file.name for file in out.glob("*.json"))):
        raise ParametersError(
            f"{out} holds parameters already ({there[0]}): choose another folder, or say --overwrite"
        )
    evidence = evidence_of(table_of(table), parameters, refit_measured=refit_measured)
    scale = QUICK if quick else FULL
    with bars() as report:
        judged = held_out(evidence, scale, report)
        found = figures(judged, (), (), family_shares(evidence.expert), replicates=scale.replicates)
        folder = fit_folder(evidence, version, found, scale.settings, REFITS[quick])
    write_folder(folder, out)
    load_parameters(str(out))
    if challenger is not None:
        grown = fit_challenger(folder.fit.rows, family_shares(folder.fusion))
        challenger.write_bytes(build({"fit": challenger_document(grown).encode()}))
    if as_json:
        typer.echo(json.dumps(_json(folder, evidence, out), indent=2))
    else:
        _print(folder, evidence, out)


def write_folder(folder: FittedFolder, out: Path) -> None:
    """Every signal's document and the fusion's."""
    out.mkdir(parents=True, exist_ok=True)
    for signal in folder.signals.values():
        write_signal(signal, out)
    (out / FUSION_FILE).write_text(fusion_document(folder.fusion), "utf-8")


def _json(folder: FittedFolder, evidence: Evidence, out: Path) -> dict[str, object]:
    fitted = folder.fusion.fitted
    return {
        "folder": str(out),
        "table": evidence.table.source,
        "digest": evidence.table.digest,
        "interviews": len(evidence.table),
        "people": len(evidence.table.people),
        "fitted": sorted(folder.signals.keys() - folder.kept),
        "kept": sorted(folder.kept),
        "not_calibrated": dict(sorted(folder.refused.items())),
        "measured": {
            name: {"value": each.value, "low": each.low, "high": each.high, "n": each.n}
            for name, each in (fitted.measured if fitted else {}).items()
        },
    }


def _print(folder: FittedFolder, evidence: Evidence, out: Path) -> None:
    table, fitted = evidence.table, folder.fusion.fitted
    typer.echo(
        f"{table.source} ({table.digest}): {len(table)} simulated interviews of {len(table.people)} people."
    )
    typer.echo(f"Fitted: {', '.join(sorted(folder.signals.keys() - folder.kept)) or 'no signal'}")
    typer.echo(f"Kept: {', '.join(sorted(folder.kept)) or 'no signal'}")
    for kind, why in sorted(folder.refused.items()):
        typer.echo(f"Not calibrated: {why}" if why.startswith(kind) else f"Not calibrated: {kind}: {why}")
    for name, each in (fitted.measured if fitted else {}).items():
        typer.echo(f"{name} on people held out: {with_interval(each)} bit, N = {each.n}")
    typer.echo(f"Written to {out}")
