"""What a call must not wait for: enrolment, re-runs, reports and replays, each in a clerk's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from fraudmodel.assessment import FraudAssessment
from interview.analysis.movements import movement_of
from interview.calls import MovementReplay, References, RerunResult
from interview.errors import MediaError, ServiceError
from interview.live.clerk import Clerk, Job, T
from interview.live.enrolling import Enrol, Refusal
from interview.live.fingerprinting import MakeFingerprint
from interview.live.reels import Reels
from interview.live.replaying import RecentReplays, ShowAgain
from interview.live.reporting import Report, facts_of
from interview.live.rerunning import Rerun
from interview.live.specification import spec_of
from interview.media.journal import JournalError, decode
from interview.problems import IllegalStep, NotAllowed, NotFound, Problem, Rejected, Unavailable
from interview.questions.spans import AnswerSpan, spans_of
from interview.session import OPEN
from interview.sessions import Sessions
from interview.store.records import SessionRecord
from models.errors import ModelError


class Desk:
    """Blocking; safe for use by several threads."""

    def __init__(
        self,
        sessions: Sessions,
        reels: Reels,
        clerks: Callable[[], Clerk],
        now: Callable[[], datetime],
        version: str,
    ) -> None:
        self._sessions = sessions
        self._reels = reels
        self._enrolment, self._reruns, self._replays = clerks(), clerks(), clerks()
        self._recent = RecentReplays()
        self._now = now
        self._version = version

    def enrol(self, id_photo: bytes | None, voice: bytes | None, voice_from: str | None = None) -> References:
        """Make references, the voice's of a file or of an ended interview's recording. Raises EnrolmentRefused, Problem where
        there is no such recording, and Unavailable where it cannot be tried."""
        recording = None if voice_from is None else self._ended(voice_from)[1]
        made = _done(self._enrolment, Enrol(id_photo, voice, recording))
        if isinstance(made, Refusal):
            raise made.problem()
        return made

    def rerun(self, session_id: str) -> RerunResult:
        """Analyse the finished recording again. Raises Problem where there is none, or where it is not whole."""
        record, recording = self._ended(session_id)
        began_s = perf_counter()
        difference = _done(self._reruns, self._rerun_of(record, recording))
        return RerunResult(
            largest_difference=difference.largest,
            where=difference.where,
            observations=difference.fresh.observations,
            assessments=difference.fresh.assessments,
            equal=difference.equal,
            duration_s=perf_counter() - began_s,
        )

    def fingerprint(self, session_id: str) -> Mapping[str, Any]:
        """How the finished recording moves (`biometrics.injection.hashes`). Raises Problem where there is none."""
        _, recording = self._ended(session_id)
        return _done(self._reruns, MakeFingerprint(recording))

    def report(self, session_id: str, language: str) -> str:
        """The interview's report. Raises Problem before it has ended, or where nothing was assessed."""
        record, recording = self._ended(session_id)
        outputs = tuple(self._sessions.repository.outputs.all(session_id))
        if not any(isinstance(output, FraudAssessment) for output in outputs):
            raise NotFound("Nothing was assessed in this interview.", "该面谈没有评估结果。")
        job = Report(
            title=record.applicant_name,
            recording=recording,
            outputs=outputs,
            models=record.models,
            made_at=self._now(),
            version=self._version,
            language="zh" if language.startswith("zh") else "en",
            facts=facts_of(record),
            answers=self._answers(session_id),
        )
        return _done(self._reruns, job)

    def replay(self, session_id: str, seq: int) -> MovementReplay:
        """The movement that a reading is of, aligned and magnified. Raises Problem where there is none or it cannot be shown, and where
        the applicant refused to have movements looked at. Not behind a re-run: somebody waits for it."""
        record, recording = self._ended(session_id)
        consent = record.progress.consent
        if consent is None or not (consent.behaviour and consent.face):
            raise NotAllowed(
                "The applicant did not agree to have movements of the face analysed.",
                "申请人未同意分析面部动作。",
            )
        reading = self._sessions.repository.outputs.reading(session_id, seq)
        movement = None if reading is None else movement_of(reading)
        if movement is None:
            raise NotFound("This reading is not of a movement of the face.", "该读数不是面部动作。")
        made = self._recent.get(session_id, seq) or _done(self._replays, ShowAgain(recording, movement))
        if made is None:
            raise NotFound("No face is found in this part of the recording.", "录像的这一段中未找到人脸。")
        self._recent.keep(session_id, seq, made)
        return made

    def close(self) -> None:
        """End the processes, and with them what they are doing."""
        for clerk in (self._enrolment, self._reruns, self._replays):
            clerk.close()

    def _answers(self, session_id: str) -> tuple[AnswerSpan, ...]:
        questions = self._sessions.repository.questions
        marks = questions.marks(session_id)
        return spans_of(marks, questions.set_of(session_id).number) if marks else ()

    def _rerun_of(self, record: SessionRecord, recording: Path) -> Rerun:
        store = self._sessions.repository
        outputs = store.outputs
        lines = enumerate(outputs.journal(record.id), 1)
        try:
            journal = tuple(decode(line, number) for number, line in lines)
        except JournalError as error:
            raise _not_whole(error) from error
        spec = spec_of(record, store.interviews.templates(record.id), store.documents.rulebook(record.id))
        officer = self._reels.finished(record.id, "officer")
        return Rerun(recording, journal, spec, tuple(outputs.all(record.id)), officer)

    def _ended(self, session_id: str) -> tuple[SessionRecord, Path]:
        """An ended interview and its recording. Raises Problem where it has not ended, or was not recorded."""
        record = self._sessions.get(session_id)
        if record.progress.state in OPEN:
            raise IllegalStep(
                "This is there once the interview has ended: end it first.",
                "面谈结束后才能进行此操作，请先结束面谈。",
            )
        recording = self._reels.finished(session_id, "applicant")
        if recording is None:
            raise NotFound(
                "This interview was not recorded: nobody was connected.", "该面谈没有录像：无人接入。"
            )
        return record, recording


def _done(clerk: Clerk, job: Job[T]) -> T:
    """What the job gives. Raises Problem, with the sentence of whatever was in its way."""
    try:
        return clerk.do(job)
    except MediaError as error:
        raise _not_whole(error) from error
    except (ServiceError, ModelError) as error:
        raise Unavailable(f"This cannot be done now: {error}.", "当前无法完成此操作，请稍后重试。") from error


def _not_whole(error: Exception) -> Problem:
    return Rejected(f"The record is not whole: {error}", "该面谈的记录不完整。", code="record_not_whole")
