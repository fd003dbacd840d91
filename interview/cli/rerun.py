"""``candor rerun``: analyse a recorded session again and compare with the stored numbers."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from interview.analysis.compare import Difference, compare
from interview.analysis.recorded import rerun as rerun_recording
from interview.analysis.stack import Stack
from interview.cli.store import existing_store
from interview.errors import SessionError
from interview.live.reels import Reels
from interview.live.specification import spec_of
from interview.media.journal import decode
from interview.native import quiet_native
from interview.problems import NotFound
from interview.session import State
from interview.settings import Settings
from interview.store.repository import Repository
from models.own import own_manifest

app = typer.Typer(add_completion=False)


@app.command()
def rerun(
    session: Annotated[str, typer.Argument(help="The interview's id, as in its address in the console.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Analyse a recorded session again and print the largest difference to the stored numbers. Exit status 1 if any."""
    settings = Settings()
    console = Console()
    with ExitStack() as stack:
        repository = stack.enter_context(existing_store(settings))
        stack.enter_context(quiet_native())
        if not as_json:
            stack.enter_context(Console(stderr=True).status(f"Analysing {session} again"))
        difference = _difference(session, repository, settings, stack)
    if as_json:
        console.print_json(orjson.dumps({**asdict(difference), "equal": difference.equal}).decode())
    else:
        console.print(_table(difference))
        console.print(_verdict(difference))
    if not difference.equal:
        raise typer.Exit(1)


def _difference(session: str, repository: Repository, settings: Settings, stack: ExitStack) -> Difference:
    try:
        record = repository.interviews.get(session)
    except NotFound:
        where = settings.database_url or settings.data_dir.resolve()
        raise SessionError(f"There is no interview {session} in {where}.") from None
    if record.progress.state not in (State.SEALED, State.DECIDED):
        raise SessionError(f"Interview {session} has not ended: end it before it can be analysed again.")
    reels = Reels(settings.data_dir / "sessions", repository)
    recording, officer = reels.finished(session, "applicant"), reels.finished(session, "officer")
    if recording is None:
        raise SessionError(f"Interview {session} has no recording of the applicant in {settings.data_dir}.")
    journal = (decode(line, number) for number, line in enumerate(repository.outputs.journal(session), 1))
    parts = Stack(settings.cache_dir, settings.profile, own_manifest(settings.own_models, settings.profile))()
    stack.callback(parts.close)
    spec = spec_of(record, repository.interviews.templates(session), repository.documents.rulebook(session))
    fresh = rerun_recording(recording, journal, spec, parts, officer=officer)
    return compare(repository.outputs.all(session), fresh)


def _table(difference: Difference) -> Table:
    table = Table()
    table.add_column("")
    table.add_column("stored", justify="right")
    table.add_column("re-run", justify="right")
    for name, stored in asdict(difference.stored).items():
        table.add_row(name, str(stored), str(asdict(difference.fresh)[name]))
    return table


def _verdict(difference: Difference) -> Text:
    if difference.equal:
        return Text("Equal: the largest difference over every number is 0.", "green")
    return Text(f"Largest difference {difference.largest:g}: {difference.where}", "red")
