"""Face trials from a folder of photos and its `pairs.csv`, scored exactly as `face_match` scores a frame.

``pairs.csv`` has the columns ``file_x``, ``file_y`` and ``Decision`` (Yes: one person, No: two). Who is who follows
from the Yes pairs: photos joined by them, directly or through others, are of one person.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from biometrics.errors import EvaluationError

_COLUMNS = ("file_x", "file_y", "Decision")
_DECISIONS = {"Yes": True, "No": False}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos, by file name, of one person (``mated``) or of two; ``line`` of the file that says so."""

    reference: str
    probe: str
    mated: bool
    line: int


def read_pairs(path: Path) -> list[Pair]:
    """Read a list of labelled pairs. Raises EvaluationError with the line that is wrong."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError:
        raise EvaluationError(f"{path} cannot be read: give a folder of photos with its pairs.csv") from None
    reader = csv.DictReader(text.splitlines())
    if missing := [column for column in _COLUMNS if column not in (reader.fieldnames or ())]:
        raise EvaluationError(f"{path}, line 1: the column {missing[0]} is missing")
    return [_pair(row, path, reader.line_num) for row in reader]


def _pair(row: dict[str, str], path: Path, line: int) -> Pair:
    decision = row["Decision"] or ""
    if decision not in _DECISIONS:
        raise EvaluationError(f'{path}, line {line}: Decision must be Yes or No, it is "{decision}"')
    return Pair(row["file_x"], row["file_y"], _DECISIONS[decision], line)


def people(pairs: Sequence[Pair]) -> dict[str, str]:
    """Who each photo shows, named after the person's first photo. Raises EvaluationError where pairs contradict."""
    groups: dict[str, set[str]] = {}
    for pair in pairs:
        for photo in (pair.reference, pair.probe):
            groups.setdefault(photo, {photo})
    for pair in pairs:
        if pair.mated:
            joined = groups[pair.reference] | groups[pair.probe]
            groups.update(dict.fromkeys(joined, joined))
    for pair in pairs:
        if not pair.mated and pair.probe in groups[pair.reference]:
            raise EvaluationError(
                f"pairs.csv, line {pair.line}: {pair.reference} and {pair.probe} are of two people here, and of one "
                "person by the other lines"
            )
    return {photo: min(group) for photo, group in groups.items()}


def photos(pairs: Iterable[Pair]) -> Iterator[str]:
    """Every photo once, in order of appearance."""
    names = (name for pair in pairs for name in (pair.reference, pair.probe))
    yield from dict.fromkeys(names)
