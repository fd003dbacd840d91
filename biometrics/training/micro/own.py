"""One's own data: ``movements.csv`` with the columns ``subject``, ``class``, ``onset`` and ``apex``.

``class`` is negative, positive or surprise, or an emotion that belongs to one of them; ``onset`` and ``apex`` are pictures, relative to the file.
"""

from __future__ import annotations

import csv
from pathlib import Path

from biometrics.errors import EvaluationError
from biometrics.training.micro.events import Coded, Event, class_of, coded

TABLE = "movements.csv"
COLUMNS = ("subject", "class", "onset", "apex")


def read_own(root: Path) -> Coded:
    """Every movement of the table. Raises EvaluationError where it cannot be read, or no row can."""
    table = root / TABLE
    if not table.is_file():
        raise EvaluationError(f"{root} has no {TABLE}")
    with table.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise EvaluationError(f"{table} has no column {missing[0]!r}")
        rows = enumerate(reader, 2)
        return coded("own", rows, lambda each: _event(root, f"{table}, row {each[0]}", each[1]))


def _event(root: Path, where: str, row: dict[str, str]) -> Event | str:
    if empty := [name for name in COLUMNS if not (row[name] or "").strip()]:
        raise EvaluationError(f"{where}: {empty[0]!r} is empty")
    label = class_of(row["class"])
    if label is None:
        return row["class"]
    onset, apex = root / row["onset"], root / row["apex"]
    for picture in (onset, apex):
        if not picture.is_file():
            raise EvaluationError(f"{where}: there is no picture {picture}")
    return Event(where, row["subject"], row["onset"], label, onset, apex, (onset, apex))
