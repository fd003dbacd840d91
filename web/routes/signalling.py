"""The officer's side of a live call: offers, leaving, events."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request

from web import auth, schemas, stream
from web.auth import Own, Readable, SignedIn
from web.deps import ServicesDep
from web.errors import responses

router = APIRouter(prefix="/api/sessions/{session_id}", tags=["call"], responses=responses(401, 403, 404))


@router.post("/offer", responses=responses(409, 422, 503))
async def officer_offer(
    body: schemas.Description, session: Own, services: ServicesDep
) -> schemas.Description:
    """Connect the officer's browser, for the first time or again."""
    session.progress.officer_joined(services.now())
    return schemas.Description(sdp=await services.calls.officer_offer(session.id, body.sdp), type="answer")


@router.post("/leave", status_code=204)
async def officer_leave(session: Own, services: ServicesDep) -> None:
    """The officer hangs up; the call goes on."""
    await services.calls.leave(session.id, "officer")


@router.get(
    "/events",
    response_class=stream.EventStream,
    responses={
        200: {
            "model": schemas.SessionEvent,
            "description": "Server-sent events: each has `event` as its name and `data` as JSON. The state, the latest "
            "assessment and the call come first; then what happens. `Last-Event-ID` is honoured.",
        }
    },
)
def session_events(
    request: Request,
    session: Readable,
    user: SignedIn,
    services: ServicesDep,
    last_event_id: Annotated[str | None, Header()] = None,
) -> stream.EventStream:
    """What happens in the interview, as it happens."""
    latest = services.sessions.repository.outputs.latest(session.id)
    status = services.calls.status(session.id)
    secret = request.cookies.get(auth.SESSION_COOKIE, "")
    watch = stream.Watch(
        session_id=session.id,
        render=stream.for_officer,
        snapshot=(session, latest, status) if latest else (session, status),
        last_id=stream.parse_last_id(last_event_id),
        heartbeat_s=services.heartbeat_s,
        still_allowed=lambda: services.accounts.user_of(secret) is not None,
    )
    return stream.respond(services.events, watch)
