"""``candor report``: pages about the service as a whole."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from biometrics.catalogue import detector_specs
from fraudmodel.interview_table import read_interviews
from fraudmodel.parameters import load_parameters
from fraudmodel.policy import load_policy
from fraudmodel.rescoring import Candidate
from fraudmodel.touched import families_seen
from interview.cli.monitor import wall_time
from interview.cli.store import existing_store
from interview.errors import SessionError
from interview.monitoring.in_use import in_use
from interview.monitoring.model_risk.canaries import read_canary_run
from interview.monitoring.model_risk.content import Report, TableMeasured, Watched, gaps, measured_on
from interview.monitoring.model_risk.evaluation import read_evaluation
from interview.monitoring.model_risk.page import page
from interview.monitoring.model_risk.versions import files_used, libraries, parameter_files
from interview.monitoring.model_risk.words import Language
from interview.monitoring.windows import Span, drift_between, spans_before
from interview.settings import Settings
from interview.storage import now
from models.own import own_manifest

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Pages about the service as a whole.",
)


@app.callback()
def _group() -> None:
    """Pages about the service as a whole."""


@app.command("model-risk")
def model_risk(
    out: Annotated[Path, typer.Option("--out", help="The page, HTML in one file.")],
    parameters: Annotated[str, typer.Option("--parameters", help="CANDOR_PARAMETERS by default.")] = "",
    policy: Annotated[str, typer.Option("--policy", help="CANDOR_POLICY by default.")] = "",
    table: Annotated[
        Path | None, typer.Option("--table", help="A table of interviews to measure on, with slices.")
    ] = None,
    evaluation: Annotated[
        Path | None, typer.Option("--evaluation", help="Output of `candor evaluate fusion --json`.")
    ] = None,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            help="Look at the service's own interviews up to then; they are left out where neither this nor --days is given.",
        ),
    ] = "",
    days: Annotated[
        float | None, typer.Option("--days", min=0.01, help="And so many days back; 30 by default.")
    ] = None,
    reference_days: Annotated[
        float, typer.Option("--reference-days", min=0.01, help="Length of the reference before them.")
    ] = 180.0,
    canaries: Annotated[
        Path | None, typer.Option("--canaries", help="Output of `candor canary run --json`.")
    ] = None,
    language: Annotated[Language, typer.Option("--language", help="Of the page's words.")] = Language.EN,
    on: Annotated[
        str, typer.Option("--date", help="The date that the page bears, as 2026-11-28; today by default.")
    ] = "",
) -> None:
    """Write the model-risk report: use, law, assumptions, data, calibrations, fusion, evaluation, slices, outcomes, drift, canaries, models, limits,
    versions, and what is missing."""
    settings = Settings()
    day, folder = _day(on), parameters or settings.parameters
    candidate = Candidate(
        "report",
        load_parameters(folder),
        load_policy(policy or settings.policy),
        settings.prior,
    )
    kinds = [spec.kind for spec in detector_specs()]
    read = None if evaluation is None else read_evaluation(evaluation)
    measured: TableMeasured | None = None if table is None else measured_on(read_interviews(table), candidate)
    watched = (
        _watched(settings, candidate, until, days, reference_days) if until or days is not None else None
    )
    run = None if canaries is None else read_canary_run(canaries)
    report = Report(
        on=day,
        version=version("candor"),
        parameters=candidate.parameters,
        policy=candidate.policy,
        prior=candidate.prior,
        models=list(own_manifest(settings.own_models, settings.profile).entries.values()),
        kinds=kinds,
        evaluation=read,
        table=measured,
        watched=watched,
        canaries=run,
        files=[*parameter_files(folder), *files_used((table, evaluation, canaries))],
        libraries=libraries(),
        gaps=gaps(candidate.parameters, candidate.policy, kinds, read, measured, watched, run),
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page(report, language), "utf-8")
    typer.echo(f"{out}: {len(report.parameters.signals)} calibrated signals, {len(report.gaps)} gaps named")


def _watched(
    settings: Settings, candidate: Candidate, until: str, days: float | None, reference_days: float
) -> Watched:
    reference, recent = spans_before(wall_time(until), 30.0 if days is None else days, reference_days)
    sees = families_seen(candidate.parameters.fusion)
    with existing_store(settings) as repository:
        found = drift_between(repository, reference, recent, sees)
        use = in_use(repository, Span(reference.since, recent.until), candidate)
    return Watched(found, reference, recent, use)


def _day(text: str) -> date:
    if not text:
        return now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SessionError(f'A date is written as 2026-11-28, not "{text}".') from None
