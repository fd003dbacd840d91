"""``candor canary``: fixed recordings that must keep giving the same assessment, night after night."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from importlib.metadata import version
from math import inf
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from biometrics.template import Template
from interview.analysis.senses import Parts
from interview.analysis.stack import Stack
from interview.cli.analyze import references_of
from interview.cli.store import existing_store
from interview.cli.terminal import print_table
from interview.errors import SessionError
from interview.jurisdiction import jurisdiction
from interview.monitoring.canary import Canary, Material, homes, require_free, write_canary
from interview.monitoring.canary_run import TOLERANCE, Configured, Outcome, analysed, run_canary
from interview.monitoring.canary_sources import of_file, of_interview
from interview.native import quiet_native
from interview.settings import Settings
from interview.storage import now
from interview.store.repository import Repository
from models.own import own_manifest

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Fixed recordings that must keep giving the same assessment.",
)

Folder = Annotated[Path, typer.Argument(help="Folder of canaries, one sub-folder each.")]


@app.command("record")
def record_command(
    folder: Folder,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Recordings, or ids of interviews that ended: of colleagues who agreed to be kept.",
        ),
    ],
    id_photo: Annotated[
        Path | None, typer.Option(help="For recordings: the ID photo to compare the face with.")
    ] = None,
    voice_reference: Annotated[
        Path | None, typer.Option(help="For recordings: the person alone, to compare the voice with.")
    ] = None,
) -> None:
    """Analyse each as it would be analysed today, and keep it with what came of it."""
    settings = Settings()
    with ExitStack() as stack:
        parts = _parts(stack, settings)
        given = references_of(parts, id_photo, voice_reference)
        for name, material in _materials(stack, sources, settings, parts, given):
            require_free(folder, name)
            expected = analysed(material, parts, _configured(settings))
            home = write_canary(Canary(name, material, expected, now(), version("candor")), folder)
            typer.echo(
                f"{home}: fraud probability {100 * expected.assessment.probability:.2f} %, {expected.assessment.band}"
            )


@app.command("run")
def run_command(
    folder: Folder,
    tolerance: Annotated[
        float, typer.Option("--tolerance", min=1e-6, help="By how much L may move, nats; above 0.")
    ] = TOLERANCE,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Analyse every canary again. Exit status 1 where its L or one signal's LLR moved by the tolerance or more, a signal fell silent or is new, or it cannot be analysed."""
    settings = Settings()
    kept = homes(folder)
    with ExitStack() as stack:
        parts = _parts(stack, settings)
        found = [run_canary(each, parts, _configured(settings)) for each in kept]
    passed = all(each.within(tolerance) for each in found)
    if as_json:
        rows = [{**asdict(each), "moved": each.moved, "within": each.within(tolerance)} for each in found]
        typer.echo(
            orjson.dumps({"tolerance_nats": tolerance, "passed": passed, "n": len(found), "canaries": rows})
        )
    else:
        _print(found, tolerance)
    if not passed:
        raise typer.Exit(1)


def _parts(stack: ExitStack, settings: Settings) -> Parts:
    stack.enter_context(quiet_native())
    parts = Stack(settings.cache_dir, settings.profile, own_manifest(settings.own_models, settings.profile))()
    stack.callback(parts.close)
    return parts


def _configured(settings: Settings) -> Configured:
    return Configured(settings.parameters, settings.policy, settings.prior)


def _materials(
    stack: ExitStack, sources: Sequence[str], settings: Settings, parts: Parts, given: dict[str, Template]
) -> Iterator[tuple[str, Material]]:
    """What each source is: a file where there is one of that name, else an interview of the service."""
    store: Repository | None = None
    for source in sources:
        path = Path(source)
        if path.exists():
            yield path.stem, of_file(path, parts, given, jurisdiction(settings.jurisdiction))
            continue
        if path.suffix or len(path.parts) > 1:
            raise SessionError(f"There is no file {source}.")
        store = store or stack.enter_context(existing_store(settings))
        yield source, of_interview(source, store, settings.data_dir)


def _print(found: Sequence[Outcome], tolerance: float) -> None:
    console = Console(highlight=False)
    table = Table(box=SIMPLE_HEAD)
    table.add_column("Canary")
    for heading in ("L then, nats", "L now", "moved", "one signal at most", ""):
        table.add_column(heading, justify="right")
    for each in found:
        then, now_is = ("-" if value is None else f"{value:+.3f}" for value in (each.expected, each.now))
        moved = "-" if each.now is None else f"{each.moved:.3f}"
        table.add_row(each.name, then, now_is, moved, _signal(each), "" if each.within(tolerance) else "!")
    print_table(table)
    for each in found:
        for change in [f"could not be analysed: {each.failed}"] if each.failed else each.changes:
            console.print(f"{each.name}: {change}", markup=False)
    beyond = sum(not each.within(tolerance) for each in found)
    if beyond:
        console.print(
            f"{beyond} of {len(found)} moved by {tolerance:g} nats or more, in all or in one signal, or failed.",
            style="red",
        )
    else:
        console.print(
            f"{len(found)} of {len(found)} lie within {tolerance:g} nats of what they gave.", style="green"
        )


def _signal(outcome: Outcome) -> str:
    """The signal that moved most."""
    for kind, moved in outcome.signals.items():
        return f"{kind} {moved:.3f}" if moved < inf else f"{kind} silent or new"
    return "-"
