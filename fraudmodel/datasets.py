"""Labelled score tables: what detectors scored, on whom, and whether it was an attack."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from pathlib import Path

import numpy as np

from fraudmodel.calibration import FloatArray
from fraudmodel.csv_rows import CsvRow, CsvRows, csv_rows, csv_text
from fraudmodel.errors import DatasetError
from fraudmodel.metrics import Mask

BONA_FIDE, ATTACK = "bona_fide", "attack"
_COLUMNS = ("label", "score", "subject", "other_subject", "species")


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """N trials of one signal.

    ``scores`` (N,) greater = more attack-like; ``attack`` (N,) True for attack presentations and non-mated
    comparisons; ``subjects`` whose reference it was, ``others`` who was presented (the same for bona fide);
    ``species`` of the attack, "" for bona fide; ``covariates`` (N,) each. Raises DatasetError unless both classes are
    present and all columns have N finite values.
    """

    name: str
    scores: FloatArray
    attack: Mask
    subjects: tuple[str, ...]
    others: tuple[str, ...]
    species: tuple[str, ...]
    covariates: Mapping[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns: Sequence[object] = (self.attack, self.subjects, self.others, self.species)
        if any(len(column) != len(self.scores) for column in (*columns, *self.covariates.values())):  # type: ignore[arg-type]
            raise DatasetError(f"{self.name}: every column needs one value a trial")
        for label, count in ((BONA_FIDE, len(self) - self.attack.sum()), (ATTACK, self.attack.sum())):
            if count == 0:
                raise DatasetError(f"{self.name}: there is no {label} trial, so nothing can be told apart")
        if not all(np.isfinite(values).all() for values in (self.scores, *self.covariates.values())):
            raise DatasetError(f"{self.name}: scores and covariates must be finite numbers")

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def everybody(self) -> tuple[str, ...]:
        """All subjects, sorted."""
        return tuple(sorted({*self.subjects, *self.others}))

    @property
    def draw(self) -> Callable[[np.random.Generator], FloatArray]:
        """Draws trial weights of one bootstrap over subjects.

        A trial counts as often as its people were drawn together, so what one person did comes and goes as a whole.
        """
        place = {person: index for index, person in enumerate(self.everybody)}
        first = np.array([place[subject] for subject in self.subjects])
        second = np.array([place[other] for other in self.others])

        def draw(rng: np.random.Generator) -> FloatArray:
            times = np.bincount(rng.integers(len(place), size=len(place)), minlength=len(place)).astype(float)
            weights: FloatArray = np.where(first == second, times[first], times[first] * times[second])
            return weights

        return draw

    def blocks(self, count: int = 10, seed: int = 0) -> Iterator[tuple[Mask, Mask]]:
        """(training, test) masks in which every trial is tested once, by a training without any of its subjects.

        Subjects are dealt into at most ``count`` blocks; the trials between two blocks are tested by the trials that
        touch neither.
        """
        people = np.random.default_rng(seed).permutation(self.everybody)
        block = {str(person): index % count for index, person in enumerate(people)}
        first = np.array([block[subject] for subject in self.subjects])
        second = np.array([block[other] for other in self.others])
        low, high = np.minimum(first, second), np.maximum(first, second)
        for a, b in sorted(set(zip(low.tolist(), high.tolist(), strict=True))):
            training = ~np.isin(first, (a, b)) & ~np.isin(second, (a, b))
            yield training, (low == a) & (high == b)


def joined(name: str, tables: Sequence[ScoreTable]) -> ScoreTable:
    """All trials of several tables, with the covariates that all of them have."""
    shared = set.intersection(*(set(table.covariates) for table in tables))
    return ScoreTable(
        name=name,
        scores=np.concatenate([table.scores for table in tables]),
        attack=np.concatenate([table.attack for table in tables]),
        subjects=tuple(subject for table in tables for subject in table.subjects),
        others=tuple(other for table in tables for other in table.others),
        species=tuple(species for table in tables for species in table.species),
        covariates={
            key: np.concatenate([table.covariates[key] for table in tables])
            for key in tables[0].covariates
            if key in shared
        },
    )


def read_table(path: Path) -> ScoreTable:
    """Read a score table from a CSV file; see `parse_table`."""
    return parse_table(csv_text(path, "score table"), path.name)


def parse_table(text: str, source: str) -> ScoreTable:
    """Read a score table from CSV text.

    Columns: ``label`` (bona_fide or attack), ``score``, ``subject``; optional ``other_subject`` and ``species``; every
    further column is a numeric covariate. Raises DatasetError with the line and the column.
    """
    rows = csv_rows(text, source, _COLUMNS[:3])
    number = partial(_numbers, rows)
    return ScoreTable(
        name=source,
        scores=number("score"),
        attack=np.array([_is_attack(row) for row in rows], dtype=bool),
        subjects=tuple(row["subject"] for row in rows),
        others=tuple(row.get("other_subject") or row["subject"] for row in rows),
        species=tuple(row.get("species") or "" for row in rows),
        covariates={name: number(name) for name in rows.columns if name not in _COLUMNS},
    )


def table_text(table: ScoreTable) -> str:
    """Write a score table as the CSV text that `parse_table` reads."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, *table.covariates])
    labels = (ATTACK if attack else BONA_FIDE for attack in table.attack)
    covariates = (values.tolist() for values in table.covariates.values())
    columns = (labels, table.scores.tolist(), table.subjects, table.others, table.species, *covariates)
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()


def _numbers(rows: CsvRows, column: str) -> FloatArray:
    return np.array([row.number(column) for row in rows], dtype=np.float64)


def _is_attack(row: CsvRow) -> bool:
    return row.one_of("label", BONA_FIDE, ATTACK) == ATTACK
