"""``candor compare``: champion against challenger, two folders of parameters on the same interviews with known answers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from fraudmodel.assessment import Band
from fraudmodel.comparison import Comparison, Measured, compare
from fraudmodel.errors import DatasetError
from fraudmodel.interview_table import InterviewTable, read_interviews
from fraudmodel.parameters import load_parameters
from fraudmodel.policy import load_policy
from fraudmodel.rescoring import Candidate, Case, cases_of, fitted_on
from interview.cli.figures import per_cent, with_interval
from interview.cli.monitor import wall_time
from interview.cli.store import existing_store
from interview.cli.terminal import print_table
from interview.monitoring.cases import stored_cases
from interview.monitoring.windows import spans_before
from interview.settings import Settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def compare_command(
    champion: Annotated[
        str, typer.Argument(help='Folder of parameters in use, or "default" for the shipped ones.')
    ],
    challenger: Annotated[str, typer.Argument(help="Folder of parameters that would take its place.")],
    table: Annotated[
        Path | None,
        typer.Option("--table", help="A table of interviews; the service's own confirmed ones otherwise."),
    ] = None,
    split: Annotated[str, typer.Option("--split", help="With --table: only the rows of this split.")] = "",
    policy: Annotated[str, typer.Option("--policy", help="Policy of both; CANDOR_POLICY by default.")] = "",
    challenger_policy: Annotated[
        str, typer.Option("--challenger-policy", help="Another policy for the challenger.")
    ] = "",
    days: Annotated[
        float, typer.Option("--days", min=0.01, help="Of the service's interviews: how far back.")
    ] = 365.0,
    until: Annotated[str, typer.Option("--until", help="And up to when; now by default.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Cllr, Cllr_min, AUC, calibration slope and the policy's proposals of both, paired by applicant. Nothing is adopted by it."""
    settings = Settings()
    first, second = (
        Candidate(name, load_parameters(name), load_policy(rules), settings.prior)
        for name, rules in (
            (champion, policy or settings.policy),
            (challenger, challenger_policy or policy or settings.policy),
        )
    )
    with ExitStack() as stack:
        cases, warning = _cases(stack, table, split, settings, days, until, (first, second))
        found = compare(first, second, cases)
    if as_json:
        report = {**asdict(found), "sentence": found.sentence, "warning": warning}
        typer.echo(orjson.dumps(report, option=orjson.OPT_NON_STR_KEYS))
    else:
        _print(found, warning)


def _cases(
    stack: ExitStack,
    table: Path | None,
    split: str,
    settings: Settings,
    days: float,
    until: str,
    candidates: Sequence[Candidate],
) -> tuple[list[Case], str]:
    if table is None:
        _, span = spans_before(wall_time(until), days, days)
        return list(stored_cases(stack.enter_context(existing_store(settings)), span)), ""
    read = read_interviews(table)
    rows = [row for row in read.rows if split in ("", row.split)]
    if split and not rows:
        raise DatasetError(f"{table.name}: no row is of the split {split}")
    return list(cases_of(rows)), _warning(read, candidates)


def _warning(table: InterviewTable, candidates: Sequence[Candidate]) -> str:
    """Parameters that were fitted on the very table are judged too kindly by it."""
    named = [each.name for each in candidates if fitted_on(each.parameters, table)]
    if not named:
        return ""
    return f"{' and '.join(named)} names this very table ({table.source}, {table.digest}) among what it was fitted on: its figures here are too good, and prove nothing."


def _print(found: Comparison, warning: str) -> None:
    console = Console(highlight=False)
    print_table(_figures(found))
    print_table(_decisions(found))
    console.print(f"{found.moved} of {found.fraud + found.bona_fide} proposals differ.")
    if warning:
        console.print(warning, style="yellow", markup=False)
    console.print(found.sentence, markup=False)


def _figures(found: Comparison) -> Table:
    table = Table(
        box=SIMPLE_HEAD,
        title="The same interviews, assessed by both; 95 % intervals over people",
        title_justify="left",
    )
    for heading in ("", found.champion.name, found.challenger.name, "difference"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, difference in found.differences.items():
        figures = (each.figures[name] for each in (found.champion, found.challenger))
        table.add_row(name, *map(with_interval, figures), with_interval(difference))
    slopes = [each.slope for each in (found.champion, found.challenger)]
    for name in ("slope", "intercept"):
        table.add_row(name, *(with_interval(getattr(each, name) if each else None) for each in slopes), "")
    table.add_row("version", found.champion.version, found.challenger.version, "")
    return table


def _decisions(found: Comparison) -> Table:
    table = Table(
        box=SIMPLE_HEAD, title="What policy would propose, per cent; a person decides", title_justify="left"
    )
    table.add_column("")
    for each in (found.champion, found.challenger):
        for outcome, n in (("fraud", found.fraud), ("bona fide", found.bona_fide)):
            table.add_column(f"{each.name}: {outcome} N={n}", justify="right")
    for band in Band:
        table.add_row(
            band, *(share for each in (found.champion, found.challenger) for share in _shares(each, band))
        )
    return table


def _shares(each: Measured, band: Band) -> tuple[str, str]:
    return per_cent(each.decisions.fraud[band]), per_cent(each.decisions.bona_fide[band])
