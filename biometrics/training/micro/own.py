"""One's own data: ``movements.csv`` with the columns ``subject``, ``class``, ``onset`` and ``apex``.

``class`` is negative, positive or surprise, or an emotion that belongs to one of them; ``onset`` and ``apex`` are pictures, relative to the file.
"""

from __future__ import annotations

from pathlib import Path

from biometrics.errors import EvaluationError
from biometrics.training.micro.events import Coded, Event, class_of, coded
from fraudmodel.csv_rows import CsvRow, csv_rows, csv_text

TABLE = "movements.csv"
COLUMNS = ("subject", "class", "onset", "apex")


def read_own(root: Path) -> Coded:
    """Every movement of the table. Raises EvaluationError where there is none or no row can be read, DatasetError where it is no table."""
    table = root / TABLE
    if not table.is_file():
        raise EvaluationError(f"{root} has no {TABLE}")
    rows = csv_rows(csv_text(table, "table"), str(table), COLUMNS)
    return coded("own", rows, lambda row: _event(root, row))


def _event(root: Path, row: CsvRow) -> Event | str:
    where = f"{row.source}, line {row.line}"
    subject, emotion, onset, apex = (row[name].strip() for name in COLUMNS)
    if empty := [name for name in COLUMNS if not row[name].strip()]:
        raise EvaluationError(f"{where}: {empty[0]!r} is empty")
    label = class_of(emotion)
    if label is None:
        return emotion
    pictures = root / onset, root / apex
    for picture in pictures:
        if not picture.is_file():
            raise EvaluationError(f"{where}: there is no picture {picture}")
    return Event(where, subject, onset, label, *pictures, pictures)
