"""The `candor` command. Subcommands are imported only when they are called: `candor models list` needs no media stack."""

from __future__ import annotations

import importlib
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import click
import typer
from pydantic import ValidationError

from interview.cli.errors import sentence

COMMANDS: dict[str, str] = {
    "serve": "Run the service: officer console, applicant pages, media edge and analysis.",
    "analyze": "Analyse a recording and print its fraud assessment.",
    "rerun": "Analyse a recorded session again and compare with the stored numbers.",
    "simulate": "Join a running service as an applicant, over real WebRTC, with a clip as camera.",
    "bench": "Measure what a session costs, stage by stage, and how late an assessment comes.",
    "models": "List, build and verify the models.",
    "evaluate": "Measure error rates on labelled data.",
    "calibrate": "Fit a signal's calibration on labelled data.",
    "users": "Add and change the people who may sign in.",
}


class Lazy(click.Group):
    """A group whose commands live in `interview.cli.<name>` as `app`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = typer.main.get_command(importlib.import_module(f"interview.cli.{name}").app)
        command.help = command.help or COMMANDS[name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="candor", prog_name="candor")
def candor() -> None:
    """Candor: a fraud probability for video interviews that a person can take apart."""


def _report(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = "_".join(str(part) for part in first["loc"]).upper()
        return f"A setting is wrong: {f'CANDOR_{where}: ' if where else ''}{first['msg']}"
    known = sentence(error)
    if known is not None:
        return known
    with tempfile.NamedTemporaryFile("w", prefix="candor-", suffix=".log", delete=False) as log:
        traceback.print_exception(error, file=log)
    return f"Candor failed in a way that it did not expect ({type(error).__name__}); the details are in {Path(log.name)}"


def main(arguments: list[str] | None = None) -> Any:  # noqa: ANN401 - click's own return type
    """Run the command line. An error is one sentence on stderr and exit status 1, never a traceback."""
    try:
        return candor.main(arguments, prog_name="candor")
    except Exception as error:  # noqa: BLE001 - the outermost boundary: everything becomes a sentence
        sys.stderr.write(f"candor: {_report(error)}\n")
        sys.exit(1)
