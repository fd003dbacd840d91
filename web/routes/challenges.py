"""Challenges: the officer puts one to the applicant; the applicant's page answers and acknowledges what it displays."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.concurrency import run_in_threadpool

from interview.store.records import SessionRecord
from web import schemas, views
from web.auth import Own, Readable, SignedIn
from web.deps import Caller, LimitsDep, ServicesDep
from web.errors import responses
from web.routes.join import Secret, Token

router = APIRouter()
_OFFICER = "/api/sessions/{session_id}/challenges"
_PAGE = "/api/join/{token}"
ChallengeId = Annotated[str, Path(max_length=40)]


def page(
    token: Token, services: ServicesDep, limits: LimitsDep, address: Caller, candor_join: Secret = None
) -> SessionRecord:
    """The interview of this link, for its page: while a challenge runs it speaks more often than a person opens links."""
    limits.page.take(address)
    return services.sessions.visit(token, candor_join, bind=False).session


Page = Annotated[SessionRecord, Depends(page)]


@router.post(_OFFICER, status_code=201, tags=["challenges"], responses=responses(401, 403, 404, 409, 422))
async def ask_challenge(
    body: schemas.ChallengeAsked, session: Own, user: SignedIn, services: ServicesDep
) -> schemas.Challenge:
    """Put a challenge to the applicant, who has 30 seconds to answer. One at a time."""
    return views.challenge(await services.challenges.ask(session, body.kind, user.id))


@router.get(_OFFICER, tags=["challenges"], responses=responses(401, 404))
def list_challenges(session: Readable, services: ServicesDep) -> list[schemas.Challenge]:
    """Every challenge of the interview, oldest first."""
    return [views.challenge(status) for status in services.challenges.of_session(session.id)]


@router.post(
    f"{_OFFICER}/{{challenge_id}}/cancel", tags=["challenges"], responses=responses(401, 403, 404, 409)
)
async def cancel_challenge(
    challenge_id: ChallengeId, session: Own, services: ServicesDep
) -> schemas.Challenge:
    """Take a challenge back before it has ended."""
    return views.challenge(await services.challenges.cancel(session.id, challenge_id))


@router.get(f"{_OFFICER}/{{challenge_id}}/record", tags=["challenges"], responses=responses(401, 404, 409))
async def get_challenge_record(
    challenge_id: ChallengeId, session: Readable, user: SignedIn, services: ServicesDep
) -> schemas.ChallengeRecord:
    """What an ended challenge was drawn from and what the page signed, for somebody who checks it."""
    status = await run_in_threadpool(services.challenges.ended, session.id, challenge_id)
    await run_in_threadpool(
        services.audit.write, user.id, "challenge.viewed", session.id, challenge=challenge_id
    )
    return views.challenge_record(status)


@router.post(
    f"{_PAGE}/challenges/{{challenge_id}}/answer",
    status_code=204,
    tags=["applicant"],
    responses=responses(404, 409, 410, 422, 429),
)
async def answer_challenge(
    challenge_id: ChallengeId, body: schemas.ChallengeAnswered, session: Page, services: ServicesDep
) -> None:
    """The applicant is ready, refuses, or asks to be spared flashes."""
    await services.challenges.answer(session.id, challenge_id, body.answer)


@router.post(
    f"{_PAGE}/challenges/{{challenge_id}}/shown",
    status_code=204,
    tags=["applicant"],
    responses=responses(404, 409, 410, 422, 429),
)
async def acknowledge_step(
    challenge_id: ChallengeId, body: schemas.ChallengeShown, session: Page, services: ServicesDep
) -> None:
    """The page displayed a step; signed with its key."""
    await services.challenges.shown(session.id, challenge_id, views.shown(body))


@router.post(f"{_PAGE}/page", status_code=204, tags=["applicant"], responses=responses(410, 422, 429))
async def report_page(body: schemas.PageReports, session: Page, services: ServicesDep) -> None:
    """What the page finds out about its camera and itself. Kept for the analysis and in its journal."""
    await services.calls.page_reports(session.id, [views.page_report(report) for report in body.reports])
