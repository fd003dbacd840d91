"""Domain to wire: pure functions that show what the store and the live call hold."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict
from typing import Final

from interview import calls
from interview.analysis.codec import assessment_to_json, reading_to_json, speech_to_json
from interview.challenges.proof import Claim
from interview.challenges.records import Begin, ChallengeStatus, Cue, End, Show
from interview.consent import PARTS, Consent, Part
from interview.jurisdiction import jurisdiction
from interview.session import OPEN, State
from interview.settings import IceServer
from interview.store import records
from web import schemas

_NEITHER: Final[dict[str, object]] = {
    "score": None,
    "quality": None,
    "model": None,
    "reason": None,
    "detail": None,
    "covariates": {},
}
"""What one type of reading has and the other lacks: on the wire every field is there."""


def user(person: records.User) -> schemas.User:
    """An account, without anything secret."""
    return schemas.User(
        id=person.id,
        username=person.username,
        role=person.role,
        display_name=person.display_name,
        active=person.active,
    )


def summary(record: records.SessionRecord) -> schemas.SessionSummary:
    """An interview in a list."""
    decision = record.progress.decision
    return schemas.SessionSummary.model_validate(
        _shared(record) | {"decision": decision and decision.outcome}
    )


def detail(
    record: records.SessionRecord,
    *,
    join_url: str | None,
    allowed: list[schemas.Action],
    recorded: frozenset[str],
) -> schemas.SessionDetail:
    """An interview on its own page. ``recorded`` names the sides of which there is a finished recording."""
    progress = record.progress
    return schemas.SessionDetail.model_validate(
        _shared(record)
        | {
            "decision": _decision(record),
            "consent": consent(progress.consent),
            "asked": asked(record),
            "join_url": join_url,
            "join_expires_at": record.link.expires_at if join_url else None,
            "link_opened": record.link.browser is not None,
            "has_voice_reference": "voice" in record.modalities,
            "references": [_reference(record, one) for one in record.references],
            "segments": [
                schemas.Segment(side=one.side, index=one.index, start=one.start, end=one.end)
                for one in record.segments
            ],
            "has_recording": "applicant" in recorded,
            "has_officer_recording": "officer" in recorded,
            "started_at": progress.started_at,
            "sealed_at": progress.sealed_at,
            "parameters": record.parameters,
            "policy": record.policy,
            "prior": record.prior,
            "models": list(record.models),
            "allowed": allowed,
        }
    )


def allowed(
    record: records.SessionRecord, *, acts: bool, revokes: bool, recorded: frozenset[str]
) -> list[schemas.Action]:
    """What may be done with an interview in its present state, by its officer (``acts``), by whoever ``revokes`` references, or by
    a reader."""
    state, actions = record.progress.state, list[schemas.Action]()
    if acts and state in OPEN:
        actions += ["join_link", "offer", "end"]
    if acts and state is State.SEALED:
        actions.append("decide")
    if "applicant" in recorded and state not in OPEN:
        actions.append("rerun")
    if acts and state in OPEN and record.progress.started_at is None:
        actions.append("replace_voice")
    if revokes:
        valid = {one.modality for one in record.references if one.revoked is None}
        revocable: dict[str, schemas.Action] = {"face": "revoke_face", "voice": "revoke_voice"}
        actions += [revocable[modality] for modality in sorted(valid)]
    return actions


def consent(given: Consent | None) -> schemas.Consent | None:
    """What was agreed to, or None."""
    if given is None:
        return None
    return schemas.Consent(
        recording=given.recording,
        face=given.face,
        voice=given.voice,
        behaviour=given.behaviour,
        given_at=given.given_at,
    )


def asked(record: records.SessionRecord) -> list[Part]:
    """The parts of the consent that this interview's applicant is asked for."""
    off = jurisdiction(record.jurisdiction).channels_off
    return [part for part in PARTS if part not in off]


def assessment(stored: records.StoredAssessment) -> schemas.Assessment:
    """An assessment with its place in the outputs."""
    return schemas.Assessment.model_validate(assessment_to_json(stored.assessment) | {"seq": stored.seq})


def reading(stored: records.StoredReading) -> schemas.Reading:
    """A reading with its place in the outputs."""
    return schemas.Reading.model_validate(_NEITHER | reading_to_json(stored.reading) | {"seq": stored.seq})


def speech(stored: records.StoredSpeech) -> schemas.SpeechHeard:
    """How much speech was heard."""
    return schemas.SpeechHeard.model_validate(speech_to_json(stored.heard))


def call_status(status: calls.CallStatus) -> schemas.CallStatus:
    """How a call is doing."""
    return schemas.CallStatus(
        applicant=_link(status.applicant),
        officer=_link(status.officer),
        analysis=schemas.AnalysisStatus(
            state=status.analysis.state, level=status.analysis.level, lag_s=status.analysis.lag_s
        ),
    )


def rerun(result: calls.RerunResult) -> schemas.Rerun:
    """A re-run's comparison."""
    return schemas.Rerun(
        largest_difference=result.largest_difference,
        where=result.where,
        observations=result.observations,
        assessments=result.assessments,
        equal=result.equal,
        duration_s=result.duration_s,
    )


