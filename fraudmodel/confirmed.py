"""What an interview turned out to be, as a bank confirmed it: read from a CSV file, and written as one.

Nobody's opinion at the end of the interview: what was found out afterwards, by an investigation, a repaid loan, a court.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Final

from fraudmodel.csv_rows import CsvRow, csv_rows, csv_text
from fraudmodel.datasets import BONA_FIDE
from fraudmodel.errors import DatasetError
from fraudmodel.outcomes import FRAUD

_NEEDED: Final = ("interview", "outcome", "confirmed_on", "by", "source")
COLUMNS: Final = ("interview", "outcome", "family", "confirmed_on", "by", "source")
_LONGEST: Final = {"interview": 32, "family": 60, "by": 100, "source": 200}
_FAMILY: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One confirmed outcome.

    ``family`` of the fraud as the fusion calls them ("" where nobody knows, and for bona fide), ``on`` the day it was confirmed, ``by``
    who answers for it, ``source`` what it rests on (a case number, a repayment).
    """

    interview: str
    fraud: bool
    family: str
    on: date
    by: str
    source: str

    @property
    def outcome(self) -> str:
        """``fraud`` or ``bona_fide``."""
        return FRAUD if self.fraud else BONA_FIDE


@dataclass(frozen=True, slots=True)
class Line:
    """A confirmed outcome, and where it stands in the file that it came from."""

    confirmed: Confirmed
    row: CsvRow

    def error(self, what: str) -> DatasetError:
        """What is wrong with it, with its place."""
        return self.row.error(what)


def read_confirmed(path: Path, today: date) -> tuple[Line, ...]:
    """Read a CSV file of confirmed outcomes; see `parse_confirmed`."""
    return parse_confirmed(csv_text(path, "table of outcomes"), path.name, today)


def parse_confirmed(text: str, source: str, today: date) -> tuple[Line, ...]:
    """Read confirmed outcomes from CSV text, all of it or none.

    Columns: ``interview`` (each once), ``outcome`` (fraud or bona_fide), ``confirmed_on`` (a day, not after ``today``), ``by``, ``source``; optional
    ``family`` of a fraud. Raises DatasetError with the line and the column.
    """
    rows = csv_rows(text, source, _NEEDED, COLUMNS)
    found = tuple(_lines(rows, today))
    if not found:
        raise DatasetError(f"{source}: it holds no outcome")
    return found


def confirmed_text(outcomes: Iterable[Confirmed]) -> str:
    """Write confirmed outcomes as the CSV text that `parse_confirmed` reads."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in outcomes:
        writer.writerow(
            [each.interview, each.outcome, each.family, each.on.isoformat(), each.by, each.source]
        )
    return out.getvalue()


def _lines(rows: Iterable[CsvRow], today: date) -> Iterator[Line]:
    seen: dict[str, int] = {}
    for row in rows:
        confirmed = _confirmed(row, today)
        if confirmed.interview in seen:
            raise row.error(
                f"interview {confirmed.interview} stands in line {seen[confirmed.interview]} already, and an outcome counts once"
            )
        seen[confirmed.interview] = row.line
        yield Line(confirmed, row)


def _confirmed(row: CsvRow, today: date) -> Confirmed:
    fraud = row.one_of("outcome", FRAUD, BONA_FIDE) == FRAUD
    return Confirmed(
        interview=_filled(row, "interview"),
        fraud=fraud,
        family=_family(row, fraud),
        on=_day(row, today),
        by=_filled(row, "by"),
        source=_filled(row, "source"),
    )


def _filled(row: CsvRow, column: str) -> str:
    text = row[column].strip()
    if not text:
        raise row.error(f"{column} is empty")
    return _short(row, column, text)


def _short(row: CsvRow, column: str, text: str) -> str:
    if len(text) > _LONGEST[column]:
        raise row.error(f"{column} has {len(text)} characters, and {_LONGEST[column]} are kept: shorten it")
    if any(not each.isprintable() for each in text):
        raise row.error(f"{column} has a sign that cannot be printed")
    return text


def _family(row: CsvRow, fraud: bool) -> str:
    family = _short(row, "family", row.get("family").strip())
    if family and not fraud:
        raise row.error(f'family is "{family}", and a bona fide interview has none: leave it empty')
    if family and not _FAMILY.fullmatch(family):
        raise row.error(f'family must be a word as in fusion.json, such as impostor; it is "{family}"')
    return family


def _day(row: CsvRow, today: date) -> date:
    text = row["confirmed_on"].strip()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise row.error(f'confirmed_on must be a day, as 2026-11-28; it is "{text}"') from None
    if day > today:
        raise row.error(f"confirmed_on is {day}, and that day has not come yet")
    return day
