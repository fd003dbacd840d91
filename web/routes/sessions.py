"""Interviews: list, create, invite, end, decide."""

from __future__ import annotations

import io
from typing import Annotated

import segno
from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool

from interview.problems import EnrolmentRefused, NotAllowed, NotFound, Rejected
from interview.services import Services
from interview.session import State
from interview.sessions import NewInterview, Upload
from interview.store.interviews import no_session
from interview.store.records import Modality, Role, SessionRecord, User
from web import auth, schemas, uploads, views
from web.auth import Holder, Own, Readable, SignedIn
from web.deps import LimitsDep, ServicesDep
from web.errors import responses
from web.links import join_url

PAGE_SIZE = 25
router = APIRouter(prefix="/api/sessions", tags=["sessions"], responses=responses(401, 403))


@router.get("")
def list_sessions(
    user: SignedIn,
    services: ServicesDep,
    state: Annotated[list[State], Query(default_factory=list)],
    q: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> schemas.SessionPage:
    """Interviews, newest first: an officer's own, everybody's for compliance. ``q`` is part of the applicant's name."""
    found = services.sessions.repository.interviews.find(
        states=state,
        query=q,
        officer_id=user.id if user.role is Role.OFFICER else None,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    items = [views.summary(record) for record in found.items]
    return schemas.SessionPage(items=items, total=found.total, page=page, page_size=PAGE_SIZE)


@router.post("", status_code=201, responses=responses(413, 422, 429, 503))
def create_session(
    request: Request,
    user: Holder,
    services: ServicesDep,
    limits: LimitsDep,
    applicant_name: Annotated[schemas.Name, Form()],
    product: Annotated[str, Form(max_length=100)],
    language: Annotated[schemas.Language, Form()],
    id_photo: Annotated[UploadFile, File()],
    voice_reference: Annotated[UploadFile | None, File()] = None,
    voice_from: Annotated[str | None, Form(max_length=32)] = None,
) -> schemas.SessionDetail:
    """A new interview. A photo or recording that cannot become a reference is refused, with what to do instead.

    ``voice_from`` names an earlier, approved interview with the same applicant, in place of a recording.
    """
    limits.create.take(user.id)
    if product not in {known.id for known in services.settings.products}:
        raise Rejected("There is no such product. Choose one from the list.", "产品不存在，请从列表中选择。")
    photo = uploads.photo(id_photo)
    voice = _voice(services, user, applicant_name, voice_reference, voice_from)
    references = services.calls.enrol(photo.content, *_apart(voice))
    file, source = (voice, None) if isinstance(voice, Upload) else (None, voice)
    form = NewInterview(applicant_name, product, language, references, photo, file, voice_from=source)
    return _detail(request, services, user, services.sessions.create(user, form))


@router.post("/{session_id}/references/voice", responses=responses(404, 409, 413, 422, 429, 503))
def replace_voice(
    request: Request,
    session: Own,
    user: SignedIn,
    services: ServicesDep,
    limits: LimitsDep,
    voice_reference: Annotated[UploadFile | None, File()] = None,
    voice_from: Annotated[str | None, Form(max_length=32)] = None,
) -> schemas.SessionDetail:
    """Another voice reference, before the interview starts: a recording, or an earlier, approved interview with the same applicant."""
    limits.create.take(user.id)
    voice = _voice(services, user, session.applicant_name, voice_reference, voice_from)
    template = None if voice is None else services.calls.enrol(None, *_apart(voice)).voice
    if voice is None or template is None:
        raise Rejected("Choose a recording or an earlier interview.", "请选择录音或以往面谈。")
    return _detail(
        request, services, user, services.sessions.replace_voice(session.id, template, voice, user.id)
    )


@router.post("/{session_id}/references/{modality}/revoke", responses=responses(404, 422))
def revoke_reference(
    body: schemas.ReferenceRevoked,
    modality: Modality,
    request: Request,
    session: Readable,
    user: SignedIn,
    services: ServicesDep,
) -> schemas.SessionDetail:
    """Take a reference back, with a reason: nothing new is compared with it."""
    if not auth.may_revoke(user, session):
        raise NotAllowed(
            "Only this interview's officer and compliance can do that.",
            "仅该面谈的客户经理和合规人员可执行此操作。",
        )
    return _detail(
        request, services, user, services.sessions.revoke(session.id, modality, body.reason, user.id)
    )


@router.get("/{session_id}", responses=responses(404))
def get_session(
    request: Request, session: Readable, user: SignedIn, services: ServicesDep
) -> schemas.SessionDetail:
    """One interview."""
    return _detail(request, services, user, session)


@router.post("/{session_id}/join-link", responses=responses(404, 409))
def renew_join_link(request: Request, session: Own, services: ServicesDep) -> schemas.JoinLink:
    """A new link for the applicant; the one before stops working."""
    renewed = services.sessions.renew_link(session.id, session.officer_id)
    return schemas.JoinLink(join_url=_url(request, services, renewed), expires_at=renewed.link.expires_at)


@router.get(
    "/{session_id}/join-qr.svg",
    response_class=Response,
    responses={
        200: {"content": {"image/svg+xml": {}}, "description": "The link as a QR code"},
        **responses(404),
    },
)
def get_join_qr(request: Request, session: Own, services: ServicesDep) -> Response:
    """The applicant's link as a QR code."""
    drawing = io.BytesIO()
    segno.make(_url(request, services, session), error="m", micro=False).save(
        drawing, kind="svg", scale=4, border=2
    )
    return Response(drawing.getvalue(), media_type="image/svg+xml")


@router.get(
    "/{session_id}/id-photo",
    response_class=Response,
    responses={
        200: {"content": {"image/*": {}}, "description": "The ID photo as handed in"},
        **responses(404),
    },
)
def get_id_photo(session: Readable, services: ServicesDep) -> Response:
    """The ID photo as it was handed in."""
    reference = services.sessions.repository.interviews.reference(session.id, "face")
    if reference is None:
        raise NotFound("There is no ID photo for this interview.", "该面谈没有证件照。")
    return Response(reference.source, media_type=reference.media_type)


@router.post("/{session_id}/decision", responses=responses(404, 409, 422))
def decide(
    body: schemas.DecisionMade, request: Request, session: Own, user: SignedIn, services: ServicesDep
) -> schemas.SessionDetail:
    """The officer decides, with a reason. Nothing else in the service sets an outcome."""
    return _detail(
        request, services, user, services.sessions.decide(session.id, body.outcome, body.reason, user)
    )


@router.post("/{session_id}/end", responses=responses(404, 409, 503))
async def end_session(
    request: Request, session: Own, user: SignedIn, services: ServicesDep
) -> schemas.SessionDetail:
    """End the call and seal the interview: recording and analysis are completed first."""
    session.progress.require_open("end it", "结束")
    await services.calls.end(session.id, user.id)
    return await run_in_threadpool(
        lambda: _detail(request, services, user, services.sessions.get(session.id))
    )


def _voice(
    services: Services, user: User, applicant_name: str, file: UploadFile | None, source_id: str | None
) -> Upload | str | None:
    """What the voice reference is to be made of: a recording, or the id of an earlier interview. Raises Problem."""
    recording = uploads.voice(file)
    if not source_id:
        return recording
    if recording is not None:
        raise EnrolmentRefused(
            "Choose a recording or an earlier interview, not both.",
            "录音和以往面谈请只选其一。",
            field="voice_from",
        )
    if not auth.may_read(user, services.sessions.get(source_id)):
        raise no_session()
    return services.sessions.voice_source(source_id, applicant_name).id


def _apart(voice: Upload | str | None) -> tuple[bytes | None, str | None]:
    return (voice.content, None) if isinstance(voice, Upload) else (None, voice)


def _detail(
    request: Request, services: Services, user: User, session: SessionRecord
) -> schemas.SessionDetail:
    acts = auth.may_act(user, session)
    recorded = frozenset(
        side for side in ("applicant", "officer") if services.calls.recording(session.id, side) is not None
    )
    return views.detail(
        session,
        join_url=join_url(request, services, session) if acts else None,
        allowed=views.allowed(session, acts=acts, revokes=auth.may_revoke(user, session), recorded=recorded),
        recorded=recorded,
    )


def _url(request: Request, services: Services, session: SessionRecord) -> str:
    url = join_url(request, services, session)
    if url is None:
        raise NotFound(
            "The link has expired, or the interview has ended. Make a new link.",
            "链接已过期或面谈已结束，请重新生成链接。",
        )
    return url