def replay(seq: int, shown: calls.MovementReplay) -> schemas.MovementReplay:
    """A movement shown again; the pictures go in the same answer, so that each view of them is one request."""
    return schemas.MovementReplay(
        seq=seq,
        times=list(shown.times),
        onset=shown.onset,
        apex=shown.apex,
        offset=shown.offset,
        factor=shown.factor,
        columns=shown.columns,
        tile_px=shown.tile_px,
        image="data:image/jpeg;base64," + b64encode(shown.jpeg).decode(),
    )


def audit_entry(entry: records.AuditEntry, names: dict[str, str]) -> schemas.AuditEntry:
    """An audit entry, its actor by name where it is a person."""
    actor = names.get(entry.actor, entry.actor)
    return schemas.AuditEntry(
        seq=entry.seq, at=entry.at, actor=actor, action=entry.action, detail=entry.detail
    )


def confirmed(kept: records.KeptOutcome) -> schemas.ConfirmedOutcome:
    """A confirmed outcome that holds."""
    found = kept.confirmed
    return schemas.ConfirmedOutcome(
        outcome="fraud" if found.fraud else "bona_fide",
        family=found.family,
        confirmed_on=found.on,
        by=found.by,
        source=found.source,
        corrected=kept.number,
    )


def challenge(status: ChallengeStatus) -> schemas.Challenge:
    """A challenge with what its detector made of it. Its secret stays with `challenge_record`."""
    one = status.challenge
    return schemas.Challenge(
        id=one.id,
        kind=one.kind,
        state=one.state,
        step=one.step,
        steps=one.steps,
        issued_at=one.issued_at,
        started_s=one.started_s,
        ended_s=one.ended_s,
        detail=one.detail,
        result=None if status.result is None else _result(status.result),
    )


def challenge_record(status: ChallengeStatus) -> schemas.ChallengeRecord:
    """An ended challenge with its seed and what the page signed."""
    one = status.challenge
    acks = [schemas.ChallengeAck.model_validate(asdict(ack)) for ack in one.acks]
    return schemas.ChallengeRecord(
        challenge=challenge(status),
        seed=one.seed.hex(),
        nonce=one.nonce,
        fingerprint=one.fingerprint,
        page_key=one.page_key,
        acks=acks,
    )


def cue(told: Cue) -> schemas.CueBegin | schemas.CueShow | schemas.CueEnd:
    """What the applicant's page is told."""
    match told:
        case Begin():
            return schemas.CueBegin.model_validate({"event": "begin"} | asdict(told))
        case Show():
            return schemas.CueShow.model_validate({"event": "show"} | asdict(told))
        case End():
            return schemas.CueEnd.model_validate({"event": "end"} | asdict(told))


def shown(body: schemas.ChallengeShown) -> Claim:
    """What the page says it displayed."""
    return Claim(body.k, body.shown_at_ms, body.visible, body.width, body.height, body.signature)


def page_report(report: schemas.PageReport) -> dict[str, object]:
    """A page's report as the fact that detectors read."""
    return report.model_dump(mode="json")


def ice_server(server: IceServer) -> schemas.IceServer:
    """A STUN or TURN server."""
    return schemas.IceServer(urls=server.urls, username=server.username, credential=server.credential)


def _reference(record: records.SessionRecord, one: records.ReferenceNote) -> schemas.Reference:
    return schemas.Reference(
        modality=one.modality,
        version=one.version,
        made_at=one.made_at,
        model=one.model,
        taken_from=one.taken_from,
        used=record.uses(one),
        revoked_at=None if one.revoked is None else one.revoked.at,
        revoked_why=None if one.revoked is None else one.revoked.why,
        measured=dict(one.measured),
    )


def _shared(record: records.SessionRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "applicant_name": record.applicant_name,
        "product": record.product,
        "language": record.language,
        "state": record.progress.state,
        "created_at": record.created_at,
        "officer": record.officer_name,
        "probability": record.probability,
        "band": record.band,
        "duration_s": record.duration_s,
        "simulated": record.simulated,
    }


def _decision(record: records.SessionRecord) -> schemas.Decision | None:
    made = record.progress.decision
    if made is None:
        return None
    return schemas.Decision(
        outcome=made.outcome, reason=made.reason, by=record.decider_name or made.by, at=made.decided_at
    )


def _result(stored: records.StoredReading) -> schemas.ChallengeResult:
    fields = reading(stored)
    numbers = fields.covariates
    return schemas.ChallengeResult(
        seq=fields.seq,
        score=fields.score,
        quality=fields.quality,
        llr=next((value for name, value in numbers.items() if name.startswith("llr")), None),
        p_value=numbers.get("p_value"),
        reason=fields.reason,
        detail=fields.detail or "",
        covariates=numbers,
        evidence=fields.evidence,
    )


def _link(status: calls.LinkStatus) -> schemas.LinkStatus:
    return schemas.LinkStatus(connected=status.connected, kbps=status.kbps, fps=status.fps, loss=status.loss)
