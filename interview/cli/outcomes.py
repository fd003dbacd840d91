"""``candor outcomes``: what interviews turned out to be, confirmed by the bank, in and out as CSV."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from fraudmodel.confirmed import Line, confirmed_text, read_confirmed
from fraudmodel.discount import PRIOR_MEAN, PRIOR_SD, Discounted, discounts, with_discounts
from fraudmodel.parameters import load_parameters, parameters_texts
from fraudmodel.policy import load_policy
from fraudmodel.rescoring import Candidate
from fraudmodel.touched import families_seen
from interview.cli.figures import with_interval
from interview.cli.monitor import wall_time
from interview.cli.store import existing_store
from interview.cli.terminal import print_table
from interview.errors import SessionError
from interview.monitoring.cases import stored_cases
from interview.monitoring.windows import spans_before
from interview.outcomes import Imported, import_outcomes, importer
from interview.settings import Settings
from interview.storage import now

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What interviews turned out to be, as the bank confirmed it.",
)


@app.command("import")
def import_command(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV: interview, outcome (fraud or bona_fide), confirmed_on (2026-11-28), by, source; optional family of a fraud."
        ),
    ],
    account: Annotated[
        str,
        typer.Option("--as", help="Your account, of compliance or an administrator: the audit log names it."),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Only say what would come of it; nothing is stored.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Import confirmed outcomes: all lines or none. A line that is known changes nothing; another outcome corrects the earlier one, and both are kept."""
    at, settings = now(), Settings()
    lines = read_confirmed(file, at.date())
    strange = _strange_families(lines, settings)
    with existing_store(settings) as repository:
        user = importer(repository.people, account)
        found = import_outcomes(repository, lines, user, at, store=not check)
    if as_json:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        typer.echo(
            json.dumps(
                {
                    "file": file.name,
                    "sha256": digest,
                    "stored": not check,
                    **asdict(found),
                    "strange": strange,
                }
            )
        )
    else:
        _print(found, stored=not check)
        for number, family, known in strange:
            typer.echo(
                f"line {number}: {family} is no family of the parameters ({known}); it counts for no single signal"
            )


@app.command("export")
def export_command(
    out: Annotated[Path | None, typer.Option("--out", help="Write here instead of printing.")] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="With what was corrected since; its last line of an interview holds."),
    ] = False,
) -> None:
    """Export confirmed outcomes as the CSV that import reads. With --all an interview can stand in several lines."""
    with existing_store(Settings()) as repository:
        kept = [each.confirmed for each in repository.confirmed.everything()]
    holding = {each.interview: each for each in kept}
    text = confirmed_text(kept if everything else holding.values())
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")
        typer.echo(f"{len(kept) if everything else len(holding)} outcomes written to {out}")


@app.command("discounts")
def discounts_command(
    parameters: Annotated[str, typer.Option("--parameters", help="CANDOR_PARAMETERS by default.")] = "",
    days: Annotated[
        float, typer.Option("--days", min=0.01, help="How far back interviews are taken.")
    ] = 365.0,
    until: Annotated[str, typer.Option("--until", help="And up to when; now by default.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="A new folder: these parameters with the discounts that the outcomes support."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """How far LLRs learnt from simulated attacks are to be believed, by the service's own confirmed outcomes. Nothing is adopted by it."""
    settings = Settings()
    name = parameters or settings.parameters
    candidate = Candidate(name, load_parameters(name), load_policy(settings.policy), settings.prior)
    if out is not None and out.exists():
        raise SessionError(
            f"{out} exists: name a folder that does not, so that no parameters are written over."
        )
    at = wall_time(until)
    _, span = spans_before(at, days, days)
    with existing_store(settings) as repository:
        cases = list(stored_cases(repository, span))
        found = discounts(candidate, cases, families_seen(candidate.parameters.fusion))
    if out is not None:
        _write(candidate, found, out, f"outcomes-{at.date()}")
    if as_json:
        typer.echo(
            json.dumps(
                {"parameters": candidate.parameters.version, "discounts": [asdict(each) for each in found]}
            )
        )
    else:
        _print_discounts(found, out)


def _write(candidate: Candidate, found: list[Discounted], out: Path, version: str) -> None:
    out.mkdir(parents=True)
    changed = with_discounts(candidate.parameters, found, version)
    for file, text in parameters_texts(candidate.name).items():
        (out / file).write_text(text, "utf-8")
    for kind, text in changed.items():
        (out / f"{kind}.json").write_text(text, "utf-8")


def _print_discounts(found: list[Discounted], out: Path | None) -> None:
    if not found:
        typer.echo("No signal of these parameters was learnt from simulated attacks and discounted for it.")
        return
    table = Table(
        box=SIMPLE_HEAD, title="Discount of LLRs learnt from simulated attacks", title_justify="left"
    )
    table.add_column("Signal")
    for heading in ("now", "by outcomes [95 %]", "proposed", "fraud", "bona fide", "people"):
        table.add_column(heading, justify="right")
    for each in found:
        table.add_row(
            each.kind, f"{each.now:g}", with_interval(each.found), f"{each.proposed:g}",
            str(each.fraud), str(each.bona_fide), str(each.people),
        )  # fmt: skip
    print_table(table)
    console = Console(highlight=False)
    console.print(
        f"Before any outcome: {PRIOR_MEAN:g}, give or take {PRIOR_SD:g}. Counted are frauds whose confirmed family the signal is meant to see."
    )
    if out is not None:
        console.print(
            f"Written to {out}. Compare it (candor compare) on outcomes that are confirmed from now on; a person decides whether it is used.",
            markup=False,
        )


def _strange_families(lines: Sequence[Line], settings: Settings) -> list[tuple[int, str, str]]:
    """Line, family and those that are known, of frauds whose family the parameters in use do not know: a typing error, most often."""
    known = sorted({each.family for each in load_parameters(settings.parameters).fusion.components})
    return [
        (line.row.line, line.confirmed.family, ", ".join(known))
        for line in lines
        if line.confirmed.family and line.confirmed.family not in known
    ]


def _print(found: Imported, *, stored: bool) -> None:
    typer.echo(
        f"{'Outcomes' if stored else 'Nothing is stored yet; outcomes'} added: {len(found.added)}, corrected (both are kept): "
        f"{len(found.corrected)}, known already: {len(found.unchanged)}."
    )
    for line, interview in found.unknown:
        typer.echo(f"line {line}: there is no interview {interview} here; nothing was stored of it")
