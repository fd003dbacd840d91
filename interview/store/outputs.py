"""What the analysis gave, in its order: readings, assessments and faults of one interview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge
from math import floor
from operator import itemgetter
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import FraudAssessment
from fraudmodel.signals import Abstention, Observation, Reading, SignalKind
from interview.analysis.codec import (
    assessment_from_json,
    assessment_to_json,
    reading_from_json,
    reading_to_json,
    speech_from_json,
    speech_to_json,
)
from interview.analysis.protocol import Fault, Output
from interview.problems import IllegalStep
from interview.session import OPEN, State
from interview.store.audit import add_audit
from interview.store.codec import dumps, loads
from interview.store.database import Database
from interview.store.interviews import no_session
from interview.store.records import AuditEntry, Detail, StoredAssessment, StoredReading, StoredSpeech
from interview.store.schema import AssessmentRow, FaultRow, InterviewRow, JournalRow, ReadingRow, SpeechRow

_CHUNK: Final = 500


class OutputStore:
    """Appends and reads an interview's outputs. ``seq`` counts them all, from 0, in the order in which they came."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(
        self, session_id: str, outputs: Sequence[Output], at: datetime, journal: bytes = b""
    ) -> list[StoredReading | StoredAssessment | StoredSpeech]:
        """Add outputs and the journal lines that gave them in one transaction; gives all but faults with ``seq``.

        A fault is kept and goes to the audit log too. Raises IllegalStep once the interview is sealed.
        """
        stored: list[StoredReading | StoredAssessment | StoredSpeech] = []
        with self._database.writing() as session:
            interview = _unsealed(session, session_id)
            for seq, output in enumerate(outputs, start=interview.outputs):
                match output:
                    case FraudAssessment():
                        session.add(_assessment_row(session_id, seq, output))
                        _note(interview, output)
                        stored.append(StoredAssessment(seq, output))
                    case SpeechHeard():
                        session.add(
                            SpeechRow(interview_id=session_id, seq=seq, body=dumps(speech_to_json(output)))
                        )
                        stored.append(StoredSpeech(seq, output))
                    case Fault():
                        session.add(_fault_row(session_id, seq, output))
                        add_audit(session, _fault_entry(session_id, output, at))
                    case Observation() | Abstention():
                        session.add(_reading_row(session_id, seq, output))
                        stored.append(StoredReading(seq, output))
            interview.outputs += len(outputs)
            if journal:
                _add_journal(session, interview, journal)
        return stored

    def count(self, session_id: str) -> int:
        """How many outputs there are: the ``seq`` of the next one."""
        with self._database.reading() as session:
            found = session.scalar(select(InterviewRow.outputs).where(InterviewRow.id == session_id))
        if found is None:
            raise no_session()
        return found

    def journal(self, session_id: str) -> Iterator[bytes]:
        """The journal, line by line: what the analysis took, in order."""
        query = select(JournalRow.lines).where(JournalRow.interview_id == session_id)
        with self._database.reading() as session:
            for lines in session.scalars(
                query.order_by(JournalRow.number).execution_options(yield_per=_CHUNK)
            ):
                yield from lines.splitlines()

    def all(self, session_id: str) -> Iterator[Output]:
        """Every output in order, as a re-run has to give them. Streams: a long interview is never whole in memory."""
        with self._database.reading() as session:
            streams = (
                _readings(session, session_id),
                _assessments(session, session_id),
                _speech(session, session_id),
                _faults(session, session_id),
            )
            for _, output in merge(*streams, key=itemgetter(0)):
                yield output

    def readings(self, session_id: str, kind: str | None = None) -> list[StoredReading]:
        """Every reading, in order; only those of one ``kind`` where that is given."""
        with self._database.reading() as session:
            return [StoredReading(seq, reading) for seq, reading in _readings(session, session_id, kind)]

    def reading(self, session_id: str, seq: int) -> Reading | None:
        """The reading at a place in the outputs; None where something else is, or nothing."""
        with self._database.reading() as session:
            row = session.get(ReadingRow, (session_id, seq))
            return None if row is None else reading_from_json(_reading_json(row))

    def assessments(self, session_id: str, after: int = -1) -> list[StoredAssessment]:
        """The last assessment of each second of media time, in order; only those whose ``seq`` is greater than ``after``."""
        last = select(func.max(AssessmentRow.seq)).where(
            AssessmentRow.interview_id == session_id, AssessmentRow.seq > after
        )
        query = (
            select(AssessmentRow.seq, AssessmentRow.body)
            .where(
                AssessmentRow.interview_id == session_id,
                AssessmentRow.seq.in_(last.group_by(AssessmentRow.second)),
            )
            .order_by(AssessmentRow.seq)
        )
        with self._database.reading() as session:
            return [
                StoredAssessment(seq, assessment_from_json(loads(body)))
                for seq, body in session.execute(query)
            ]

    def latest(self, session_id: str) -> StoredAssessment | None:
        """The newest assessment."""
        query = (
            select(AssessmentRow.seq, AssessmentRow.body)
            .where(AssessmentRow.interview_id == session_id)
            .order_by(AssessmentRow.seq.desc())
            .limit(1)
        )
        with self._database.reading() as session:
            found = session.execute(query).one_or_none()
        return None if found is None else StoredAssessment(found.seq, assessment_from_json(loads(found.body)))

    def speech(self, session_id: str) -> StoredSpeech | None:
        """What the meter of speech said last; None where no speech was listened to."""
        query = (
            select(SpeechRow.seq, SpeechRow.body)
            .where(SpeechRow.interview_id == session_id)
            .order_by(SpeechRow.seq.desc())
            .limit(1)
        )
        with self._database.reading() as session:
            found = session.execute(query).one_or_none()
        return None if found is None else StoredSpeech(found.seq, speech_from_json(loads(found.body)))


