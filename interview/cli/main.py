"""The `candor` command. A subcommand is imported only when it is called: `candor models list` needs no media stack."""

from __future__ import annotations

import importlib
import io
import os
import sys
import tempfile
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.table import Table

from biometrics.reports import refuse_reports
from interview.cli.errors import sentence
from interview.cli.signs import SPELLED


class Command(NamedTuple):
    """Where a subcommand's typer ``app`` is, and what it does."""

    module: str
    help: str


COMMANDS: Final = {
    # The server is the web's, and nothing below the web imports it: it is named here, not imported.
    "serve": Command("web.serve", "Run the service: console, applicant pages, media edge and analysis."),
    "users": Command("interview.cli.users", "List, add and change the people who may sign in."),
    "analyze": Command("interview.cli.analyze", "Analyse a recording and print its fraud assessment."),
    "rerun": Command(
        "interview.cli.rerun", "Analyse a recorded interview again and compare with the record."
    ),
    "outcomes": Command("interview.cli.outcomes", "Import and export what interviews turned out to be."),
    "monitor": Command(
        "interview.cli.monitor",
        "Has anything drifted? PSI, CUSUM, abstentions and calibration by signal and device.",
    ),
    "compare": Command("interview.cli.compare", "Compare two folders of parameters on the same interviews."),
    "canary": Command("interview.cli.canary", "Fixed recordings that must keep giving the same assessment."),
    "report": Command("interview.cli.report", "Write the model-risk report."),
    "policy": Command(
        "interview.cli.policy", "Say what a policy means, and simulate it before it is activated."
    ),
    "simulate": Command(
        "interview.cli.simulate", "Join a running service as an applicant, with a clip as camera."
    ),
    "bench": Command("interview.cli.bench", "Measure what a session costs and how late an assessment comes."),
    "models": Command("interview.cli.models", "List, build and verify the models."),
    "evaluate": Command("interview.cli.evaluate", "Measure error rates on labelled data."),
    "lab": Command("interview.cli.lab", "Render attack presentations and measure the detectors on them."),
    "calibrate": Command("interview.cli.calibrate", "Fit a signal's calibration on labelled data."),
    "train": Command("interview.cli.train", "Let a network learn from one's own or licensed data."),
}


def main() -> None:
    """Run the command line. An error is one sentence on stderr and exit status 1, never a traceback."""
    refuse_reports(os.environ, offline=False)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SPELLED)  # a terminal may not have every sign that we print
    name, arguments = (sys.argv[1] if len(sys.argv) > 1 else "--help"), sys.argv[2:]
    if name in ("--help", "-h", "help"):
        _help()
    elif name == "--version":
        Console().print(f"candor {version('candor')}", highlight=False)
    elif name not in COMMANDS:
        _fail(f"there is no command {name!r}: it has {', '.join(COMMANDS)}")
    else:
        _run(name, arguments)


def _run(name: str, arguments: list[str]) -> None:
    try:
        app = importlib.import_module(COMMANDS[name].module).app
        app(arguments, prog_name=f"candor {name}")
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does: nothing is wrong and nobody is there to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the outermost boundary: everything becomes a sentence
        _fail(_sentence(error))


def _help() -> None:
    table = Table.grid(padding=(0, 3))
    for name, command in COMMANDS.items():
        table.add_row(f"  {name}", command.help)
    console = Console(highlight=False)
    console.print("Candor: a fraud probability for video interviews that a person can take apart.\n")
    console.print("usage: candor COMMAND [OPTIONS]\n")
    console.print(table)
    console.print("\n  candor COMMAND --help tells more.")


def _fail(what: str) -> None:
    sys.stderr.write(f"candor: {what}\n")
    sys.exit(1)


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = f"CANDOR_{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        return f"a setting is wrong: {where}{first['msg'].removeprefix('Value error, ')}"
    if isinstance(error, SettingsError):
        return f"a setting is wrong, lists are written as JSON: {error}"
    known = sentence(error)
    if known is not None:
        return known
    with tempfile.NamedTemporaryFile("w", prefix="candor-", suffix=".log", delete=False) as log:
        traceback.print_exception(error, file=log)
    return f"something failed that should not ({type(error).__name__}); the details are in {Path(log.name)}"
