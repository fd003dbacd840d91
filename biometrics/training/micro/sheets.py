"""Reading coding sheets: the first sheet of a workbook, from the row that names the columns on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from biometrics.errors import EvaluationError

_UNKNOWN = ("", "/", "-", "na", "n/a", "nan")


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``where`` names file and row; cells by column."""

    where: str
    cells: dict[str, object]

    def text(self, column: str) -> str:
        """A cell as a person reads it: 6 for 6.0."""
        value = self.cells[column]
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return str(value).strip()

    def number(self, column: str) -> int:
        """A whole number. Raises EvaluationError."""
        found = self.number_if_any(column)
        if found is None:
            raise EvaluationError(f"{self.where}: {column!r} holds no number")
        return found

    def number_if_any(self, column: str) -> int | None:
        """A whole number; None where the sheet says that there is none. Raises EvaluationError for anything else."""
        told = self.text(column)
        if told.lower() in _UNKNOWN:
            return None
        if not told.isdecimal():
            raise EvaluationError(f"{self.where}: {column!r} is {told!r}, not a number")
        return int(told)


def read_sheet(path: Path, columns: Sequence[str]) -> list[Row]:
    """The rows below the one that names ``columns``, without empty ones; spaces, signs and case of names do not matter.

    Raises EvaluationError.
    """
    if not path.is_file():
        raise EvaluationError(f"there is no coding sheet {path}")
    try:
        lines = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise EvaluationError(f"{path} cannot be read as a workbook: {error}") from error
    wanted = {_plain(column): column for column in columns}
    for number, line in enumerate(lines, 1):
        at = {wanted[_plain(cell)]: index for index, cell in enumerate(line) if _plain(cell) in wanted}
        if len(at) == len(wanted):
            return [
                Row(f"{path.name}, row {below}", {column: cells[index] for column, index in at.items()})
                for below, cells in enumerate(lines[number:], number + 1)
                if any(str(cells[index]).strip() for index in at.values())
            ]
    raise EvaluationError(f"{path} has no row that names the columns {', '.join(columns)}")


def sheet_of(root: Path, name: str) -> Path:
    """A sheet in a folder or in one below it. Raises EvaluationError."""
    found = sorted(root.rglob(name)) if root.is_dir() else []
    if not found:
        raise EvaluationError(f"{root} holds no {name}")
    return found[0]


def _plain(cell: object) -> str:
    return "".join(sign for sign in str(cell).lower() if sign.isalnum())
