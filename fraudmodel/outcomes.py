"""A bank's confirmed outcomes -> a calibration of the behaviour channel, or why they are no validation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import floor
from pathlib import Path
from typing import Final

import numpy as np

from fraudmodel.behaviour import CAP_NATS, Validation
from fraudmodel.csv_rows import CsvRows, csv_rows, csv_text
from fraudmodel.datasets import BONA_FIDE, ScoreTable
from fraudmodel.errors import DatasetError, FitError
from fraudmodel.fit import fit_signal
from fraudmodel.pooling import Pooling
from fraudmodel.signal_parameters import SignalParameters
from fraudmodel.signals import SignalKind

FRAUD: Final = "fraud"
_NEEDED: Final = ("interview", "outcome", "statistic")
_KNOWN: Final = (*_NEEDED, "applicant", "model")
_HELD_NATS: Final = floor(CAP_NATS * 1e7) / 1e7
"""The cap as seven digits can say it, not rounded up."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Interviews whose outcome was confirmed, one trial each, and ``model``, what measured them ("" where the table does not say)."""

    table: ScoreTable
    model: str

    @property
    def fraud(self) -> int:
        """How many were fraud."""
        return int(self.table.attack.sum())

    @property
    def bona_fide(self) -> int:
        """How many were not."""
        return len(self.table) - self.fraud


@dataclass(frozen=True, slots=True)
class _Row:
    interview: str
    fraud: bool
    statistic: float
    applicant: str
    model: str


def read_outcomes(path: Path) -> Outcomes:
    """Read confirmed outcomes from a CSV file; see `parse_outcomes`."""
    return parse_outcomes(csv_text(path, "table of outcomes"), path.name)


def parse_outcomes(text: str, source: str) -> Outcomes:
    """Read confirmed outcomes from CSV text.

    Columns: ``interview`` (each once), ``outcome`` (fraud or bona_fide), ``statistic`` (what the assessment said of the signal at its end, greater =
    more unlike the person's own baseline); optional ``applicant``, for people who were interviewed more than once, and ``model``, what measured it
    as the readings name it. Raises DatasetError with the line and the column, and where one kind of outcome is missing.
    """
    rows = list(_rows(csv_rows(text, source, _NEEDED, _KNOWN)))
    for fraud, name in ((True, FRAUD), (False, BONA_FIDE)):
        if not any(row.fraud is fraud for row in rows):
            raise DatasetError(f"{source}: no outcome is {name}, so nothing can be told apart")
    people = tuple(row.applicant for row in rows)
    return Outcomes(
        ScoreTable(
            name=source,
            scores=np.array([row.statistic for row in rows]),
            attack=np.array([row.fraud for row in rows]),
            subjects=people,
            others=people,
            species=tuple(FRAUD if row.fraud else "" for row in rows),
        ),
        _one_model({row.model for row in rows}, source),
    )


def validate(
    outcomes: Outcomes,
    kind: SignalKind,
    *,
    model: str,
    version: str,
    analysis: str,
    approved_by: str,
    on: date,
) -> SignalParameters:
    """Calibrate one signal of the channel on confirmed outcomes, held within the cap, figures and all.

    ``model`` names what measured the statistics; ``analysis`` the analysis that was registered before the outcomes were looked at. Raises FitError
    where there are too few outcomes, or where behaviour tells no more of people held out than nothing at all does.
    """
    name = outcomes.table.name
    validation = Validation(outcomes.fraud, outcomes.bona_fide, analysis, on, approved_by)
    if validation.obstacle:
        raise FitError(f"{name} {validation.obstacle}: behaviour stays at weight 0")
    fitted = fit_signal(
        outcomes.table,
        kind,
        model=model,
        version=version,
        data=f"{name}: confirmed outcomes",
        pooling=Pooling(),
        cap=_HELD_NATS,
        most_nats=_HELD_NATS,
        validation=validation,
    )
    cllr = fitted.measured["cllr"]
    if cllr.high >= 1.0:
        raise FitError(
            f"{name}: of people held out, {kind} tells no more than nothing does (Cllr {cllr.value:.3f}, 95 % interval {cllr.low:.3f} to "
            f"{cllr.high:.3f}, N = {cllr.n}; 1 is nothing): behaviour stays at weight 0"
        )
    return fitted


def _rows(rows: CsvRows) -> Iterator[_Row]:
    seen: dict[str, int] = {}
    for row in rows:
        interview = row["interview"].strip()
        if not interview:
            raise row.error("interview is empty")
        if interview in seen:
            raise row.error(
                f"interview {interview} stands in line {seen[interview]} already, and an outcome counts once"
            )
        seen[interview] = row.line
        yield _Row(
            interview,
            row.one_of("outcome", FRAUD, BONA_FIDE) == FRAUD,
            row.number("statistic"),
            row.get("applicant").strip() or interview,
            row.get("model").strip(),
        )


def _one_model(models: set[str], source: str) -> str:
    if len(models) > 1:
        named = " and ".join(sorted(model or "nothing" for model in models))
        raise DatasetError(
            f"{source}: its statistics are of {named}, and those of one only can be calibrated"
        )
    return models.pop()
