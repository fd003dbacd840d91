"""A table on a terminal."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.table import Table

_BEYOND: Final = 10_000
"""Columns that no table of ours needs."""


def print_table(table: Table) -> None:
    """All of it, however narrow the terminal, or none as in a mail: a line that wraps can be read, a name that was cut cannot."""
    needed = Console(width=_BEYOND).measure(table).maximum
    Console(highlight=False, width=max(needed, Console().width)).print(table)
