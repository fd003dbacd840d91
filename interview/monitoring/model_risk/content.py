"""What the model-risk report says, gathered: what is there with its figures, what is not there as a gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.intervals import Estimate
from fraudmodel.interview_table import InterviewRow, InterviewTable
from fraudmodel.monitored import Drift, Gap
from fraudmodel.parameters import Parameters
from fraudmodel.policy import Policy
from fraudmodel.recalibration import Recalibration, recalibration
from fraudmodel.rescoring import Candidate, fitted_on, of_row, shift
from fraudmodel.signals import SignalKind
from fraudmodel.slices import Held, Sliced, sliced
from interview.monitoring.in_use import InUse
from interview.monitoring.measuring import discrimination
from interview.monitoring.model_risk.canaries import CanaryRun
from interview.monitoring.model_risk.evaluation import Evaluation
from interview.monitoring.model_risk.versions import FileUsed
from interview.monitoring.windows import Span
from models.manifest import ModelEntry

LEAST_PEOPLE = 30
"""Below so many people a figure says little of anybody else."""
SLICES_WANTED = {
    "network": ("network", "kbps", "opus_kbps", "loss", "losses"),
    "device": ("device", "camera", "browser"),
    "light": ("light", "lux"),
    "tone": ("ita", "ita_deg", "skin"),
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
    """The service's own interviews: drift between two spans, and what came of both spans together."""

    drift: Drift
    reference: Span
    recent: Span
    use: InUse


@dataclass(frozen=True, slots=True)
class Missing:
    """What a reader would look for and does not find: ``what`` names the sentence, as ``missing.what`` of the words."""

    what: str
    fields: Mapping[str, str | int | Gap] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page shows. ``kinds`` are all signals that are measured; ``files`` and ``libraries`` what its figures depend on; ``gaps``
    what is not there."""

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
    canaries: CanaryRun | None
    files: Sequence[FileUsed]
    libraries: Sequence[tuple[str, str]]
    gaps: Sequence[Missing]

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
    everybody = len({person for each in people for person in each})
    counts = int(fraud.sum()), int((~fraud).sum())
    figures = discrimination(shifts, fraud, people)
    return Measured(split, *counts, everybody, figures, recalibration(shifts, fraud, people))


def gaps(
    parameters: Parameters,
    policy: Policy,
    kinds: Sequence[SignalKind],
    evaluation: Evaluation | None,
    table: TableMeasured | None,
    watched: Watched | None,
    canaries: CanaryRun | None,
) -> list[Missing]:
    """What a reader would look for and does not find, each with how it would be had."""
    return [
        *_of_parameters(parameters, kinds),
        *_of_table(table),
        *_of_watching(watched),
        *([Missing("evaluation")] if evaluation is None else []),
        *_of_canaries(canaries),
        *([] if policy.approved_by else [Missing("approval")]),
    ]


def _of_parameters(parameters: Parameters, kinds: Sequence[SignalKind]) -> Iterator[Missing]:
    signals = parameters.signals.values()
    if simulated := sorted(each.kind for each in signals if each.grade == "simulated"):
        yield Missing("simulated", {"signals": ", ".join(simulated)})
    if few := sorted(
        f"{each.kind} ({each.data.subjects})" for each in signals if each.data.subjects < LEAST_PEOPLE
    ):
        yield Missing("people", {"least": LEAST_PEOPLE, "signals": ", ".join(few)})
    silent = [kind for kind in kinds if kind not in parameters.signals]
    if others := sorted(set(silent) - BEHAVIOUR):
        yield Missing("uncalibrated", {"signals": ", ".join(others)})
    if not BEHAVIOUR & parameters.signals.keys():
        yield Missing("behaviour")
    if "expert" in parameters.fusion.source:
        yield Missing("expert", {"source": parameters.fusion.source})


def _of_table(table: TableMeasured | None) -> Iterator[Missing]:
    if table is None:
        yield Missing("table")
        return
    for what, names in SLICES_WANTED.items():
        if not any(each.condition in names for each in table.slices):
            yield Missing(f"slice.{what}")
    if len(table.table.people) < LEAST_PEOPLE:
        yield Missing("table_people", {"people": len(table.table.people)})
    if table.fitted_on:
        yield Missing("fitted_on")


def _of_watching(watched: Watched | None) -> Iterator[Missing]:
    if watched is None:
        yield Missing("watching")
        return
    frauds, bona_fide = watched.drift.outcomes
    if not frauds or not bona_fide:
        yield Missing("outcomes")
    yield Missing("own_tone")
    yield from (Missing("drift", {"gap": each}) for each in watched.drift.gaps)


def _of_canaries(run: CanaryRun | None) -> Iterator[Missing]:
    if run is None:
        yield Missing("canaries")
    elif not run.passed:
        failed = ", ".join(each.name for each in run.lines if not each.within)
        yield Missing("canaries_moved", {"names": failed, "tolerance": f"{run.tolerance:g}"})
