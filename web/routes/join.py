"""The applicant's side: open the link, consent, connect, leave. The token in the path is the key to all of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Header, Path, Request, Response

from interview.audit import APPLICANT
from interview.consent import Consent
from interview.services import Services
from interview.store.records import SessionRecord
from web import schemas, stream, views
from web.auth import is_secure
from web.deps import Caller, LimitsDep, ServicesDep
from web.errors import responses

JOIN_COOKIE = "candor_join"
router = APIRouter(prefix="/api/join/{token}", tags=["applicant"], responses=responses(410, 429))

Token = Annotated[str, Path(max_length=300)]
Secret = Annotated[str | None, Cookie(max_length=100)]


def visitor(
    token: Token,
    services: ServicesDep,
    limits: LimitsDep,
    address: Caller,
    candor_join: Secret = None,
) -> SessionRecord:
    """The interview of this link, for the browser that opened it. Raises LinkRefused."""
    limits.join.take(address)
    return services.sessions.visit(token, candor_join, bind=False).session


Invited = Annotated[SessionRecord, Depends(visitor)]


@router.get("")
def open_link(
    token: Token,
    request: Request,
    response: Response,
    services: ServicesDep,
    limits: LimitsDep,
    address: Caller,
    candor_join: Secret = None,
) -> schemas.Join:
    """What the applicant's page shows. The first browser to ask is the one that the link stays with.

    Only this request binds: it cannot fail after that, so the browser always gets the cookie that it is bound by.
    """
    limits.join.take(address)
    visit = services.sessions.visit(token, candor_join)
    if visit.opened.first:
        response.set_cookie(
            JOIN_COOKIE,
            visit.opened.secret,
            path=f"/api/join/{token}",
            max_age=7 * 24 * 3600,
            httponly=True,
            secure=is_secure(request, services),
            samesite="lax",
        )
    return _join(services, visit.session)


@router.post("/consent", responses=responses(409, 422))
def give_consent(body: schemas.ConsentGiven, session: Invited, services: ServicesDep) -> schemas.Join:
    """Consent, part by part. Only the recording is needed to go on."""
    consent = Consent(body.recording, body.face, body.voice, body.behaviour, services.now())
    return _join(services, services.sessions.consent(session.id, consent))


@router.post("/offer", responses=responses(409, 422, 503))
async def applicant_offer(
    body: schemas.ApplicantOffer, session: Invited, services: ServicesDep
) -> schemas.Description:
    """Connect the applicant's browser, for the first time or again."""
    session.progress.applicant_joined(services.now())
    answer = await services.calls.applicant_offer(session.id, body.sdp, body.page_key)
    return schemas.Description(sdp=answer, type="answer")


@router.post("/leave", status_code=204)
async def applicant_leave(session: Invited, services: ServicesDep) -> None:
    """The applicant hangs up; the same link brings them back until the officer ends the interview."""
    await services.calls.leave(session.id, "applicant")


@router.get(
    "/events",
    response_class=stream.EventStream,
    responses={
        200: {
            "model": schemas.ApplicantEvent,
            "description": "Server-sent events: the interview's state, and what a challenge asks the page to display",
        }
    },
)
def applicant_events(
    session: Invited, services: ServicesDep, last_event_id: Annotated[str | None, Header()] = None
) -> stream.EventStream:
    """The interview's state, as it changes, and challenges. Nothing of the analysis is ever sent here."""
    watch = stream.Watch(
        session_id=session.id,
        render=stream.for_applicant,
        snapshot=(session,),
        last_id=stream.parse_last_id(last_event_id),
        heartbeat_s=services.heartbeat_s,
        still_allowed=lambda: services.sessions.get(session.id).link == session.link,
    )
    return stream.respond(services.events, watch)


@router.post("/report", status_code=204, responses=responses(422))
def report_problem(
    body: schemas.ApplicantReport, session: Invited, services: ServicesDep, limits: LimitsDep, address: Caller
) -> None:
    """Something that went wrong in the applicant's browser, for the audit log."""
    limits.report.take(address)
    services.audit.write(APPLICANT, f"browser.{body.event}", session.id, detail=body.detail)


def _join(services: Services, session: SessionRecord) -> schemas.Join:
    product = next((one for one in services.settings.products if one.id == session.product), None)
    return schemas.Join.model_validate(
        {
            "applicant_name": session.applicant_name,
            "institution": services.settings.institution,
            "product_zh": product.name_zh if product else session.product,
            "product_en": product.name_en if product else session.product,
            "language": session.language,
            "state": session.progress.state,
            "consent": views.consent(session.progress.consent),
            "asked": views.asked(session),
            "ice_servers": [views.ice_server(server) for server in services.settings.ice_servers],
        }
    )
