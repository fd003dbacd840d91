"""``candor outcomes``: what interviews turned out to be, confirmed by the bank, in and out as CSV."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from fraudmodel.confirmed import confirmed_text, read_confirmed
from interview.cli.store import existing_store
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
    at = now()
    lines = read_confirmed(file, at.date())
    with existing_store(Settings()) as repository:
        user = importer(repository.people, account)
        found = import_outcomes(repository, lines, user, at, store=not check)
    if as_json:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        typer.echo(json.dumps({"file": file.name, "sha256": digest, "stored": not check, **asdict(found)}))
    else:
        _print(found, stored=not check)


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


def _print(found: Imported, *, stored: bool) -> None:
    typer.echo(
        f"{len(found.added)} outcomes {'added' if stored else 'would be added'}, {len(found.corrected)} corrected (both are kept), "
        f"{len(found.unchanged)} known already."
    )
    for line, interview in found.unknown:
        typer.echo(f"line {line}: there is no interview {interview} here; nothing was stored of it")
