"""Interviews that ended in a span of wall time, as monitoring needs them: the last assessment, and readings summed up by the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fraudmodel.assessment import FraudAssessment
from fraudmodel.signals import SignalKind
from interview.analysis.codec import assessment_from_json
from interview.media.journal import JournalError, Told, decode
from interview.session import Outcome, State
from interview.store.codec import loads
from interview.store.database import Database
from interview.store.schema import AssessmentRow, InterviewRow, JournalRow, ReadingRow

_TOLD_BY_PAGE: Final = b'["told","page"'
_KBPS: Final = "kbps"
"""What readings that know the bit rate call it, among their covariates."""
_ENDED: Final = (State.SEALED.value, State.DECIDED.value)


@dataclass(frozen=True, slots=True)
class EndedInterview:
    """One interview that ended. ``person`` tells only who is the same; ``quality`` the mean of a signal's readings, ``models`` what measured them;
    ``camera`` the page's report of camera and browser, empty where it sent none; ``language`` and ``product`` of the interview, ``decision`` what a
    person decided, None where nobody did yet; ``kbps`` the median bit rate of its windows, None where it was not measured."""

    id: str
    person: str
    at: datetime
    assessment: FraudAssessment
    quality: Mapping[SignalKind, float]
    models: Mapping[SignalKind, tuple[str, ...]]
    camera: Mapping[str, Any]
    language: str = ""
    product: str = ""
    decision: Outcome | None = None
    kbps: float | None = None


class MonitoringStore:
    """Reads what monitoring needs, one interview at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ended(self, since: datetime, until: datetime) -> Iterator[EndedInterview]:
        """Interviews with people that began in [since, until) and have ended, oldest first. Those without an assessment are left out."""
        wanted = (
            InterviewRow.state.in_(_ENDED),
            InterviewRow.simulated.is_(False),
            InterviewRow.started_at >= since,
            InterviewRow.started_at < until,
        )
        columns = select(
            InterviewRow.id, InterviewRow.applicant_name, InterviewRow.started_at,
            InterviewRow.language, InterviewRow.product, InterviewRow.decision_outcome,
        ).where(*wanted)  # fmt: skip
        with self._database.reading() as session:
            for row in session.execute(columns.order_by(InterviewRow.started_at, InterviewRow.id)).all():
                assessment = _last(session, row.id)
                if assessment is None:
                    continue
                quality, models = _readings(session, row.id)
                yield EndedInterview(
                    id=row.id,
                    person=" ".join(row.applicant_name.split()),
                    at=row.started_at,
                    assessment=assessment,
                    quality=quality,
                    models=models,
                    camera=_camera(session, row.id),
                    language=row.language,
                    product=row.product,
                    decision=None if row.decision_outcome is None else Outcome(row.decision_outcome),
                    kbps=_kbps(session, row.id),
                )


def _last(session: Session, session_id: str) -> FraudAssessment | None:
    query = select(AssessmentRow.body).where(AssessmentRow.interview_id == session_id)
    body = session.scalar(query.order_by(AssessmentRow.seq.desc()).limit(1))
    return None if body is None else assessment_from_json(loads(body))


def _readings(
    session: Session, session_id: str
) -> tuple[dict[SignalKind, float], dict[SignalKind, tuple[str, ...]]]:
    query = (
        select(ReadingRow.kind, ReadingRow.model, func.count(), func.sum(ReadingRow.quality))
        .where(ReadingRow.interview_id == session_id, ReadingRow.model.is_not(None))
        .group_by(ReadingRow.kind, ReadingRow.model)
        .order_by(ReadingRow.kind, ReadingRow.model)
    )
    models: dict[SignalKind, tuple[str, ...]] = {}
    totals: dict[SignalKind, tuple[int, float]] = {}
    for name, model, count, quality in session.execute(query):
        kind = SignalKind(name)
        models[kind] = (*models.get(kind, ()), str(model))
        before = totals.get(kind, (0, 0.0))
        totals[kind] = before[0] + count, before[1] + float(quality or 0.0)
    return {kind: total / count for kind, (count, total) in totals.items()}, models


def _kbps(session: Session, session_id: str) -> float | None:
    query = select(ReadingRow.covariates).where(
        ReadingRow.interview_id == session_id, ReadingRow.covariates.contains(f'"{_KBPS}"')
    )
    found = [float(loads(each)[_KBPS]) for each in session.scalars(query)]
    return median(found) if found else None


def _camera(session: Session, session_id: str) -> Mapping[str, Any]:
    """The page's first report of its camera: it comes as the page is opened, and the journal is read up to there."""
    query = select(JournalRow.lines).where(JournalRow.interview_id == session_id)
    for lines in session.scalars(query.order_by(JournalRow.number).execution_options(yield_per=20)):
        for line in lines.splitlines():
            if line.startswith(_TOLD_BY_PAGE) and (report := _report(line)).get("event") == "camera":
                return report
    return {}


def _report(line: bytes) -> Mapping[str, Any]:
    try:
        entry = decode(line)
    except JournalError:
        return {}  # a damaged line says nothing of the device; `candor rerun` is what refuses it
    return entry.values if isinstance(entry, Told) else {}