def _unsealed(session: Session, session_id: str) -> InterviewRow:
    row = session.get(InterviewRow, session_id, with_for_update={"of": InterviewRow})
    if row is None:
        raise no_session()
    if State(row.state) not in OPEN:
        raise IllegalStep(
            "This interview is sealed: nothing can be added to its record.", "该面谈已封存，不能再追加记录。"
        )
    return row


def _add_journal(session: Session, interview: InterviewRow, lines: bytes) -> None:
    mine = JournalRow.interview_id == interview.id
    last = session.scalar(select(func.max(JournalRow.number)).where(mine))
    number = 0 if last is None else last + 1
    session.add(JournalRow(interview_id=interview.id, number=number, outputs=interview.outputs, lines=lines))


def _note(interview: InterviewRow, assessment: FraudAssessment) -> None:
    interview.probability = assessment.probability
    interview.band = assessment.band.value
    interview.duration_s = max(interview.duration_s or 0.0, assessment.t)


def _assessment_row(session_id: str, seq: int, assessment: FraudAssessment) -> AssessmentRow:
    return AssessmentRow(
        interview_id=session_id,
        seq=seq,
        t=assessment.t,
        second=floor(assessment.t),
        probability=assessment.probability,
        band=assessment.band.value,
        body=dumps(assessment_to_json(assessment)),
    )


def _reading_row(session_id: str, seq: int, reading: Reading) -> ReadingRow:
    fields = reading_to_json(reading)
    return ReadingRow(
        interview_id=session_id,
        seq=seq,
        kind=fields["kind"],
        start=fields["start"],
        end=fields["end"],
        score=fields.get("score"),
        quality=fields.get("quality"),
        model=fields.get("model"),
        reason=fields.get("reason"),
        detail=fields.get("detail", ""),
        covariates=dumps(fields.get("covariates", {})),
        evidence=dumps(fields["evidence"]),
    )


def _fault_row(session_id: str, seq: int, fault: Fault) -> FaultRow:
    return FaultRow(interview_id=session_id, seq=seq, kind=fault.kind, t=fault.t, message=fault.message)


def _fault_entry(session_id: str, fault: Fault, at: datetime) -> AuditEntry:
    detail: Detail = {"kind": str(fault.kind), "t": fault.t, "message": fault.message}
    return AuditEntry(at, "system", "analysis.fault", session_id, detail)


def _readings(session: Session, session_id: str, kind: str | None = None) -> Iterator[tuple[int, Reading]]:
    query = select(ReadingRow).where(ReadingRow.interview_id == session_id)
    if kind is not None:
        query = query.where(ReadingRow.kind == kind)
    for row in session.scalars(query.order_by(ReadingRow.seq).execution_options(yield_per=_CHUNK)):
        yield row.seq, reading_from_json(_reading_json(row))


def _reading_json(row: ReadingRow) -> dict[str, object]:
    return {
        "kind": row.kind,
        "type": "abstention" if row.score is None else "observation",
        "start": row.start,
        "end": row.end,
        "score": row.score,
        "quality": row.quality,
        "model": row.model,
        "reason": row.reason,
        "detail": row.detail,
        "covariates": loads(row.covariates),
        "evidence": loads(row.evidence),
    }


def _assessments(session: Session, session_id: str) -> Iterator[tuple[int, FraudAssessment]]:
    query = select(AssessmentRow.seq, AssessmentRow.body).where(AssessmentRow.interview_id == session_id)
    for seq, body in session.execute(query.order_by(AssessmentRow.seq).execution_options(yield_per=_CHUNK)):
        yield seq, assessment_from_json(loads(body))


def _speech(session: Session, session_id: str) -> Iterator[tuple[int, SpeechHeard]]:
    query = select(SpeechRow.seq, SpeechRow.body).where(SpeechRow.interview_id == session_id)
    for seq, body in session.execute(query.order_by(SpeechRow.seq).execution_options(yield_per=_CHUNK)):
        yield seq, speech_from_json(loads(body))


def _faults(session: Session, session_id: str) -> Iterator[tuple[int, Fault]]:
    query = select(FaultRow).where(FaultRow.interview_id == session_id).order_by(FaultRow.seq)
    for row in session.scalars(query):
        yield row.seq, Fault(SignalKind(row.kind), row.t, row.message)
