"""Tables that people hand in, as CSV: rows that know their line, so that what is wrong is named where it stands."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from math import isfinite
from pathlib import Path

from fraudmodel.errors import DatasetError


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row of ``source``, by the names of its columns. ``line`` counts from 1, the header's."""

    source: str
    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def get(self, column: str) -> str:
        """The cell; "" where there is no such column."""
        return self.values.get(column, "")

    def number(self, column: str) -> float:
        """A finite number. Raises DatasetError."""
        text = self.values[column]
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            raise self.error(f'{column} must be a finite number, it is "{text}"')
        return value

    def one_of(self, column: str, *allowed: str) -> str:
        """One of a few words. Raises DatasetError."""
        if self.values[column] not in allowed:
            raise self.error(f'{column} must be {" or ".join(allowed)}, it is "{self.values[column]}"')
        return self.values[column]

    def error(self, what: str) -> DatasetError:
        """What is wrong with this row, with its place."""
        return DatasetError(f"{self.source}, line {self.line}: {what}")


@dataclass(frozen=True, slots=True)
class CsvRows:
    """All rows below the header, in order."""

    columns: tuple[str, ...]
    rows: tuple[CsvRow, ...]

    def __iter__(self) -> Iterator[CsvRow]:
        return iter(self.rows)


def csv_text(path: Path, what: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark. Raises DatasetError that calls it ``what``."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise DatasetError(f"the {what} {path} cannot be read: {why}") from None


def csv_rows(text: str, source: str, needed: Sequence[str], known: Sequence[str] | None = None) -> CsvRows:
    """Read CSV text whose first line names the columns: the ``needed`` ones, and none but the ``known`` where these are given.

    Raises DatasetError where a column is missing, unknown or named twice, a row is shorter or longer than the first line, or is no CSV.
    """
    reader = csv.DictReader(StringIO(text))
    try:
        return _read(reader, source, needed, known)
    except csv.Error as error:
        raise DatasetError(f"{source}, line {reader.line_num + 1}: it is no row of CSV ({error})") from None


def _read(
    reader: csv.DictReader[str], source: str, needed: Sequence[str], known: Sequence[str] | None
) -> CsvRows:
    header = list(reader.fieldnames or ())
    if missing := [column for column in needed if column not in header]:
        raise DatasetError(f"{source}, line 1: the column {missing[0]} is missing")
    if twice := [column for place, column in enumerate(header) if column in header[:place]]:
        raise DatasetError(f"{source}, line 1: the column {twice[0]} is there twice")
    if known is not None and (strange := [column for column in header if column not in known]):
        raise DatasetError(f"{source}, line 1: {strange[0]} is not a column that is known here")
    return CsvRows(tuple(header), tuple(_rows(reader, len(header), source)))


def _rows(reader: csv.DictReader[str], columns: int, source: str) -> Iterator[CsvRow]:
    for values in reader:
        row = CsvRow(source, reader.line_num, values)
        if None in values or None in values.values():
            raise row.error(f"it must have {columns} columns, as the first line")
        yield row
