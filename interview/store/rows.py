"""Rows to records and back."""

from __future__ import annotations

from datetime import datetime

from biometrics.template import Template
from interview.consent import Consent
from interview.session import Decision, Outcome, Progress, Side, State
from interview.store.codec import dumps, loads, vector_from_bytes
from interview.store.records import (
    Link,
    Modality,
    NewSession,
    Reference,
    ReferenceNote,
    Revoked,
    Segment,
    SessionRecord,
)
from interview.store.schema import InterviewRow, ReferenceRow, SegmentRow


def new_row(new: NewSession) -> InterviewRow:
    """The row of an interview about to be created."""
    row = InterviewRow(
        id=new.id,
        applicant_name=new.applicant_name,
        product=new.product,
        language=new.language,
        officer_id=new.officer_id,
        created_at=new.created_at,
        simulated=new.simulated,
        parameters=new.parameters,
        policy=new.policy,
        parameters_digest=None if new.rulebook is None else new.rulebook.parameters.digest,
        policy_digest=None if new.rulebook is None else new.rulebook.policy.digest,
        prior=new.prior,
        jurisdiction=new.jurisdiction,
        models=dumps([]),
        outputs=0,
    )
    put_progress(row, Progress())
    put_link(row, new.link)
    return row


def put_progress(row: InterviewRow, progress: Progress) -> None:
    """Write how far the interview has come into its row."""
    row.state = progress.state.value
    row.officer_present = progress.officer_present
    row.started_at = progress.started_at
    row.sealed_at = progress.sealed_at
    _put_consent(row, progress.consent)
    _put_decision(row, progress.decision)


def put_link(row: InterviewRow, link: Link) -> None:
    """Write the applicant's link into its row."""
    row.link_nonce = link.nonce
    row.link_expires_at = link.expires_at
    row.link_browser = link.browser


def record_from(row: InterviewRow) -> SessionRecord:
    """The interview that a row holds."""
    return SessionRecord(
        id=row.id,
        applicant_name=row.applicant_name,
        product=row.product,
        language=row.language,
        officer_id=row.officer_id,
        officer_name=row.officer.display_name,
        decider_name=None if row.decider is None else row.decider.display_name,
        created_at=row.created_at,
        progress=_progress(row),
        link=Link(row.link_nonce, row.link_expires_at, row.link_browser),
        references=tuple(_note(reference) for reference in row.references),
        segments=tuple(_segment(segment) for segment in row.segments),
        models=tuple(loads(row.models)),
        parameters=row.parameters,
        policy=row.policy,
        prior=row.prior,
        probability=row.probability,
        band=row.band,
        duration_s=row.duration_s,
        simulated=row.simulated,
        jurisdiction=row.jurisdiction,
    )


def reference_from(row: ReferenceRow) -> Reference:
    """The reference that a row holds."""
    modality = _modality(row)
    covariates = tuple((str(name), float(value)) for name, value in loads(row.covariates))
    template = Template(modality, vector_from_bytes(row.vector), row.model, covariates)
    return Reference(modality, row.media_type, row.source, template, row.taken_from)


def _note(row: ReferenceRow) -> ReferenceNote:
    measured = {str(name): float(value) for name, value in loads(row.covariates)}
    return ReferenceNote(
        _modality(row), row.version, row.made_at, row.model, row.taken_from, _revoked(row), measured
    )


def _revoked(row: ReferenceRow) -> Revoked | None:
    match (row.revoked_at, row.revoked_by, row.revoked_why):
        case (datetime() as at, str(by), str(why)):
            return Revoked(at, by, why)
    return None  # all three or none: the table's own rule


def _modality(row: ReferenceRow) -> Modality:
    return "face" if row.modality == "face" else "voice"


def _put_decision(row: InterviewRow, decision: Decision | None) -> None:
    row.decision_outcome = None if decision is None else decision.outcome.value
    row.decision_reason = None if decision is None else decision.reason
    row.decided_by = None if decision is None else decision.by
    row.decided_at = None if decision is None else decision.decided_at


def _put_consent(row: InterviewRow, consent: Consent | None) -> None:
    row.consent_given_at = None if consent is None else consent.given_at
    row.consent_text = None if consent is None else consent.text_version
    row.consent_recording = consent is not None and consent.recording
    row.consent_face = consent is not None and consent.face
    row.consent_voice = consent is not None and consent.voice
    row.consent_behaviour = consent is not None and consent.behaviour


def _progress(row: InterviewRow) -> Progress:
    return Progress(
        state=State(row.state),
        consent=_consent(row),
        officer_present=row.officer_present,
        started_at=row.started_at,
        sealed_at=row.sealed_at,
        decision=_decision(row),
    )


def _consent(row: InterviewRow) -> Consent | None:
    if row.consent_given_at is None:
        return None
    return Consent(
        recording=row.consent_recording,
        face=row.consent_face,
        voice=row.consent_voice,
        behaviour=row.consent_behaviour,
        given_at=row.consent_given_at,
        text_version=row.consent_text or "",
    )


def _decision(row: InterviewRow) -> Decision | None:
    match (row.decision_outcome, row.decision_reason, row.decided_by, row.decided_at):
        case (str(outcome), str(reason), str(by), datetime() as at):
            return Decision(Outcome(outcome), reason, by, at)
    return None  # all four or none: the table's own rule


def _segment(row: SegmentRow) -> Segment:
    side: Side = "applicant" if row.side == "applicant" else "officer"
    return Segment(side, row.number, row.file, row.start, row.end)
