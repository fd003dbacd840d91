"""Which table of interviews a command reads: the shipped one, or a bank's."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from fraudmodel.errors import DatasetError
from fraudmodel.interview_table import InterviewTable, read_interviews

TableFile = Annotated[
    Path | None,
    typer.Option(
        "--table", help="Table of interviews (.jsonl or .jsonl.gz); the shipped one where none is given."
    ),
]
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
