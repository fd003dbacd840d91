"""The table of interviews that fusions are fitted and judged on: the shipped one, or a bank's."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from biometrics.evaluation.lab.calibrating import CAPS
from biometrics.evaluation.lab.scoring import POOLINGS
from fraudmodel.errors import DatasetError
from fraudmodel.fusion_signals import Evidence, Recipe
from fraudmodel.interview_table import InterviewTable, read_interviews
from fraudmodel.parameters import load_parameters

TableFile = Annotated[
    Path | None,
    typer.Option(
        "--table", help="Table of interviews (.jsonl or .jsonl.gz); the shipped one where none is given."
    ),
]
BeginFrom = Annotated[str, typer.Option("--parameters", help="Folder of parameters to begin from.")]
SHIPPED: Final = Path(str(files("fraudmodel") / "tables" / "interviews.jsonl.gz"))
QUICK_ROWS: Final = 240


def table_of(path: Path | None, *, quick: bool = False) -> InterviewTable:
    """The table in a file; the shipped one where none is given. ``quick``: its first interviews, which are a table of their own."""
    wanted = SHIPPED if path is None else path
    if path is None and not wanted.is_file():
        raise DatasetError(
            "no table of interviews is shipped with this version: make one with `candor lab dataset` and give it with --table"
        )
    table = read_interviews(wanted)
    if not table.rows:
        raise DatasetError(f"{table.source}: there is no interview in it")
    if quick and len(table) > QUICK_ROWS:
        return InterviewTable(table.source, table.made, table.rows[:QUICK_ROWS], table.digest)
    return table


def evidence_of(table: InterviewTable, parameters: str, *, refit_measured: bool = False) -> Evidence:
    """Ready to calibrate and fuse, from these parameters on; ``refit_measured`` calibrations of real pairs too."""
    keep = frozenset[str]() if refit_measured else frozenset({"measured"})
    evidence = Evidence(table, load_parameters(parameters), Recipe(POOLINGS, CAPS, keep))
    if not evidence.kinds:
        raise DatasetError(f"{table.source}: it measured no signal that the fusion weighs")
    return evidence
