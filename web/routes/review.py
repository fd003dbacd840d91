"""What is left of an interview: assessments, readings, recordings, audit log, re-run and report."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse

from interview.problems import NotFound
from interview.services import Services
from interview.session import Side
from interview.store.records import SessionRecord, User
from web import schemas, views
from web.auth import Readable, Reviewed, SignedIn
from web.deps import ServicesDep
from web.errors import responses
from web.headers import REPORT_POLICY

router = APIRouter(prefix="/api/sessions/{session_id}", tags=["review"], responses=responses(401, 404))

_RECORDING: dict[int | str, dict[str, Any]] = {
    200: {"content": {"video/webm": {}}, "description": "The recording"},
    206: {"content": {"video/webm": {}}, "description": "The part of it that was asked for"},
}


@router.get("/assessments")
def list_assessments(
    session: Readable, services: ServicesDep, after: Annotated[int, Query(ge=-1, le=2**31 - 1)] = -1
) -> list[schemas.Assessment]:
    """The last assessment of each second of media time; only those after the output ``after``, for a page that has those before."""
    stored = services.sessions.repository.outputs.assessments(session.id, after)
    return [views.assessment(one) for one in stored]


@router.get("/readings")
def list_readings(
    session: Readable, services: ServicesDep, kind: Annotated[str | None, Query(max_length=60)] = None
) -> list[schemas.Reading]:
    """Every measurement, and every span that could not be measured, of one signal or of all."""
    stored = services.sessions.repository.outputs.readings(session.id, kind)
    return [views.reading(one) for one in stored]


@router.get("/speech")
def get_speech(session: Readable, services: ServicesDep) -> schemas.SpeechHeard | None:
    """How much of the applicant's speech was heard, and how much of it could be used; null where none was listened to."""
    found = services.sessions.repository.outputs.speech(session.id)
    return None if found is None else views.speech(found)


@router.get("/recording", response_class=FileResponse, responses=_RECORDING)
def get_recording(request: Request, session: Readable, user: SignedIn, services: ServicesDep) -> FileResponse:
    """The applicant's recording; takes ranges."""
    return _recording(request, services, session, user, "applicant")


@router.get("/officer-recording", response_class=FileResponse, responses=_RECORDING)
def get_officer_recording(
    request: Request, session: Readable, user: SignedIn, services: ServicesDep
) -> FileResponse:
    """The officer's recording; takes ranges. It is kept, and never analysed: its sound only takes its own echo out of the applicant's."""
    return _recording(request, services, session, user, "officer")


@router.get("/outcome", responses=responses(403))
def get_outcome(session: Reviewed, services: ServicesDep) -> schemas.ConfirmedOutcome | None:
    """What the bank confirmed afterwards; null where it has not. Not for officers: it is no verdict on their decision."""
    kept = services.sessions.repository.confirmed.of_interview(session.id)
    return views.confirmed(kept[-1]) if kept else None


@router.get("/audit")
def list_audit(session: Readable, services: ServicesDep) -> list[schemas.AuditEntry]:
    """Everything that happened, oldest first."""
    names = {person.id: person.display_name for person in services.accounts.everyone()}
    return [views.audit_entry(entry, names) for entry in services.audit.of_session(session.id)]


@router.post("/rerun", responses=responses(403, 409, 503))
async def rerun(session: Readable, user: SignedIn, services: ServicesDep) -> schemas.Rerun:
    """Analyse the recording again with the models that are installed now and compare every number with what was stored."""
    result = await services.calls.rerun(session.id)
    await run_in_threadpool(
        services.audit.write,
        user.id,
        "session.rerun",
        session.id,
        equal=result.equal,
        largest_difference=result.largest_difference,
    )
    return views.rerun(result)


@router.get("/movements/{seq}/replay", responses=responses(403, 409, 503))
def get_replay(
    seq: Annotated[int, Path(ge=0, le=2**31 - 1)],
    session: Readable,
    user: SignedIn,
    services: ServicesDep,
    response: Response,
) -> schemas.MovementReplay:
    """The movement that a reading is of, with the face held still, as seen and magnified."""
    shown = services.calls.replay(session.id, seq)
    services.audit.write(user.id, "movement.viewed", session.id, t=shown.times[shown.onset])
    response.headers["Cache-Control"] = "private, no-store"
    return views.replay(seq, shown)


@router.get("/report.html", response_class=HTMLResponse)
def get_report(
    session: Readable,
    user: SignedIn,
    services: ServicesDep,
    language: Annotated[schemas.Language | None, Query()] = None,
) -> HTMLResponse:
    """The interview's report as one self-contained page."""
    page = services.calls.report(session.id, language or session.language)
    services.audit.write(user.id, "report.viewed", session.id)
    return HTMLResponse(page, headers={"Content-Security-Policy": REPORT_POLICY})


def _recording(
    request: Request, services: Services, session: SessionRecord, user: User, side: Side
) -> FileResponse:
    path = services.calls.recording(session.id, side)
    if path is None:
        raise NotFound(
            "There is no recording yet: it is there once the interview has ended.",
            "暂无录像，面谈结束后可查看。",
        )
    # A player asks for many ranges: note the first.
    if request.headers.get("range", "bytes=0-").startswith("bytes=0-"):
        services.audit.write(user.id, "recording.viewed", session.id, side=side)
    return FileResponse(path, media_type="video/webm", headers={"Cache-Control": "private, no-store"})
