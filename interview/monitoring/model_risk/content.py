"""What the model-risk report says, gathered: what is there with its figures, what is not there as a gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.drift_alerts import Alert
from fraudmodel.intervals import Estimate
from fraudmodel.interview_table import InterviewRow, InterviewTable
from fraudmodel.metrics import cllr, cllr_min, estimate
from fraudmodel.monitored import Drift
from fraudmodel.parameters import Parameters
from fraudmodel.people import drawn_together
from fraudmodel.policy import Policy
from fraudmodel.ranking import auc
from fraudmodel.recalibration import Recalibration, recalibration
from fraudmodel.rescoring import Candidate, fitted_on, of_row, shift
from fraudmodel.signals import SignalKind
from fraudmodel.slices import Held, Sliced, sliced
from interview.monitoring.model_risk.evaluation import Evaluation
from interview.monitoring.windows import Span
from models.manifest import ModelEntry

LEAST_PEOPLE = 30
"""Below so many people a figure says little of anybody else."""
SLICES_WANTED = {
    "network": ("network", "kbps", "opus_kbps", "loss", "losses"),
    "device": ("device", "camera", "browser"),
    "light": ("light", "lux"),
    "skin tone (audit slice)": ("ita", "ita_deg", "skin"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The table of interviews under the report's parameters: ``figures`` and ``slope`` of the rows of one split ("" for all)."""

    split: str
    fraud: int
    bona_fide: int
    people: int
    figures: Mapping[str, Estimate]
    slope: Recalibration | None


@dataclass(frozen=True, slots=True)
class TableMeasured:
    """A table of interviews: what is in it, and what the parameters make of it."""

    table: InterviewTable
    families: Sequence[tuple[str, str, int, int]]
    """Family, species, rows, people."""
    splits: Sequence[Measured]
    slices: Sequence[Sliced]
    fitted_on: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """Drift of the service's own interviews, between which spans, and what it asks to look at."""

    drift: Drift
    alerts: Sequence[Alert]
    reference: Span
    recent: Span


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page shows. ``kinds`` are all signals that are measured; ``gaps`` sentences about what is not there."""

    on: date
    version: str
    parameters: Parameters
    policy: Policy
    prior: float
    models: Sequence[ModelEntry]
    kinds: Sequence[SignalKind]
    evaluation: Evaluation | None
    table: TableMeasured | None
    watched: Watched | None
    gaps: Sequence[str]

    @property
    def uncalibrated(self) -> list[SignalKind]:
        """What is measured and shown, and moves no probability."""
        return [kind for kind in self.kinds if kind not in self.parameters.signals]


def measured_on(table: InterviewTable, candidate: Candidate) -> TableMeasured:
    """Assess every row and measure, split by split."""
    rows = table.rows
    held = [Held(row.subject, row.fraud, row.conditions, of_row(row)(candidate)) for row in rows]
    splits = sorted({row.split for row in rows})
    chosen = ["", *splits] if len(splits) > 1 else [""]
    return TableMeasured(
        table=table,
        families=_families(rows),
        splits=[_measured(split, rows, held) for split in chosen],
        slices=sliced(held),
        fitted_on=fitted_on(candidate.parameters, table),
    )


def _families(rows: Sequence[InterviewRow]) -> list[tuple[str, str, int, int]]:
    counted = Counter((row.family, row.species) for row in rows)
    people = {
        each: len({p for row in rows if (row.family, row.species) == each for p in (row.subject, row.other)})
        for each in counted
    }
    return [(*each, count, people[each]) for each, count in sorted(counted.items())]


def _measured(split: str, rows: Sequence[InterviewRow], held: Sequence[Held]) -> Measured:
    places = [place for place, row in enumerate(rows) if split in ("", row.split)]
    fraud = np.array([rows[place].fraud for place in places], dtype=bool)
    shifts = np.array([shift(held[place].assessment) for place in places])
    people = [tuple(sorted({rows[place].subject, rows[place].other})) for place in places]
    figures: dict[str, Estimate] = {}
    if fraud.any() and not fraud.all():
        draw = drawn_together(people)
        for name, metric in (("Cllr", cllr), ("Cllr min", cllr_min), ("AUC", auc)):
            figures[name] = estimate(metric, shifts, fraud, draw, replicates=200)
        figures["Cllr - Cllr min"] = estimate(
            lambda s, a, w: cllr(s, a, w) - cllr_min(s, a, w), shifts, fraud, draw, replicates=200
        )
    everybody = len({person for each in people for person in each})
    counts = int(fraud.sum()), int((~fraud).sum())
    return Measured(split, *counts, everybody, figures, recalibration(shifts, fraud, people))


def gaps(
    parameters: Parameters,
    kinds: Sequence[SignalKind],
    evaluation: Evaluation | None,
    table: TableMeasured | None,
    watched: Watched | None,
) -> list[str]:
    """What a reader would look for and does not find, each with how it would be had."""
    return [
        *_of_parameters(parameters, kinds),
        *_of_table(table),
        *_of_watching(watched),
        *(
            [
                "No evaluation of the fusion is given: run `candor evaluate fusion --json` and name its output with --evaluation."
            ]
            if evaluation is None
            else []
        ),
    ]


def _of_parameters(parameters: Parameters, kinds: Sequence[SignalKind]) -> Iterator[str]:
    signals = parameters.signals.values()
    if simulated := sorted(each.kind for each in signals if each.grade == "simulated"):
        yield f"No real attack stands behind {', '.join(simulated)}: simulated attacks alone, with their evidence shrunk and capped."
    if few := sorted(
        f"{each.kind} ({each.data.subjects})" for each in signals if each.data.subjects < LEAST_PEOPLE
    ):
        yield f"Calibrated on fewer than {LEAST_PEOPLE} people: {', '.join(few)}."
    silent = [kind for kind in kinds if kind not in parameters.signals]
    if others := sorted(set(silent) - BEHAVIOUR):
        yield f"Measured and shown, but without a calibration and so without weight: {', '.join(others)}."
    if not BEHAVIOUR & parameters.signals.keys():
        yield "Behaviour is not validated by this institution, so its weight is 0."
    if "expert" in parameters.fusion.source:
        yield f"The fusion rests on an expert's judgement in part or whole; its own words: {parameters.fusion.source}."


def _of_table(table: TableMeasured | None) -> Iterator[str]:
    if table is None:
        yield "No table of interviews is given: nothing is said of whole interviews or of slices. Name one with --table."
        return
    for what, names in SLICES_WANTED.items():
        if not any(each.condition in names for each in table.slices):
            yield f"No slice by {what}: the table's bona fide interviews do not tell it, or hold one value only."
    if len(table.table.people) < LEAST_PEOPLE:
        yield f"The table of interviews holds {len(table.table.people)} people: its intervals say nothing of others."
    if table.fitted_on:
        yield "The parameters were fitted on the table given here: its figures are too good. Give a table of other people."


def _of_watching(watched: Watched | None) -> Iterator[str]:
    if watched is None:
        yield "The service's own interviews were not looked at: no drift, no abstentions in use. Name their span with --until and --days."
        return
    frauds, bona_fide = watched.drift.outcomes
    if not frauds or not bona_fide:
        yield "No confirmed outcomes of both kinds: nothing is known yet of fraud in this institution's own interviews. Import them with `candor outcomes import`."
    yield from (f"Drift of {each}." for each in watched.drift.gaps)
